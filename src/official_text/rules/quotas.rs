//! How many model sites each level nominates, selects or holds.

use super::super::pattern::{group, patterns, whole};
use super::super::words::{self, after};
use super::super::{CERTAIN, INFERRED, LOOSE, WEAK};
use super::{Proposal, Sentence, merged};
use crate::plans::parameters::{Compare, Measure, Parameters, QuotaBy};
use crate::sites::model::SiteKind;

patterns! {
    QUOTA = r#"(lựa chọn|chọn|đề xuất|đề cử|giới thiệu|đăng ký|tổ chức)(?: (?:và )?(?:tổ chức|chỉ đạo|xây dựng|điểm))?(?: (ít nhất|tối thiểu|không dưới|không ít hơn|không quá|tối đa|nhiều nhất|đúng|từ))? ([0-9]{1,3}|một|hai|ba|bốn|năm|sáu|bảy|bẩy|tám|chín|mười)(?: \([^()]{1,12}\))? ("?điểm"?|địa bàn dân cư|địa bàn|khu dân cư|thôn|bản|tổ dân phố|xã|phường|thị trấn|cơ quan|doanh nghiệp|đơn vị|cơ sở giáo dục|trường)([^,;.]{0,40}trở lên)?"#;
    RAISED = r#"để (?:ban chỉ đạo|bcđ|ủy ban nhân dân|ubnd|công an)[^,;.]{0,40}(?:lựa chọn|xét chọn|chọn|xem xét|quyết định)"#;
}

/// Words of a level, from the most telling one.
const LEVELS: [(&str, QuotaBy); 40] = [
    ("từng cấp", QuotaBy::EachLevel),
    ("mỗi cấp", QuotaBy::EachLevel),
    ("các cấp", QuotaBy::EachLevel),
    ("cấp huyện", QuotaBy::District),
    ("mỗi huyện", QuotaBy::District),
    ("từng huyện", QuotaBy::District),
    ("các huyện", QuotaBy::District),
    ("mỗi quận", QuotaBy::District),
    ("các quận", QuotaBy::District),
    ("huyện, thành phố", QuotaBy::District),
    ("huyện, thị xã", QuotaBy::District),
    ("thị xã, thành phố", QuotaBy::District),
    ("138 huyện", QuotaBy::District),
    ("138 quận", QuotaBy::District),
    ("cấp xã", QuotaBy::Commune),
    ("mỗi xã", QuotaBy::Commune),
    ("từng xã", QuotaBy::Commune),
    ("các xã", QuotaBy::Commune),
    ("mỗi phường", QuotaBy::Commune),
    ("xã, phường", QuotaBy::Commune),
    ("138 xã", QuotaBy::Commune),
    ("138 phường", QuotaBy::Commune),
    ("ubnd xã", QuotaBy::Commune),
    ("ủy ban nhân dân xã", QuotaBy::Commune),
    ("138 tỉnh", QuotaBy::Province),
    ("138 thành phố", QuotaBy::Province),
    ("cấp tỉnh", QuotaBy::Province),
    ("toàn tỉnh", QuotaBy::Province),
    ("tỉnh", QuotaBy::Province),
    ("thành phố", QuotaBy::Province),
    ("từng cơ quan", QuotaBy::Agency),
    ("mỗi cơ quan", QuotaBy::Agency),
    ("các cơ quan", QuotaBy::Agency),
    ("cơ quan, đơn vị", QuotaBy::Agency),
    ("mỗi đơn vị", QuotaBy::Agency),
    ("nhà trường", QuotaBy::Agency),
    ("các trường", QuotaBy::Agency),
    ("mỗi trường", QuotaBy::Agency),
    ("sở, ban, ngành", QuotaBy::Agency),
    ("sở, ngành", QuotaBy::Agency),
];

