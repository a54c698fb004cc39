//! What contradicts itself, and what may be changed.

use super::model::{Alias, Citation, Document, DocumentState};
use crate::error::{AppError, FieldError, Message, message};
use crate::ids::DocumentId;
use crate::official_text::conflicts::{TWO_SYMBOLS, WRONG_SYMBOL, two_symbols_message, wrong_symbol_message};
use crate::official_text::identity::{Identity, citation_key, name_key, word_of_kind};
use chrono::Datelike;

/// Code of dates that cannot follow each other.
pub const DATES: &str = "dates_out_of_order";
/// Code of a year within the number that is not that of the date.
pub const YEAR: &str = "year_contradicts_date";
/// Code of a number that two documents of one year have.
pub const SAME_NUMBER: &str = "same_number";

/// A contradiction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Conflict {
    /// Stable code.
    pub code: &'static str,
    /// What is wrong.
    pub message: Message,
    /// The other document, where there is one.
    pub document_id: Option<DocumentId>,
}

fn said(text: crate::official_text::finding::Message) -> Message {
    message(text.vi, text.en)
}

/// Sets what follows from the printed number, the issuer and the date.
pub fn derive(document: &mut Document, aliases: &[Alias]) {
    let identity = Identity::of(&document.document_number);
    document.citation_key = citation_key(&document.document_number);
    document.number = identity.as_ref().map(|identity| identity.number);
    document.year = identity.as_ref().and_then(|identity| identity.year).or(document.issued_on.map(|day| day.year()));
    document.symbol = identity.map(|identity| identity.symbol);
    document.issuer_key = document.issuer.as_deref().map(name_key).unwrap_or_default();
    let mut codes: Vec<String> = own_conflicts(document, aliases).into_iter().map(|conflict| conflict.code.to_owned()).collect();
    codes.dedup();
    document.conflicts = codes;
}

/// The aliases of a document: other forms than its own number, each once.
pub fn aliases(document: &Document, printed: impl IntoIterator<Item = String>) -> Vec<Alias> {
    let mut known = vec![citation_key(&document.document_number)];
    let mut list = Vec::new();
    for printed in printed {
        let key = citation_key(&printed);
        if !known.contains(&key) {
            known.push(key.clone());
            list.push((printed, key));
        }
    }
    (1..).zip(list).map(|(no, (printed, citation_key))| Alias { document_id: document.id, no, printed, citation_key }).collect()
}

/// The contradictions that a document has in itself.
pub fn own_conflicts(document: &Document, aliases: &[Alias]) -> Vec<Conflict> {
    let mut found = Vec::new();
    let mut push = |code, message| found.push(Conflict { code, message, document_id: None });
    for alias in aliases {
        push(TWO_SYMBOLS, said(two_symbols_message(&document.document_number, &alias.printed)));
    }
    let word = word_of_kind(document.kind);
    let symbols = document.symbol.clone().into_iter();
    let wrong = symbols.filter(|_| !word.is_empty()).find_map(|symbol| wrong_symbol_message(word, document.kind, &symbol));
    if let Some(text) = wrong {
        push(WRONG_SYMBOL, said(text));
    }
    let in_number = Identity::of(&document.document_number).and_then(|identity| identity.year);
    if let (Some(year), Some(day)) = (in_number, document.issued_on)
        && year != day.year()
    {
        let (vi, en) = (
            format!("Số văn bản ghi năm {year}, ngày ban hành là {}.", day.format("%d/%m/%Y")),
            format!("The number says {year}, the date of issue is {day}."),
        );
        push(YEAR, message(vi, en));
    }
    if document.effective_from.zip(document.issued_on).is_some_and(|(from, issued)| from < issued) {
        push(DATES, message("Ngày có hiệu lực sớm hơn ngày ban hành.", "It is in force before it was issued."));
    }
    if document.effective_to.zip(document.effective_from.or(document.issued_on)).is_some_and(|(to, from)| to < from) {
        push(DATES, message("Ngày hết hiệu lực sớm hơn ngày có hiệu lực.", "It ends before it begins."));
    }
    found
}

