//! Rows of obstacles.

use crate::ids::{CampaignId, ObstacleId, OrgUnitId};
use crate::schema::obstacles;
use chrono::{DateTime, Utc};
use diesel::deserialize::FromSqlRow;
use diesel::expression::AsExpression;
use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Where an obstacle stands: `raised` → `in_progress` → `answered` → `closed`; one can be answered at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema, AsExpression, FromSqlRow)]
#[serde(rename_all = "snake_case")]
#[diesel(sql_type = diesel::sql_types::Text)]
#[allow(missing_docs)]
pub enum ObstacleState {
    Raised,
    InProgress,
    Answered,
    Closed,
}
crate::text_enum!(ObstacleState { Raised => "raised", InProgress => "in_progress", Answered => "answered", Closed => "closed" });

/// An obstacle as stored, without its search tokens.
#[derive(Debug, Clone, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = obstacles, primary_key(campaign_id, id), treat_none_as_null = true, treat_none_as_default_value = false)]
#[allow(missing_docs)]
pub struct Obstacle {
    pub campaign_id: CampaignId,
    pub id: ObstacleId,
    pub org_unit_id: OrgUnitId,
    pub title: String,
    pub description: String,
    pub proposal: Option<String>,
    pub receiver_org_unit_id: OrgUnitId,
    pub through_org_unit_id: Option<OrgUnitId>,
    pub state: ObstacleState,
    pub raised_at: DateTime<Utc>,
    pub started_at: Option<DateTime<Utc>>,
    pub answer: Option<String>,
    pub answered_at: Option<DateTime<Utc>>,
    pub closed_at: Option<DateTime<Utc>>,
    pub version: i32,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}
