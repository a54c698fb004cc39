//! Guidance notes as the API takes and shows them.

use super::model::{GuidanceNote, GuidanceState};
use crate::ids::{CampaignId, GuidanceNoteId, OrgUnitId};
use crate::patch::Patch;
use crate::text::{Label, Line, Prose};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

/// A new guidance note.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"campaign_id": "018b2f19-e79e-7d6a-a56d-29feb6211b04", "org_unit_id": "018b2f19-e79e-7d6a-a56d-29feb6211b05", "title": "Hướng dẫn nội dung, hình thức tổ chức Ngày hội", "body": "Ngày hội gồm phần lễ và phần hội.", "clause": "II.2.1"}))]
pub struct GuidanceNoteIn {
    /// Campaign.
    pub campaign_id: CampaignId,
    /// Body that issues it, for itself and all below it.
    pub org_unit_id: OrgUnitId,
    /// Title.
    pub title: Line,
    /// Text.
    pub body: Prose,
    /// Clause of the plan that it explains.
    pub clause: Option<Label>,
    /// Number and symbol as printed; needed when it is issued.
    pub document_number: Option<Label>,
    /// Its date; needed when it is issued.
    pub issued_on: Option<NaiveDate>,
}

/// Changes of a draft (JSON Merge Patch).
#[derive(Debug, Clone, Default, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"document_number": "01/HD-BCĐ", "issued_on": "2023-02-20"}))]
pub struct GuidanceNotePatch {
    /// Title.
    #[serde(default)]
    #[schema(value_type = Line, required = false)]
    pub title: Patch<Line>,
    /// Text.
    #[serde(default)]
    #[schema(value_type = Prose, required = false)]
    pub body: Patch<Prose>,
    /// Clause of the plan that it explains.
    #[serde(default)]
    #[schema(value_type = Option<Label>)]
    pub clause: Patch<Label>,
    /// Number and symbol as printed.
    #[serde(default)]
    #[schema(value_type = Option<Label>)]
    pub document_number: Patch<Label>,
    /// Its date.
    #[serde(default)]
    #[schema(value_type = Option<NaiveDate>)]
    pub issued_on: Patch<NaiveDate>,
}

/// What is filled in when a guidance note is signed; what is absent stays as in the draft.
#[derive(Debug, Clone, Default, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"document_number": "01/HD-BCĐ", "issued_on": "2023-02-20"}))]
pub struct GuidanceNoteIssueIn {
    /// Number and symbol as printed.
    pub document_number: Option<Label>,
    /// Its date; not after today.
    pub issued_on: Option<NaiveDate>,
}

/// A guidance note.
#[derive(Debug, Serialize, ToSchema)]
#[allow(missing_docs)]
pub struct GuidanceNoteOut {
    pub id: GuidanceNoteId,
    pub campaign_id: CampaignId,
    /// Body that issues it.
    pub org_unit_id: OrgUnitId,
    pub title: String,
    pub body: String,
    /// Clause of the plan that it explains.
    pub clause: Option<String>,
    /// Number and symbol as printed.
    pub document_number: Option<String>,
    pub issued_on: Option<NaiveDate>,
    pub issued_at: Option<DateTime<Utc>>,
    pub state: GuidanceState,
    pub version: i32,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

impl From<GuidanceNote> for GuidanceNoteOut {
    fn from(note: GuidanceNote) -> Self {
        let GuidanceNote {
            campaign_id,
            id,
            org_unit_id,
            title,
            body,
            clause,
            document_number,
            issued_on,
            issued_at,
            state,
            version,
            created_at,
            updated_at,
        } = note;
        Self {
            id,
            campaign_id,
            org_unit_id,
            title,
            body,
            clause,
            document_number,
            issued_on,
            issued_at,
            state,
            version,
            created_at,
            updated_at,
        }
    }
}

crate::list_query! {
    /// Filters of the list of guidance notes.
    GuidanceNoteQuery sort ["created_at", "updated_at", "issued_on"] {
        /// Only notes for this campaign.
        campaign_id: CampaignId,
        /// Only notes of this body.
        org_unit_id: OrgUnitId,
        /// Only notes in this state.
        state: GuidanceState,
        /// Only notes that explain this clause of the plan.
        #[param(max_length = 60, example = "II.2.1")]
        clause: String,
    }
}
