//! Rows of sites and their enumerations.

use crate::ids::{AdminUnitId, CampaignId, OrgUnitId, SiteId, SiteStepId};
use crate::schema::{site_steps, sites};
use chrono::{DateTime, Utc};
use diesel::deserialize::FromSqlRow;
use diesel::expression::AsExpression;
use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// Kind of place (R7, II.2.2.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema, AsExpression, FromSqlRow)]
#[serde(rename_all = "snake_case")]
#[diesel(sql_type = diesel::sql_types::Text)]
#[allow(missing_docs)]
pub enum SiteKind {
    ResidentialArea,
    Commune,
    Ward,
    Township,
    Agency,
    Enterprise,
    EducationalInstitution,
}
crate::text_enum!(SiteKind {
    ResidentialArea => "residential_area", Commune => "commune", Ward => "ward", Township => "township",
    Agency => "agency", Enterprise => "enterprise", EducationalInstitution => "educational_institution",
});

/// Where a site stands: `draft` → `nominated` → `shortlisted` → `selected` or `not_selected` → `scheduled` → `held` →
/// `closed`. The shortlist can be passed over: the plan lets the province choose among all nominations (II.2.2.1, III.1).
/// A site that is not nominated goes from `draft` to `scheduled`. A withdrawn nomination is a draft again, a withdrawn
/// selection a nomination.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema, AsExpression, FromSqlRow)]
#[serde(rename_all = "snake_case")]
#[diesel(sql_type = diesel::sql_types::Text)]
#[allow(missing_docs)]
pub enum SiteState {
    Draft,
    Nominated,
    Shortlisted,
    Selected,
    NotSelected,
    Scheduled,
    Held,
    Closed,
}
crate::text_enum!(SiteState {
    Draft => "draft", Nominated => "nominated", Shortlisted => "shortlisted", Selected => "selected", NotSelected => "not_selected",
    Scheduled => "scheduled", Held => "held", Closed => "closed",
});

/// Whose pilot site (“điểm”) it is; `province` is given by selection only (R3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema, AsExpression, FromSqlRow)]
#[serde(rename_all = "snake_case")]
#[diesel(sql_type = diesel::sql_types::Text)]
#[allow(missing_docs)]
pub enum PilotLevel {
    None,
    Unit,
    Commune,
    District,
    Province,
}
crate::text_enum!(PilotLevel { None => "none", Unit => "unit", Commune => "commune", District => "district", Province => "province" });

/// A site as stored, without its search tokens.
#[derive(Debug, Clone, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = sites, primary_key(campaign_id, id), treat_none_as_null = true, treat_none_as_default_value = false)]
#[allow(missing_docs)]
pub struct Site {
    pub campaign_id: CampaignId,
    pub id: SiteId,
    pub org_unit_id: OrgUnitId,
    pub admin_unit_id: Option<AdminUnitId>,
    pub name: String,
    pub kind: SiteKind,
    pub state: SiteState,
    pub pilot_level: PilotLevel,
    pub address: Option<String>,
    pub lat: Option<f64>,
    pub lon: Option<f64>,
    pub priority_reasons: Vec<String>,
    pub suitability_note: Option<String>,
    pub capacity: Option<i32>,
    pub decision_reason: Option<String>,
    pub starts_at: Option<DateTime<Utc>>,
    pub ends_at: Option<DateTime<Utc>>,
    pub nominated_by: Option<OrgUnitId>,
    pub nominated_at: Option<DateTime<Utc>>,
    pub decided_at: Option<DateTime<Utc>>,
    pub held_at: Option<DateTime<Utc>>,
    pub closed_at: Option<DateTime<Utc>>,
    pub version: i32,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
    pub priority_note: Option<String>,
}

/// A step of a site as stored; never changed.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = site_steps)]
#[allow(missing_docs)]
pub struct SiteStep {
    pub campaign_id: CampaignId,
    pub id: SiteStepId,
    pub site_id: SiteId,
    pub action: String,
    pub from_state: SiteState,
    pub to_state: SiteState,
    pub from_pilot_level: PilotLevel,
    pub to_pilot_level: PilotLevel,
    pub reason: Option<String>,
    pub adviser: Option<String>,
    pub decision_number: Option<String>,
    pub actor_id: Uuid,
    pub occurred_at: DateTime<Utc>,
}
