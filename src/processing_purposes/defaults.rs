//! The purposes that a campaign begins with: what the plan has done with data of persons. Days and bases are proposals, which the
//! province confirms or changes; a basis is stated for each rather than leaning on article 19 of the law.

use super::model::{DataKind, ProcessingPurpose, PurposeChange};
use crate::ids::{CampaignId, ProcessingPurposeChangeId, ProcessingPurposeId};
use chrono::{DateTime, Utc};

type Entry = (DataKind, &'static str, &'static str, &'static str, Option<i32>);

/// Kind, purpose in Vietnamese and English, legal basis, days after the closing.
const PURPOSES: [Entry; 9] = [
    (
        DataKind::Guests,
        "Mời, đón tiếp khách và thống kê thành phần dự Ngày hội",
        "To invite and receive guests and to count who attends",
        "Kế hoạch tổ chức Ngày hội (mục II.2.2.2); Luật Bảo vệ dữ liệu cá nhân số 91/2025/QH15",
        Some(365),
    ),
    (
        DataKind::Contacts,
        "Liên hệ với khách mời về giấy mời và thay đổi lịch",
        "To reach guests about invitations and changes of the schedule",
        "Sự đồng ý của khách mời; Luật Bảo vệ dữ liệu cá nhân số 91/2025/QH15",
        Some(90),
    ),
    (
        DataKind::CheckIns,
        "Ghi nhận lượt vào, ra để tính số liệu; sau khi xóa tên khách thì không còn chỉ ra ai",
        "To log entries and exits for the figures; once guests are erased it points at nobody",
        "Kế hoạch tổ chức Ngày hội (mục III.3); Luật Bảo vệ dữ liệu cá nhân số 91/2025/QH15",
        None,
    ),
    (
        DataKind::Delegates,
        "Phân công đại biểu của Ban Chỉ đạo dự Ngày hội",
        "To assign delegates of the committee to sites",
        "Kế hoạch tổ chức Ngày hội (mục II.2.2.1); Luật Bảo vệ dữ liệu cá nhân số 91/2025/QH15",
        Some(365),
    ),
    (
        DataKind::Opinions,
        "Trả lời ý kiến, kiến nghị của Nhân dân",
        "To answer the opinions of the people",
        "Kế hoạch tổ chức Ngày hội (mục II.1); Luật Bảo vệ dữ liệu cá nhân số 91/2025/QH15",
        Some(730),
    ),
    (
        DataKind::Commendations,
        "Biểu dương, khen thưởng và lưu hồ sơ khen thưởng",
        "To commend and to keep the records of commendations",
        "Luật Thi đua, khen thưởng; Luật Bảo vệ dữ liệu cá nhân số 91/2025/QH15",
        Some(1825),
    ),
    (
        DataKind::Users,
        "Cấp tài khoản và xác định người thực hiện thao tác",
        "To give accounts and to tell who did what",
        "Quy chế hoạt động của Ban Chỉ đạo; Luật Bảo vệ dữ liệu cá nhân số 91/2025/QH15",
        None,
    ),
    (
        DataKind::ContactReadings,
        "Kiểm tra việc xem thông tin liên hệ",
        "To audit who read contacts",
        "Luật Bảo vệ dữ liệu cá nhân số 91/2025/QH15",
        Some(730),
    ),
    (
        DataKind::DataRequests,
        "Giải quyết yêu cầu của chủ thể dữ liệu và chứng minh đã giải quyết đúng hạn",
        "To deal with requests of persons and to prove that it was done in time",
        "Luật Bảo vệ dữ liệu cá nhân số 91/2025/QH15; Nghị định 356/2025/NĐ-CP",
        Some(730),
    ),
];

/// The purposes of a new campaign, each with its first version.
pub fn purposes(campaign_id: CampaignId, now: DateTime<Utc>) -> Vec<(ProcessingPurpose, PurposeChange)> {
    let purpose = |(data_kind, purpose_vi, purpose_en, legal_basis, retention_days): &Entry| ProcessingPurpose {
        campaign_id,
        id: ProcessingPurposeId::new(),
        data_kind: *data_kind,
        purpose_vi: (*purpose_vi).to_owned(),
        purpose_en: (*purpose_en).to_owned(),
        legal_basis: (*legal_basis).to_owned(),
        retention_days: *retention_days,
        version: 1,
        created_at: now,
        updated_at: now,
    };
    PURPOSES.iter().map(purpose).map(|purpose| (purpose.clone(), first(&purpose))).collect()
}

/// The first version of a purpose, which nobody changed.
pub fn first(purpose: &ProcessingPurpose) -> PurposeChange {
    PurposeChange {
        campaign_id: purpose.campaign_id,
        id: ProcessingPurposeChangeId::new(),
        processing_purpose_id: purpose.id,
        version: purpose.version,
        purpose_vi: purpose.purpose_vi.clone(),
        purpose_en: purpose.purpose_en.clone(),
        legal_basis: purpose.legal_basis.clone(),
        retention_days: purpose.retention_days,
        reason: None,
        changed_by: None,
        changed_at: purpose.created_at,
    }
}
