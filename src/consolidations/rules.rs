//! What may be done with a frozen consolidation, and when.

use super::model::{Consolidation, ConsolidationState};
use crate::error::{AppError, FieldError, message};
use chrono::NaiveDate;

/// A step of a consolidation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Step {
    Sign,
    Send,
    Acknowledge,
}

impl Step {
    fn name(self) -> &'static str {
        match self {
            Self::Sign => "sign",
            Self::Send => "send",
            Self::Acknowledge => "acknowledge",
        }
    }

    /// What was done, for the change feed.
    pub fn done(self) -> &'static str {
        match self {
            Self::Sign => "signed",
            Self::Send => "sent",
            Self::Acknowledge => "acknowledged",
        }
    }

    fn from(self) -> ConsolidationState {
        match self {
            Self::Sign => ConsolidationState::Frozen,
            Self::Send => ConsolidationState::Signed,
            Self::Acknowledge => ConsolidationState::Sent,
        }
    }
}

/// 409 unless the state allows the step.
pub fn check_step(consolidation: &Consolidation, step: Step) -> Result<(), AppError> {
    if consolidation.state == step.from() { Ok(()) } else { Err(AppError::invalid_transition(consolidation.state.as_str(), step.name())) }
}

/// 422 for a day after today.
pub fn check_day(signed_on: NaiveDate, today: NaiveDate) -> Result<(), AppError> {
    if signed_on <= today {
        return Ok(());
    }
    let text = message("Ngày ký không được sau hôm nay.", "The day of signing must not lie after today.");
    Err(AppError::field(FieldError::new("/signed_on", "in_future", text)))
}
