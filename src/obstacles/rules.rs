//! What may be done with an obstacle, and when.

use super::model::{Obstacle, ObstacleState};
use crate::error::AppError;
use chrono::NaiveDate;

/// A step of an obstacle.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Step {
    Change,
    Delete,
    Start,
    Answer,
    Close,
}

impl Step {
    fn name(self) -> &'static str {
        match self {
            Self::Change => "change",
            Self::Delete => "delete",
            Self::Start => "start",
            Self::Answer => "answer",
            Self::Close => "close",
        }
    }

    /// What was done, for the change feed.
    pub fn done(self) -> &'static str {
        match self {
            Self::Change => "updated",
            Self::Delete => "deleted",
            Self::Start => "started",
            Self::Answer => "answered",
            Self::Close => "closed",
        }
    }
}

impl Step {
    /// Whether the body that raised it takes the step; else the one that receives it does.
    pub fn is_of_raiser(self) -> bool {
        matches!(self, Self::Change | Self::Delete)
    }
}

/// 409 unless the state allows the step.
pub fn check_step(obstacle: &Obstacle, step: Step) -> Result<(), AppError> {
    let is_possible = match step {
        Step::Change | Step::Delete | Step::Start => obstacle.state == ObstacleState::Raised,
        Step::Answer => matches!(obstacle.state, ObstacleState::Raised | ObstacleState::InProgress),
        Step::Close => obstacle.state == ObstacleState::Answered,
    };
    if is_possible { Ok(()) } else { Err(AppError::invalid_transition(obstacle.state.as_str(), step.name())) }
}

/// Nothing but its schema limits what an obstacle says.
pub fn check(_: &Obstacle, _: NaiveDate) -> Result<(), AppError> {
    Ok(())
}
