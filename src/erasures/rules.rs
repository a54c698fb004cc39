//! What of a person is erased, and when there is nothing to erase.

use super::model::ErasureCause;
use crate::error::{AppError, ErrorCode, message};
use serde_json::{Value, json};

/// 409 where no name of a person is kept.
pub fn check_has_name(has_name: bool) -> Result<(), AppError> {
    if has_name {
        return Ok(());
    }
    Err(AppError::new(ErrorCode::InvalidTransition)
        .because(message("Ở đây không lưu tên cá nhân nào.", "No name of a person is kept here.")))
}

/// The members of a guest, as an answer shows one, that tell who it is, with what takes their place.
pub fn members_of_guest(cause: ErasureCause) -> Vec<(&'static str, Value)> {
    let empty = ["title", "organisation", "representative_name", "decline_reason", "answered_by"].map(|name| (name, json!(null)));
    [("full_name", json!(cause.pseudonym()))].into_iter().chain(empty).collect()
}
