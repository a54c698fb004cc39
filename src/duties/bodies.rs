//! Which bodies the words of a rule charge with a duty: by their exact name, or as a group that is known. Never guessed.

use crate::ids::OrgUnitId;
use crate::org_units::model::{OrgLevel, OrgUnitKind};
use crate::plans::parameters::PlanBody;
use crate::text::fold;

/// A body that words may mean.
#[derive(Debug, Clone)]
#[allow(missing_docs)]
pub struct Candidate {
    pub id: OrgUnitId,
    pub name: String,
    pub short_name: Option<String>,
    pub kind: OrgUnitKind,
    pub level: OrgLevel,
}

/// What became of the words.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Addressed {
    /// The bodies they mean, each once, in the order of the words.
    pub bodies: Vec<OrgUnitId>,
    /// Words that mean no body, or that several bodies answer to.
    pub unbound: Vec<String>,
}

enum Group {
    Plan(PlanBody),
    Kind(OrgUnitKind),
}

/// The bodies that the words of a rule mean. The whole is tried as a name first, since names have commas too.
pub fn resolve(words: &str, candidates: &[Candidate]) -> Addressed {
    let mut found = Addressed::default();
    for part in words.split(';').map(str::trim).filter(|part| !part.is_empty()) {
        match named(part, candidates) {
            Named::One(id) => add(&mut found, [id]),
            Named::Several => found.unbound.push(part.to_owned()),
            Named::None => segments(part, candidates, &mut found),
        }
    }
    if words.trim().is_empty() {
        found.unbound.push(words.to_owned());
    }
    found
}

fn segments(part: &str, candidates: &[Candidate], found: &mut Addressed) {
    let mut last: Option<Group> = None;
    for segment in part.split(',').map(str::trim).filter(|segment| !segment.is_empty()) {
        let key = key(segment);
        // "các huyện, thị xã, thành phố" and "các xã, phường, thị trấn" go on with the group before.
        let goes_on = match &last {
            Some(Group::Plan(PlanBody::DistrictCommittee)) => matches!(key.as_str(), "thi xa" | "thanh pho" | "quan"),
            Some(Group::Plan(PlanBody::CommuneCommittee)) => matches!(key.as_str(), "phuong" | "thi tran" | "dac khu"),
            _ => false,
        };
        if goes_on {
            continue;
        }
        if let Named::One(id) = named(segment, candidates) {
            add(found, [id]);
            continue;
        }
        last = group(&key);
        let members: Vec<OrgUnitId> = match &last {
            Some(group) => candidates.iter().filter(|candidate| is_member(group, candidate)).map(|candidate| candidate.id).collect(),
            None => Vec::new(),
        };
        if members.is_empty() {
            found.unbound.push(segment.to_owned());
        }
        add(found, members);
    }
}

fn add(found: &mut Addressed, bodies: impl IntoIterator<Item = OrgUnitId>) {
    for body in bodies {
        if !found.bodies.contains(&body) {
            found.bodies.push(body);
        }
    }
}

enum Named {
    None,
    One(OrgUnitId),
    Several,
}

fn named(words: &str, candidates: &[Candidate]) -> Named {
    let wanted = key(words);
    let is_named = |candidate: &&Candidate| {
        key(&candidate.name) == wanted || candidate.short_name.as_deref().is_some_and(|short_name| key(short_name) == wanted)
    };
    let mut named = candidates.iter().filter(is_named);
    match (named.next(), named.next()) {
        (Some(one), None) => Named::One(one.id),
        (Some(_), Some(_)) => Named::Several,
        (None, _) => Named::None,
    }
}

/// Letters and digits without accents, one blank between the syllables.
fn key(text: &str) -> String {
    let folded = fold(text);
    folded.split(|c: char| !c.is_alphanumeric()).filter(|syllable| !syllable.is_empty()).collect::<Vec<_>>().join(" ")
}

/// The groups that plans charge, as they write them.
fn group(key: &str) -> Option<Group> {
    let key = ["va ", "cac ", "moi ", "tung "].iter().fold(key, |key, word| key.strip_prefix(word).unwrap_or(key));
    let key = [" cap tinh", " cua tinh"].iter().fold(key, |key, word| key.strip_suffix(word).unwrap_or(key));
    Some(match key {
        "so" | "ban" | "nganh" | "so nganh" | "ban nganh" | "so ban nganh" => Group::Plan(PlanBody::ProvincialDepartment),
        "doan the" | "ban nganh doan the" | "to chuc chinh tri xa hoi" => Group::Plan(PlanBody::MassOrganisation),
        "nganh thanh vien"
        | "co quan thanh vien"
        | "thanh vien ban chi dao"
        | "thanh vien ban chi dao 138 tinh"
        | "nganh thanh vien ban chi dao 138 tinh"
        | "co quan thanh vien ban chi dao 138 tinh"
        | "thanh vien bcd 138 tinh" => Group::Plan(PlanBody::CommitteeMember),
        "ban chi dao 138 cap huyen" | "ban chi dao 138 cac huyen" | "bcd 138 cap huyen" | "bcd 138 cac huyen" => {
            Group::Plan(PlanBody::DistrictCommittee)
        }
        "ban chi dao 138 cap xa" | "ban chi dao 138 cac xa" | "bcd 138 cap xa" | "bcd 138 cac xa" => {
            Group::Plan(PlanBody::CommuneCommittee)
        }
        "ban chi dao 138 tinh" | "bcd 138 tinh" => Group::Kind(OrgUnitKind::ProvincialCommittee),
        "cong an tinh" => Group::Kind(OrgUnitKind::ProvincialPolice),
        "cong an cap huyen" | "cong an cac huyen" => Group::Kind(OrgUnitKind::DistrictPolice),
        "cong an cap xa" | "cong an cac xa" => Group::Kind(OrgUnitKind::CommunePolice),
        _ => return None,
    })
}

