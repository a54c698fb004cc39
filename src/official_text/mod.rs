//! Reads an official Vietnamese plan (layout of decree 30/2020/NĐ-CP) and answers a structured draft of it.
//!
//! `read` turns a file into text with one paragraph a line; `parse` turns that text into a `Draft`. Nothing here is stored
//! or confirmed: a person looks at the draft, its confidences and its findings first.

pub mod conflicts;
pub mod draft;
pub mod finding;
pub mod identity;
pub mod read;
pub mod rule;

mod aliases;
mod checks;
mod citations;
mod clauses;
mod dates;
mod documents;
mod footer;
mod header;
mod issuer;
mod kinds;
mod layout;
mod normal;
mod numbering;
mod paragraphs;
mod pattern;
mod rules;
mod sentences;
mod subject;
mod words;

pub use draft::Draft;
pub use read::{Format, Unreadable, read};

/// Confidence of what was printed in the very form that was looked for.
pub const CERTAIN: f64 = 1.0;
/// Confidence of what was printed, with one part taken from beside it (a year, a heading).
pub const INFERRED: f64 = 0.9;
/// Confidence of what was matched by a loose form; to be looked at.
pub const LOOSE: f64 = 0.7;
/// Confidence of what is one of several readings; to be decided by a person.
pub const WEAK: f64 = 0.5;

/// Reads a text with one paragraph a line into a draft. Any text is taken; what is missing shows up in the findings.
pub fn parse(text: &str) -> Draft {
    let paragraphs = paragraphs::of(&normal::lines(text));
    let layout = layout::of(&paragraphs);
    let mut draft = header::read(&paragraphs, &layout);
    draft.clauses = clauses::read(&paragraphs, &layout);
    issuer::complete(&mut draft, &paragraphs, &layout);
    let footer = footer::read(&paragraphs, &layout);
    draft.recipients = footer.recipients;
    draft.archive = footer.archive;
    draft.signatory = footer.signatory;
    draft.citations = citations::of(&draft.clauses);
    draft.legal_bases = draft.citations.iter().filter(|citation| citation.clause == clauses::PREAMBLE).cloned().collect();
    draft.documents = documents::of(&draft.citations);
    draft.aliases = aliases::of(&paragraphs, &draft);
    draft.rules = rules::of(&draft);
    draft.findings = checks::of(&draft, &paragraphs, &layout, footer.is_cut);
    draft
}
