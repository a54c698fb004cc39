//! The counts of the desk in words.

use super::dto::DeskCode;
use crate::error::{Message, message};

/// What a count counts.
pub fn name(code: DeskCode) -> Message {
    match code {
        DeskCode::ReportsCameIn => message("Báo cáo mới nhận", "Reports that came in"),
        DeskCode::ReportsWaiting => message("Báo cáo chờ xử lý", "Reports that wait"),
        DeskCode::ReportsWaitingLate => message("Báo cáo nộp trễ chờ xử lý", "Late reports that wait"),
        DeskCode::ReportsReturned => message("Báo cáo đã trả lại, chưa nộp lại", "Reports returned and not sent again"),
        DeskCode::ReportsOverdue => message("Đơn vị quá hạn chưa báo cáo", "Bodies overdue with their report"),
        DeskCode::ReportsDueSoon => message("Đơn vị sắp đến hạn báo cáo", "Bodies whose report is due soon"),
        DeskCode::PlansMissing => message("Đơn vị chưa ban hành kế hoạch", "Bodies that have issued no plan"),
        DeskCode::DutiesOverdue => message("Nhiệm vụ quá hạn", "Duties overdue"),
        DeskCode::OpinionsRaised => message("Ý kiến chưa trả lời, chưa chuyển", "Opinions neither answered nor referred"),
        DeskCode::OpinionsReferred => message("Ý kiến đã chuyển, chờ trả lời", "Opinions referred and not answered"),
        DeskCode::OpinionsOverdue => message("Ý kiến quá hạn trả lời", "Opinions whose answer is overdue"),
        DeskCode::ObstaclesRaised => message("Khó khăn, vướng mắc mới nêu", "Obstacles on which nobody works"),
        DeskCode::ObstaclesInProgress => message("Khó khăn, vướng mắc đang giải quyết", "Obstacles being worked on"),
    }
}
