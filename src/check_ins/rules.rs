//! What a check-in may say.

use crate::error::{AppError, FieldError, message};
use chrono::{DateTime, Duration, Utc};

/// How far the clock of a device may be ahead.
const AHEAD: Duration = Duration::minutes(5);

/// 422 when the device's clock is ahead: presence follows from the latest operation by device time, and this one would
/// stay the latest.
pub fn check_clock(occurred_at: Option<DateTime<Utc>>, received_at: DateTime<Utc>) -> Result<(), AppError> {
    if occurred_at.is_none_or(|at| at - AHEAD <= received_at) {
        return Ok(());
    }
    let text = message(
        "Giờ của thiết bị không được nhanh hơn giờ nhận quá 5 phút.",
        "The device's time may be at most 5 minutes after the time of receipt.",
    );
    Err(AppError::field(FieldError::new("/occurred_at", "in_future", text)))
}
