//! Purposes as the API takes and shows them.

use super::model::{DataKind, ProcessingPurpose, PurposeChange};
use crate::ids::{CampaignId, ProcessingPurposeChangeId, ProcessingPurposeId};
use crate::patch::Patch;
use crate::text::{Line, Prose};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;
use validator::Validate;

/// Changes of a purpose (JSON Merge Patch), with the reason.
#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"legal_basis": "Luật Bảo vệ dữ liệu cá nhân số 91/2025/QH15", "reason": "Theo ý kiến thẩm định"}))]
pub struct ProcessingPurposePatch {
    /// What the data are for, in Vietnamese.
    #[serde(default)]
    #[schema(value_type = Line, required = false)]
    pub purpose_vi: Patch<Line>,
    /// What the data are for, in English.
    #[serde(default)]
    #[schema(value_type = Line, required = false)]
    pub purpose_en: Patch<Line>,
    /// On what basis they are processed.
    #[serde(default)]
    #[schema(value_type = Prose, required = false)]
    pub legal_basis: Patch<Prose>,
    /// Days after the closing of the campaign until they are erased; null keeps them.
    #[serde(default)]
    #[schema(value_type = Option<i32>, minimum = 0, maximum = 3650)]
    pub retention_days: Patch<i32>,
    /// Why it changes; it stands in the history.
    pub reason: Line,
}

/// Why data of one kind are held, and how long.
#[derive(Debug, Serialize, ToSchema)]
#[allow(missing_docs)]
pub struct ProcessingPurposeOut {
    pub id: ProcessingPurposeId,
    pub campaign_id: CampaignId,
    pub data_kind: DataKind,
    pub purpose_vi: String,
    pub purpose_en: String,
    pub legal_basis: String,
    /// Days after the closing of the campaign until they are erased; null where nothing is erased by the campaign's end.
    #[schema(minimum = 0)]
    pub retention_days: Option<i32>,
    pub version: i32,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

impl From<ProcessingPurpose> for ProcessingPurposeOut {
    fn from(purpose: ProcessingPurpose) -> Self {
        let ProcessingPurpose {
            campaign_id,
            id,
            data_kind,
            purpose_vi,
            purpose_en,
            legal_basis,
            retention_days,
            version,
            created_at,
            updated_at,
        } = purpose;
        Self { id, campaign_id, data_kind, purpose_vi, purpose_en, legal_basis, retention_days, version, created_at, updated_at }
    }
}

/// A purpose as it was told at one time.
#[derive(Debug, Serialize, ToSchema)]
#[allow(missing_docs)]
pub struct ProcessingPurposeChangeOut {
    pub id: ProcessingPurposeChangeId,
    pub processing_purpose_id: ProcessingPurposeId,
    /// Version that this change made.
    #[schema(minimum = 1)]
    pub no: i32,
    pub purpose_vi: String,
    pub purpose_en: String,
    pub legal_basis: String,
    #[schema(minimum = 0)]
    pub retention_days: Option<i32>,
    /// Why; null of what the campaign began with.
    pub reason: Option<String>,
    /// Account that changed it; null of what the campaign began with.
    pub changed_by: Option<Uuid>,
    pub changed_at: DateTime<Utc>,
}

impl From<PurposeChange> for ProcessingPurposeChangeOut {
    fn from(change: PurposeChange) -> Self {
        let PurposeChange {
            id,
            processing_purpose_id,
            version,
            purpose_vi,
            purpose_en,
            legal_basis,
            retention_days,
            reason,
            changed_by,
            changed_at,
            ..
        } = change;
        Self { id, processing_purpose_id, no: version, purpose_vi, purpose_en, legal_basis, retention_days, reason, changed_by, changed_at }
    }
}

crate::list_query! {
    /// Filters of the list of purposes.
    ProcessingPurposeQuery sort ["created_at", "updated_at"] without q {
        /// Only purposes of this campaign.
        campaign_id: CampaignId,
        /// Only the purpose of this kind of data.
        data_kind: DataKind,
        /// Only purposes whose data are (`true`) or are not (`false`) erased some days after the closing.
        has_retention: bool,
    }
}

crate::list_query! {
    /// Filters of the history of a purpose.
    ProcessingPurposeChangeQuery sort ["changed_at"] without q {
        /// Only changes by this account.
        changed_by: Uuid,
    }
}
