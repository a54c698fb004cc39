//! What the API's codes are called in Vietnamese, for sentences that people read. English uses the code itself.

/// The Vietnamese name of a state, step, role, level or kind; the code itself where it has none.
pub fn vi(code: &str) -> &str {
    NAMES.iter().find(|(known, _)| *known == code).map_or(code, |(_, name)| name)
}

/// A code in English words.
pub fn en(code: &str) -> String {
    code.replace('_', " ")
}

/// One word may name a state of several resources: it is the same word in all of them.
const NAMES: &[(&str, &str)] = &[
    // States.
    ("draft", "dự thảo"),
    ("submitted", "đã trình"),
    ("issued", "đã ban hành"),
    ("superseded", "đã được thay thế bằng bản sửa đổi"),
    ("running", "đang tổ chức"),
    ("reporting", "đang báo cáo"),
    ("closed", "đã kết thúc"),
    ("nominated", "đã đề cử"),
    ("shortlisted", "đã đưa vào danh sách đề xuất"),
    ("selected", "được chọn"),
    ("not_selected", "không được chọn"),
    ("scheduled", "đã xếp lịch"),
    ("held", "đã tổ chức"),
    ("proposed", "đã đề xuất"),
    ("approved", "đã duyệt"),
    ("attended", "đã dự"),
    ("absent", "vắng mặt"),
    ("withdrawn", "đã rút"),
    ("planned", "dự kiến"),
    ("cancelled", "đã hủy"),
    ("queued", "chờ xử lý"),
    ("failed", "không thành công"),
    ("repeated", "đã có"),
    ("refused", "bị từ chối"),
    ("listed", "trong danh sách"),
    ("invited", "đã mời"),
    ("accepted", "đã chấp nhận"),
    ("declined", "đã từ chối"),
    ("returned", "đã trả lại"),
    ("locked", "đã khóa"),
    ("published", "đã công bố"),
    ("pending", "chờ gửi"),
    ("sent", "đã gửi"),
    ("acknowledged", "đã xác nhận nhận"),
    ("assigned", "đã giao"),
    ("in_progress", "đang thực hiện"),
    ("done", "hoàn thành"),
    ("followed_up", "đã kiểm tra lại"),
    ("raised", "mới nêu"),
    ("referred", "đã chuyển đơn vị khác"),
    ("answered", "đã trả lời"),
    ("piloted", "làm điểm"),
    ("replicated", "đã nhân rộng"),
    ("ended", "đã chấm dứt"),
    ("in_force", "còn hiệu lực"),
    ("replaced", "đã bị thay thế"),
    ("received", "đã nhận"),
    ("waiting", "chờ đăng ký"),
    ("enrolled", "đã đăng ký"),
    ("revoked", "đã thu hồi"),
    // Steps.
    ("change", "sửa"),
    ("update", "sửa"),
    ("delete", "xóa"),
    ("submit", "trình"),
    ("return", "trả lại"),
    ("publish", "công bố"),
    ("adopt_form", "chuyển sang mẫu mới"),
    ("issue", "ban hành"),
    ("amend", "sửa đổi, bổ sung"),
    ("close", "kết thúc"),
    ("start", "bắt đầu"),
    ("open_reporting", "mở báo cáo"),
    ("nominate", "đề cử"),
    ("shortlist", "đưa vào danh sách đề xuất"),
    ("withdraw", "rút"),
    ("select", "chọn"),
    ("decline", "từ chối"),
    ("schedule", "xếp lịch"),
    ("hold", "ghi nhận đã tổ chức"),
    ("cancel", "hủy"),
    ("propose", "đề xuất"),
    ("approve", "duyệt"),
    ("attend", "ghi nhận đã dự"),
    ("miss", "ghi nhận vắng mặt"),
    ("invite", "mời"),
    ("accept", "chấp nhận"),
    ("lock", "khóa"),
    ("check_in", "điểm danh"),
    ("count_heads", "đếm người dự"),
    ("send_invitation", "gửi giấy mời cho"),
    ("walk_in", "đón"),
    ("merge", "gộp"),
    ("unmerge", "tách"),
    ("send", "gửi"),
    ("distribute", "gửi cho nơi nhận"),
    ("acknowledge", "xác nhận đã nhận"),
    ("assign", "giao nhiệm vụ"),
    ("progress", "báo cáo tiến độ"),
    ("complete", "ghi nhận hoàn thành"),
    ("reopen", "mở lại"),
    ("remind", "đôn đốc"),
    ("follow_up", "kiểm tra lại"),
    ("refuse", "từ chối"),
    ("extend", "gia hạn"),
    ("refer", "chuyển đơn vị khác trả lời"),
    ("answer", "trả lời"),
    ("replicate", "nhân rộng"),
    ("end", "chấm dứt"),
    ("attach", "đính kèm tệp"),
    ("record_results", "ghi kết quả"),
    ("enrol", "đăng ký"),
    ("rotate", "cấp lại mã cho"),
    ("revoke", "thu hồi"),
    // Roles in a delegation.
    ("head_of_delegation", "trưởng đoàn"),
    ("member", "thành viên"),
    // Levels.
    ("central", "trung ương"),
    ("province", "tỉnh"),
    ("district", "huyện"),
    ("commune", "xã"),
    ("unit", "cơ sở"),
    // Lights of rules, and how a plan words them.
    ("met", "đạt"),
    ("open", "còn thời hạn"),
    ("at_risk", "có nguy cơ không đạt"),
    ("violated", "vi phạm"),
    ("not_met", "không đạt"),
    ("unbound", "chưa rõ đơn vị thực hiện"),
    ("not_applicable", "không áp dụng"),
    ("must", "bắt buộc"),
    ("should", "khuyến khích"),
    ("may", "tùy nghi"),
    // Reminders.
    ("due_soon", "sắp đến hạn"),
    ("due_today", "đến hạn hôm nay"),
    ("overdue", "quá hạn"),
    ("escalated", "báo lên cấp trên"),
    // How a figure was found.
    ("counted", "thống kê"),
    ("estimated", "ước tính"),
    // Roles.
    ("central_viewer", "theo dõi ở trung ương"),
    ("provincial_administrator", "quản trị tỉnh"),
    ("standing_agency", "cơ quan thường trực"),
    ("movement_division", "phòng xây dựng phong trào"),
    ("department", "sở, ban, ngành"),
    ("checkin_operator", "điểm danh viên"),
    ("operations_centre", "trung tâm điều hành"),
    ("portal_client", "cổng thông tin"),
    ("auditor", "kiểm tra"),
    ("device", "thiết bị điểm danh"),
    // Kinds of body.
    ("central_committee", "Ban Chỉ đạo Trung ương"),
    ("ministry", "bộ"),
    ("central_department", "cục, vụ"),
    ("provincial_committee", "Ban Chỉ đạo cấp tỉnh"),
    ("provincial_police", "công an tỉnh"),
    ("party_committee", "cơ quan Đảng"),
    ("peoples_committee", "ủy ban nhân dân"),
    ("fatherland_front", "Mặt trận Tổ quốc"),
    ("military_command", "bộ chỉ huy quân sự"),
    ("provincial_department", "sở, ban, ngành"),
    ("information_department", "sở thông tin và truyền thông"),
    ("mass_organisation", "đoàn thể"),
    ("press_agency", "cơ quan báo chí"),
    ("district_committee", "Ban Chỉ đạo cấp huyện"),
    ("district_police", "công an cấp huyện"),
    ("commune_committee", "Ban Chỉ đạo cấp xã"),
    ("commune_police", "công an cấp xã"),
    ("agency", "cơ quan"),
    ("enterprise", "doanh nghiệp"),
    ("educational_institution", "cơ sở giáo dục"),
    ("residential_area", "khu dân cư"),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::auth::Role;
    use std::collections::BTreeSet;

    #[test]
    fn no_code_stands_twice_and_every_role_has_a_name() {
        let codes: BTreeSet<&str> = NAMES.iter().map(|(code, _)| *code).collect();
        assert_eq!(codes.len(), NAMES.len());
        for role in Role::ALL {
            assert!(codes.contains(role.as_str()), "{role}");
        }
    }
}