/// The quotas of a text; one that is printed twice is one rule.
pub(super) fn of(sentences: &[Sentence<'_>]) -> Vec<Proposal> {
    let found = sentences.iter().filter(|sentence| is_about(sentence)).flat_map(read).collect();
    merged(found, is_same, |_, _| {})
}

fn is_about(sentence: &Sentence<'_>) -> bool {
    words::has(&sentence.key, &["điểm", "ngày hội", "địa bàn", "khu dân cư"])
        && words::has(&sentence.key, &["chọn", "đề ", "giới thiệu", "đăng ký", "tổ chức"])
}

fn is_same(one: &Parameters, other: &Parameters) -> bool {
    let (
        Parameters::Quota { by, measure, compare, count, pilot, site_kind },
        Parameters::Quota { by: by_2, measure: measure_2, compare: compare_2, count: count_2, pilot: pilot_2, site_kind: kind_2 },
    ) = (one, other)
    else {
        return false;
    };
    (by, measure, compare, count, pilot) == (by_2, measure_2, compare_2, count_2, pilot_2)
        && (site_kind == kind_2 || site_kind.is_none() || kind_2.is_none())
}

fn read(sentence: &Sentence<'_>) -> Vec<Proposal> {
    let key = &sentence.key;
    let mut start = 0;
    let mut all = Vec::new();
    for captures in QUOTA.captures_all(key) {
        let range = whole(&captures);
        // Who it is for stands between the last quota and this one, or else in the heading.
        let subject = words::cut(key, start, range.start);
        start = range.end;
        if let Some(proposal) = quota(sentence, &captures, subject) {
            all.push(proposal);
        }
    }
    all
}

fn quota(sentence: &Sentence<'_>, captures: &regex::Captures<'_>, subject: &str) -> Option<Proposal> {
    let range = whole(captures);
    let (verb, qualifier, noun) = (group(captures, 1), group(captures, 2), group(captures, 4));
    let rest = after(&sentence.key, range.end);
    let pilot = noun.contains("điểm") || speaks_of_pilots(&sentence.key);
    // "Chọn 02 đơn vị khen thưởng" is about something else.
    if !pilot && !sentence.key.contains("ngày hội") {
        return None;
    }
    let is_raised = RAISED.is_in(rest);
    let measure = match verb {
        "lựa chọn" | "chọn" if !is_raised => Measure::Selected,
        "tổ chức" => Measure::Held,
        _ => Measure::Nominated,
    };
    let compare = match qualifier {
        "ít nhất" | "tối thiểu" | "không dưới" | "không ít hơn" => Compare::AtLeast,
        "không quá" | "tối đa" | "nhiều nhất" => Compare::AtMost,
        _ if captures.get(5).is_some() => Compare::AtLeast,
        "từ" => return None,
        _ => Compare::Exactly,
    };
    let (by, confidence) = by(subject, &sentence.context)?;
    let confidence = if measure == Measure::Held && !pilot { LOOSE.min(confidence) } else { confidence };
    let count = words::number(group(captures, 3))?;
    let quote = words::cut(sentence.text, range.start, range.end);
    let parameters = Parameters::Quota { by, measure, compare, count, pilot, site_kind: site_kind(noun) };
    Some(sentence.propose(parameters, confidence, range.start, quote))
}

/// The level named last before the verb, or else the one that the headings name.
fn by(subject: &str, context: &str) -> Option<(QuotaBy, f64)> {
    let last = |text: &str| {
        let hits = LEVELS.iter().filter_map(|(word, by)| text.rfind(word).map(|at| (at.saturating_add(word.len()), word.len(), *by)));
        hits.max_by_key(|(end, len, _)| (*end, *len)).map(|(_, _, by)| by)
    };
    if let Some(by) = last(subject) {
        return Some((by, CERTAIN));
    }
    let own = context.rsplit(" | ").next().unwrap_or("");
    last(own).map(|by| (by, INFERRED)).or_else(|| last(context).map(|by| (by, WEAK)))
}

/// Whether "điểm" stands for a model site, and not within "trọng điểm", "địa điểm", "thời điểm" and the like.
fn speaks_of_pilots(key: &str) -> bool {
    const OTHERS: [&str; 6] = ["trọng ", "địa ", "thời ", "đặc ", "quan ", "ưu "];
    key.match_indices("điểm").any(|(at, _)| !OTHERS.iter().any(|word| words::before(key, at).ends_with(word)))
}

fn site_kind(noun: &str) -> Option<SiteKind> {
    match noun {
        "địa bàn dân cư" | "khu dân cư" | "thôn" | "bản" | "tổ dân phố" => Some(SiteKind::ResidentialArea),
        "xã" => Some(SiteKind::Commune),
        "phường" => Some(SiteKind::Ward),
        "thị trấn" => Some(SiteKind::Township),
        "cơ quan" | "đơn vị" => Some(SiteKind::Agency),
        "doanh nghiệp" => Some(SiteKind::Enterprise),
        "cơ sở giáo dục" | "trường" => Some(SiteKind::EducationalInstitution),
        _ => None,
    }
}
