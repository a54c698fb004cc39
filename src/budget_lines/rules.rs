//! What may be done with a budget line.

use super::model::BudgetLine;
use crate::error::{AppError, ErrorCode, FieldError, message};
use chrono::NaiveDate;

/// A step of a budget line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Step {
    Change,
    Delete,
    Spend,
}

impl Step {
    /// What was done, for the change feed.
    pub fn done(self) -> &'static str {
        match self {
            Self::Change => "updated",
            Self::Delete => "deleted",
            Self::Spend => "spent",
        }
    }
}

/// A line can take every step; whether it can be deleted is told by its spendings: a reference to the line is 409.
pub fn check_step(_: &BudgetLine, _: Step) -> Result<(), AppError> {
    Ok(())
}

/// Nothing but its schema limits what a budget line says.
pub fn check(_: &BudgetLine, _: NaiveDate) -> Result<(), AppError> {
    Ok(())
}

/// What is spent in all after a spending; 422 for nothing, and for a correction below nothing.
pub fn spent_after(spent_vnd: i64, amount_vnd: i64) -> Result<i64, AppError> {
    let bad =
        |code: &'static str, vi: &'static str, en: &'static str| AppError::field(FieldError::new("/amount_vnd", code, message(vi, en)));
    if amount_vnd == 0 {
        return Err(bad("zero", "Số tiền phải khác 0.", "The amount must not be zero."));
    }
    let after = spent_vnd.checked_add(amount_vnd).ok_or_else(|| AppError::new(ErrorCode::ValidationFailed))?;
    if after < 0 {
        return Err(bad("below_zero", "Không thể giảm quá số đã chi.", "A correction must not take back more than was spent."));
    }
    Ok(after)
}

#[cfg(test)]
mod tests {
    use super::spent_after;

    #[test]
    fn a_correction_takes_back_what_was_spent_and_no_more() {
        assert_eq!(spent_after(5, 3).ok(), Some(8));
        assert_eq!(spent_after(5, -5).ok(), Some(0));
        assert!(spent_after(5, -6).is_err() && spent_after(5, 0).is_err() && spent_after(i64::MAX, 1).is_err());
    }
}
