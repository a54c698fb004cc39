//! What a commendation must say.

use super::model::Commendation;
use crate::error::{AppError, FieldError, message};
use crate::results::rules::check_not_future;
use chrono::NaiveDate;

/// 422 for a decision after today, and unless who awards is given in exactly one way.
pub fn check(commendation: &Commendation, today: NaiveDate) -> Result<(), AppError> {
    if let Some(day) = commendation.decided_on {
        check_not_future(day, today, "/decided_on")?;
    }
    if commendation.awarding_body.is_some() != commendation.awarding_org_unit_id.is_some() {
        return Ok(());
    }
    Err(AppError::field(FieldError::new(
        "/awarding_body",
        "one_of",
        message(
            "Phải nêu cơ quan khen thưởng bằng lời hoặc bằng mã đơn vị, không nêu cả hai.",
            "Who awards is given in words or as a body: one of the two.",
        ),
    )))
}
