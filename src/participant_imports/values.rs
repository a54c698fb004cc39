//! Codes of a row, or what officials write for them.

use crate::participants::identity::folded;
use crate::participants::model::{AgeBand, ParticipantCategory, ParticipantKind};
use crate::participants::template;
use std::collections::HashMap;
use std::sync::OnceLock;

/// A kind by its code or its name.
pub fn kind(text: &str) -> Option<ParticipantKind> {
    let by_code = ParticipantKind::ALL.iter().copied().find(|kind| kind.as_str() == text);
    by_code.or_else(|| match folded(text).as_str() {
        "ca nhan" | "person" => Some(ParticipantKind::Person),
        "tap the" | "collective" => Some(ParticipantKind::Collective),
        _ => None,
    })
}

/// Short names, beside the labels that documents use.
const CATEGORIES: [(&str, ParticipantCategory); 14] = [
    ("lanh dao tinh", ParticipantCategory::ProvincialLeader),
    ("thanh vien ban chi dao", ParticipantCategory::CommitteeMember),
    ("lanh dao dia phuong", ParticipantCategory::LocalLeader),
    ("luc luong phong trao", ParticipantCategory::MovementForce),
    ("luc luong xay dung phong trao", ParticipantCategory::MovementForce),
    ("duoc khen thuong", ParticipantCategory::Commended),
    ("nguoi co uy tin", ParticipantCategory::CommunityElder),
    ("bao chi", ParticipantCategory::Press),
    ("phong vien", ParticipantCategory::Press),
    ("mat tran va doan the", ParticipantCategory::FrontAndUnions),
    ("dai bieu dia phuong khac", ParticipantCategory::VisitingDelegate),
    ("nhan dan", ParticipantCategory::Resident),
    ("nguoi dan", ParticipantCategory::Resident),
    ("khac", ParticipantCategory::Other),
];

/// A category by its code, its label or a short name of it.
pub fn category(text: &str) -> Option<ParticipantCategory> {
    static NAMES: OnceLock<HashMap<String, ParticipantCategory>> = OnceLock::new();
    if let Some(category) = ParticipantCategory::ALL.iter().copied().find(|category| category.as_str() == text) {
        return Some(category);
    }
    let names = NAMES.get_or_init(|| {
        let all = ParticipantCategory::ALL.iter().copied();
        let labels = all.flat_map(|category| {
            let label = template::label(category);
            [(folded(&label.vi), category), (folded(&label.en), category), (folded(category.as_str()), category)]
        });
        labels.chain(CATEGORIES.iter().map(|(name, category)| ((*name).to_owned(), *category))).collect()
    });
    names.get(&folded(text)).copied()
}

/// A band of age by its code or as it is written: "dưới 16", "16–30", "từ 31 đến 60", "trên 60".
pub fn age_band(text: &str) -> Option<AgeBand> {
    if let Some(band) = AgeBand::ALL.iter().copied().find(|band| band.as_str() == text) {
        return Some(band);
    }
    let words = folded(text);
    let kept: Vec<&str> = words.split(' ').filter(|word| !matches!(*word, "tu" | "den" | "tuoi" | "to")).collect();
    match kept.as_slice() {
        ["duoi" | "under", "16"] => Some(AgeBand::Under16),
        ["16", "30"] => Some(AgeBand::From16To30),
        ["31", "60"] => Some(AgeBand::From31To60),
        ["tren" | "over", "60"] => Some(AgeBand::Over60),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_officials_write_is_understood_and_nothing_is_guessed() {
        assert_eq!(kind("Tập thể"), Some(ParticipantKind::Collective));
        assert_eq!(kind("Nhóm"), None);
        for known in ParticipantCategory::ALL {
            assert_eq!(category(known.as_str()), Some(*known));
            assert_eq!(category(&template::label(*known).vi.to_uppercase()), Some(*known));
        }
        assert_eq!(category("Người có uy tín"), Some(ParticipantCategory::CommunityElder));
        assert_eq!(category("Người có uy"), None);
        assert_eq!(age_band("Từ 31 đến 60 tuổi"), Some(AgeBand::From31To60));
        assert_eq!(age_band("16–30"), Some(AgeBand::From16To30));
        assert_eq!(age_band("1958"), None);
    }
}
