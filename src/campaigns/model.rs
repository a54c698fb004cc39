//! Rows of campaigns and their states.

use crate::ids::{AdminUnitId, CampaignId, OrgUnitId};
use crate::schema::campaigns;
use chrono::{DateTime, NaiveDate, Utc};
use diesel::deserialize::FromSqlRow;
use diesel::expression::AsExpression;
use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Where a campaign stands: `draft` → `issued` → `running` → `reporting` → `closed`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema, AsExpression, FromSqlRow)]
#[serde(rename_all = "snake_case")]
#[diesel(sql_type = diesel::sql_types::Text)]
#[allow(missing_docs)]
pub enum CampaignState {
    Draft,
    Issued,
    Running,
    Reporting,
    Closed,
}
crate::text_enum!(CampaignState { Draft => "draft", Issued => "issued", Running => "running", Reporting => "reporting", Closed => "closed" });

/// A campaign as stored, without its search tokens.
#[derive(Debug, Clone, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = campaigns, treat_none_as_null = true, treat_none_as_default_value = false)]
#[allow(missing_docs)]
pub struct Campaign {
    pub id: CampaignId,
    pub org_unit_id: OrgUnitId,
    pub admin_unit_id: Option<AdminUnitId>,
    pub name: String,
    pub year: i32,
    pub state: CampaignState,
    pub event_from: NaiveDate,
    pub event_to: NaiveDate,
    pub report_due_before: NaiveDate,
    pub provincial_pilot_count: i32,
    pub min_district_nominations: i32,
    pub version: i32,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}
