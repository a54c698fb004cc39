//! What holds for a pledge.

use super::model::Pledge;
use crate::error::{AppError, FieldError, message};
use crate::results::rules::check_not_future;
use chrono::NaiveDate;

/// 422 for a day after today, and for a pledge that nobody signed.
pub fn check(pledge: &Pledge, today: NaiveDate) -> Result<(), AppError> {
    check_not_future(pledge.signed_on, today, "/signed_on")?;
    if [pledge.household_count, pledge.person_count, pledge.collective_count].iter().any(|count| *count > 0) {
        return Ok(());
    }
    Err(AppError::field(FieldError::new(
        "/household_count",
        "nobody",
        message("Phải có ít nhất một hộ, một người hoặc một tập thể ký cam kết.", "At least one household, person or collective signs."),
    )))
}
