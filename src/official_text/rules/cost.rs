//! Limits of cost.

use super::super::pattern::{group, patterns, whole};
use super::super::words;
use super::super::{CERTAIN, LOOSE};
use super::{Proposal, Sentence, merged};
use crate::plans::parameters::{CostPer, Parameters};

patterns! {
    COST = r"(?:không quá|tối đa|không vượt quá|không vượt|mức chi) ([0-9]{1,3}(?:[.,][0-9]{1,3})*|[0-9]{1,12}) ?(triệu |tỷ |nghìn |ngàn )?(?:đồng|đ\b|vnđ)";
}

/// The limits of cost that a text gives.
pub(super) fn of(sentences: &[Sentence<'_>]) -> Vec<Proposal> {
    let found = sentences.iter().filter(|sentence| words::has(&sentence.key, &["đồng", "vnđ", "đ/"])).flat_map(read).collect();
    merged(found, PartialEq::eq, |_, _| {})
}

fn read(sentence: &Sentence<'_>) -> Vec<Proposal> {
    let propose = |captures: regex::Captures<'_>| {
        let range = whole(&captures);
        let amount_vnd = amount(group(&captures, 1), group(&captures, 2).trim())?;
        let rest = words::clip(words::after(&sentence.key, range.end), 60);
        let (per, confidence) = if words::has(rest, &["điểm", "địa bàn", "khu dân cư", "mỗi nơi"]) {
            (CostPer::Site, CERTAIN)
        } else if words::has(rest, &["người", "lượt", "đại biểu"]) {
            (CostPer::Attendance, CERTAIN)
        } else {
            (CostPer::Campaign, LOOSE)
        };
        let quote = words::cut(sentence.text, range.start, range.end);
        Some(sentence.propose(Parameters::CostLimit { amount_vnd, per }, confidence, range.start, quote))
    };
    COST.captures_all(&sentence.key).into_iter().filter_map(propose).collect()
}

/// Whole đồng: dots part thousands; before "triệu" and "tỷ" a comma is a decimal one.
fn amount(digits: &str, unit: &str) -> Option<i64> {
    let factor: i64 = match unit {
        "nghìn" | "ngàn" => 1_000,
        "triệu" => 1_000_000,
        "tỷ" => 1_000_000_000,
        _ => 1,
    };
    if factor == 1 {
        return digits.replace(['.', ','], "").parse().ok();
    }
    let (whole, part) = digits.split_once(',').unwrap_or((digits, ""));
    let whole: i64 = whole.replace('.', "").parse().ok()?;
    let scale = 10_i64.checked_pow(u32::try_from(part.len()).ok()?)?;
    let part: i64 = if part.is_empty() { 0 } else { part.parse().ok()? };
    whole.checked_mul(factor)?.checked_add(part.checked_mul(factor)?.checked_div(scale)?)
}

#[cfg(test)]
mod tests {
    use super::amount;

    #[test]
    fn amounts_are_whole_dong() {
        assert_eq!(amount("35.000.000", ""), Some(35_000_000));
        assert_eq!(amount("35", "triệu"), Some(35_000_000));
        assert_eq!(amount("1,5", "tỷ"), Some(1_500_000_000));
        assert_eq!(amount("99999999999999999999", ""), None);
    }
}
