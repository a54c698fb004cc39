//! Duties: each item below the heading of a body in the section on implementation.

use super::super::draft::{Clause, Draft};
use super::super::{CERTAIN, INFERRED, LOOSE, sentences, words};
use super::{Proposal, obligation};
use crate::plans::model::ClauseKind;
use crate::plans::parameters::Parameters;
use std::collections::HashMap;

/// The duties of a text.
pub(super) fn of(draft: &Draft) -> Vec<Proposal> {
    // The body that each clause is addressed to, handed down to what stands in it.
    let mut addressed: HashMap<&str, Option<(String, f64)>> = HashMap::new();
    let mut all = Vec::new();
    for (at, clause) in draft.clauses.iter().enumerate() {
        if clause.kind == ClauseKind::Section {
            if words::has(
                &words::key(clause.heading.as_deref().unwrap_or(&clause.text)),
                &["tổ chức thực hiện", "phân công", "trách nhiệm"],
            ) {
                addressed.insert(&clause.reference, None);
            }
            continue;
        }
        let Some(above) = clause.parent_reference.as_deref().and_then(|parent| addressed.get(parent)).cloned() else { continue };
        let own = clause.heading.as_deref().filter(|_| clause.kind != ClauseKind::Bullet).map(|heading| (bare(heading), CERTAIN));
        let body = above.or(own);
        addressed.insert(&clause.reference, body.clone());
        if !matches!(clause.kind, ClauseKind::Note | ClauseKind::Paragraph | ClauseKind::Footnote | ClauseKind::Closing) {
            duties(at, clause, body, &mut all);
        }
    }
    all
}

/// The heading without its brackets: "Công an tỉnh (Cơ quan Thường trực …)" is addressed to "Công an tỉnh".
fn bare(heading: &str) -> String {
    let name = heading.split(" (").next().unwrap_or(heading).trim();
    let name = ["Đề nghị ", "Giao "].iter().find_map(|word| name.strip_prefix(word)).unwrap_or(name);
    words::clip(name, 300).to_owned()
}

fn duties(at: usize, clause: &Clause, body: Option<(String, f64)>, all: &mut Vec<Proposal>) {
    let mut add = |body: &str, text: &str, confidence: f64, place: usize| {
        let parameters = Parameters::Duty { body: body.to_owned(), text: text.to_owned() };
        let (statement, quote) = (text.to_owned(), words::clip(text, 200).to_owned());
        all.push(Proposal {
            at,
            place,
            parameters,
            obligation: obligation(&words::key(text)),
            statement,
            quote,
            confidence,
            also: Vec::new(),
        });
    };
    if clause.text.is_empty() {
        return;
    }
    match (body, clause.kind) {
        (Some((body, confidence)), ClauseKind::Bullet) => add(&body, &clause.text, confidence, 0),
        (Some((body, confidence)), _) => {
            for (no, sentence) in sentences::split(&clause.text).into_iter().enumerate() {
                add(&body, sentence, confidence, no);
            }
        }
        // "- Công an tỉnh: chủ trì …" and "1. Công an tỉnh chủ trì …" name the body themselves.
        (None, _) => match named(&clause.text) {
            Some((body, text, confidence)) => add(body, text, confidence, 0),
            None => add("", &clause.text, super::super::WEAK, 0),
        },
    }
}

/// The body at the start of a sentence, what it is to do, and how sure the cut between them is.
fn named(text: &str) -> Option<(&str, &str, f64)> {
    let key = words::key(words::clip(text, 300));
    let verbs =
        [": ", " chủ trì", " phối hợp", " chỉ đạo", " xây dựng", " tham mưu", " có trách nhiệm", " hướng dẫn", " tổ chức ", " căn cứ"];
    let at = words::first_of(&key, &verbs)?;
    let is_colon = words::after(&key, at).starts_with(':');
    let body = words::before(text, at).trim();
    let duty = words::after(text, at).trim_start_matches([':', ' ']);
    let body = ["Giao ", "Đề nghị "].iter().find_map(|word| body.strip_prefix(word)).unwrap_or(body);
    (!body.is_empty() && body.starts_with(char::is_uppercase)).then_some((body, duty, if is_colon { INFERRED } else { LOOSE }))
}