fn is_member(group: &Group, candidate: &Candidate) -> bool {
    match group {
        Group::Plan(body) => body.addresses(candidate.kind, candidate.level),
        Group::Kind(kind) => candidate.kind == *kind,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn body(name: &str, short_name: Option<&str>, kind: OrgUnitKind, level: OrgLevel) -> Candidate {
        Candidate { id: OrgUnitId::new(), name: name.to_owned(), short_name: short_name.map(str::to_owned), kind, level }
    }

    fn tree() -> Vec<Candidate> {
        use OrgLevel::{District, Province};
        vec![
            body("Công an tỉnh Yên Bái", Some("Công an tỉnh"), OrgUnitKind::ProvincialPolice, Province),
            body("Sở Thông tin và Truyền thông", Some("Sở TT&TT"), OrgUnitKind::InformationDepartment, Province),
            body("Sở Văn hóa, Thể thao và Du lịch", None, OrgUnitKind::ProvincialDepartment, Province),
            body("Tỉnh đoàn Yên Bái", Some("Tỉnh đoàn"), OrgUnitKind::MassOrganisation, Province),
            body("Bộ Chỉ huy Quân sự tỉnh", None, OrgUnitKind::MilitaryCommand, Province),
            body("Ban Chỉ đạo 138 huyện Lục Yên", None, OrgUnitKind::DistrictCommittee, District),
            body("Công an huyện Lục Yên", None, OrgUnitKind::DistrictPolice, District),
            body("Trạm Y tế", None, OrgUnitKind::Agency, OrgLevel::Unit),
            body("Trạm Y tế", None, OrgUnitKind::Agency, OrgLevel::Unit),
        ]
    }

    fn numbers(words: &str) -> (Vec<usize>, Vec<String>) {
        let tree = tree();
        let Addressed { bodies, unbound } = resolve(words, &tree);
        let mut numbers: Vec<usize> = bodies.iter().map(|id| tree.iter().position(|one| one.id == *id).unwrap()).collect();
        numbers.sort_unstable();
        (numbers, unbound)
    }

    #[test]
    fn a_body_is_found_by_its_name_or_short_name_whatever_the_case_and_the_commas() {
        assert_eq!(numbers("Công an tỉnh"), (vec![0], vec![]));
        assert_eq!(numbers("Sở Thông tin và truyền thông"), (vec![1], vec![]));
        assert_eq!(numbers("Sở Văn hóa, Thể thao và Du lịch"), (vec![2], vec![]));
        assert_eq!(numbers("Sở Văn hoá, Thể thao và Du lịch; Tỉnh đoàn"), (vec![2, 3], vec![]));
    }

    #[test]
    fn a_group_is_all_its_bodies_once() {
        let whole = "Các sở, ban, ngành, đoàn thể cấp tỉnh, các ngành thành viên Ban Chỉ đạo 138 tỉnh, Ban Chỉ đạo 138 cấp huyện";
        assert_eq!(numbers(whole), (vec![1, 2, 3, 4, 5], vec![]));
        assert_eq!(numbers("Ban Chỉ đạo 138 các huyện, thị xã, thành phố"), (vec![5], vec![]));
        assert_eq!(numbers("Công an cấp huyện"), (vec![6], vec![]));
    }

    #[test]
    fn what_is_not_known_or_answers_to_several_is_unbound() {
        assert_eq!(numbers("Sở Du lịch"), (vec![], vec!["Sở Du lịch".to_owned()]));
        assert_eq!(numbers("Trạm Y tế"), (vec![], vec!["Trạm Y tế".to_owned()]));
        assert_eq!(numbers("Công an tỉnh, các cơ quan liên quan"), (vec![0], vec!["các cơ quan liên quan".to_owned()]));
        assert_eq!(numbers("Ban Chỉ đạo 138 cấp xã"), (vec![], vec!["Ban Chỉ đạo 138 cấp xã".to_owned()]));
        assert_eq!(numbers("Thị xã, thành phố").1.len(), 2);
        assert_eq!(numbers("").1.len(), 1);
    }
}
