//! What may be done with an activity, and when.

use super::model::{Activity, ActivityPhase, ActivityState};
use crate::campaigns::model::Campaign;
use crate::clock;
use crate::error::{AppError, ErrorCode, FieldError, Message, message};
use crate::sites;
use chrono::{DateTime, Utc};

/// A step of an activity. Each starts from `planned`: what was held or cancelled is history.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Step {
    Change,
    Delete,
    Hold,
    Cancel,
}

impl Step {
    fn name(self) -> &'static str {
        match self {
            Self::Change => "change",
            Self::Delete => "delete",
            Self::Hold => "hold",
            Self::Cancel => "cancel",
        }
    }

    /// What was done, for the change feed.
    pub fn done(self) -> &'static str {
        match self {
            Self::Change => "updated",
            Self::Delete => "deleted",
            Self::Hold => "held",
            Self::Cancel => "cancelled",
        }
    }
}

/// 409 unless the activity is still planned.
pub fn check_step(activity: &Activity, step: Step) -> Result<(), AppError> {
    match activity.state {
        ActivityState::Planned => Ok(()),
        ActivityState::Held | ActivityState::Cancelled => Err(AppError::invalid_transition(activity.state.as_str(), step.name())),
    }
}

/// 409 unless the activity was held: only then did something come of it.
pub fn check_held(activity: &Activity) -> Result<(), AppError> {
    match activity.state {
        ActivityState::Held => Ok(()),
        ActivityState::Planned | ActivityState::Cancelled => Err(AppError::invalid_transition(activity.state.as_str(), "record_results")),
    }
}

/// 422 unless the end, where there is one, comes after the start.
pub fn check_times(starts_at: DateTime<Utc>, ends_at: Option<DateTime<Utc>>) -> Result<(), AppError> {
    if ends_at.is_none_or(|ends_at| ends_at > starts_at) {
        return Ok(());
    }
    Err(AppError::field(FieldError::new(
        "/ends_at",
        "ends_before_start",
        message("Giờ kết thúc phải sau giờ bắt đầu.", "The end must come after the start."),
    )))
}

/// R1 and S65: an activity of the festival lies within the campaign's window; one that leads up to it may lie
/// before the window but not after its end; one that follows may lie after it but not before its begin.
pub fn check_phase(campaign: &Campaign, activity: &Activity) -> Result<(), AppError> {
    let Activity { phase, starts_at, ends_at, .. } = activity;
    let text = match phase {
        ActivityPhase::During => return sites::rules::check_window(campaign, *starts_at, *ends_at),
        ActivityPhase::Before => message(
            format!("Hoạt động trước Ngày hội không được sau {}.", clock::vi_date(campaign.event_to)),
            format!("An activity before the festival may not come after {}.", campaign.event_to),
        ),
        ActivityPhase::After => message(
            format!("Hoạt động sau Ngày hội không được trước {}.", clock::vi_date(campaign.event_from)),
            format!("An activity after the festival may not come before {}.", campaign.event_from),
        ),
    };
    let outside = |at: DateTime<Utc>| match phase {
        ActivityPhase::During => false,
        ActivityPhase::Before => clock::local_date(at) > campaign.event_to,
        ActivityPhase::After => clock::local_date(at) < campaign.event_from,
    };
    let bad: Vec<FieldError> = [("/starts_at", Some(*starts_at)), ("/ends_at", *ends_at)]
        .into_iter()
        .filter(|(_, at)| at.is_some_and(outside))
        .map(|(pointer, _)| FieldError::new(pointer, "outside_event_window", text.clone()))
        .collect();
    if bad.is_empty() { Ok(()) } else { Err(AppError { errors: bad, ..AppError::new(ErrorCode::RuleViolated) }) }
}

/// The activity has begun: only then was it held.
pub fn check_begun(activity: &Activity, now: DateTime<Utc>) -> Result<(), AppError> {
    if activity.starts_at <= now {
        return Ok(());
    }
    Err(AppError::new(ErrorCode::InvalidTransition)
        .because(message("Chưa đến giờ bắt đầu của hoạt động.", "The activity has not begun yet.")))
}

