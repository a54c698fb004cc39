//! Rows of duties, their log and their reminders.

use crate::ids::{CampaignId, DutyId, DutyReminderId, DutyStepId, OrgUnitId, PlanId};
use crate::schema::{duties, duty_reminders, duty_steps};
use chrono::{DateTime, NaiveDate, Utc};
use diesel::deserialize::FromSqlRow;
use diesel::expression::AsExpression;
use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// Where a duty stands: `assigned` → `in_progress` → `done`; `cancelled` with a reason; reopened it is in progress again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema, AsExpression, FromSqlRow)]
#[serde(rename_all = "snake_case")]
#[diesel(sql_type = diesel::sql_types::Text)]
#[allow(missing_docs)]
pub enum DutyState {
    Assigned,
    InProgress,
    Done,
    Cancelled,
}
crate::text_enum!(DutyState {
    Assigned => "assigned", InProgress => "in_progress", Done => "done", Cancelled => "cancelled",
});

/// The states in which something is still to be done.
pub const OPEN: [DutyState; 2] = [DutyState::Assigned, DutyState::InProgress];

/// A duty as stored, without its search tokens.
#[derive(Debug, Clone, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = duties, primary_key(campaign_id, id), treat_none_as_null = true, treat_none_as_default_value = false)]
#[allow(missing_docs)]
pub struct Duty {
    pub campaign_id: CampaignId,
    pub id: DutyId,
    pub plan_id: PlanId,
    pub rule_id: Option<String>,
    pub org_unit_id: OrgUnitId,
    pub issuer_org_unit_id: OrgUnitId,
    pub title: String,
    pub statement: Option<String>,
    pub clause: Option<String>,
    pub deadline: Option<DateTime<Utc>>,
    pub state: DutyState,
    pub progress_note: Option<String>,
    pub cancel_reason: Option<String>,
    pub reopen_comment: Option<String>,
    pub started_at: Option<DateTime<Utc>>,
    pub done_at: Option<DateTime<Utc>>,
    pub done_by: Option<Uuid>,
    pub cancelled_at: Option<DateTime<Utc>>,
    pub version: i32,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

impl Duty {
    /// Whether its deadline has passed and it is not done. Derived, since nothing happens in the database at midnight.
    pub fn is_overdue(&self, now: DateTime<Utc>) -> bool {
        OPEN.contains(&self.state) && self.deadline.is_some_and(|deadline| deadline <= now)
    }
}

/// A step of a duty as stored.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = duty_steps)]
#[allow(missing_docs)]
pub struct DutyStep {
    pub campaign_id: CampaignId,
    pub id: DutyStepId,
    pub duty_id: DutyId,
    pub action: String,
    pub from_state: Option<DutyState>,
    pub to_state: DutyState,
    pub note: Option<String>,
    pub actor_id: Uuid,
    pub occurred_at: DateTime<Utc>,
}

/// A reminder as stored.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = duty_reminders)]
#[allow(missing_docs)]
pub struct DutyReminder {
    pub campaign_id: CampaignId,
    pub id: DutyReminderId,
    pub duty_id: DutyId,
    pub level: i32,
    pub to_org_unit_id: OrgUnitId,
    pub message: Option<String>,
    pub reminded_on: NaiveDate,
    pub reminded_at: DateTime<Utc>,
    pub reminded_by: Uuid,
}
