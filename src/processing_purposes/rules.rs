//! What may be said about a purpose.

use super::model::DataKind;
use crate::error::{AppError, FieldError, message};

/// 422 where days are given for what the end of a campaign does not erase: check-ins, of which only the figures are left once the
/// guests are erased, and accounts, which belong to no campaign.
pub fn check_retention(kind: DataKind, days: Option<i32>) -> Result<(), AppError> {
    match kind {
        DataKind::CheckIns | DataKind::Users if days.is_some() => Err(AppError::field(FieldError::new(
            "/retention_days",
            "not_erased",
            message(
                "Loại dữ liệu này không xóa theo thời điểm kết thúc đợt: lượt vào, ra chỉ còn là số liệu khi tên khách đã xóa; tài khoản không thuộc đợt nào.",
                "The end of a campaign does not erase this kind: check-ins are figures once guests are erased; accounts belong to no campaign.",
            ),
        ))),
        _ => Ok(()),
    }
}
