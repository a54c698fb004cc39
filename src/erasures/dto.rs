//! Erasures as the API shows them.

use super::model::{Erasure, ErasureCause};
use crate::ids::{CampaignId, ErasureId, OrgUnitId};
use crate::processing_purposes::model::DataKind;
use crate::text::Line;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;
use validator::Validate;

/// The erasure of one person.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"reason": "Khách mời đề nghị xóa dữ liệu ngày 20/8/2023"}))]
pub struct ErasureIn {
    /// Why, without the name: it stands in the log of erasures.
    pub reason: Line,
}

/// What was erased, in counts.
#[derive(Debug, Serialize, ToSchema)]
#[allow(missing_docs)]
pub struct ErasureOut {
    pub id: ErasureId,
    pub campaign_id: CampaignId,
    /// Body the object belonged to; the province's for what was erased at the end of its time.
    pub org_unit_id: OrgUnitId,
    pub data_kind: DataKind,
    pub cause: ErasureCause,
    /// The object whose person asked for it; null for what was erased at the end of its time.
    pub object_id: Option<Uuid>,
    /// Rows from which something was erased.
    #[schema(minimum = 1)]
    pub row_count: i32,
    /// Why; null for what was erased at the end of its time.
    pub reason: Option<String>,
    /// Account that erased; null for the service itself.
    pub erased_by: Option<Uuid>,
    pub erased_at: DateTime<Utc>,
}

impl From<Erasure> for ErasureOut {
    fn from(erasure: Erasure) -> Self {
        let Erasure { campaign_id, id, org_unit_id, data_kind, cause, object_id, row_count, reason, erased_by, erased_at } = erasure;
        Self { id, campaign_id, org_unit_id, data_kind, cause, object_id, row_count, reason, erased_by, erased_at }
    }
}

crate::list_query! {
    /// Filters of the log of erasures.
    ErasureQuery sort ["erased_at"] without q {
        /// Only erasures in this campaign.
        campaign_id: CampaignId,
        /// Only erasures at this body.
        org_unit_id: OrgUnitId,
        /// Only erasures at this body and all below it.
        under_org_unit_id: OrgUnitId,
        /// Only erasures of this kind of data.
        data_kind: DataKind,
        /// Only erasures by request, or only those at the end of the time of keeping.
        cause: ErasureCause,
        /// Only the erasure of this object.
        object_id: Uuid,
        /// Only erasures at this instant or after it.
        erased_from: DateTime<Utc>,
        /// Only erasures before this instant.
        erased_before: DateTime<Utc>,
    }
}