/// A conflict with another document: one number for two, two numbers for one, or one that is older than what it cites
/// or replaces.
pub fn cross_conflict(document: &Document, other: &Document) -> Option<Conflict> {
    let conflict = |code, message| Some(Conflict { code, message, document_id: Some(other.id) });
    let are_bodies_apart = document.issuer_org_unit_id.zip(other.issuer_org_unit_id).is_some_and(|(one, another)| one != another);
    if document.citation_key == other.citation_key {
        let is_same_year = document.year.is_some() && document.year == other.year;
        let detail = other.issuer.clone().unwrap_or_else(|| other.document_number.clone());
        let (vi, en) = (
            format!("Một văn bản khác cùng số, ký hiệu và năm: {detail}."),
            format!("Another document has the same number, symbol and year: {detail}."),
        );
        return if is_same_year && !are_bodies_apart { conflict(SAME_NUMBER, message(vi, en)) } else { None };
    }
    let is_same = !document.issuer_key.is_empty()
        && document.issuer_key == other.issuer_key
        && document.issued_on.is_some()
        && document.issued_on == other.issued_on
        && document.subject.is_some()
        && document.subject == other.subject;
    if is_same { conflict(TWO_SYMBOLS, said(two_symbols_message(&document.document_number, &other.document_number))) } else { None }
}

/// The conflict of a document that cites a later one.
pub fn later_cited(document: &Document, cited: &Document) -> Option<Conflict> {
    let is_later = cited.issued_on.zip(document.issued_on).is_some_and(|(cited, own)| cited > own);
    is_later.then(|| Conflict {
        code: DATES,
        message: message(
            format!("Văn bản này viện dẫn {} ban hành sau nó.", cited.document_number),
            format!("It cites {}, which was issued after it.", cited.document_number),
        ),
        document_id: Some(cited.id),
    })
}

/// The conflict of a document that was replaced by an older one.
pub fn older_replacement(document: &Document, replacement: &Document) -> Option<Conflict> {
    let is_older = replacement.issued_on.zip(document.issued_on).is_some_and(|(new, old)| new < old);
    is_older.then(|| Conflict {
        code: DATES,
        message: message(
            format!("Văn bản thay thế {} ban hành trước nó.", replacement.document_number),
            format!("It was replaced by {}, which was issued before it.", replacement.document_number),
        ),
        document_id: Some(replacement.id),
    })
}

/// 422 unless a document that names its successor is a replaced one, and is not its own.
pub fn check_replaced(document: &Document) -> Result<(), AppError> {
    if document.replaced_by == Some(document.id) {
        return Err(AppError::field(FieldError::unknown_reference("/replaced_by")));
    }
    if document.replaced_by.is_some() && document.state != DocumentState::Replaced {
        return Err(AppError::field(FieldError::new(
            "/replaced_by",
            "only_when_replaced",
            message("Chỉ văn bản đã bị thay thế mới có văn bản thay thế.", "Only a replaced document has a successor."),
        )));
    }
    Ok(())
}

fn follows_plan(pointer: &'static str) -> FieldError {
    FieldError::new(
        pointer,
        "follows_plan",
        message("Lấy từ kế hoạch đã ban hành, không sửa được.", "It is taken from the issued plan, and cannot be changed."),
    )
}

/// 422 with each field that a document has from its plan and that was changed.
pub fn check_follows_plan(before: &Document, after: &Document, citations: Option<(&[Citation], &[Citation])>) -> Result<(), AppError> {
    if before.plan_id.is_none() {
        return Ok(());
    }
    let mut bad = Vec::new();
    let changes = [
        ("/kind", before.kind != after.kind),
        ("/document_number", before.document_number != after.document_number),
        ("/issuer", before.issuer != after.issuer),
        ("/issuer_org_unit_id", before.issuer_org_unit_id != after.issuer_org_unit_id),
        ("/issued_on", before.issued_on != after.issued_on),
        ("/subject", before.subject != after.subject),
    ];
    bad.extend(changes.into_iter().filter(|(_, is_changed)| *is_changed).map(|(pointer, _)| follows_plan(pointer)));
    if let Some((old, new)) = citations {
        let printed = |list: &[Citation]| -> Vec<_> {
            list.iter().map(|one| (one.citation.clone(), one.clause.clone(), one.issuer.clone(), one.issued_on)).collect()
        };
        if printed(old) != printed(new) {
            bad.push(follows_plan("/citations"));
        }
    }
    if bad.is_empty() { Ok(()) } else { Err(AppError::validation(bad)) }
}

/// 409: what is an issued plan, or has an attachment of one, stays.
pub fn check_delete(document: &Document) -> Result<(), AppError> {
    if document.plan_id.is_none() { Ok(()) } else { Err(AppError::invalid_transition("issued", "delete")) }
}
