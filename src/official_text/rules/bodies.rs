//! Bodies that a plan speaks to.

use super::super::words;
use crate::plans::parameters::PlanBody;

/// The bodies that some words name, in the order of the enumeration.
pub(super) fn named(key: &str) -> Vec<PlanBody> {
    let marks: [(&[&str], PlanBody); 7] = [
        (&["138 cấp huyện", "138 các huyện", "huyện, thị xã", "cấp huyện", "các huyện"], PlanBody::DistrictCommittee),
        (&["các sở", "sở, ban", "sở, ngành", "ban, ngành"], PlanBody::ProvincialDepartment),
        (&["đoàn thể", "tổ chức chính trị - xã hội"], PlanBody::MassOrganisation),
        (&["thành viên ban chỉ đạo", "thành viên bcđ", "ngành thành viên"], PlanBody::CommitteeMember),
        (&["cơ quan, đơn vị", "các cơ quan", "đơn vị, doanh nghiệp"], PlanBody::Agency),
        (&["cấp xã", "138 xã", "các xã", "xã, phường", "ubnd xã", "ủy ban nhân dân xã"], PlanBody::CommuneCommittee),
        (&["các cấp", "từng cấp", "mỗi cấp"], PlanBody::EachLevel),
    ];
    marks.iter().filter(|(marks, _)| words::has(key, marks)).map(|(_, body)| *body).collect()
}
