//! When which reminder of one limit is due, and to whom. Pure: the sweep and the preview go by the same.

use crate::clock::{local_date, start_of_day};
use crate::ids::ReminderStageId;
use crate::reminder_stages::model::{ReminderKind, ReminderStage};
use chrono::{DateTime, Days, Duration, NaiveDate, NaiveTime, Utc};
use std::collections::HashSet;

/// One reminder as the schedule has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Occurrence {
    /// The stage.
    pub stage_id: ReminderStageId,
    /// Its code.
    pub code: String,
    /// Which reminder it is.
    pub kind: ReminderKind,
    /// Of an escalation: how many days after its first; 0 otherwise.
    pub step: i32,
    /// 1 is the body that owes, 2 the body above it.
    pub level: i32,
    /// The path of the body addressed.
    pub to_path: String,
    /// When.
    pub planned_at: DateTime<Utc>,
}

/// What was sent of one limit: stage and step, and the latest moment of the schedule among them.
#[derive(Debug, Clone, Default)]
pub struct Sent {
    /// Stage and step.
    pub keys: HashSet<(ReminderStageId, i32)>,
    /// The latest `planned_at`.
    pub last: Option<DateTime<Utc>>,
}

fn moment(last_day: NaiveDate, days: i32, local_time: &str) -> Option<DateTime<Utc>> {
    let shift = Days::new(u64::from(days.unsigned_abs()));
    let day = if days < 0 { last_day.checked_sub_days(shift) } else { last_day.checked_add_days(shift) }?;
    let time = NaiveTime::parse_from_str(local_time, "%H:%M").ok()?;
    // A day in Viet Nam has 24 hours.
    start_of_day(day).checked_add_signed(time - NaiveTime::MIN)
}

/// All reminders of a limit in the order of the calendar. `due_before` excludes its instant, so the last day in time is the
/// local day of the instant before it. `chain` holds the paths from the body that owes up to the body that demands: an
/// escalation begins at the second and climbs one each further day, and ends where the chain or its levels end.
/// What would ask for something in time after the limit is left out.
pub fn occurrences(stages: &[ReminderStage], due_before: DateTime<Utc>, chain: &[String]) -> Vec<Occurrence> {
    let Some(last_day) = due_before.checked_sub_signed(Duration::microseconds(1)).map(local_date) else { return Vec::new() };
    let mut found = Vec::new();
    for stage in stages.iter().filter(|stage| stage.is_active) {
        let (first, count) = match stage.kind {
            ReminderKind::Escalated => (1, stage.levels.unwrap_or(1)),
            ReminderKind::DueSoon | ReminderKind::DueToday | ReminderKind::Overdue => (0, 1),
        };
        for (step, to_path) in (0..count).zip(chain.iter().skip(first)) {
            let Some(planned_at) = moment(last_day, stage.days.saturating_add(step), &stage.local_time) else { continue };
            let is_in_vain = matches!(stage.kind, ReminderKind::DueSoon | ReminderKind::DueToday) && planned_at >= due_before;
            if is_in_vain {
                continue;
            }
            found.push(Occurrence {
                stage_id: stage.id,
                code: stage.code.clone(),
                kind: stage.kind,
                step,
                level: step.saturating_add(if first == 0 { 1 } else { 2 }),
                to_path: to_path.clone(),
                planned_at,
            });
        }
    }
    found.sort_by_key(|moment| (moment.planned_at, moment.stage_id, moment.step));
    found
}

/// What is to be sent now: of the moments that have come the latest, when nothing of it or of a later moment was sent. What
/// was missed before it, because the service was down, is never sent; nor is anything when the clock goes back.
pub fn due(occurrences: Vec<Occurrence>, sent: &Sent, now: DateTime<Utc>) -> Vec<Occurrence> {
    let Some(latest) = occurrences.iter().map(|one| one.planned_at).filter(|at| *at <= now).max() else { return Vec::new() };
    if sent.last.is_some_and(|last| last > latest) {
        return Vec::new();
    }
    occurrences.into_iter().filter(|one| one.planned_at == latest && !sent.keys.contains(&(one.stage_id, one.step))).collect()
}

