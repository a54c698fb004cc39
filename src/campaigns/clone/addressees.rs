//! Whom the rules of a plan address, and which of them are not there any more.

use crate::error::{Message, message};
use crate::org_units::model::{OrgLevel, OrgUnitKind};
use crate::plans::obligations::rules::addresses;
use crate::plans::parameters::{Parameters, PlanBody, QuotaBy};
use crate::text::fold;

/// The kinds of body that exist in a window, with their levels.
pub type Present = Vec<(OrgUnitKind, OrgLevel)>;

/// Why a rule has no addressee, or lost one of them; none when all are there, or it names none that can be told by figures.
pub fn lost(parameters: &Parameters, present: &Present) -> Option<Message> {
    let has = |kind: OrgUnitKind| present.iter().any(|(other, _)| *other == kind);
    let no_districts = !has(OrgUnitKind::DistrictCommittee);
    match parameters {
        Parameters::Quota { by: QuotaBy::District, .. } if no_districts => Some(nobody("Ban Chỉ đạo cấp huyện", "district committees")),
        Parameters::Quota { by: QuotaBy::Commune, .. } if !has(OrgUnitKind::CommuneCommittee) => {
            Some(nobody("Ban Chỉ đạo cấp xã", "commune committees"))
        }
        Parameters::Quota { by: QuotaBy::EachLevel, .. } if no_districts => Some(nobody("Ban Chỉ đạo cấp huyện", "district committees")),
        Parameters::ChildPlan { bodies } => {
            let gone = bodies.iter().find(|body| !present.iter().any(|(kind, level)| addresses(&[**body], *kind, *level)))?;
            let (vi, en) = body_name(*gone);
            Some(nobody(vi, en))
        }
        Parameters::Duty { body, .. } if no_districts && names_districts(body) => {
            Some(nobody("cấp huyện (“huyện, thị xã, thành phố”)", "the districts that it names"))
        }
        Parameters::FundingSources { sources } if no_districts && sources.iter().any(|source| names_districts(&source.body)) => {
            Some(nobody("cấp huyện (“huyện, thị xã, thành phố”)", "the districts that it names"))
        }
        _ => None,
    }
}

fn nobody(vi: &'static str, en: &'static str) -> Message {
    message(
        format!("Không còn {vi} trong thời gian của đợt mới; cần quyết định quy định này áp dụng cho ai."),
        format!("There are no {en} in the new window; decide whom the rule addresses."),
    )
}

fn body_name(body: PlanBody) -> (&'static str, &'static str) {
    match body {
        PlanBody::DistrictCommittee => ("Ban Chỉ đạo cấp huyện", "district committees"),
        PlanBody::CommuneCommittee => ("Ban Chỉ đạo cấp xã", "commune committees"),
        PlanBody::EachLevel => ("Ban Chỉ đạo các cấp", "committees of the levels below"),
        PlanBody::ProvincialDepartment => ("sở, ngành cấp tỉnh", "departments"),
        PlanBody::MassOrganisation => ("đoàn thể cấp tỉnh", "mass organisations"),
        PlanBody::CommitteeMember => ("thành viên Ban Chỉ đạo", "member bodies"),
        PlanBody::Agency => ("cơ quan, doanh nghiệp, nhà trường", "agencies, enterprises and schools"),
    }
}

/// "các huyện, thị xã, thành phố", "cấp huyện".
fn names_districts(text: &str) -> bool {
    let folded = fold(text);
    let mut syllables = folded.split(|letter: char| !letter.is_alphanumeric());
    syllables.any(|syllable| syllable == "huyen") || folded.contains("thi xa")
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn without_districts() -> Present {
        vec![(OrgUnitKind::CommuneCommittee, OrgLevel::Commune), (OrgUnitKind::ProvincialDepartment, OrgLevel::Province)]
    }

    fn is_lost(parameters: serde_json::Value) -> bool {
        lost(&serde_json::from_value(parameters).unwrap(), &without_districts()).is_some()
    }

    #[test]
    fn a_rule_for_districts_has_no_addressee_where_there_are_none() {
        let quota = |by: &str| json!({"kind": "quota", "by": by, "measure": "nominated", "compare": "at_least", "count": 1, "pilot": true});
        assert!(is_lost(quota("district")));
        assert!(!is_lost(quota("commune")));
        assert!(!is_lost(quota("province")));
        assert!(is_lost(json!({"kind": "child_plan", "bodies": ["provincial_department", "district_committee"]})));
        assert!(!is_lost(json!({"kind": "child_plan", "bodies": ["provincial_department"]})));
        assert!(is_lost(json!({"kind": "duty", "body": "BCĐ các huyện, thị xã, thành phố", "text": "đề cử"})));
        assert!(!is_lost(json!({"kind": "duty", "body": "Công an tỉnh", "text": "đề cử"})));
    }
}
