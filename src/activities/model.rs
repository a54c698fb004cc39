//! Rows of activities and their enumerations.

use crate::activity_kinds::results::ActivityResults;
use crate::ids::{ActivityId, CampaignId, OrgUnitId, SiteId};
use crate::schema::activities;
use chrono::{DateTime, Utc};
use diesel::deserialize::FromSqlRow;
use diesel::expression::AsExpression;
use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Whether it leads up to the festival, belongs to it, or follows it (R15, II.3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema, AsExpression, FromSqlRow)]
#[serde(rename_all = "snake_case")]
#[diesel(sql_type = diesel::sql_types::Text)]
#[allow(missing_docs)]
pub enum ActivityPhase {
    Before,
    During,
    After,
}
crate::text_enum!(ActivityPhase { Before => "before", During => "during", After => "after" });

/// Where an activity stands: `planned` → `held` or `cancelled`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema, AsExpression, FromSqlRow)]
#[serde(rename_all = "snake_case")]
#[diesel(sql_type = diesel::sql_types::Text)]
#[allow(missing_docs)]
pub enum ActivityState {
    Planned,
    Held,
    Cancelled,
}
crate::text_enum!(ActivityState { Planned => "planned", Held => "held", Cancelled => "cancelled" });

/// Where the money comes from (R21, II.4): the province's budget for its committee, the body's own yearly
/// estimate, or other lawful contributions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema, AsExpression, FromSqlRow)]
#[serde(rename_all = "snake_case")]
#[diesel(sql_type = diesel::sql_types::Text)]
#[allow(missing_docs)]
pub enum FundingSource {
    ProvincialBudget,
    BudgetEstimate,
    MobilisedFunds,
}
crate::text_enum!(FundingSource {
    ProvincialBudget => "provincial_budget", BudgetEstimate => "budget_estimate", MobilisedFunds => "mobilised_funds",
});

/// An activity as stored, without its search tokens.
#[derive(Debug, Clone, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = activities, primary_key(campaign_id, id), treat_none_as_null = true, treat_none_as_default_value = false)]
#[allow(missing_docs)]
pub struct Activity {
    pub campaign_id: CampaignId,
    pub id: ActivityId,
    pub org_unit_id: OrgUnitId,
    pub site_id: Option<SiteId>,
    pub kind: String,
    pub phase: ActivityPhase,
    pub state: ActivityState,
    pub title: String,
    pub place: Option<String>,
    pub starts_at: DateTime<Utc>,
    pub ends_at: Option<DateTime<Utc>>,
    pub attendance_count: Option<i32>,
    pub cost_vnd: Option<i64>,
    pub funding_source: Option<FundingSource>,
    pub cancel_reason: Option<String>,
    pub held_at: Option<DateTime<Utc>>,
    pub cancelled_at: Option<DateTime<Utc>>,
    pub version: i32,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
    pub results: ActivityResults,
    pub emulation_drive: Option<String>,
}
