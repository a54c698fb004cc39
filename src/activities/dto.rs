//! Activities as the API takes and shows them.

use super::model::{Activity, ActivityKind, ActivityPhase, ActivityState, FundingSource};
use crate::ids::{ActivityId, CampaignId, OrgUnitId, SiteId};
use crate::patch::Patch;
use crate::text::{Line, Prose};
use crate::warning::Warning;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

/// A new activity.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"campaign_id": "018b2f19-e79e-7d6a-a56d-29feb6211b04", "org_unit_id": "018b2f19-e79e-7d6a-a56d-29feb6211b05", "kind": "listening_forum", "phase": "during", "title": "Diễn đàn Công an lắng nghe ý kiến Nhân dân", "place": "Nhà văn hóa bản Mường Lai", "starts_at": "2023-08-12T14:00:00+07:00", "ends_at": "2023-08-12T16:00:00+07:00"}))]
pub struct ActivityIn {
    /// Campaign.
    pub campaign_id: CampaignId,
    /// Body that organises the activity.
    pub org_unit_id: OrgUnitId,
    /// Site where it takes place, of the same campaign.
    pub site_id: Option<SiteId>,
    /// Kind of activity.
    pub kind: ActivityKind,
    /// Before, during or after the festival (R15, II.3).
    pub phase: ActivityPhase,
    /// Title.
    pub title: Line,
    /// Where, in words.
    pub place: Option<Line>,
    /// Begin.
    pub starts_at: DateTime<Utc>,
    /// End.
    pub ends_at: Option<DateTime<Utc>>,
}

/// Changes of an activity (JSON Merge Patch).
#[derive(Debug, Clone, Default, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"place": "Sân vận động huyện", "ends_at": null}))]
pub struct ActivityPatch {
    /// Site where it takes place, of the same campaign.
    #[serde(default)]
    #[schema(value_type = Option<SiteId>)]
    pub site_id: Patch<SiteId>,
    /// Kind of activity.
    #[serde(default)]
    #[schema(value_type = ActivityKind, required = false)]
    pub kind: Patch<ActivityKind>,
    /// Before, during or after the festival.
    #[serde(default)]
    #[schema(value_type = ActivityPhase, required = false)]
    pub phase: Patch<ActivityPhase>,
    /// Title.
    #[serde(default)]
    #[schema(value_type = Line, required = false)]
    pub title: Patch<Line>,
    /// Where, in words.
    #[serde(default)]
    #[schema(value_type = Option<Line>)]
    pub place: Patch<Line>,
    /// Begin.
    #[serde(default)]
    #[schema(value_type = DateTime<Utc>, required = false)]
    pub starts_at: Patch<DateTime<Utc>>,
    /// End.
    #[serde(default)]
    #[schema(value_type = Option<DateTime<Utc>>)]
    pub ends_at: Patch<DateTime<Utc>>,
}

/// What came of an activity.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"attendance_count": 210, "cost_vnd": 4_500_000, "funding_source": "budget_estimate"}))]
pub struct ActivityResultIn {
    /// Attendances (lượt người tham dự), counted or estimated by the organiser: visits, not persons (S117).
    #[schema(minimum = 0, maximum = 10_000_000)]
    pub attendance_count: Option<i32>,
    /// Cost, whole đồng.
    #[schema(minimum = 0, maximum = 1_000_000_000_000_i64)]
    pub cost_vnd: Option<i64>,
    /// Where the money came from (R21, II.4).
    pub funding_source: Option<FundingSource>,
}

/// Why an activity does not take place.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"reason": "Mưa lũ, đường vào bản bị chia cắt."}))]
pub struct ActivityCancelIn {
    /// Why.
    pub reason: Prose,
}

/// An activity.
#[derive(Debug, Serialize, ToSchema)]
#[allow(missing_docs)]
pub struct ActivityOut {
    pub id: ActivityId,
    pub campaign_id: CampaignId,
    /// Body that organises the activity.
    pub org_unit_id: OrgUnitId,
    pub site_id: Option<SiteId>,
    pub kind: ActivityKind,
    pub phase: ActivityPhase,
    pub state: ActivityState,
    pub title: String,
    pub place: Option<String>,
    pub starts_at: DateTime<Utc>,
    pub ends_at: Option<DateTime<Utc>>,
    /// Attendances (lượt người tham dự): visits, not persons (S117).
    pub attendance_count: Option<i32>,
    /// Cost, whole đồng.
    pub cost_vnd: Option<i64>,
    pub funding_source: Option<FundingSource>,
    pub cancel_reason: Option<String>,
    /// When it was recorded as held.
    pub held_at: Option<DateTime<Utc>>,
    pub cancelled_at: Option<DateTime<Utc>>,
    /// What is easily overlooked; never a refusal. Given with answers to writes.
    pub warnings: Vec<Warning>,
    pub version: i32,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

impl ActivityOut {
    /// An activity with what is to be pointed out.
    pub fn new(activity: Activity, warnings: Vec<Warning>) -> Self {
        let Activity {
            campaign_id,
            id,
            org_unit_id,
            site_id,
            kind,
            phase,
            state,
            title,
            place,
            starts_at,
            ends_at,
            attendance_count,
            cost_vnd,
            funding_source,
            cancel_reason,
            held_at,
            cancelled_at,
            version,
            created_at,
            updated_at,
        } = activity;
        Self {
            id,
            campaign_id,
            org_unit_id,
            site_id,
            kind,
            phase,
            state,
            title,
            place,
            starts_at,
            ends_at,
            attendance_count,
            cost_vnd,
            funding_source,
            cancel_reason,
            held_at,
            cancelled_at,
            warnings,
            version,
            created_at,
            updated_at,
        }
    }
}

crate::list_query! {
    /// Filters of the list of activities.
    ActivityQuery sort ["created_at", "updated_at", "starts_at"] {
        /// Only activities of this campaign.
        campaign_id: CampaignId,
        /// Only activities that this body organises.
        org_unit_id: OrgUnitId,
        /// Only activities of this body and of all below it.
        under_org_unit_id: OrgUnitId,
        /// Only activities at this site.
        site_id: SiteId,
        /// Only activities of this phase.
        phase: ActivityPhase,
        /// Only activities of this kind.
        kind: ActivityKind,
        /// Only activities in this state.
        state: ActivityState,
        /// Only activities that were, or were not, cancelled.
        is_cancelled: bool,
        /// Only activities that begin at or after this instant.
        starts_from: DateTime<Utc>,
        /// Only activities that begin before this instant.
        starts_before: DateTime<Utc>,
    }
}
