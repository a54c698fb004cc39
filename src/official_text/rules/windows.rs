//! The period of the events.

use super::super::{WEAK, dates, words};
use super::{Proposal, Sentence, merged};
use crate::plans::parameters::Parameters;

/// Words that a sentence on the period of the events has, in itself or above it.
const ABOUT: [&str; 7] =
    ["ngày hội tổ chức", "ngày hội được tổ chức", "thời gian", "tổ chức ngày hội", "diễn ra", "tổ chức tập trung", "tổ chức trong"];
/// Words of sentences on other periods.
const NOT: [&str; 6] = ["số liệu", "đăng ký", "báo cáo", "giai đoạn", "nhiệm kỳ", "kiểm tra"];

/// The periods that a text gives; more than one is a contradiction, and weakens each.
pub(super) fn of(sentences: &[Sentence<'_>], year: Option<i32>) -> Vec<Proposal> {
    let found = sentences.iter().filter(|sentence| is_about(sentence)).flat_map(|sentence| read(sentence, year)).collect();
    let mut all = merged(found, PartialEq::eq, |_, _| {});
    if all.len() > 1 {
        for proposal in &mut all {
            proposal.confidence = WEAK;
        }
    }
    all
}

fn is_about(sentence: &Sentence<'_>) -> bool {
    let own = sentence.context.rsplit(" | ").next().unwrap_or("");
    words::has(&sentence.key, &["từ ", "tháng "])
        && (words::has(&sentence.key, &ABOUT) || own.contains("thời gian"))
        && !words::has(&sentence.key, &NOT)
}

fn read(sentence: &Sentence<'_>, year: Option<i32>) -> Vec<Proposal> {
    let mut periods = dates::periods(&sentence.key, year);
    if periods.is_empty() && dates::all(&sentence.key).is_empty() {
        periods.extend(dates::months(&sentence.key));
    }
    let propose = |period: dates::Period| {
        let quote = words::cut(sentence.text, period.range.start, period.range.end);
        sentence.propose(Parameters::EventWindow { from: period.from, to: period.to }, period.confidence, period.range.start, quote)
    };
    periods.into_iter().map(propose).collect()
}
