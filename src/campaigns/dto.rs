//! Campaigns as the API takes and shows them.

use super::model::{Campaign, CampaignState};
use crate::error::RuleRef;
use crate::ids::{AdminUnitId, CampaignId, OrgUnitId, SiteId};
use crate::patch::Patch;
use crate::sites::model::{PilotLevel, SiteState};
use crate::text::Line;
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use validator::Validate;

/// A new campaign.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"org_unit_id": "018b2f19-e79e-7d6a-a56d-29feb6211b05", "name": "Ngày hội toàn dân bảo vệ an ninh Tổ quốc tỉnh Yên Bái năm 2024", "year": 2024, "event_from": "2024-07-01", "event_to": "2024-08-19", "report_due_before": "2024-08-20", "provincial_pilot_count": 2, "min_district_nominations": 1}))]
pub struct CampaignIn {
    /// Body that owns the campaign, of the level province; one campaign for each of its years.
    pub org_unit_id: OrgUnitId,
    /// Territory, by its id.
    pub admin_unit_id: Option<AdminUnitId>,
    /// Name.
    pub name: Line,
    /// Year; the festival is yearly since 2005.
    #[schema(minimum = 2005, maximum = 2100)]
    pub year: i32,
    /// First day of the festival window, included (R1, II.2.2.3).
    pub event_from: NaiveDate,
    /// Last day of the festival window, included (R1, II.2.2.3).
    pub event_to: NaiveDate,
    /// Reports are in time before this day begins in Viet Nam (R2, III.3); after `event_from`.
    pub report_due_before: NaiveDate,
    /// Exact number of pilot sites that the province selects (R3, II.2.2.1).
    #[schema(minimum = 0, maximum = 1000)]
    pub provincial_pilot_count: i32,
    /// Least number of sites that each district nominates (R4, III.3).
    #[schema(minimum = 0, maximum = 1000)]
    pub min_district_nominations: i32,
}

/// Changes of a campaign (JSON Merge Patch). When `report_due_before` changes, the reports due by it move with it.
#[derive(Debug, Clone, Default, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"event_to": "2024-08-20", "report_due_before": "2024-08-22"}))]
pub struct CampaignPatch {
    /// Name.
    #[serde(default)]
    #[schema(value_type = Line, required = false)]
    pub name: Patch<Line>,
    /// Territory.
    #[serde(default)]
    #[schema(value_type = Option<AdminUnitId>)]
    pub admin_unit_id: Patch<AdminUnitId>,
    /// First day of the festival window, included (R1).
    #[serde(default)]
    #[schema(value_type = NaiveDate, required = false)]
    pub event_from: Patch<NaiveDate>,
    /// Last day of the festival window, included (R1).
    #[serde(default)]
    #[schema(value_type = NaiveDate, required = false)]
    pub event_to: Patch<NaiveDate>,
    /// Reports are in time before this day begins in Viet Nam (R2).
    #[serde(default)]
    #[schema(value_type = NaiveDate, required = false)]
    pub report_due_before: Patch<NaiveDate>,
    /// Exact number of pilot sites that the province selects (R3).
    #[serde(default)]
    #[schema(value_type = i32, required = false, minimum = 0, maximum = 1000)]
    pub provincial_pilot_count: Patch<i32>,
    /// Least number of sites that each district nominates (R4).
    #[serde(default)]
    #[schema(value_type = i32, required = false, minimum = 0, maximum = 1000)]
    pub min_district_nominations: Patch<i32>,
}

