//! Where the festival is held: kinds of site, areas that come first, suitability; and how: thrift.

use super::super::pattern::patterns;
use super::super::words;
use super::super::{CERTAIN, INFERRED, LOOSE};
use super::{Proposal, Sentence, merged};
use crate::plans::model::Obligation;
use crate::plans::parameters::Parameters;
use crate::sites::dto::PriorityReason as Area;
use crate::sites::model::SiteKind;

patterns! {
    HELD_AT = r"tổ chức (?:chủ yếu |tập trung |ngày hội )?(?:ở|tại) ";
}

const KINDS: [(&str, SiteKind); 7] = [
    ("khu dân cư", SiteKind::ResidentialArea),
    ("xã", SiteKind::Commune),
    ("phường", SiteKind::Ward),
    ("thị trấn", SiteKind::Township),
    ("cơ quan", SiteKind::Agency),
    ("doanh nghiệp", SiteKind::Enterprise),
    ("cơ sở giáo dục", SiteKind::EducationalInstitution),
];

const AREAS: [(&[&str], Area); 5] = [
    (&["trọng điểm", "phức tạp về an ninh"], Area::PriorityArea),
    (&["dân tộc"], Area::EthnicMinorityArea),
    (&["tôn giáo"], Area::ReligiousArea),
    (&["khu công nghiệp"], Area::IndustrialZone),
    (&["khu đô thị"], Area::UrbanZone),
];

/// The rules on places.
pub(super) fn of(sentences: &[Sentence<'_>]) -> Vec<Proposal> {
    let kinds = merged(sentences.iter().filter_map(kinds).collect(), |_, _| true, |_, _| {});
    let areas = merged(sentences.iter().filter_map(areas).collect(), |_, _| true, |_, _| {});
    let suitability = merged(sentences.iter().filter_map(suitability).collect(), |_, _| true, |_, _| {});
    let principles = sentences.iter().filter_map(principle).take(20);
    kinds.into_iter().chain(areas).chain(suitability).chain(principles).collect()
}

/// Whether a word stands in a text as a word of its own.
fn has_word(text: &str, word: &str) -> bool {
    text.match_indices(word).any(|(at, _)| {
        let (head, rest) = (words::before(text, at), words::after(text, at.saturating_add(word.len())));
        let is_part = head.ends_with(char::is_alphabetic) || rest.starts_with(char::is_alphabetic);
        !(is_part || word == "xã" && rest.starts_with(" hội"))
    })
}

fn kinds(sentence: &Sentence<'_>) -> Option<Proposal> {
    if !sentence.key.contains("tổ chức") {
        return None;
    }
    let hit = HELD_AT.find(&sentence.key)?;
    let list = words::after(&sentence.key, hit.end);
    let kinds: Vec<SiteKind> = KINDS.iter().filter(|(word, _)| has_word(list, word)).map(|(_, kind)| *kind).collect();
    let is_festival = sentence.key.contains("ngày hội");
    if kinds.len() < 2 || words::has(words::before(&sentence.key, hit.start), &["khuyến khích", "chú trọng"]) {
        return None;
    }
    let confidence = if is_festival && kinds.len() >= 3 { CERTAIN } else { LOOSE };
    Some(sentence.propose(Parameters::SiteKinds { kinds }, confidence, hit.start, sentence.text))
}

fn areas(sentence: &Sentence<'_>) -> Option<Proposal> {
    let key = &sentence.key;
    let verb = words::first_of(key, &["chú trọng", "ưu tiên", "quan tâm", "lựa chọn", "tập trung"])?;
    let list = words::after(key, verb);
    let areas: Vec<Area> = AREAS.iter().filter(|(marks, _)| words::has(list, marks)).map(|(_, area)| *area).collect();
    // An area is "key" when it is called so; "điểm" alone is the model site.
    let is_place = words::has(key, &["địa bàn", "vùng", "khu "]) && words::has(key, &["tổ chức", "chọn"]);
    if areas.len() < 2 || !is_place {
        return None;
    }
    let open = words::has(list, &["...", "v.v"]);
    let confidence = if key.contains("điểm\"") || key.contains("ngày hội") { CERTAIN } else { LOOSE };
    Some(sentence.propose(Parameters::PriorityAreas { areas, open }, confidence, verb, sentence.text))
}

fn suitability(sentence: &Sentence<'_>) -> Option<Proposal> {
    let at = sentence.key.find("thuận lợi cho")?;
    let parts = [words::has(&sentence.key, &["đi lại"]), words::has(&sentence.key, &["điểm", "địa bàn", "ngày hội"])];
    let confidence = match parts {
        [true, true] => CERTAIN,
        [false, true] => LOOSE,
        _ => return None,
    };
    Some(sentence.propose(Parameters::SiteSuitability {}, confidence, at, sentence.text))
}

fn principle(sentence: &Sentence<'_>) -> Option<Proposal> {
    let at = words::first_of(&sentence.key, &["tiết kiệm", "lãng phí"])?;
    let is_purpose = words::has(&sentence.context, &["mục đích", "yêu cầu"]);
    let confidence = if is_purpose { CERTAIN } else { INFERRED };
    let parameters = Parameters::Principle { text: sentence.text.to_owned() };
    let proposal = sentence.propose(parameters, confidence, at, sentence.text);
    Some(Proposal { obligation: if proposal.obligation == Obligation::May { Obligation::Should } else { proposal.obligation }, ..proposal })
}
