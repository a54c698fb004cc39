//! What holds for a gift.

use super::model::Gift;
use crate::error::AppError;
use crate::results::rules::check_not_future;
use chrono::NaiveDate;

/// 422 for a day after today.
pub fn check(gift: &Gift, today: NaiveDate) -> Result<(), AppError> {
    check_not_future(gift.given_on, today, "/given_on")
}
