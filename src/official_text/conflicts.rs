//! Contradictions: between citations, and between rules.

use super::draft::{Citation, DocumentKind, Draft};
use super::finding::{Finding, Message, Severity};
use super::kinds;
use super::rule::Rule;
use super::words;
use crate::plans::parameters::Parameters;
use std::collections::HashMap;

/// All contradictions of a draft.
pub(super) fn of(draft: &Draft) -> Vec<Finding> {
    let mut findings = two_symbols(draft);
    findings.extend(same_subject(draft));
    findings.extend(draft.citations.iter().filter_map(wrong_symbol));
    findings.extend(without_date(draft));
    findings.extend(rules(&draft.rules));
    findings
}

fn at(finding: Finding, citation: &Citation) -> Finding {
    finding.at(Some(&citation.clause), citation.line, &citation.quote)
}

/// Code of one document that is cited under two symbols.
pub const TWO_SYMBOLS: &str = "one_document_two_symbols";
/// Code of a symbol that names another kind than the document is called.
pub const WRONG_SYMBOL: &str = "symbol_contradicts_kind";

/// What to say of one document that is cited under two symbols.
pub fn two_symbols_message(first: &str, other: &str) -> Message {
    Message {
        vi: format!("Cùng một văn bản được ghi bằng hai ký hiệu: {first} và {other}."),
        en: format!("One document is cited under two symbols: {first} and {other}."),
    }
}

/// What to say of a symbol that names another kind than the document is called; none where the two agree.
pub fn wrong_symbol_message(word: &str, kind: DocumentKind, symbol: &str) -> Option<Message> {
    let by_symbol = kinds::of_symbol(symbol)?;
    if by_symbol == kind {
        return None;
    }
    let expected = kinds::abbreviation(kind);
    Some(Message {
        vi: format!("Văn bản được gọi là \"{word}\" nhưng ký hiệu là {symbol}; ký hiệu thường dùng là {expected}."),
        en: format!("The document is called \"{word}\", but its symbol is {symbol}; {expected} would be expected."),
    })
}

fn two_symbols_finding(first: &str, other: &Citation) -> Finding {
    let Message { vi, en } = two_symbols_message(first, &other.printed);
    at(Finding::new(TWO_SYMBOLS, Severity::Warning, vi, en), other)
}

fn two_symbols(draft: &Draft) -> Vec<Finding> {
    let mut findings = Vec::new();
    for document in draft.documents.iter().filter(|document| document.printed.len() > 1) {
        let Some(first) = document.printed.first() else { continue };
        for printed in document.printed.iter().skip(1) {
            let citations = document.occurrences.iter().filter_map(|at| draft.citations.get(*at));
            findings
                .extend(citations.into_iter().find(|citation| citation.printed == *printed).map(|other| two_symbols_finding(first, other)));
        }
    }
    findings
}

/// Documents of one date, issuer and subject with different numbers.
fn same_subject(draft: &Draft) -> Vec<Finding> {
    let mut known: HashMap<(chrono::NaiveDate, String, String), &str> = HashMap::new();
    let mut findings = Vec::new();
    for document in &draft.documents {
        let (Some(date), Some(issuer), Some(subject)) = (document.issued_on, &document.issuer, &document.subject) else { continue };
        let Some(printed) = document.printed.first() else { continue };
        let key = (date, words::key(issuer), words::key(subject));
        let first = *known.entry(key).or_insert(printed);
        let citation = document.occurrences.first().and_then(|at| draft.citations.get(*at));
        if let Some(citation) = citation.filter(|_| first != printed) {
            findings.push(two_symbols_finding(first, citation));
        }
    }
    findings
}

/// "Kết luận số 44-KH/TW": the word says one kind, the symbol another.
fn wrong_symbol(citation: &Citation) -> Option<Finding> {
    let word = citation.kind_printed.as_deref()?;
    let Message { vi, en } = wrong_symbol_message(word, citation.kind, &citation.symbol)?;
    Some(at(Finding::new(WRONG_SYMBOL, Severity::Warning, vi, en), citation))
}

fn without_date(draft: &Draft) -> Vec<Finding> {
    let undated = draft.documents.iter().filter(|document| document.issued_on.is_none());
    let first = undated.filter_map(|document| draft.citations.get(*document.occurrences.first()?));
    first
        .map(|citation| {
            let vi = format!("Văn bản {} được viện dẫn không có ngày ban hành.", citation.printed);
            let en = format!("Document {} is cited without its date.", citation.printed);
            at(Finding::new("citation_without_date", Severity::Info, vi, en), citation)
        })
        .collect()
}

/// What two rules must not say differently; none for rules that may stand side by side.
fn subject(rule: &Rule) -> Option<String> {
    match &rule.parameters {
        Parameters::EventWindow { .. } => Some("event_window".to_owned()),
        Parameters::ReportLimit { receiver, .. } => Some(format!("report_limit {}", words::key(receiver.as_deref().unwrap_or("")))),
        Parameters::Quota { by, measure, pilot, site_kind, compare, .. } => {
            Some(format!("quota {by:?} {measure:?} {pilot} {site_kind:?} {}", side(*compare)))
        }
        Parameters::CostLimit { per, .. } => Some(format!("cost_limit {per:?}")),
        _ => None,
    }
}

/// A minimum and a maximum of one thing go together; an exact number and either of them are weighed apart by a person.
fn side(compare: crate::plans::parameters::Compare) -> &'static str {
    match compare {
        crate::plans::parameters::Compare::AtMost => "most",
        crate::plans::parameters::Compare::Exactly | crate::plans::parameters::Compare::AtLeast => "least",
    }
}

fn rules(rules: &[Rule]) -> Vec<Finding> {
    let mut known: HashMap<String, &Rule> = HashMap::new();
    let mut findings = Vec::new();
    for rule in rules {
        let Some(subject) = subject(rule) else { continue };
        let first = *known.entry(subject).or_insert(rule);
        if first.parameters != rule.parameters && first.obligation == rule.obligation {
            let vi = format!("{} ({}) và {} ({}) mâu thuẫn nhau.", first.rule_id, first.quote, rule.rule_id, rule.quote);
            let en = format!("{} ({}) and {} ({}) contradict each other.", first.rule_id, first.quote, rule.rule_id, rule.quote);
            findings.push(Finding::new("rule_contradiction", Severity::Warning, vi, en).at(Some(&rule.clause), rule.line, &rule.quote));
        }
    }
    findings
}
