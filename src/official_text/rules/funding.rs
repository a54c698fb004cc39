//! Where the money comes from.

use super::super::draft::{Clause, Draft};
use super::super::words;
use super::super::{CERTAIN, LOOSE, citations};
use super::Proposal;
use crate::plans::model::ClauseKind;
use crate::plans::model::Obligation;
use crate::plans::parameters::{Funding, MoneySource, Parameters};

/// One rule with all sources, at the first clause that names one.
pub(super) fn of(draft: &Draft) -> Vec<Proposal> {
    let contexts = super::contexts(&draft.clauses);
    let mut places: Vec<usize> = Vec::new();
    let mut sources: Vec<Funding> = Vec::new();
    let mut confidence = CERTAIN;
    for (at, (clause, context)) in draft.clauses.iter().zip(&contexts).enumerate() {
        let is_body = !matches!(clause.kind, ClauseKind::Preamble | ClauseKind::Footnote | ClauseKind::Closing);
        if !is_body || !context.contains("kinh phí") && !words::key(words::clip(&clause.text, 60)).starts_with("kinh phí") {
            continue;
        }
        let (body, sure) = body(clause);
        for (source, citation) in named(clause) {
            if sources.len() < 40 {
                sources.push(Funding { body: body.clone(), source, citation });
                confidence = confidence.min(sure);
                places.push(at);
            }
        }
    }
    let Some((first, rest)) = places.split_first() else { return Vec::new() };
    let statements: Vec<String> = places
        .iter()
        .enumerate()
        .filter(|(no, at)| places.iter().position(|other| other == *at) == Some(*no))
        .filter_map(|(_, at)| draft.clauses.get(*at))
        .map(|clause| {
            clause
                .heading
                .iter()
                .chain(std::iter::once(&clause.text))
                .filter(|part| !part.is_empty())
                .cloned()
                .collect::<Vec<_>>()
                .join(": ")
        })
        .collect();
    let quote = statements.first().cloned().unwrap_or_default();
    vec![Proposal {
        at: *first,
        place: 0,
        parameters: Parameters::FundingSources { sources },
        obligation: Obligation::Must,
        statement: statements.join("\n"),
        quote,
        confidence,
        also: rest.to_vec(),
    }]
}

/// The body whose money it is: the heading, or what stands before the colon or before the verb.
fn body(clause: &Clause) -> (String, f64) {
    if let Some(heading) = clause.heading.as_deref().filter(|heading| !words::key(heading).contains("kinh phí")) {
        return (heading.to_owned(), CERTAIN);
    }
    let key = words::key(words::clip(&clause.text, 300));
    match words::first_of(&key, &[":", " sử dụng", " bảo đảm", " đảm bảo", " được bố trí", " tự cân đối"]) {
        Some(at) if !words::before(&key, at).starts_with("kinh phí") => (words::before(&clause.text, at).trim().to_owned(), LOOSE),
        _ => (String::new(), LOOSE),
    }
}

/// Sources that a clause names; the subject of a cited decision names none.
fn named(clause: &Clause) -> Vec<(MoneySource, Option<String>)> {
    let cited = citations::of_text(&clause.text, &clause.reference, clause.line_from);
    let end = cited.first().and_then(|citation| clause.text.find(citation.quote.as_str())).unwrap_or(clause.text.len());
    let key = words::key(words::before(&clause.text, end));
    let mut all = Vec::new();
    if key.contains("dự toán") {
        all.push((MoneySource::YearlyEstimate, cited.first().map(|citation| citation.printed.clone())));
    } else if key.contains("ngân sách") {
        all.push((MoneySource::Budget, cited.first().map(|citation| citation.printed.clone())));
    }
    if words::has(&key, &["hợp pháp khác", "xã hội hóa", "huy động hợp pháp", "nguồn hợp pháp"]) {
        all.push((MoneySource::OtherLawful, None));
    }
    all
}