/// R21: money that was spent came from somewhere.
pub fn funding_warning(activity: &Activity) -> Option<Message> {
    let is_unexplained = activity.cost_vnd.is_some_and(|cost| cost > 0) && activity.funding_source.is_none();
    is_unexplained.then(|| message("Có kinh phí nhưng chưa ghi nguồn.", "There is a cost, but no source of the money."))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::activity_kinds::results::ActivityResults;
    use crate::campaigns::model::CampaignState;
    use crate::ids::{ActivityId, CampaignId, OrgUnitId};
    use chrono::NaiveDate;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    fn campaign() -> Campaign {
        let day = |month, day| NaiveDate::from_ymd_opt(2023, month, day).unwrap();
        Campaign {
            id: CampaignId::new(),
            org_unit_id: OrgUnitId::new(),
            admin_unit_id: None,
            name: "2023".to_owned(),
            year: 2023,
            state: CampaignState::Running,
            event_from: day(7, 1),
            event_to: day(8, 19),
            report_due_before: day(8, 20),
            provincial_pilot_count: 2,
            min_district_nominations: 1,
            version: 1,
            created_at: at("2023-03-24T00:00:00Z"),
            updated_at: at("2023-03-24T00:00:00Z"),
        }
    }

    fn activity(phase: ActivityPhase, starts_at: &str, ends_at: Option<&str>) -> Activity {
        Activity {
            campaign_id: CampaignId::new(),
            id: ActivityId::new(),
            org_unit_id: OrgUnitId::new(),
            site_id: None,
            kind: "communication".to_owned(),
            phase,
            state: ActivityState::Planned,
            title: "Tuyên truyền".to_owned(),
            place: None,
            starts_at: at(starts_at),
            ends_at: ends_at.map(at),
            attendance_count: None,
            cost_vnd: None,
            funding_source: None,
            cancel_reason: None,
            held_at: None,
            cancelled_at: None,
            version: 1,
            created_at: at("2023-03-24T00:00:00Z"),
            updated_at: at("2023-03-24T00:00:00Z"),
            results: ActivityResults::default(),
            emulation_drive: None,
        }
    }

    fn bad(phase: ActivityPhase, starts_at: &str, ends_at: Option<&str>) -> Vec<String> {
        let checked = check_phase(&campaign(), &activity(phase, starts_at, ends_at));
        checked.map_or_else(|error| error.errors.into_iter().map(|error| error.pointer).collect(), |()| Vec::new())
    }

    #[test]
    fn the_festival_itself_lies_in_the_window() {
        use ActivityPhase::During;
        assert!(bad(During, "2023-07-01T00:00:00+07:00", Some("2023-08-19T23:59:59+07:00")).is_empty());
        assert!(bad(During, "2023-08-19T08:00:00+07:00", None).is_empty());
        assert_eq!(bad(During, "2023-06-30T23:59:59+07:00", None), ["/starts_at"]);
        assert_eq!(bad(During, "2023-06-30T23:59:59+07:00", Some("2023-08-20T00:00:00+07:00")), ["/starts_at", "/ends_at"]);
    }

    #[test]
    fn what_leads_up_to_it_may_lie_before_the_window_and_what_follows_after_it() {
        use ActivityPhase::{After, Before};
        assert!(bad(Before, "2023-04-01T08:00:00+07:00", Some("2023-04-01T09:00:00+07:00")).is_empty());
        assert!(bad(Before, "2023-08-19T23:00:00+07:00", None).is_empty());
        assert_eq!(bad(Before, "2023-08-19T23:00:00+07:00", Some("2023-08-20T00:00:00+07:00")), ["/ends_at"]);
        assert!(bad(After, "2023-12-01T08:00:00+07:00", None).is_empty());
        assert!(bad(After, "2023-07-01T00:00:00+07:00", None).is_empty());
        assert_eq!(bad(After, "2023-06-30T23:00:00+07:00", Some("2023-07-01T01:00:00+07:00")), ["/starts_at"]);
    }
}
