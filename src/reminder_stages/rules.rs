//! What holds for a stage of the schedule.

use super::model::{ReminderKind, ReminderStage};
use crate::error::{AppError, FieldError, message};

/// 422 for days that do not fit the kind, and for levels of anything but an escalation.
pub fn check(stage: &ReminderStage) -> Result<(), AppError> {
    let (fits, says) = match stage.kind {
        ReminderKind::DueSoon => (
            (-365..=-1).contains(&stage.days),
            message("Nhắc sắp đến hạn phải trước ngày cuối: từ -365 đến -1.", "Due soon is before the last day: -365 to -1."),
        ),
        ReminderKind::DueToday => {
            (stage.days == 0, message("Nhắc trong ngày cuối thì số ngày là 0.", "Due today is the last day itself: 0."))
        }
        ReminderKind::Overdue | ReminderKind::Escalated => (
            (1..=365).contains(&stage.days),
            message("Nhắc quá hạn phải sau ngày cuối: từ 1 đến 365.", "Overdue and escalated are after the last day: 1 to 365."),
        ),
    };
    let mut bad = Vec::new();
    if !fits {
        bad.push(FieldError::new("/days", "does_not_fit_kind", says));
    }
    let is_escalated = stage.kind == ReminderKind::Escalated;
    if is_escalated != stage.levels.is_some_and(|levels| (1..=5).contains(&levels)) || (!is_escalated && stage.levels.is_some()) {
        let text = message("Chỉ nhắc vượt cấp mới có số cấp, từ 1 đến 5.", "An escalation, and nothing else, has levels: 1 to 5.");
        bad.push(FieldError::new("/levels", "does_not_fit_kind", text));
    }
    if bad.is_empty() { Ok(()) } else { Err(AppError::validation(bad)) }
}
