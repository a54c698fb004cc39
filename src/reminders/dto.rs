//! Reminders as the API shows them.

use super::model::{Reminder, Shown};
use super::schedule::Occurrence;
use crate::ids::{CampaignId, DutyId, OrgUnitId, ReminderId, ReminderStageId, ReportObligationId};
use crate::reminder_stages::model::{ReminderKind, ReminderSubject};
use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;

/// A reminder that was sent.
#[derive(Debug, Serialize, ToSchema)]
#[allow(missing_docs)]
pub struct ReminderOut {
    pub id: ReminderId,
    pub campaign_id: CampaignId,
    pub subject: ReminderSubject,
    pub kind: ReminderKind,
    /// Stage of the schedule that it was sent under.
    pub stage_id: ReminderStageId,
    /// Its code.
    #[schema(example = "report_due_today")]
    pub stage_code: String,
    /// The obligation, of a report.
    pub obligation_id: Option<ReportObligationId>,
    /// The duty, of a duty.
    pub duty_id: Option<DutyId>,
    /// Body that owes.
    pub org_unit_id: OrgUnitId,
    pub org_unit_name: String,
    /// 1: to the body that owes; 2: to the body above it; and so on up to the body that demands.
    #[schema(minimum = 1)]
    pub level: i32,
    /// Body that was reminded.
    pub to_org_unit_id: OrgUnitId,
    pub to_org_unit_name: String,
    /// The limit that it was sent for; excluded.
    pub due_before: DateTime<Utc>,
    /// When the schedule had it; `sent_at` is later when the service was down.
    pub planned_at: DateTime<Utc>,
    pub sent_at: DateTime<Utc>,
}

impl From<Shown> for ReminderOut {
    fn from((reminder, stage_code, org_unit_name, to_org_unit_name): Shown) -> Self {
        let Reminder {
            campaign_id,
            id,
            stage_id,
            subject,
            obligation_id,
            duty_id,
            kind,
            step: _,
            level,
            org_unit_id,
            to_org_unit_id,
            due_before,
            planned_at,
            sent_at,
        } = reminder;
        Self {
            id,
            campaign_id,
            subject,
            kind,
            stage_id,
            stage_code,
            obligation_id,
            duty_id,
            org_unit_id,
            org_unit_name,
            level,
            to_org_unit_id,
            to_org_unit_name,
            due_before,
            planned_at,
            sent_at,
        }
    }
}

/// A reminder that will be sent unless a report is submitted before.
#[derive(Debug, Serialize, ToSchema)]
#[allow(missing_docs)]
pub struct PlannedReminderOut {
    pub stage_id: ReminderStageId,
    /// Code of the stage.
    #[schema(example = "report_escalated")]
    pub stage_code: String,
    pub kind: ReminderKind,
    /// 1: to the body that owes; 2: to the body above it; and so on.
    #[schema(minimum = 1)]
    pub level: i32,
    pub to_org_unit_id: OrgUnitId,
    pub to_org_unit_name: String,
    pub planned_at: DateTime<Utc>,
}

impl PlannedReminderOut {
    /// An occurrence with the body addressed.
    pub fn new(one: Occurrence, (to_org_unit_id, to_org_unit_name): (OrgUnitId, String)) -> Self {
        let Occurrence { stage_id, code, kind, step: _, level, to_path: _, planned_at } = one;
        Self { stage_id, stage_code: code, kind, level, to_org_unit_id, to_org_unit_name, planned_at }
    }
}

/// What was sent of an obligation, and what will be.
#[derive(Debug, Serialize, ToSchema)]
#[allow(missing_docs)]
pub struct ObligationRemindersOut {
    pub obligation_id: ReportObligationId,
    pub campaign_id: CampaignId,
    /// The limit as it stands; excluded.
    pub due_before: DateTime<Utc>,
    pub as_of: DateTime<Utc>,
    /// Oldest first, those of earlier limits too; the first thousand.
    #[schema(max_items = 1000)]
    pub sent: Vec<ReminderOut>,
    /// In the order of the calendar. Empty when a report was submitted, and when the campaign does not remind (any more).
    #[schema(max_items = 1000)]
    pub planned: Vec<PlannedReminderOut>,
}

crate::list_query! {
    /// Filters of the list of reminders.
    ReminderQuery sort ["sent_at", "due_before"] without q {
        /// Only reminders in this campaign.
        campaign_id: CampaignId,
        /// Only of what this body owes.
        org_unit_id: OrgUnitId,
        /// Only of what this body and all below it owe.
        under_org_unit_id: OrgUnitId,
        /// Only those that went to this body.
        to_org_unit_id: OrgUnitId,
        /// Only those of this obligation.
        obligation_id: ReportObligationId,
        /// Only those of this duty.
        duty_id: DutyId,
        /// Only those of this subject.
        subject: ReminderSubject,
        /// Only those of this kind.
        kind: ReminderKind,
        /// Only those sent at or after this instant.
        sent_from: DateTime<Utc>,
        /// Only those sent before this instant.
        sent_before: DateTime<Utc>,
    }
}
