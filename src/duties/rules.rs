//! What may be done with a duty, and when; and to whom a reminder goes.

use super::model::{Duty, DutyState};
use crate::auth::scope::ancestor_paths;
use crate::error::{AppError, ErrorCode, FieldError, message};
use chrono::NaiveDate;

/// A step of a duty.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Step {
    Change,
    Start,
    Progress,
    Complete,
    Cancel,
    Reopen,
    Remind,
}

impl Step {
    fn name(self) -> &'static str {
        match self {
            Self::Change => "change",
            Self::Start => "start",
            Self::Progress => "progress",
            Self::Complete => "complete",
            Self::Cancel => "cancel",
            Self::Reopen => "reopen",
            Self::Remind => "remind",
        }
    }

    /// What was done, for the log and the change feed.
    pub fn done(self) -> &'static str {
        match self {
            Self::Change => "updated",
            Self::Start => "started",
            Self::Progress => "progressed",
            Self::Complete => "completed",
            Self::Cancel => "cancelled",
            Self::Reopen => "reopened",
            Self::Remind => "reminded",
        }
    }

    fn starts_from(self, state: DutyState) -> bool {
        use DutyState::{Assigned, Cancelled, Done, InProgress};
        match self {
            Self::Change | Self::Cancel | Self::Remind => matches!(state, Assigned | InProgress),
            Self::Start => state == Assigned,
            Self::Progress | Self::Complete => state == InProgress,
            Self::Reopen => matches!(state, Done | Cancelled),
        }
    }
}

/// 409 unless the duty's state allows the step.
pub fn check_step(duty: &Duty, step: Step) -> Result<(), AppError> {
    if step.starts_from(duty.state) { Ok(()) } else { Err(AppError::invalid_transition(duty.state.as_str(), step.name())) }
}

/// 422: a plan charges its issuer and the bodies below it.
pub fn outside_issuer() -> AppError {
    AppError::field(FieldError::new(
        "/org_unit_id",
        "outside_issuer",
        message("Đơn vị không thuộc đơn vị ban hành kế hoạch.", "The body is neither the issuer of the plan nor below it."),
    ))
}

/// 409: one reminder a local day.
pub fn reminded_today() -> AppError {
    AppError::new(ErrorCode::Duplicate)
        .because(message("Hôm nay đã đôn đốc nhiệm vụ này.", "There was a reminder of this duty today already."))
}

/// The paths of those who are reminded in turn: the body charged, then each body above it, up to the issuer.
pub fn chain(charged: &str, issuer: &str) -> Vec<String> {
    let mut up: Vec<String> = ancestor_paths(charged).into_iter().rev().filter(|path| path.starts_with(issuer)).collect();
    if up.is_empty() {
        // The body has moved out from under the issuer.
        up.push(charged.to_owned());
        up.push(issuer.to_owned());
    }
    up
}

/// Whether the next reminder must wait for another day.
pub fn is_reminded(last: Option<NaiveDate>, today: NaiveDate) -> bool {
    last.is_some_and(|last| last >= today)
}

/// Whom the next reminder goes to, after so many: its level, from 1, and the path of the body. At the issuer it stays.
pub fn next_level(chain: &[String], reminded: i64) -> Option<(i32, &str)> {
    let last = chain.len().checked_sub(1)?;
    let index = usize::try_from(reminded).unwrap_or(last).min(last);
    Some((i32::try_from(index).ok()?.checked_add(1)?, chain.get(index)?.as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reminders_climb_from_the_body_charged_to_the_issuer_and_stay_there() {
        let chain = chain("/1/4/17/204/", "/1/4/");
        assert_eq!(chain, ["/1/4/17/204/", "/1/4/17/", "/1/4/"]);
        let levels: Vec<_> = (0..5).filter_map(|no| next_level(&chain, no)).collect();
        assert_eq!(levels, [(1, "/1/4/17/204/"), (2, "/1/4/17/"), (3, "/1/4/"), (3, "/1/4/"), (3, "/1/4/")]);
    }

    #[test]
    fn what_an_issuer_charges_itself_with_stays_with_it() {
        assert_eq!(chain("/1/4/", "/1/4/"), ["/1/4/"]);
        assert_eq!(chain("/1/9/", "/1/4/"), ["/1/9/", "/1/4/"]);
    }

    #[test]
    fn a_clock_that_went_back_makes_no_second_reminder() {
        let day = |text: &str| text.parse().unwrap();
        assert!(is_reminded(Some(day("2023-08-12")), day("2023-08-12")));
        assert!(is_reminded(Some(day("2023-08-13")), day("2023-08-12")));
        assert!(!is_reminded(Some(day("2023-08-11")), day("2023-08-12")));
        assert!(!is_reminded(None, day("2023-08-12")));
    }
}
