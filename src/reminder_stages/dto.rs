//! Reminder stages as the API takes and shows them.

use super::model::{ReminderKind, ReminderStage, ReminderSubject};
use crate::ids::{CampaignId, ReminderStageId};
use crate::patch::Patch;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

/// A new stage of the schedule.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"campaign_id": "018b2f19-e79e-7d6a-a56d-29feb6211b04", "code": "report_due_in_14_days", "subject": "report", "kind": "due_soon", "days": -14, "local_time": "08:00"}))]
pub struct ReminderStageIn {
    /// Campaign.
    pub campaign_id: CampaignId,
    /// Stable code; unique in the campaign.
    #[schema(max_length = 40, pattern = "^[a-z][a-z0-9_]{1,39}$")]
    pub code: String,
    /// What is reminded of.
    pub subject: ReminderSubject,
    /// Which reminder it is.
    pub kind: ReminderKind,
    /// Days after the last day in time: negative before it (`due_soon`), 0 on it (`due_today`), from 1 after it.
    #[schema(minimum = -365, maximum = 365)]
    pub days: i32,
    /// Hour and minute in Viet Nam.
    #[schema(max_length = 5, pattern = "^([01][0-9]|2[0-3]):[0-5][0-9]$", example = "08:00")]
    pub local_time: String,
    /// Of `escalated` only: how many levels above the body it climbs, one each further day, at most up to the body that demands.
    #[schema(minimum = 1, maximum = 5)]
    pub levels: Option<i32>,
}

/// Changes of a stage (JSON Merge Patch). Code, subject and kind stay.
#[derive(Debug, Clone, Default, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"local_time": "07:30", "is_active": true}))]
pub struct ReminderStagePatch {
    /// Days after the last day in time.
    #[serde(default)]
    #[schema(value_type = i32, required = false, minimum = -365, maximum = 365)]
    pub days: Patch<i32>,
    /// Hour and minute in Viet Nam.
    #[serde(default)]
    #[schema(value_type = String, required = false, max_length = 5, pattern = "^([01][0-9]|2[0-3]):[0-5][0-9]$", example = "08:00")]
    pub local_time: Patch<String>,
    /// Of `escalated` only: how many levels above the body it climbs.
    #[serde(default)]
    #[schema(value_type = Option<i32>, minimum = 1, maximum = 5)]
    pub levels: Patch<i32>,
    /// Whether it is sent at all.
    #[serde(default)]
    #[schema(value_type = bool, required = false)]
    pub is_active: Patch<bool>,
}

/// A stage of the schedule.
#[derive(Debug, Serialize, ToSchema)]
#[allow(missing_docs)]
pub struct ReminderStageOut {
    pub id: ReminderStageId,
    pub campaign_id: CampaignId,
    /// Stable code.
    #[schema(example = "report_due_today")]
    pub code: String,
    pub subject: ReminderSubject,
    pub kind: ReminderKind,
    /// Days after the last day in time; negative before it.
    #[schema(example = 0)]
    pub days: i32,
    /// Hour and minute in Viet Nam.
    #[schema(example = "08:00")]
    pub local_time: String,
    /// Of an escalation: how many levels above the body it climbs, one each further day.
    pub levels: Option<i32>,
    /// Whether it is sent at all.
    pub is_active: bool,
    pub version: i32,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

impl From<ReminderStage> for ReminderStageOut {
    fn from(stage: ReminderStage) -> Self {
        let ReminderStage { campaign_id, id, code, subject, kind, days, local_time, levels, is_active, version, created_at, updated_at } =
            stage;
        Self { id, campaign_id, code, subject, kind, days, local_time, levels, is_active, version, created_at, updated_at }
    }
}

crate::list_query! {
    /// Filters of the list of reminder stages.
    ReminderStageQuery sort ["created_at", "updated_at", "days"] without q {
        /// Only stages of this campaign.
        campaign_id: CampaignId,
        /// Only stages that remind of this.
        subject: ReminderSubject,
        /// Only stages of this kind.
        kind: ReminderKind,
        /// Only stages that are, or are not, sent.
        is_active: bool,
    }
}
