//! Documents as the API shows them.

use super::model::{Alias, Citation, CitationLink, Document, DocumentState};
use super::rules::Conflict;
use crate::error::Language;
use crate::ids::{CitationId, DocumentId, OrgUnitId, PlanId};
use crate::official_text::draft::DocumentKind;
use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;
use utoipa::ToSchema;

/// A contradiction, for a person to look at. Nothing is refused for it.
#[derive(Debug, Serialize, ToSchema)]
pub struct DocumentConflictOut {
    /// Stable code: `one_document_two_symbols`, `symbol_contradicts_kind`, `dates_out_of_order`, `year_contradicts_date`,
    /// `same_number`.
    #[schema(example = "symbol_contradicts_kind")]
    pub code: String,
    /// What is wrong, in the language of the answer.
    pub message: String,
    /// The other document, where there is one.
    pub document_id: Option<DocumentId>,
}

/// A document with all that is shown of it.
#[derive(Debug, Clone)]
pub struct Whole {
    /// Its row.
    pub document: Document,
    /// Its other numbers.
    pub aliases: Vec<Alias>,
    /// Its conflicts.
    pub conflicts: Vec<Conflict>,
    /// Its text, where it was asked for.
    pub body: Option<String>,
}

/// A document of the registry.
#[derive(Debug, Serialize, ToSchema)]
#[allow(missing_docs)]
pub struct DocumentOut {
    pub id: DocumentId,
    /// Body that entered it.
    pub org_unit_id: OrgUnitId,
    /// The plan that it is, where it was issued here.
    pub plan_id: Option<PlanId>,
    /// Kind as the document, or who cites it, calls it.
    pub kind: DocumentKind,
    /// Number and symbol as printed.
    pub document_number: String,
    /// Running number, read from the printed form; null where it has none.
    pub number: Option<i32>,
    /// Symbol, read from the printed form.
    pub symbol: Option<String>,
    /// Year in which the number was given: the one within the number, else that of the date.
    pub year: Option<i32>,
    pub issuer: Option<String>,
    /// The issuer, where it is a body of the tree.
    pub issuer_org_unit_id: Option<OrgUnitId>,
    pub issued_on: Option<NaiveDate>,
    pub effective_from: Option<NaiveDate>,
    pub effective_to: Option<NaiveDate>,
    /// Title or subject.
    pub subject: Option<String>,
    /// Text as printed; null in lists.
    #[schema(max_length = 200_000)]
    pub body: Option<String>,
    pub state: DocumentState,
    /// The document that took its place.
    pub replaced_by: Option<DocumentId>,
    pub note: Option<String>,
    /// Other numbers and symbols under which it is cited.
    #[schema(max_items = 20)]
    pub aliases: Vec<String>,
    /// What contradicts itself or another document that the caller can read.
    pub conflicts: Vec<DocumentConflictOut>,
    pub version: i32,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

impl DocumentOut {
    /// A document with what belongs to it.
    pub fn new(Whole { document, aliases, conflicts, body }: Whole, language: Language) -> Self {
        let Document {
            id,
            org_unit_id,
            plan_id,
            kind,
            document_number,
            number,
            symbol,
            year,
            citation_key: _,
            issuer,
            issuer_key: _,
            issuer_org_unit_id,
            issued_on,
            effective_from,
            effective_to,
            subject,
            state,
            replaced_by,
            note,
            conflicts: _,
            version,
            created_at,
            updated_at,
        } = document;
        let conflict = |Conflict { code, message, document_id }| DocumentConflictOut {
            code: String::from(code),
            message: message.in_language(language),
            document_id,
        };
        Self {
            id,
            org_unit_id,
            plan_id,
            kind,
            document_number,
            number,
            symbol,
            year,
            issuer,
            issuer_org_unit_id,
            issued_on,
            effective_from,
            effective_to,
            subject,
            body,
            state,
            replaced_by,
            note,
            aliases: aliases.into_iter().map(|alias| alias.printed).collect(),
            conflicts: conflicts.into_iter().map(conflict).collect(),
            version,
            created_at,
            updated_at,
        }
    }
}

/// A place where one document cites another.
#[derive(Debug, Serialize, ToSchema)]
#[allow(missing_docs)]
pub struct DocumentCitationOut {
    pub id: CitationId,
    /// The citing document.
    pub document_id: DocumentId,
    /// Its number and symbol.
    pub document_number: String,
    /// Place in the list of the citing document, from 1.
    pub no: i32,
    /// The cited document; null where it is not sure which one is meant.
    pub cited_document_id: Option<DocumentId>,
    pub link: CitationLink,
    /// The citation as printed.
    pub citation: String,
    /// Where in the citing document.
    pub clause: Option<String>,
    /// Issuer of the cited one, as printed.
    pub issuer: Option<String>,
    /// Its date, as printed.
    pub issued_on: Option<NaiveDate>,
    pub subject: Option<String>,
    pub note: Option<String>,
}

impl DocumentCitationOut {
    /// A citation, and the number of the document that it stands in.
    pub fn new(citation: Citation, document_number: String) -> Self {
        let Citation { id, document_id, no, cited_document_id, link, citation, citation_key: _, clause, issuer, issued_on, subject, note } =
            citation;
        Self { id, document_id, document_number, no, cited_document_id, link, citation, clause, issuer, issued_on, subject, note }
    }
}
