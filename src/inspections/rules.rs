//! What may be done with an inspection, and when.

use super::model::{Inspection, InspectionState};
use crate::error::{AppError, FieldError, message};
use crate::ids::OrgUnitId;
use chrono::NaiveDate;

/// A step of an inspection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Step {
    Change,
    Delete,
    Complete,
    FollowUp,
    Cancel,
}

impl Step {
    fn name(self) -> &'static str {
        match self {
            Self::Change => "change",
            Self::Delete => "delete",
            Self::Complete => "complete",
            Self::FollowUp => "follow_up",
            Self::Cancel => "cancel",
        }
    }

    /// What was done, for the change feed.
    pub fn done(self) -> &'static str {
        match self {
            Self::Change => "updated",
            Self::Delete => "deleted",
            Self::Complete => "completed",
            Self::FollowUp => "followed_up",
            Self::Cancel => "cancelled",
        }
    }

    fn from(self) -> InspectionState {
        match self {
            Self::Change | Self::Delete | Self::Complete | Self::Cancel => InspectionState::Planned,
            Self::FollowUp => InspectionState::Done,
        }
    }
}

/// 409 unless the state allows the step.
pub fn check_step(inspection: &Inspection, step: Step) -> Result<(), AppError> {
    if inspection.state == step.from() { Ok(()) } else { Err(AppError::invalid_transition(inspection.state.as_str(), step.name())) }
}

/// 422: nobody inspects itself.
pub fn check_bodies(inspected: OrgUnitId, inspector: OrgUnitId) -> Result<(), AppError> {
    if inspected != inspector {
        return Ok(());
    }
    Err(AppError::field(FieldError::new(
        "/inspector_org_unit_id",
        "same_body",
        message("Đơn vị không tự kiểm tra mình.", "A body does not inspect itself."),
    )))
}

/// 422 for a day after today: what was found lies behind.
pub fn check_day(inspected_on: NaiveDate, today: NaiveDate) -> Result<(), AppError> {
    if inspected_on <= today {
        return Ok(());
    }
    Err(AppError::field(FieldError::new(
        "/inspected_on",
        "in_future",
        message("Ngày kiểm tra không được sau hôm nay.", "The day of the inspection must not lie after today."),
    )))
}
