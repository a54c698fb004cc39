//! Sites as the API takes and shows them.

use super::checklist::model::ChecklistProgress;
use super::model::{PilotLevel, Site, SiteKind, SiteState, SiteStep};
use crate::error::{AppError, ErrorCode, FieldError, message};
use crate::extract::field_rule;
use crate::ids::{AdminUnitId, CampaignId, OrgUnitId, SiteId, SiteStepId};
use crate::patch::Patch;
use crate::text::{Line, Prose};
use crate::warning::Warning;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;
use validator::{Validate, ValidationError};

/// Why an area has priority (R8, II.2.2.1); the plan leaves the list open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum PriorityReason {
    PriorityArea,
    EthnicMinorityArea,
    ReligiousArea,
    IndustrialZone,
    UrbanZone,
    Other,
}
crate::text_enum!(PriorityReason {
    PriorityArea => "priority_area", EthnicMinorityArea => "ethnic_minority_area", ReligiousArea => "religious_area",
    IndustrialZone => "industrial_zone", UrbanZone => "urban_zone", Other => "other",
});

/// Pilot levels that an organiser gives; `province` comes from selection.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum OwnPilotLevel {
    None,
    Unit,
    Commune,
    District,
}

impl From<OwnPilotLevel> for PilotLevel {
    fn from(level: OwnPilotLevel) -> Self {
        match level {
            OwnPilotLevel::None => Self::None,
            OwnPilotLevel::Unit => Self::Unit,
            OwnPilotLevel::Commune => Self::Commune,
            OwnPilotLevel::District => Self::District,
        }
    }
}

/// A new site.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"campaign_id": "018b2f19-e79e-7d6a-a56d-29feb6211b04", "org_unit_id": "018b2f19-e79e-7d6a-a56d-29feb6211b05", "name": "Bản Mường Lai", "kind": "residential_area", "pilot_level": "district"}))]
pub struct SiteIn {
    /// Campaign.
    pub campaign_id: CampaignId,
    /// Body that organises the festival here.
    pub org_unit_id: OrgUnitId,
    /// Administrative unit, by its id.
    pub admin_unit_id: Option<AdminUnitId>,
    /// Name; unique for the organiser in the campaign.
    pub name: Line,
    /// Kind of place.
    pub kind: SiteKind,
    /// Whose pilot site it is.
    pub pilot_level: Option<OwnPilotLevel>,
    /// Address, in words.
    pub address: Option<Line>,
    /// Latitude, WGS 84, decimal degrees; with `lon`.
    #[schema(minimum = -90, maximum = 90, example = 21.7)]
    pub lat: Option<f64>,
    /// Longitude, WGS 84, decimal degrees; with `lat`.
    #[schema(minimum = -180, maximum = 180, example = 104.9)]
    pub lon: Option<f64>,
    /// Why the area has priority.
    #[serde(default)]
    #[schema(max_items = 6)]
    pub priority_reasons: Vec<PriorityReason>,
    /// Another reason, in words; needed with `other`.
    pub priority_note: Option<Line>,
    /// Conditions for the activities and for people to reach the site (R9, III.3).
    pub suitability_note: Option<Prose>,
    /// Seats for guests; as many can accept and no more. Null where nobody counts seats.
    #[schema(minimum = 1, maximum = 1_000_000)]
    pub capacity: Option<i32>,
}

/// Changes of a site (JSON Merge Patch).
#[derive(Debug, Clone, Default, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"address": "Nhà văn hóa bản", "suitability_note": null}))]
pub struct SitePatch {
    /// Name.
    #[serde(default)]
    #[schema(value_type = Line, required = false)]
    pub name: Patch<Line>,
    /// Kind of place.
    #[serde(default)]
    #[schema(value_type = SiteKind, required = false)]
    pub kind: Patch<SiteKind>,
    /// Whose pilot site it is.
    #[serde(default)]
    #[schema(value_type = OwnPilotLevel, required = false)]
    pub pilot_level: Patch<OwnPilotLevel>,
    /// Administrative unit.
    #[serde(default)]
    #[schema(value_type = Option<AdminUnitId>)]
    pub admin_unit_id: Patch<AdminUnitId>,
    /// Address.
    #[serde(default)]
    #[schema(value_type = Option<Line>)]
    pub address: Patch<Line>,
    /// Latitude, WGS 84, decimal degrees.
    #[serde(default)]
    #[schema(value_type = Option<f64>, minimum = -90, maximum = 90)]
    pub lat: Patch<f64>,
    /// Longitude, WGS 84, decimal degrees.
    #[serde(default)]
    #[schema(value_type = Option<f64>, minimum = -180, maximum = 180)]
    pub lon: Patch<f64>,
    /// Why the area has priority.
    #[serde(default)]
    #[schema(value_type = Vec<PriorityReason>, required = false, max_items = 6)]
    pub priority_reasons: Patch<Vec<PriorityReason>>,
    /// Another reason, in words; needed with `other`.
    #[serde(default)]
    #[schema(value_type = Option<Line>)]
    pub priority_note: Patch<Line>,
    /// Conditions for the activities and for people to reach the site (R9, III.3).
    #[serde(default)]
    #[schema(value_type = Option<Prose>)]
    pub suitability_note: Patch<Prose>,
    /// Seats for guests; not fewer than have accepted (409 `site_full`).
    #[serde(default)]
    #[schema(value_type = Option<i32>, minimum = 1, maximum = 1_000_000)]
    pub capacity: Patch<i32>,
}

