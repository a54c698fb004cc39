//! What may be done with a recipient, and when.

use super::model::{DeliveryState, PlanRecipient};
use crate::error::{AppError, FieldError, message};
use crate::plans::model::{Plan, PlanState};

/// 409 unless the plan is issued: before, there is nothing to send; after its close, nothing is sent any more.
pub fn check_issued(plan: &Plan, step: &str) -> Result<(), AppError> {
    if plan.state == PlanState::Issued { Ok(()) } else { Err(AppError::invalid_transition(plan.state.as_str(), step)) }
}

/// 409 unless the recipient is in the state that a step starts from.
pub fn check_state(recipient: &PlanRecipient, from: DeliveryState, step: &str) -> Result<(), AppError> {
    if recipient.state == from { Ok(()) } else { Err(AppError::invalid_transition(recipient.state.as_str(), step)) }
}

/// 422 when the issuer notes for another body without saying how the acknowledgement came.
pub fn note_needed() -> AppError {
    AppError::field(FieldError::new(
        "/note",
        "required",
        message("Ghi rõ việc xác nhận đã đến bằng cách nào.", "Say how the acknowledgement came."),
    ))
}