/// A campaign.
#[derive(Debug, Serialize, ToSchema)]
#[allow(missing_docs)]
pub struct CampaignOut {
    pub id: CampaignId,
    /// Body that owns the campaign.
    pub org_unit_id: OrgUnitId,
    pub admin_unit_id: Option<AdminUnitId>,
    pub name: String,
    pub year: i32,
    pub state: CampaignState,
    /// First day of the festival window, included (R1).
    pub event_from: NaiveDate,
    /// Last day of the festival window, included (R1).
    pub event_to: NaiveDate,
    /// Reports are in time before this day begins in Viet Nam (R2).
    pub report_due_before: NaiveDate,
    /// Exact number of pilot sites that the province selects (R3).
    pub provincial_pilot_count: i32,
    /// Least number of sites that each district nominates (R4).
    pub min_district_nominations: i32,
    pub version: i32,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

impl From<Campaign> for CampaignOut {
    fn from(campaign: Campaign) -> Self {
        let Campaign {
            id,
            org_unit_id,
            admin_unit_id,
            name,
            year,
            state,
            event_from,
            event_to,
            report_due_before,
            provincial_pilot_count,
            min_district_nominations,
            version,
            created_at,
            updated_at,
        } = campaign;
        Self {
            id,
            org_unit_id,
            admin_unit_id,
            name,
            year,
            state,
            event_from,
            event_to,
            report_due_before,
            provincial_pilot_count,
            min_district_nominations,
            version,
            created_at,
            updated_at,
        }
    }
}

crate::list_query! {
    /// Filters of the list of campaigns.
    CampaignQuery sort ["created_at", "updated_at", "year", "event_from"] {
        /// Only campaigns of this year.
        year: i32,
        /// Only campaigns in this state.
        state: CampaignState,
        /// Only campaigns that this body owns.
        org_unit_id: OrgUnitId,
    }
}

/// A site that a district has nominated.
#[derive(Debug, Serialize, ToSchema)]
#[allow(missing_docs)]
pub struct NominatedSiteOut {
    pub id: SiteId,
    pub name: String,
    pub state: SiteState,
    pub pilot_level: PilotLevel,
}

/// What one district committee has nominated.
#[derive(Debug, Serialize, ToSchema)]
#[allow(missing_docs)]
pub struct DistrictNominationsOut {
    /// The district committee.
    pub org_unit_id: OrgUnitId,
    pub name: String,
    /// Sites that it has nominated, whatever the province decided.
    #[schema(minimum = 0)]
    pub nominated_count: i64,
    /// Sites that it has to nominate at the least (R4).
    pub min_count: i32,
    /// Whether nominations are missing; a gap to be followed up, never a refusal.
    pub is_missing: bool,
    pub sites: Vec<NominatedSiteOut>,
}

/// How far the province's own selection is (R3).
#[derive(Debug, Serialize, ToSchema)]
pub struct ProvincialSelectionOut {
    /// Sites that the province has selected.
    #[schema(minimum = 0)]
    pub selected_count: i64,
    /// Sites that it has to select, exactly.
    pub required_count: i32,
    /// Rule of the plan.
    #[schema(example = "R3")]
    pub rule_id: Option<String>,
    /// Clause of the plan.
    #[schema(example = "II.2.2.1")]
    pub clause: Option<String>,
}

/// Nominations and their gaps (R4), and the province's selection (R3).
#[derive(Debug, Serialize, ToSchema)]
pub struct NominationsOut {
    /// Campaign.
    pub campaign_id: CampaignId,
    /// District committees that the caller may see, by name.
    pub districts: Vec<DistrictNominationsOut>,
    /// How many of them lack nominations.
    #[schema(minimum = 0)]
    pub missing_count: i64,
    /// The province's own selection.
    pub province: ProvincialSelectionOut,
    /// Rule of the plan about nominations; null where no issued plan states it.
    #[schema(example = "R4")]
    pub rule_id: Option<String>,
    /// Clause of the plan.
    #[schema(example = "III.3")]
    pub clause: Option<String>,
}

/// Whose nominations are shown.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields, default)]
pub struct NominationsQuery {
    /// Only districts of this body and of all below it.
    pub under_org_unit_id: Option<OrgUnitId>,
}

/// A rule as two members of an answer.
pub fn rule_members(rule: Option<RuleRef>) -> (Option<String>, Option<String>) {
    rule.map_or((None, None), |rule| (Some(rule.rule_id), Some(rule.clause)))
}
