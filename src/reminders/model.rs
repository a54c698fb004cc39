//! Rows of reminders.

use crate::ids::{CampaignId, DutyId, OrgUnitId, ReminderId, ReminderStageId, ReportObligationId};
use crate::reminder_stages::model::{ReminderKind, ReminderSubject};
use crate::schema::reminders;
use chrono::{DateTime, Utc};
use diesel::prelude::*;

/// A reminder as stored: never changed afterwards.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = reminders)]
#[allow(missing_docs)]
pub struct Reminder {
    pub campaign_id: CampaignId,
    pub id: ReminderId,
    pub stage_id: ReminderStageId,
    pub subject: ReminderSubject,
    pub obligation_id: Option<ReportObligationId>,
    pub duty_id: Option<DutyId>,
    pub kind: ReminderKind,
    pub step: i32,
    pub level: i32,
    pub org_unit_id: OrgUnitId,
    pub to_org_unit_id: OrgUnitId,
    pub due_before: DateTime<Utc>,
    pub planned_at: DateTime<Utc>,
    pub sent_at: DateTime<Utc>,
}

/// A reminder with the code of its stage and the names of the two bodies: who owes, who is addressed.
pub type Shown = (Reminder, String, String, String);