/// What is still to come.
pub fn planned(occurrences: Vec<Occurrence>, sent: &Sent, now: DateTime<Utc>) -> Vec<Occurrence> {
    let is_open = |one: &Occurrence| {
        one.planned_at > now && sent.last.is_none_or(|last| one.planned_at >= last) && !sent.keys.contains(&(one.stage_id, one.step))
    };
    occurrences.into_iter().filter(is_open).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::CampaignId;
    use crate::reminder_stages::defaults;
    use crate::reminder_stages::model::ReminderSubject;
    use proptest::prelude::*;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    fn of_reports() -> Vec<ReminderStage> {
        let all = defaults::stages(CampaignId::new(), at("2023-04-01T00:00:00Z"));
        all.into_iter().filter(|stage| stage.subject == ReminderSubject::Report).collect()
    }

    fn chain(levels: usize) -> Vec<String> {
        ["/1/4/17/204/", "/1/4/17/", "/1/4/", "/1/"].into_iter().take(levels).map(str::to_owned).collect()
    }

    fn lines(found: &[Occurrence]) -> Vec<String> {
        let line = |one: &Occurrence| format!("{} {} {} {}", crate::clock::local_text(one.planned_at), one.code, one.level, one.to_path);
        found.iter().map(line).collect()
    }

    #[test]
    fn before_20_august_is_due_on_the_19th_and_an_escalation_climbs_a_level_a_day_up_to_who_demands() {
        let found = occurrences(&of_reports(), at("2023-08-20T00:00:00+07:00"), &chain(3));
        assert_eq!(
            lines(&found),
            [
                "08:00 12/08/2023 report_due_in_7_days 1 /1/4/17/204/",
                "08:00 16/08/2023 report_due_in_3_days 1 /1/4/17/204/",
                "08:00 19/08/2023 report_due_today 1 /1/4/17/204/",
                "08:00 20/08/2023 report_overdue 1 /1/4/17/204/",
                "08:00 21/08/2023 report_escalated 2 /1/4/17/",
                "08:00 22/08/2023 report_escalated 3 /1/4/",
            ]
        );
        let own = occurrences(&of_reports(), at("2023-08-20T00:00:00+07:00"), &chain(1));
        assert!(own.iter().all(|one| one.kind != ReminderKind::Escalated), "nobody is above who demands of itself");
    }

    #[test]
    fn nothing_asks_for_a_report_in_time_when_its_limit_has_passed_that_morning() {
        let found = occurrences(&of_reports(), at("2023-08-19T07:30:00+07:00"), &chain(1));
        assert!(!lines(&found).iter().any(|line| line.contains("due_today")), "{found:?}");
        let noon = occurrences(&of_reports(), at("2023-08-19T12:00:00+07:00"), &chain(1));
        assert!(lines(&noon).contains(&"08:00 19/08/2023 report_due_today 1 /1/4/17/204/".to_owned()), "{noon:?}");
    }

    fn send(sent: &mut Sent, stages: &[ReminderStage], due_before: DateTime<Utc>, now: DateTime<Utc>) -> Vec<Occurrence> {
        let found = due(occurrences(stages, due_before, &chain(4)), sent, now);
        for one in &found {
            assert!(sent.keys.insert((one.stage_id, one.step)), "sent twice: {one:?}");
            sent.last = sent.last.max(Some(one.planned_at));
        }
        found
    }

    proptest! {
        #[test]
        fn whatever_the_clock_does_no_reminder_is_sent_twice_early_or_after_a_later_one(
            minutes in prop::collection::vec(-20_000_i64..20_000, 1..60),
        ) {
            let (stages, limit) = (of_reports(), at("2023-08-20T00:00:00+07:00"));
            let mut sent = Sent::default();
            let mut last = None;
            for minute in minutes {
                let now = limit + Duration::minutes(minute);
                for one in send(&mut sent, &stages, limit, now) {
                    prop_assert!(one.planned_at <= now);
                    prop_assert!(last.is_none_or(|last| last <= one.planned_at));
                    last = Some(one.planned_at);
                }
            }
        }

        #[test]
        fn a_service_that_sleeps_less_than_a_day_misses_nothing_once_it_has_begun(pause in 1_i64..1_440) {
            let (stages, limit) = (of_reports(), at("2023-08-20T00:00:00+07:00"));
            let mut sent = Sent::default();
            let mut minute = -9 * 1_440;
            while minute < 9 * 1_440 {
                send(&mut sent, &stages, limit, limit + Duration::minutes(minute));
                minute += pause;
            }
            prop_assert_eq!(sent.keys.len(), occurrences(&stages, limit, &chain(4)).len());
        }
    }
}
