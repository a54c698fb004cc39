//! Documents as the API takes them; [`super::out`] is how it shows them.

use super::model::DocumentState;
use crate::ids::{DocumentId, OrgUnitId, PlanId};
use crate::official_text::draft::DocumentKind;
use crate::patch::Patch;
use crate::text::{Label, Line, Prose};
use chrono::NaiveDate;
use serde::Deserialize;
use utoipa::ToSchema;
use validator::Validate;

/// A place where the document cites another.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"citation": "521/QĐ-TTg", "issuer": "Thủ tướng Chính phủ", "issued_on": "2005-06-13"}))]
pub struct CitationIn {
    /// Number and symbol, as printed.
    pub citation: Line,
    /// The document of the registry; found by number, issuer and date when absent, and left open where that is not sure.
    pub document_id: Option<DocumentId>,
    /// Where in the citing document.
    pub clause: Option<Line>,
    /// Who issued the cited one, as printed.
    pub issuer: Option<Line>,
    /// Its date, as printed.
    pub issued_on: Option<NaiveDate>,
    /// What it is about.
    pub subject: Option<Prose>,
    /// A remark.
    pub note: Option<Prose>,
}

/// A new document of the registry. Number, year and symbol are read from the printed form.
#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"org_unit_id": "018b2f19-e79e-7d6a-a56d-29feb6211b05", "kind": "circular", "document_number": "48/2025/TT-BCA", "issuer": "Bộ Công an", "subject": "Sửa đổi tiêu chuẩn “An toàn về an ninh, trật tự”", "aliases": ["48/TT-BCA"]}))]
pub struct DocumentIn {
    /// Body that enters it.
    pub org_unit_id: OrgUnitId,
    /// Kind as the document calls itself; its symbol may contradict it.
    pub kind: DocumentKind,
    /// Number and symbol as printed.
    pub document_number: Label,
    /// Who issued it, as printed.
    pub issuer: Option<Line>,
    /// The issuer, where it is a body of the tree.
    pub issuer_org_unit_id: Option<OrgUnitId>,
    /// Date of issue.
    pub issued_on: Option<NaiveDate>,
    /// First day in force.
    pub effective_from: Option<NaiveDate>,
    /// Last day in force.
    pub effective_to: Option<NaiveDate>,
    /// Title or subject.
    pub subject: Option<Prose>,
    /// Text as printed.
    #[schema(max_length = 200_000)]
    pub body: Option<String>,
    /// A remark.
    pub note: Option<Prose>,
    /// Other numbers and symbols under which it is cited.
    #[serde(default)]
    #[schema(max_items = 20)]
    pub aliases: Vec<Label>,
    /// The documents that it cites.
    #[serde(default)]
    #[schema(max_items = 200)]
    pub citations: Vec<CitationIn>,
}

/// Changes of a document (JSON Merge Patch); a list that is given replaces the whole list. What a document has from the
/// issued plan that it is stays (422 `follows_plan`): kind, number, issuer, date, subject, and its citations as printed;
/// which document a citation means can be stated.
#[derive(Debug, Clone, Default, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"note": "Chưa có toàn văn."}))]
pub struct DocumentPatch {
    /// Kind.
    #[serde(default)]
    #[schema(value_type = DocumentKind, required = false)]
    pub kind: Patch<DocumentKind>,
    /// Number and symbol as printed.
    #[serde(default)]
    #[schema(value_type = Label, required = false)]
    pub document_number: Patch<Label>,
    /// Who issued it.
    #[serde(default)]
    #[schema(value_type = Option<Line>)]
    pub issuer: Patch<Line>,
    /// The issuer, where it is a body of the tree.
    #[serde(default)]
    #[schema(value_type = Option<OrgUnitId>)]
    pub issuer_org_unit_id: Patch<OrgUnitId>,
    /// Date of issue.
    #[serde(default)]
    #[schema(value_type = Option<NaiveDate>)]
    pub issued_on: Patch<NaiveDate>,
    /// First day in force.
    #[serde(default)]
    #[schema(value_type = Option<NaiveDate>)]
    pub effective_from: Patch<NaiveDate>,
    /// Last day in force.
    #[serde(default)]
    #[schema(value_type = Option<NaiveDate>)]
    pub effective_to: Patch<NaiveDate>,
    /// Title or subject.
    #[serde(default)]
    #[schema(value_type = Option<Prose>)]
    pub subject: Patch<Prose>,
    /// Text as printed.
    #[serde(default)]
    #[schema(value_type = Option<String>, max_length = 200_000)]
    pub body: Patch<String>,
    /// Whether it is in force.
    #[serde(default)]
    #[schema(value_type = DocumentState, required = false)]
    pub state: Patch<DocumentState>,
    /// The document that took its place; only of a replaced one.
    #[serde(default)]
    #[schema(value_type = Option<DocumentId>)]
    pub replaced_by: Patch<DocumentId>,
    /// A remark.
    #[serde(default)]
    #[schema(value_type = Option<Prose>)]
    pub note: Patch<Prose>,
    /// Other numbers and symbols under which it is cited.
    #[serde(default)]
    #[schema(value_type = Vec<Label>, required = false, max_items = 20)]
    pub aliases: Patch<Vec<Label>>,
    /// The documents that it cites.
    #[serde(default)]
    #[schema(value_type = Vec<CitationIn>, required = false, max_items = 200)]
    pub citations: Patch<Vec<CitationIn>>,
}

/// Which way to read citations: what the document cites, or what cites it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum CitationDirection {
    Cites,
    CitedBy,
}

crate::list_query! {
    /// Filters of the registry.
    DocumentQuery sort ["created_at", "updated_at", "issued_on"] {
        /// Only documents that are cited so: number and symbol in any printed form, under any of their numbers.
        #[param(max_length = 300, example = "81/KH-BCĐ")]
        citation: String,
        /// Only documents of this kind.
        kind: DocumentKind,
        /// Only documents in this state.
        state: DocumentState,
        /// Only documents that this body entered.
        org_unit_id: OrgUnitId,
        /// Only documents that this body issued.
        issuer_org_unit_id: OrgUnitId,
        /// Only the document that this plan is.
        plan_id: PlanId,
        /// Only documents dated on or after this day.
        issued_from: NaiveDate,
        /// Only documents dated before this day.
        issued_before: NaiveDate,
        /// Only documents with conflicts, or only those without.
        has_conflict: bool,
    }
}

crate::list_query! {
    /// Which citations of a document.
    DocumentCitationQuery sort ["no"] without q {
        /// What it cites (the default), or what cites it.
        direction: CitationDirection,
    }
}
