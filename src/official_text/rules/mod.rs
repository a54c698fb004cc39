//! Proposed rules: each file reads one family from the sentences of the clauses.

mod bodies;
mod communication;
mod cost;
mod duties;
mod funding;
mod guests;
mod limits;
mod obstacles;
mod plans;
mod quotas;
mod sites;
mod windows;

use super::draft::{Clause, Draft};
use super::rule::Rule;
use super::{sentences, words};
use crate::plans::model::ClauseKind;
use crate::plans::model::Obligation;
use crate::plans::parameters::Parameters;
use std::collections::HashMap;
use std::rc::Rc;

/// A sentence with what it stands in.
pub(super) struct Sentence<'d> {
    /// Place of its clause.
    pub(super) at: usize,
    pub(super) clause: &'d Clause,
    pub(super) text: &'d str,
    pub(super) key: String,
    /// Keys of the headings above it, outermost first, its own clause's last.
    pub(super) context: Rc<str>,
}

/// A rule before it is numbered.
pub(super) struct Proposal {
    pub(super) at: usize,
    /// Place within the clause.
    pub(super) place: usize,
    pub(super) parameters: Parameters,
    pub(super) obligation: Obligation,
    pub(super) statement: String,
    pub(super) quote: String,
    pub(super) confidence: f64,
    /// Places of other clauses that state the same.
    pub(super) also: Vec<usize>,
}

/// Characters of a heading that count as context.
const CONTEXT: usize = 300;
/// Bytes of a sentence in which rules are looked for: no rule of such a text takes more.
const SENTENCE: usize = 6_000;

/// All rules of a draft whose clauses and citations have been read.
pub(super) fn of(draft: &Draft) -> Vec<Rule> {
    let sentences = sentences(&draft.clauses);
    let year = draft.year.as_ref().map(|year| year.value);
    let mut all = windows::of(&sentences, year);
    all.extend(limits::of(&sentences, year));
    all.extend(quotas::of(&sentences));
    all.extend(sites::of(&sentences));
    all.extend(guests::of(draft, &sentences));
    all.extend(plans::of(&sentences));
    all.extend(communication::of(&sentences));
    all.extend(funding::of(draft));
    all.extend(cost::of(&sentences));
    all.extend(duties::of(draft));
    all.extend(obstacles::of(&sentences));
    all.sort_by_key(|proposal| (proposal.at, proposal.place));
    all.into_iter().zip(1..).filter_map(|(proposal, no)| rule(draft, proposal, no)).collect()
}

fn rule(draft: &Draft, proposal: Proposal, no: usize) -> Option<Rule> {
    let clause = draft.clauses.get(proposal.at)?;
    let mut also_in: Vec<String> = Vec::new();
    for other in proposal.also.iter().filter_map(|at| draft.clauses.get(*at)) {
        if other.reference != clause.reference && !also_in.contains(&other.reference) {
            also_in.push(other.reference.clone());
        }
    }
    Some(Rule {
        rule_id: format!("R{no}"),
        kind: proposal.parameters.kind(),
        parameters: proposal.parameters,
        clause: clause.reference.clone(),
        also_in,
        obligation: proposal.obligation,
        statement: proposal.statement,
        confidence: proposal.confidence,
        quote: proposal.quote,
        line: clause.line_from,
    })
}

/// Sentences of all clauses that can hold a rule: not of the preamble, nor of footnotes.
fn sentences(clauses: &[Clause]) -> Vec<Sentence<'_>> {
    let contexts = contexts(clauses);
    let mut all = Vec::new();
    for (at, (clause, context)) in clauses.iter().zip(contexts).enumerate() {
        if matches!(clause.kind, ClauseKind::Preamble | ClauseKind::Footnote) {
            continue;
        }
        let heading = clause.heading.as_deref().filter(|_| clause.text.is_empty());
        for text in sentences::split(&clause.text).into_iter().chain(heading) {
            let text = words::before(text, floor(text, SENTENCE));
            all.push(Sentence { at, clause, text, key: words::key(text), context: Rc::clone(&context) });
        }
    }
    all
}

/// The last place not beyond `max` at which a character begins.
fn floor(text: &str, max: usize) -> usize {
    (0..=max.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0)
}

fn contexts(clauses: &[Clause]) -> Vec<Rc<str>> {
    let mut known: HashMap<&str, Rc<str>> = HashMap::new();
    let mut all = Vec::with_capacity(clauses.len());
    for clause in clauses {
        let above = clause.parent_reference.as_deref().and_then(|parent| known.get(parent)).cloned().unwrap_or_else(|| Rc::from(""));
        let own = words::key(words::clip(clause.heading.as_deref().unwrap_or(""), CONTEXT));
        let context = if own.is_empty() { above } else { Rc::from(format!("{} | {own}", words::tail(&above, 4 * CONTEXT))) };
        known.insert(&clause.reference, Rc::clone(&context));
        all.push(context);
    }
    all
}

impl Sentence<'_> {
    /// A rule read from this sentence.
    pub(super) fn propose(&self, parameters: Parameters, confidence: f64, place: usize, quote: &str) -> Proposal {
        let statement = match &self.clause.heading {
            // The sentence after a heading needs it to be understood.
            Some(heading) if !self.clause.text.is_empty() => format!("{heading}: {}", self.text),
            _ => self.text.to_owned(),
        };
        Proposal {
            at: self.at,
            place: self.offset().saturating_add(place),
            parameters,
            obligation: obligation(&self.key),
            statement,
            quote: quote.trim().to_owned(),
            confidence,
            also: Vec::new(),
        }
    }

    /// Where the sentence stands in its clause.
    fn offset(&self) -> usize {
        let (start, text) = (self.clause.text.as_ptr().addr(), self.text.as_ptr().addr());
        text.checked_sub(start).filter(|offset| *offset <= self.clause.text.len()).unwrap_or(0)
    }
}

/// How strongly a sentence words what it says.
pub(super) fn obligation(key: &str) -> Obligation {
    if words::has(key, &["khuyến khích", "chú trọng", "ưu tiên", "nên "]) {
        Obligation::Should
    } else if key.contains("có thể ") {
        Obligation::May
    } else {
        Obligation::Must
    }
}

/// Puts proposals of one meaning together, the first one first; `is_same` says which, `merge` takes the later one in.
pub(super) fn merged(
    all: Vec<Proposal>,
    is_same: impl Fn(&Parameters, &Parameters) -> bool,
    merge: impl Fn(&mut Parameters, Parameters),
) -> Vec<Proposal> {
    let mut kept: Vec<Proposal> = Vec::new();
    for next in all {
        // The number of different rules of one family is small; a text that repeats itself adds places only.
        let count = kept.len();
        match kept.iter_mut().find(|first| is_same(&first.parameters, &next.parameters)) {
            Some(first) => {
                if first.also.last() != Some(&next.at) && first.also.len() < 200 {
                    first.also.push(next.at);
                }
                merge(&mut first.parameters, next.parameters);
            }
            None if count < 200 => kept.push(next),
            None => {}
        }
    }
    kept
}
