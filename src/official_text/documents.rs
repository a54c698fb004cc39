//! Distinct documents: the citations of one document put together.

use super::LOOSE;
use super::draft::{Citation, CitedDocument};
use super::words;
use chrono::NaiveDate;
use std::collections::HashMap;

/// Documents that have one number, but may be of different dates.
type ByNumber = HashMap<(i32, Option<i32>, String), Vec<usize>>;
/// The document of a date, an issuer and a number, whatever its symbol.
type ByDate = HashMap<(NaiveDate, String, i32), usize>;

/// Groups citations, in the order of the text.
pub(super) fn of(citations: &[Citation]) -> Vec<CitedDocument> {
    let mut documents: Vec<CitedDocument> = Vec::new();
    let (mut by_number, mut by_date) = (ByNumber::new(), ByDate::new());
    for (no, citation) in citations.iter().enumerate() {
        let number = (citation.number, citation.year, citation.symbol.to_uppercase());
        let same = by_number.get(&number).and_then(|places| {
            places.iter().copied().find(|at| {
                let other = documents.get(*at).and_then(|document| document.issued_on);
                citation.issued_on.is_none() || other.is_none() || other == citation.issued_on
            })
        });
        let dated = dated(citation);
        let twin = dated.as_ref().and_then(|key| by_date.get(key).copied());
        match same.or(twin).and_then(|at| documents.get_mut(at).map(|document| (at, document))) {
            Some((at, document)) => {
                add(document, no, citation);
                by_number.entry(number).or_default().push(at);
                dated.map(|key| by_date.entry(key).or_insert(at));
            }
            None => {
                by_number.entry(number).or_default().push(documents.len());
                dated.map(|key| by_date.insert(key, documents.len()));
                documents.push(document(no, citation));
            }
        }
    }
    documents
}

fn dated(citation: &Citation) -> Option<(NaiveDate, String, i32)> {
    Some((citation.issued_on?, words::key(citation.issuer.as_deref()?), citation.number))
}

fn document(no: usize, citation: &Citation) -> CitedDocument {
    CitedDocument {
        printed: vec![citation.printed.clone()],
        kind: citation.kind,
        issuer: citation.issuer.clone(),
        issued_on: citation.issued_on,
        subject: citation.subject.clone(),
        clauses: vec![citation.clause.clone()],
        occurrences: vec![no],
        confidence: citation.confidence,
    }
}

fn add(document: &mut CitedDocument, no: usize, citation: &Citation) {
    document.occurrences.push(no);
    if document.clauses.last() != Some(&citation.clause) {
        document.clauses.push(citation.clause.clone());
    }
    if !document.printed.contains(&citation.printed) && document.printed.len() < 20 {
        document.printed.push(citation.printed.clone());
        document.confidence = document.confidence.min(LOOSE);
    }
    document.issuer = document.issuer.take().or_else(|| citation.issuer.clone());
    document.issued_on = document.issued_on.or(citation.issued_on);
    document.subject = document.subject.take().or_else(|| citation.subject.clone());
}