/// A decision on a nomination.
#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"reason": "Mô hình tự quản hoạt động tốt, đường đi thuận tiện.", "adviser": "Phòng Xây dựng phong trào, Công an tỉnh", "decision_number": "15/QĐ-BCĐ"}))]
pub struct DecisionIn {
    /// Why.
    pub reason: Prose,
    /// Body or post that advised it, in words.
    pub adviser: Option<Line>,
    /// Number of the written decision.
    pub decision_number: Option<Line>,
}

/// Why a nomination or a selection is withdrawn.
#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"reason": "Đường vào bản bị sạt lở."}))]
pub struct WithdrawalIn {
    /// Why.
    pub reason: Prose,
    /// Number of the written decision.
    pub decision_number: Option<Line>,
}

/// When the festival is held at the site.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[validate(schema(function = "ends_after_start"))]
#[schema(example = json!({"starts_at": "2023-08-12T08:00:00+07:00", "ends_at": "2023-08-12T11:00:00+07:00"}))]
pub struct ScheduleIn {
    /// Begin; its day in Viet Nam lies in the campaign's window (R1).
    pub starts_at: DateTime<Utc>,
    /// End; its day in Viet Nam lies in the window too.
    pub ends_at: DateTime<Utc>,
}

fn ends_after_start(schedule: &ScheduleIn) -> Result<(), ValidationError> {
    if schedule.ends_at > schedule.starts_at {
        return Ok(());
    }
    Err(field_rule("/ends_at", "ends_before_start", "Giờ kết thúc phải sau giờ bắt đầu.", "The end must come after the start."))
}

