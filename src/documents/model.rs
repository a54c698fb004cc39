//! Rows of the registry, and their enumerations.

use crate::ids::{CitationId, DocumentId, OrgUnitId, PlanId};
use crate::official_text::draft::DocumentKind;
use crate::schema::{document_aliases, document_citations, documents};
use chrono::{DateTime, NaiveDate, Utc};
use diesel::deserialize::FromSqlRow;
use diesel::expression::AsExpression;
use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Whether a document is in force or another has taken its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema, AsExpression, FromSqlRow)]
#[serde(rename_all = "snake_case")]
#[diesel(sql_type = diesel::sql_types::Text)]
#[allow(missing_docs)]
pub enum DocumentState {
    InForce,
    Replaced,
}
crate::text_enum!(DocumentState { InForce => "in_force", Replaced => "replaced" });

/// Whether it is known which document of the registry a citation means: `ambiguous` where more than one may be meant, or
/// the one with this number is not sure to be it; `unregistered` where none has this number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema, AsExpression, FromSqlRow)]
#[serde(rename_all = "snake_case")]
#[diesel(sql_type = diesel::sql_types::Text)]
#[allow(missing_docs)]
pub enum CitationLink {
    Linked,
    Ambiguous,
    Unregistered,
}
crate::text_enum!(CitationLink { Linked => "linked", Ambiguous => "ambiguous", Unregistered => "unregistered" });

/// A document as stored, without its search tokens and its text.
#[derive(Debug, Clone, PartialEq, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = documents, treat_none_as_null = true, treat_none_as_default_value = false)]
#[allow(missing_docs)]
pub struct Document {
    pub id: DocumentId,
    pub org_unit_id: OrgUnitId,
    pub plan_id: Option<PlanId>,
    pub kind: DocumentKind,
    pub document_number: String,
    pub number: Option<i32>,
    pub symbol: Option<String>,
    pub year: Option<i32>,
    pub citation_key: String,
    pub issuer: Option<String>,
    pub issuer_key: String,
    pub issuer_org_unit_id: Option<OrgUnitId>,
    pub issued_on: Option<NaiveDate>,
    pub effective_from: Option<NaiveDate>,
    pub effective_to: Option<NaiveDate>,
    pub subject: Option<String>,
    pub state: DocumentState,
    pub replaced_by: Option<DocumentId>,
    pub note: Option<String>,
    pub conflicts: Vec<String>,
    pub version: i32,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

/// Another number and symbol of a document, as stored.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = document_aliases)]
#[allow(missing_docs)]
pub struct Alias {
    pub document_id: DocumentId,
    pub no: i32,
    pub printed: String,
    pub citation_key: String,
}

/// A citation as stored.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = document_citations)]
#[allow(missing_docs)]
pub struct Citation {
    pub id: CitationId,
    pub document_id: DocumentId,
    pub no: i32,
    pub cited_document_id: Option<DocumentId>,
    pub link: CitationLink,
    pub citation: String,
    pub citation_key: String,
    pub clause: Option<String>,
    pub issuer: Option<String>,
    pub issued_on: Option<NaiveDate>,
    pub subject: Option<String>,
    pub note: Option<String>,
}
