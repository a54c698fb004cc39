//! What may be done with a guidance note, and when.

use super::model::{GuidanceNote, GuidanceState};
use crate::error::{AppError, FieldError, message};
use chrono::NaiveDate;

/// 409 unless the note is a draft: what was issued stays as it is.
pub fn check_draft(note: &GuidanceNote, step: &str) -> Result<(), AppError> {
    match note.state {
        GuidanceState::Draft => Ok(()),
        GuidanceState::Issued => Err(AppError::invalid_transition(note.state.as_str(), step)),
    }
}

/// 422 with each field that an issued note needs and this one lacks, or that lies after today.
pub fn check_issue(note: &GuidanceNote, today: NaiveDate) -> Result<(), AppError> {
    let required = |pointer| FieldError::new(pointer, "required", message("Cần có khi ban hành.", "It is needed to issue the note."));
    let mut bad = Vec::new();
    if note.document_number.is_none() {
        bad.push(required("/document_number"));
    }
    match note.issued_on {
        None => bad.push(required("/issued_on")),
        Some(day) if day > today => bad.push(FieldError::new(
            "/issued_on",
            "in_future",
            message("Ngày ban hành không được sau hôm nay.", "The date of issue must not lie after today."),
        )),
        Some(_) => {}
    }
    if bad.is_empty() { Ok(()) } else { Err(AppError::validation(bad)) }
}
