//! Rows of reminder stages and their enumerations.

use crate::ids::{CampaignId, ReminderStageId};
use crate::schema::reminder_stages;
use chrono::{DateTime, Utc};
use diesel::deserialize::FromSqlRow;
use diesel::expression::AsExpression;
use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What is reminded of: a report that is owed, or a duty.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema, AsExpression, FromSqlRow)]
#[serde(rename_all = "snake_case")]
#[diesel(sql_type = diesel::sql_types::Text)]
#[allow(missing_docs)]
pub enum ReminderSubject {
    Report,
    Duty,
}
crate::text_enum!(ReminderSubject { Report => "report", Duty => "duty" });

/// Before the last day in time, on it, after it, or after it and to the bodies above.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema, AsExpression, FromSqlRow)]
#[serde(rename_all = "snake_case")]
#[diesel(sql_type = diesel::sql_types::Text)]
#[allow(missing_docs)]
pub enum ReminderKind {
    DueSoon,
    DueToday,
    Overdue,
    Escalated,
}
crate::text_enum!(ReminderKind {
    DueSoon => "due_soon", DueToday => "due_today", Overdue => "overdue", Escalated => "escalated",
});

/// A stage as stored.
#[derive(Debug, Clone, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = reminder_stages, primary_key(campaign_id, id), treat_none_as_null = true, treat_none_as_default_value = false)]
#[allow(missing_docs)]
pub struct ReminderStage {
    pub campaign_id: CampaignId,
    pub id: ReminderStageId,
    pub code: String,
    pub subject: ReminderSubject,
    pub kind: ReminderKind,
    pub days: i32,
    pub local_time: String,
    pub levels: Option<i32>,
    pub is_active: bool,
    pub version: i32,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}
