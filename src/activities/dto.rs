//! Activities as the API takes and shows them.

use super::model::{Activity, ActivityPhase, ActivityState, FundingSource};
use crate::activity_kinds::model::ResultValueKind;
use crate::activity_kinds::results::{ActivityResultValue, ActivityResults};
use crate::ids::{ActivityId, CampaignId, OrgUnitId, SiteId};
use crate::patch::Patch;
use crate::text::{Line, Prose};
use crate::warning::Warning;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use utoipa::{IntoParams, ToSchema};
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
    /// Kind of activity: a code of the campaign's catalogue (`/activity-kinds`) that is in use and meant for the phase.
    #[schema(max_length = 40, pattern = "^[a-z][a-z0-9_]{1,39}$")]
    pub kind: String,
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
    /// Number of the emulation drive that it belongs to, as printed (S81).
    #[schema(example = "13/PĐTĐ-BCĐ")]
    pub emulation_drive: Option<Line>,
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
    /// Kind of activity: a code of the campaign's catalogue.
    #[serde(default)]
    #[schema(value_type = String, required = false, max_length = 40, pattern = "^[a-z][a-z0-9_]{1,39}$")]
    pub kind: Patch<String>,
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
    /// Number of the emulation drive that it belongs to, as printed (S81).
    #[serde(default)]
    #[schema(value_type = Option<Line>)]
    pub emulation_drive: Patch<Line>,
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

/// The results of an activity by the codes that its kind asks for; the whole of them.
#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"results": {"opinion_count": {"value": 14}, "answered_count": {"value": 12}}}))]
pub struct ActivityResultsIn {
    /// Each result: `value` for a number or an amount, `text` for words.
    pub results: BTreeMap<String, ActivityResultValue>,
}

/// Of which activities results are totalled.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields, default)]
#[into_params(parameter_in = Query)]
pub struct ActivityTotalsQuery {
    /// Only activities of this body and of all below it.
    pub org_unit_id: Option<OrgUnitId>,
    /// Only activities of this phase.
    pub phase: Option<ActivityPhase>,
}

/// One total: of one result of one kind.
#[derive(Debug, Serialize, ToSchema)]
#[allow(missing_docs)]
pub struct ActivityTotalOut {
    /// Code of the kind.
    #[schema(example = "gift_visit")]
    pub kind: String,
    /// Code of the result.
    #[schema(example = "gift_count")]
    pub code: String,
    /// What it is called, in the language of the answer.
    pub name: String,
    /// Unit, in the language of the answer.
    pub unit: String,
    pub value_kind: ResultValueKind,
    /// Activities that have it.
    pub activity_count: i64,
    /// Their sum; null for words.
    pub value: Option<i64>,
    /// The list of these activities.
    #[schema(example = "/api/v1/activities?campaign_id=018b2f19-e79e-7d6a-a56d-29feb6211b04&kind=gift_visit&result_code=gift_count")]
    pub link: String,
}

/// What came of the activities of a campaign, result by result.
#[derive(Debug, Serialize, ToSchema)]
pub struct ActivityTotalsOut {
    /// The campaign.
    pub campaign_id: CampaignId,
    /// When it was counted.
    pub as_of: DateTime<Utc>,
    /// By kind and code; what no activity has recorded is not in it.
    #[schema(max_items = 5000)]
    pub totals: Vec<ActivityTotalOut>,
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
    /// Code of its kind.
    #[schema(example = "listening_forum")]
    pub kind: String,
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
    /// Number of the emulation drive that it belongs to, as printed (S81).
    pub emulation_drive: Option<String>,
    /// Results by the codes that its kind asks for.
    pub results: BTreeMap<String, ActivityResultValue>,
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
            results: ActivityResults(results),
            emulation_drive,
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
            emulation_drive,
            results,
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
        #[param(max_length = 40, pattern = "^[a-z][a-z0-9_]{1,39}$", example = "listening_forum")]
        kind: String,
        /// Only activities paid from this source.
        funding_source: FundingSource,
        /// Only activities of this emulation drive.
        emulation_drive: Line,
        /// Only activities that have, or have not, results recorded.
        has_results: bool,
        /// Only activities that have this result recorded.
        #[param(max_length = 40, pattern = "^[a-z][a-z0-9_]{1,39}$", example = "gift_count")]
        result_code: String,
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
