//! Sites as the API takes and shows them.

use super::model::{PilotLevel, Site, SiteKind, SiteState};
use crate::extract::field_rule;
use crate::ids::{AdminUnitId, CampaignId, OrgUnitId, SiteId};
use crate::patch::Patch;
use crate::text::{Line, Prose};
use crate::warning::Warning;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
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
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"reason": "Mô hình tự quản hoạt động tốt, đường đi thuận tiện."}))]
pub struct DecisionIn {
    /// Why.
    pub reason: Prose,
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
    /// What is encouraged by the plan, or easily overlooked, and not met; never a refusal. Given with answers to writes.
    pub warnings: Vec<Warning>,
    pub version: i32,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

impl SiteOut {
    /// A site for a caller who may or may not see why the area has priority.
    pub fn new(site: Site, sees_priority: bool, warnings: Vec<Warning>) -> Self {
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
            warnings,
            version,
            created_at,
            updated_at,
        }
    }
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
        /// Only sites of this kind.
        kind: SiteKind,
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
