//! By when a request is answered and done, and what may be done with it.

use super::model::{DataRequest, DataRequestKind, DataRequestState};
use crate::clock::{local_date, start_of_day};
use crate::error::{AppError, ErrorCode, FieldError, message};
use chrono::{DateTime, Datelike, Days, NaiveDate, Utc, Weekday};

/// Working days in which a request is answered (decree 356/2025/NĐ-CP).
const ANSWER_WORKING_DAYS: u8 = 2;

/// A step of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Step {
    Change,
    Answer,
    Complete,
    Refuse,
    Extend,
}

impl Step {
    fn name(self) -> &'static str {
        match self {
            Self::Change => "change",
            Self::Answer => "answer",
            Self::Complete => "complete",
            Self::Refuse => "refuse",
            Self::Extend => "extend",
        }
    }

    /// What was done, for the log and the change feed.
    pub fn done(self) -> &'static str {
        match self {
            Self::Change => "updated",
            Self::Answer => "answered",
            Self::Complete => "completed",
            Self::Refuse => "refused",
            Self::Extend => "extended",
        }
    }
}

/// Weekends and the public holidays that have the same day each year. Tết, the Hùng Kings' day and moved days are not known here: then a
/// limit is earlier than the law asks, never later.
fn is_working_day(day: NaiveDate) -> bool {
    let is_weekend = matches!(day.weekday(), Weekday::Sat | Weekday::Sun);
    let is_holiday = matches!((day.month(), day.day()), (1, 1) | (4, 30) | (5, 1) | (9, 2));
    !is_weekend && !is_holiday
}

/// Before which instant a request is answered: the end of the second working day after the day it was received.
pub fn answer_due_before(received_at: DateTime<Utc>) -> DateTime<Utc> {
    let days = local_date(received_at).iter_days().skip(1).filter(|day| is_working_day(*day));
    let last = days.take(usize::from(ANSWER_WORKING_DAYS)).last().unwrap_or_else(|| local_date(received_at));
    start_of_day(last + Days::new(1))
}

/// Days in which a request is done (decree 356/2025/NĐ-CP): 15 to stop a processing, 20 where processors or third parties take part; of the
/// other rights 10 to see and correct, 20 to erase and where others take part.
fn days_to_do(kind: DataRequestKind, involves_third_parties: bool) -> u64 {
    match kind {
        _ if involves_third_parties => 20,
        DataRequestKind::Access | DataRequestKind::Correction => 10,
        DataRequestKind::Restriction | DataRequestKind::Withdrawal => 15,
        DataRequestKind::Erasure => 20,
    }
}

/// Before which instant a request is done: the end of the last of its days.
pub fn done_due_before(request: &DataRequest) -> DateTime<Utc> {
    let extended = u64::try_from(request.extended_days.unwrap_or_default()).unwrap_or_default();
    let days = days_to_do(request.kind, request.involves_third_parties) + extended;
    start_of_day(local_date(request.received_at) + Days::new(days + 1))
}

/// Whether its next limit has passed: that of the answer, then that of the deed. Derived, since nothing happens in the database at midnight.
pub fn is_overdue(request: &DataRequest, now: DateTime<Utc>) -> bool {
    match request.state {
        DataRequestState::Received => request.answer_due_before <= now || request.done_due_before <= now,
        DataRequestState::Answered => request.done_due_before <= now,
        DataRequestState::Done | DataRequestState::Refused => false,
    }
}

/// 409 unless the state allows the step.
pub fn check_step(request: &DataRequest, step: Step) -> Result<(), AppError> {
    use DataRequestState::{Answered, Received};
    let from: &[DataRequestState] = match step {
        Step::Change | Step::Answer => &[Received],
        Step::Complete => &[Answered],
        Step::Refuse | Step::Extend => &[Received, Answered],
    };
    if from.contains(&request.state) { Ok(()) } else { Err(AppError::invalid_transition(request.state.as_str(), step.name())) }
}

/// 409 where the limit cannot be put off: only that of stopping a processing, once.
pub fn check_extends(request: &DataRequest) -> Result<(), AppError> {
    let is_stopping = matches!(request.kind, DataRequestKind::Restriction | DataRequestKind::Withdrawal);
    if is_stopping && request.extended_days.is_none() {
        return Ok(());
    }
    Err(AppError::new(ErrorCode::InvalidTransition).because(message(
        "Chỉ gia hạn được một lần và chỉ đối với yêu cầu dừng xử lý dữ liệu.",
        "Only the stopping of a processing can be put off, and only once.",
    )))
}

/// 409 where the guest is still told by name: an erasure is done when it was done.
pub fn check_erased(is_erased: bool) -> Result<(), AppError> {
    if is_erased {
        return Ok(());
    }
    Err(AppError::new(ErrorCode::InvalidTransition)
        .because(message("Dữ liệu của khách mời chưa bị xóa.", "The data of the guest are not erased yet.")))
}

/// 422 for a request received after now, and unless it is about a guest or somebody in words.
pub fn check(request: &DataRequest, now: DateTime<Utc>) -> Result<(), AppError> {
    if request.received_at > now {
        let text = message("Thời điểm nhận không được sau hiện tại.", "It must not be received after now.");
        return Err(AppError::field(FieldError::new("/received_at", "in_future", text)));
    }
    if request.participant_id.is_some() == request.reference.is_some() {
        let text =
            message("Nêu khách mời hoặc mô tả người yêu cầu, không nêu cả hai.", "Name the guest, or describe the person: one of the two.");
        return Err(AppError::field(FieldError::new("/reference", "one_of", text)));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    #[test]
    fn two_working_days_leave_out_weekends_and_the_national_day() {
        // A Friday: Monday and Tuesday are the two days.
        assert_eq!(answer_due_before(at("2023-08-11T16:00:00+07:00")), at("2023-08-16T00:00:00+07:00"));
        // The day before the national day of 2026, which is a Wednesday: Thursday and Friday are the two days.
        assert_eq!(answer_due_before(at("2026-09-01T08:00:00+07:00")), at("2026-09-05T00:00:00+07:00"));
        // Late at night in Viet Nam is still that day.
        assert_eq!(answer_due_before(at("2023-08-14T23:59:59+07:00")), at("2023-08-17T00:00:00+07:00"));
    }

    proptest! {
        #[test]
        fn an_answer_has_two_working_days_between_and_a_later_request_no_earlier_limit(days in 0_u64..4000, hours in 0_i64..48) {
            let received = start_of_day(NaiveDate::from_ymd_opt(2023, 1, 1).unwrap() + Days::new(days));
            let due = answer_due_before(received);
            let between = local_date(received).iter_days().skip(1).take_while(|day| start_of_day(*day) < due).filter(|day| is_working_day(*day));
            prop_assert_eq!(between.count(), 2);
            prop_assert!(answer_due_before(received + chrono::Duration::hours(hours)) >= due);
        }
    }
}
