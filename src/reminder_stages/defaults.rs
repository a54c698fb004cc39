//! The stages that a campaign begins with. The plan asks the police to urge and report (III.1); when is the province's to say.

use super::model::{ReminderKind, ReminderStage, ReminderSubject};
use crate::ids::{CampaignId, ReminderStageId};
use chrono::{DateTime, Utc};

/// Offices open at eight.
const HOUR: &str = "08:00";

type Stage = (&'static str, ReminderSubject, ReminderKind, i32, Option<i32>);

const STAGES: [Stage; 8] = [
    ("report_due_in_7_days", ReminderSubject::Report, ReminderKind::DueSoon, -7, None),
    ("report_due_in_3_days", ReminderSubject::Report, ReminderKind::DueSoon, -3, None),
    ("report_due_today", ReminderSubject::Report, ReminderKind::DueToday, 0, None),
    ("report_overdue", ReminderSubject::Report, ReminderKind::Overdue, 1, None),
    ("report_escalated", ReminderSubject::Report, ReminderKind::Escalated, 2, Some(3)),
    ("duty_due_in_3_days", ReminderSubject::Duty, ReminderKind::DueSoon, -3, None),
    ("duty_overdue", ReminderSubject::Duty, ReminderKind::Overdue, 1, None),
    ("duty_escalated", ReminderSubject::Duty, ReminderKind::Escalated, 2, Some(3)),
];

/// The stages of a new campaign.
pub fn stages(campaign_id: CampaignId, now: DateTime<Utc>) -> Vec<ReminderStage> {
    let stage = |(code, subject, kind, days, levels): Stage| ReminderStage {
        campaign_id,
        id: ReminderStageId::new(),
        code: code.to_owned(),
        subject,
        kind,
        days,
        local_time: HOUR.to_owned(),
        levels,
        is_active: true,
        version: 1,
        created_at: now,
        updated_at: now,
    };
    STAGES.into_iter().map(stage).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reminder_stages::rules;

    #[test]
    fn a_campaign_begins_with_stages_that_keep_the_rules() {
        for stage in stages(CampaignId::new(), Utc::now()) {
            assert!(rules::check(&stage).is_ok(), "{}", stage.code);
        }
    }
}
