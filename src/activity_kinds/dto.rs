//! Kinds of activity as the API takes and shows them.

use super::model::{ActivityKind, ResultField};
use crate::activities::model::ActivityPhase;
use crate::ids::{ActivityKindId, CampaignId};
use crate::patch::Patch;
use crate::text::Line;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

/// A new kind of activity.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"campaign_id": "018b2f19-e79e-7d6a-a56d-29feb6211b04", "code": "night_patrol", "name_vi": "Tuần tra đêm", "name_en": "Night patrol", "phases": ["before", "during"], "result_fields": [{"code": "patrol_count", "name_vi": "Lượt tuần tra", "name_en": "Patrols", "unit_vi": "lượt", "unit_en": "patrols", "value_kind": "integer", "is_required": true}]}))]
pub struct ActivityKindIn {
    /// Campaign.
    pub campaign_id: CampaignId,
    /// Stable code; unique in the campaign.
    #[schema(max_length = 40, pattern = "^[a-z][a-z0-9_]{1,39}$")]
    pub code: String,
    /// What it is called, in Vietnamese.
    pub name_vi: Line,
    /// What it is called, in English.
    pub name_en: Line,
    /// The phases that it is meant for.
    #[schema(min_items = 1, max_items = 3)]
    pub phases: Vec<ActivityPhase>,
    /// What it is asked as results.
    #[serde(default)]
    #[schema(max_items = 30)]
    pub result_fields: Vec<ResultField>,
}

/// Changes of a kind of activity (JSON Merge Patch).
#[derive(Debug, Clone, Default, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"name_en": "Neighbourhood patrol", "is_active": true}))]
pub struct ActivityKindPatch {
    /// What it is called, in Vietnamese.
    #[serde(default)]
    #[schema(value_type = Line, required = false)]
    pub name_vi: Patch<Line>,
    /// What it is called, in English.
    #[serde(default)]
    #[schema(value_type = Line, required = false)]
    pub name_en: Patch<Line>,
    /// The phases that it is meant for.
    #[serde(default)]
    #[schema(value_type = Vec<ActivityPhase>, required = false, min_items = 1, max_items = 3)]
    pub phases: Patch<Vec<ActivityPhase>>,
    /// What it is asked as results; the whole list.
    #[serde(default)]
    #[schema(value_type = Vec<ResultField>, required = false, max_items = 30)]
    pub result_fields: Patch<Vec<ResultField>>,
    /// Whether new activities can be of it.
    #[serde(default)]
    #[schema(value_type = bool, required = false)]
    pub is_active: Patch<bool>,
}

/// A kind of activity.
#[derive(Debug, Serialize, ToSchema)]
#[allow(missing_docs)]
pub struct ActivityKindOut {
    pub id: ActivityKindId,
    pub campaign_id: CampaignId,
    /// Stable code: the `kind` of an activity.
    #[schema(example = "gift_visit")]
    pub code: String,
    pub name_vi: String,
    pub name_en: String,
    /// The phases that it is meant for.
    #[schema(max_items = 3)]
    pub phases: Vec<ActivityPhase>,
    /// What it is asked as results.
    #[schema(max_items = 30)]
    pub result_fields: Vec<ResultField>,
    /// Whether every campaign begins with it.
    pub is_builtin: bool,
    /// Whether new activities can be of it.
    pub is_active: bool,
    pub version: i32,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

impl From<ActivityKind> for ActivityKindOut {
    fn from(kind: ActivityKind) -> Self {
        let ActivityKind {
            campaign_id,
            id,
            code,
            name_vi,
            name_en,
            phases,
            result_fields,
            is_builtin,
            is_active,
            version,
            created_at,
            updated_at,
        } = kind;
        let result_fields = result_fields.0;
        Self { id, campaign_id, code, name_vi, name_en, phases, result_fields, is_builtin, is_active, version, created_at, updated_at }
    }
}

crate::list_query! {
    /// Filters of the list of kinds of activity.
    ActivityKindQuery sort ["created_at", "updated_at", "code"] without q {
        /// Only kinds of this campaign.
        campaign_id: CampaignId,
        /// Only the kind of this code, in each campaign.
        #[param(max_length = 40, pattern = "^[a-z][a-z0-9_]{1,39}$", example = "gift_visit")]
        code: String,
        /// Only kinds that are meant for this phase.
        phase: ActivityPhase,
        /// Only kinds that are, or are not, still used.
        is_active: bool,
    }
}
