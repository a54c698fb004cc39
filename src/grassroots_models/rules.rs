//! What may be done with a grassroots model, and when.

use super::model::{GrassrootsModel, GrassrootsModelState};
use crate::error::AppError;
use crate::results::rules::{check_not_before, check_not_future};
use chrono::NaiveDate;

/// A step of a grassroots model.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Step {
    Change,
    Delete,
    Replicate,
    End,
}

impl Step {
    fn name(self) -> &'static str {
        match self {
            Self::Change => "change",
            Self::Delete => "delete",
            Self::Replicate => "replicate",
            Self::End => "end",
        }
    }

    /// What was done, for the change feed.
    pub fn done(self) -> &'static str {
        match self {
            Self::Change => "updated",
            Self::Delete => "deleted",
            Self::Replicate => "replicated",
            Self::End => "ended",
        }
    }
}

/// 409 unless the state allows the step.
pub fn check_step(model: &GrassrootsModel, step: Step) -> Result<(), AppError> {
    let is_possible = match step {
        Step::Delete => model.state == GrassrootsModelState::Piloted,
        Step::Change | Step::Replicate | Step::End => model.state != GrassrootsModelState::Ended,
    };
    if is_possible { Ok(()) } else { Err(AppError::invalid_transition(model.state.as_str(), step.name())) }
}

/// 422 for a launch after today.
pub fn check(model: &GrassrootsModel, today: NaiveDate) -> Result<(), AppError> {
    check_not_future(model.launched_on, today, "/launched_on")
}

/// 422 for a day before the launch or after today.
pub fn check_day(model: &GrassrootsModel, day: NaiveDate, today: NaiveDate, pointer: &'static str) -> Result<(), AppError> {
    check_not_before(day, model.launched_on, pointer)?;
    check_not_future(day, today, pointer)
}