/// A site.
#[derive(Debug, Serialize, ToSchema)]
#[allow(missing_docs)]
pub struct SiteOut {
    pub id: SiteId,
    pub campaign_id: CampaignId,
    /// Body that organises the festival here.
    pub org_unit_id: OrgUnitId,
    pub admin_unit_id: Option<AdminUnitId>,
    pub name: String,
    pub kind: SiteKind,
    pub state: SiteState,
    pub pilot_level: PilotLevel,
    pub address: Option<String>,
    /// Latitude, WGS 84, decimal degrees.
    pub lat: Option<f64>,
    /// Longitude, WGS 84, decimal degrees.
    pub lon: Option<f64>,
    /// Why the area has priority; null for a caller who may not see it (S110).
    pub priority_reasons: Option<Vec<String>>,
    /// Another reason, in words; null too for a caller who may not see it.
    pub priority_note: Option<String>,
    pub suitability_note: Option<String>,
    /// Seats for guests who accept; null where nobody counts them.
    pub capacity: Option<i32>,
    /// Reason of the province's decision on the nomination.
    pub decision_reason: Option<String>,
    pub starts_at: Option<DateTime<Utc>>,
    pub ends_at: Option<DateTime<Utc>>,
    /// District committee that nominated the site (R4).
    pub nominated_by: Option<OrgUnitId>,
    pub nominated_at: Option<DateTime<Utc>>,
    /// When the province selected or declined it (R3).
    pub decided_at: Option<DateTime<Utc>>,
    pub held_at: Option<DateTime<Utc>>,
    pub closed_at: Option<DateTime<Utc>>,
    /// How far the checklist of suitability is answered (R9); the whole of it is at `/sites/{id}/checklist`.
    pub checklist: ChecklistProgress,
    /// What is encouraged by the plan, or easily overlooked, and not met; never a refusal. Given with answers to writes.
    pub warnings: Vec<Warning>,
    pub version: i32,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

impl SiteOut {
    /// A site for a caller who may or may not see why the area has priority.
    pub fn new(site: Site, sees_priority: bool, checklist: ChecklistProgress, warnings: Vec<Warning>) -> Self {
        let Site {
            campaign_id,
            id,
            org_unit_id,
            admin_unit_id,
            name,
            kind,
            state,
            pilot_level,
            address,
            lat,
            lon,
            priority_reasons,
            suitability_note,
            capacity,
            decision_reason,
            starts_at,
            ends_at,
            nominated_by,
            nominated_at,
            decided_at,
            held_at,
            closed_at,
            version,
            created_at,
            updated_at,
            priority_note,
        } = site;
        Self {
            id,
            campaign_id,
            org_unit_id,
            admin_unit_id,
            name,
            kind,
            state,
            pilot_level,
            address,
            lat,
            lon,
            priority_reasons: sees_priority.then_some(priority_reasons),
            priority_note: priority_note.filter(|_| sees_priority),
            suitability_note,
            capacity,
            decision_reason,
            starts_at,
            ends_at,
            nominated_by,
            nominated_at,
            decided_at,
            held_at,
            closed_at,
            checklist,
            warnings,
            version,
            created_at,
            updated_at,
        }
    }
}

/// A step of a site: who took it, when and why. Append-only.
#[derive(Debug, Serialize, ToSchema)]
#[allow(missing_docs)]
pub struct SiteStepOut {
    pub id: SiteStepId,
    /// What was done.
    #[schema(example = "shortlisted")]
    pub action: String,
    pub from_state: SiteState,
    pub to_state: SiteState,
    pub from_pilot_level: PilotLevel,
    pub to_pilot_level: PilotLevel,
    /// Why, where the step asks for it.
    pub reason: Option<String>,
    /// Body or post that advised it.
    pub adviser: Option<String>,
    /// Number of the written decision.
    pub decision_number: Option<String>,
    /// Account that took it.
    pub actor_id: Uuid,
    pub occurred_at: DateTime<Utc>,
}

impl From<SiteStep> for SiteStepOut {
    fn from(step: SiteStep) -> Self {
        let SiteStep {
            campaign_id: _,
            id,
            site_id: _,
            action,
            from_state,
            to_state,
            from_pilot_level,
            to_pilot_level,
            reason,
            adviser,
            decision_number,
            actor_id,
            occurred_at,
        } = step;
        Self { id, action, from_state, to_state, from_pilot_level, to_pilot_level, reason, adviser, decision_number, actor_id, occurred_at }
    }
}

crate::list_query! {
    /// How to list the history of a site.
    SiteStepQuery sort ["occurred_at"] without q {}
}

crate::list_query! {
    /// Filters of the list of sites.
    SiteQuery sort ["created_at", "updated_at", "starts_at"] {
        /// Only sites of this campaign.
        campaign_id: CampaignId,
        /// Only sites that this body organises.
        org_unit_id: OrgUnitId,
        /// Only sites of this body and of all below it.
        under_org_unit_id: OrgUnitId,
        /// Only sites in this state.
        state: SiteState,
        /// Only sites in one of these states, separated by commas.
        #[param(max_length = 200, pattern = "^[a-z_]+(,[a-z_]+)*$", example = "nominated,shortlisted")]
        states: String,
        /// Only sites of this kind.
        kind: SiteKind,
        /// Only sites that this district committee nominated.
        nominated_by: OrgUnitId,
        /// Only sites in this administrative unit itself.
        admin_unit_id: AdminUnitId,
        /// Only sites with this reason for priority; 403 for a caller who may not see it (S110).
        priority_reason: PriorityReason,
        /// Only sites that suit, or do not yet suit, by their checklist (R9).
        is_checklist_complete: bool,
        /// Only scheduled sites at whose hour their organiser has, or has not, another site or an activity elsewhere.
        has_clash: bool,
        /// Only pilot sites of this level.
        pilot_level: PilotLevel,
        /// Only sites that have, or have not, a time.
        is_scheduled: bool,
        /// Only sites that begin at or after this instant.
        starts_from: DateTime<Utc>,
        /// Only sites that begin before this instant.
        starts_before: DateTime<Utc>,
    }
}

impl SiteQuery {
    /// The states that the list is asked for; 400 for one that does not exist.
    pub fn states(&self) -> Result<Option<Vec<SiteState>>, AppError> {
        let Some(text) = &self.states else { return Ok(None) };
        let state = |code: &str| {
            SiteState::ALL.iter().copied().find(|state| state.as_str() == code).ok_or_else(|| {
                let text = message(format!("Không có trạng thái “{code}”."), format!("There is no state “{code}”."));
                AppError::new(ErrorCode::InvalidParameter).with_field(FieldError::new("?states", "not_allowed", text))
            })
        };
        text.split(',').map(state).collect::<Result<Vec<_>, _>>().map(Some)
    }
}
