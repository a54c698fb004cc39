//! Whom the rules of a plan address, and which of them are not there any more.

use crate::duties::bodies::{Candidate, resolve};
use crate::error::{Message, message};
use crate::org_units::model::OrgUnitKind;
use crate::plans::parameters::{Parameters, PlanBody, QuotaBy};

/// Why a rule has no addressee in a new window, or lost one of those it had in the old; none when all are there.
pub fn lost(parameters: &Parameters, before: &[Candidate], after: &[Candidate]) -> Option<Message> {
    let is_gone = |kind: OrgUnitKind| !after.iter().any(|body| body.kind == kind);
    let named = |words: &str| {
        let known = resolve(words, before).unbound;
        resolve(words, after).unbound.into_iter().find(|word| !known.contains(word))
    };
    match parameters {
        Parameters::Quota { by: QuotaBy::District | QuotaBy::EachLevel, .. } if is_gone(OrgUnitKind::DistrictCommittee) => {
            Some(nobody("Ban Chỉ đạo cấp huyện", "district committees"))
        }
        Parameters::Quota { by: QuotaBy::Commune | QuotaBy::EachLevel, .. } if is_gone(OrgUnitKind::CommuneCommittee) => {
            Some(nobody("Ban Chỉ đạo cấp xã", "commune committees"))
        }
        Parameters::ChildPlan { bodies } => {
            let is_there = |body: &PlanBody| after.iter().any(|other| body.addresses(other.kind, other.level));
            let (vi, en) = body_name(*bodies.iter().find(|body| !is_there(body))?);
            Some(nobody(vi, en))
        }
        Parameters::Duty { body, .. } => named(body).map(|word| nobody(&format!("“{word}”"), &format!("bodies “{word}”"))),
        Parameters::FundingSources { sources } => {
            let word = sources.iter().find_map(|source| named(&source.body))?;
            Some(nobody(&format!("“{word}”"), &format!("bodies “{word}”")))
        }
        _ => None,
    }
}

fn nobody(vi: &str, en: &str) -> Message {
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::OrgUnitId;
    use crate::org_units::model::OrgLevel;
    use serde_json::json;

    fn body(name: &str, kind: OrgUnitKind, level: OrgLevel) -> Candidate {
        Candidate { id: OrgUnitId::new(), name: name.to_owned(), short_name: None, kind, level }
    }

    fn after() -> Vec<Candidate> {
        vec![
            body("Ban Chỉ đạo 138 xã Mường Lai", OrgUnitKind::CommuneCommittee, OrgLevel::Commune),
            body("Sở Tài chính", OrgUnitKind::ProvincialDepartment, OrgLevel::Province),
        ]
    }

    fn is_lost(parameters: serde_json::Value) -> bool {
        let mut before = after();
        before.push(body("Ban Chỉ đạo 138 huyện Lục Yên", OrgUnitKind::DistrictCommittee, OrgLevel::District));
        lost(&serde_json::from_value(parameters).unwrap(), &before, &after()).is_some()
    }

    #[test]
    fn a_rule_for_districts_has_no_addressee_where_there_are_none() {
        let quota = |by: &str| json!({"kind": "quota", "by": by, "measure": "nominated", "compare": "at_least", "count": 1, "pilot": true});
        assert!(is_lost(quota("district")));
        assert!(is_lost(quota("each_level")));
        assert!(!is_lost(quota("commune")));
        assert!(!is_lost(quota("province")));
        assert!(is_lost(json!({"kind": "child_plan", "bodies": ["provincial_department", "district_committee"]})));
        assert!(!is_lost(json!({"kind": "child_plan", "bodies": ["provincial_department"]})));
    }

    #[test]
    fn a_body_that_a_duty_names_is_missed_only_if_it_was_there_before() {
        let duty = |words: &str| json!({"kind": "duty", "body": words, "text": "đề cử"});
        assert!(is_lost(duty("Ban Chỉ đạo 138 huyện Lục Yên")));
        assert!(!is_lost(duty("Sở Tài chính")));
        assert!(!is_lost(duty("Ban Chỉ đạo 138 huyện Không có")));
    }
}
