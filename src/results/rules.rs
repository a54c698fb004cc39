//! What holds for the rows of all ledgers.

use crate::error::{AppError, FieldError, message};
use chrono::NaiveDate;

/// 422 for a day after today: what is recorded lies behind.
pub fn check_not_future(day: NaiveDate, today: NaiveDate, pointer: &'static str) -> Result<(), AppError> {
    if day <= today {
        return Ok(());
    }
    Err(AppError::field(FieldError::new(
        pointer,
        "in_future",
        message("Ngày không được sau hôm nay.", "The day must not lie after today."),
    )))
}

/// 422 for a day before the one on which it began.
pub fn check_not_before(day: NaiveDate, begin: NaiveDate, pointer: &'static str) -> Result<(), AppError> {
    if day >= begin {
        return Ok(());
    }
    Err(AppError::field(FieldError::new(
        pointer,
        "too_early",
        message("Ngày không được trước ngày bắt đầu.", "The day must not lie before the begin."),
    )))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn today_is_not_in_the_future_and_the_first_day_not_too_early() {
        let day = |d| NaiveDate::from_ymd_opt(2023, 7, d).unwrap();
        assert!(check_not_future(day(3), day(3), "/x").is_ok() && check_not_future(day(4), day(3), "/x").is_err());
        assert!(check_not_before(day(3), day(3), "/x").is_ok() && check_not_before(day(2), day(3), "/x").is_err());
    }
}
