//! Rows of inspections.

use crate::ids::{CampaignId, InspectionId, OrgUnitId};
use crate::schema::inspections;
use chrono::{DateTime, NaiveDate, Utc};
use diesel::deserialize::FromSqlRow;
use diesel::expression::AsExpression;
use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Where an inspection stands: `planned` → `done` → `followed_up`; a planned one can be `cancelled`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema, AsExpression, FromSqlRow)]
#[serde(rename_all = "snake_case")]
#[diesel(sql_type = diesel::sql_types::Text)]
#[allow(missing_docs)]
pub enum InspectionState {
    Planned,
    Done,
    FollowedUp,
    Cancelled,
}
crate::text_enum!(InspectionState {
    Planned => "planned", Done => "done", FollowedUp => "followed_up", Cancelled => "cancelled",
});

/// An inspection as stored, without its search tokens.
#[derive(Debug, Clone, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = inspections, primary_key(campaign_id, id), treat_none_as_null = true, treat_none_as_default_value = false)]
#[allow(missing_docs)]
pub struct Inspection {
    pub campaign_id: CampaignId,
    pub id: InspectionId,
    pub org_unit_id: OrgUnitId,
    pub inspector_org_unit_id: OrgUnitId,
    pub planned_on: NaiveDate,
    pub inspected_on: Option<NaiveDate>,
    pub team_lead: Option<String>,
    pub subject: String,
    pub findings: Option<String>,
    pub recommendations: Option<String>,
    pub follow_up_note: Option<String>,
    pub clause: Option<String>,
    pub state: InspectionState,
    pub cancel_reason: Option<String>,
    pub done_at: Option<DateTime<Utc>>,
    pub followed_up_at: Option<DateTime<Utc>>,
    pub cancelled_at: Option<DateTime<Utc>>,
    pub version: i32,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}
