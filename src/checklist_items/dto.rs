//! Checklist items as the API takes and shows them.

use super::model::ChecklistItem;
use crate::ids::{CampaignId, ChecklistItemId};
use crate::patch::Patch;
use crate::text::Line;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

/// A new checklist item.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"campaign_id": "018b2f19-e79e-7d6a-a56d-29feb6211b04", "code": "boat_landing", "no": 10, "name_vi": "Có bến thuyền an toàn", "name_en": "A safe landing for boats", "is_required": true}))]
pub struct ChecklistItemIn {
    /// Campaign.
    pub campaign_id: CampaignId,
    /// Stable code; unique in the campaign.
    #[schema(max_length = 40, pattern = "^[a-z][a-z0-9_]{1,39}$")]
    pub code: String,
    /// Place in the list.
    #[schema(minimum = 1, maximum = 1000)]
    pub no: i32,
    /// What is asked, in Vietnamese.
    pub name_vi: Line,
    /// What is asked, in English.
    pub name_en: Line,
    /// Whether a site suits only when it is met or does not apply.
    pub is_required: bool,
}

/// Changes of a checklist item (JSON Merge Patch).
#[derive(Debug, Clone, Default, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"is_required": false, "is_active": true}))]
pub struct ChecklistItemPatch {
    /// Place in the list.
    #[serde(default)]
    #[schema(value_type = i32, required = false, minimum = 1, maximum = 1000)]
    pub no: Patch<i32>,
    /// What is asked, in Vietnamese.
    #[serde(default)]
    #[schema(value_type = Line, required = false)]
    pub name_vi: Patch<Line>,
    /// What is asked, in English.
    #[serde(default)]
    #[schema(value_type = Line, required = false)]
    pub name_en: Patch<Line>,
    /// Whether a site suits only when it is met or does not apply.
    #[serde(default)]
    #[schema(value_type = bool, required = false)]
    pub is_required: Patch<bool>,
    /// Whether it is still asked; an item is never deleted, since sites have answered it.
    #[serde(default)]
    #[schema(value_type = bool, required = false)]
    pub is_active: Patch<bool>,
}

/// A checklist item.
#[derive(Debug, Serialize, ToSchema)]
#[allow(missing_docs)]
pub struct ChecklistItemOut {
    pub id: ChecklistItemId,
    pub campaign_id: CampaignId,
    /// Stable code.
    #[schema(example = "access_road")]
    pub code: String,
    /// Place in the list.
    pub no: i32,
    pub name_vi: String,
    pub name_en: String,
    /// Whether a site suits only when it is met or does not apply.
    pub is_required: bool,
    /// Whether it is still asked.
    pub is_active: bool,
    pub version: i32,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

impl From<ChecklistItem> for ChecklistItemOut {
    fn from(item: ChecklistItem) -> Self {
        let ChecklistItem { campaign_id, id, code, no, name_vi, name_en, is_required, is_active, version, created_at, updated_at } = item;
        Self { id, campaign_id, code, no, name_vi, name_en, is_required, is_active, version, created_at, updated_at }
    }
}

crate::list_query! {
    /// Filters of the list of checklist items.
    ChecklistItemQuery sort ["created_at", "updated_at", "no"] without q {
        /// Only items of this campaign.
        campaign_id: CampaignId,
        /// Only items that are, or are not, still asked.
        is_active: bool,
        /// Only items that are, or are not, required.
        is_required: bool,
    }
}
