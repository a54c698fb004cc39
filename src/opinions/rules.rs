//! What may be done with an opinion, and when.

use super::model::{Opinion, OpinionState};
use crate::clock::local_date;
use crate::error::{AppError, FieldError, message};
use crate::ids::OrgUnitId;
use crate::participants::rules::check_not_erased;
use crate::results::rules::check_not_future;
use chrono::NaiveDate;

/// A step of an opinion.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Step {
    Change,
    Delete,
    Refer,
    Answer,
}

impl Step {
    fn name(self) -> &'static str {
        match self {
            Self::Change => "change",
            Self::Delete => "delete",
            Self::Refer => "refer",
            Self::Answer => "answer",
        }
    }

    /// What was done, for the change feed.
    pub fn done(self) -> &'static str {
        match self {
            Self::Change => "updated",
            Self::Delete => "deleted",
            Self::Refer => "referred",
            Self::Answer => "answered",
        }
    }
}

/// 409 unless the state allows the step: an answer is final, and what was referred is in other hands.
pub fn check_step(opinion: &Opinion, step: Step) -> Result<(), AppError> {
    if step == Step::Change {
        check_not_erased(opinion.erased_at)?;
    }
    let is_possible = match step {
        Step::Change | Step::Delete | Step::Refer => opinion.state == OpinionState::Raised,
        Step::Answer => opinion.state != OpinionState::Answered,
    };
    if is_possible { Ok(()) } else { Err(AppError::invalid_transition(opinion.state.as_str(), step.name())) }
}

/// 422 for an opinion raised after today, for a limit before it, and for a name with an anonymous one.
pub fn check(opinion: &Opinion, today: NaiveDate) -> Result<(), AppError> {
    check_not_future(local_date(opinion.raised_at), today, "/raised_at")?;
    if opinion.answer_due_before.is_some_and(|due| due <= opinion.raised_at) {
        return Err(AppError::field(FieldError::new(
            "/answer_due_before",
            "too_early",
            message("Hạn trả lời phải sau khi ý kiến được nêu.", "The limit must lie after the opinion was raised."),
        )));
    }
    if opinion.is_anonymous && opinion.raised_by_name.is_some() {
        return Err(AppError::field(FieldError::new(
            "/raised_by_name",
            "anonymous",
            message("Ý kiến ẩn danh thì không lưu tên.", "No name is kept of an anonymous opinion."),
        )));
    }
    Ok(())
}

/// 422: what the organiser answers itself is not referred.
pub fn check_referred(organiser: OrgUnitId, to: OrgUnitId) -> Result<(), AppError> {
    if organiser != to {
        return Ok(());
    }
    Err(AppError::field(FieldError::new(
        "/to_org_unit_id",
        "same_body",
        message("Không chuyển cho chính đơn vị tổ chức diễn đàn.", "It is not referred to the organiser itself."),
    )))
}
