//! What a reminder says as a letter. It names bodies and limits, no person, and not what a duty is about: letters travel in the open.

use crate::clock::{local_date, local_text, start_of_day, vi_date};
use crate::labels;
use crate::reminder_stages::model::{ReminderKind, ReminderSubject};
use crate::reminders::model::Reminder;
use chrono::{DateTime, Duration, Utc};
use uuid::Uuid;

/// One thing that somebody is reminded of.
#[derive(Debug, Clone)]
pub struct Item {
    /// The reminder.
    pub reminder: Reminder,
    /// Name of the body that owes.
    pub who: String,
    /// Name of the campaign.
    pub campaign: String,
}

/// All that one official is reminded of at one time: a province with 173 communes overdue gets one letter, not 173.
#[derive(Debug, Clone)]
pub struct Letter {
    /// Name of the body that was reminded.
    pub to: String,
    /// At least one.
    pub items: Vec<Item>,
}

impl Letter {
    /// The subject, such as "[Ngày hội] Quá hạn: báo cáo của Ban Chỉ đạo 138 huyện Trấn Yên", or how many things there are.
    pub fn subject(&self) -> String {
        match self.items.as_slice() {
            [one] => format!("[Ngày hội] {}: {} của {}", capitalised(labels::vi(one.state().as_str())), one.what(), one.who),
            many => {
                let counts = [ReminderKind::Overdue, ReminderKind::DueToday, ReminderKind::DueSoon].into_iter().filter_map(|kind| {
                    let count = many.iter().filter(|item| item.state() == kind).count();
                    (count > 0).then(|| format!("{count} {}", labels::vi(kind.as_str())))
                });
                format!("[Ngày hội] {} việc: {}", many.len(), counts.collect::<Vec<_>>().join(", "))
            }
        }
    }

    /// The text: Vietnamese, then one sentence in English.
    pub fn text(&self) -> String {
        let items: Vec<String> = self.items.iter().map(Item::text).collect();
        format!(
            "Kính gửi: {}\n\n{}\n\n\
             Thư do hệ thống gửi tự động, xin không trả lời. Để thôi nhận thư, hãy xóa địa chỉ thư trong tài khoản của mình.\n\n\
             --\n\
             {} reminder(s) of reports and duties, the limits in Viet Nam time. This letter was sent automatically; please do not answer it.\n",
            self.to,
            items.join("\n\n"),
            self.items.len()
        )
    }
}

impl Item {
    /// What is told to the body above is that it is overdue below.
    fn state(&self) -> ReminderKind {
        match self.reminder.kind {
            ReminderKind::Escalated => ReminderKind::Overdue,
            kind => kind,
        }
    }

    fn what(&self) -> &'static str {
        match self.reminder.subject {
            ReminderSubject::Report => "báo cáo",
            ReminderSubject::Duty => "nhiệm vụ",
        }
    }

    fn text(&self) -> String {
        let Self { reminder, who, campaign } = self;
        let what = match reminder.subject {
            ReminderSubject::Report => "nộp báo cáo",
            ReminderSubject::Duty => "hoàn thành một nhiệm vụ được giao",
        };
        let state = match reminder.kind {
            ReminderKind::DueSoon => "Việc này sắp đến hạn.",
            ReminderKind::DueToday => "Đây là ngày cuối của thời hạn.",
            ReminderKind::Overdue => "Việc đã quá hạn.",
            ReminderKind::Escalated => "Việc đã quá hạn và được báo lên cấp trên; đề nghị quý cơ quan đôn đốc.",
        };
        let about = reminder.obligation_id.map(Uuid::from).or(reminder.duty_id.map(Uuid::from)).unwrap_or_default();
        format!(
            "{who} phải {what} trong “{campaign}”, {}. {state}\n(mã {}: {about}; mã nhắc việc: {})",
            limit(reminder.due_before),
            self.what(),
            reminder.id
        )
    }
}

fn capitalised(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

/// A limit as an official reads it: the last day in time, or the instant, which is excluded.
fn limit(due_before: DateTime<Utc>) -> String {
    if start_of_day(local_date(due_before)) == due_before {
        format!("hạn đến hết ngày {}", vi_date(local_date(due_before - Duration::microseconds(1))))
    } else {
        format!("hạn trước {} (giờ Việt Nam)", local_text(due_before))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::{CampaignId, DutyId, OrgUnitId, ReminderId, ReminderStageId};

    #[test]
    fn a_letter_names_the_last_day_in_time_or_the_instant_and_what_is_overdue_below() {
        for (due_before, limit) in
            [("2023-08-19T17:00:00Z", "hạn đến hết ngày 19/08/2023"), ("2023-08-19T10:00:00Z", "hạn trước 17:00 19/08/2023 (giờ Việt Nam)")]
        {
            let due_before = due_before.parse().unwrap();
            let reminder = Reminder {
                campaign_id: CampaignId::new(),
                id: ReminderId::new(),
                stage_id: ReminderStageId::new(),
                subject: ReminderSubject::Duty,
                obligation_id: None,
                duty_id: Some(DutyId::new()),
                kind: ReminderKind::Escalated,
                step: 0,
                level: 2,
                org_unit_id: OrgUnitId::new(),
                to_org_unit_id: OrgUnitId::new(),
                due_before,
                planned_at: due_before,
                sent_at: due_before,
            };
            let id = reminder.id.to_string();
            let item = Item { reminder, who: "Ban Chỉ đạo A".to_owned(), campaign: "Ngày hội 2023".to_owned() };
            let mut letter = Letter { to: "Ban Chỉ đạo B".to_owned(), items: vec![item.clone()] };
            assert_eq!(letter.subject(), "[Ngày hội] Quá hạn: nhiệm vụ của Ban Chỉ đạo A");
            let text = letter.text();
            for part in [limit, "Kính gửi: Ban Chỉ đạo B", "báo lên cấp trên", &id] {
                assert!(text.contains(part), "{text}");
            }
            let soon = Reminder { kind: ReminderKind::DueSoon, ..item.reminder.clone() };
            letter.items.extend([item.clone(), Item { reminder: soon, ..item }]);
            assert_eq!(letter.subject(), "[Ngày hội] 3 việc: 2 quá hạn, 1 sắp đến hạn");
            assert_eq!(letter.text().matches(limit).count(), 3);
        }
    }
}
