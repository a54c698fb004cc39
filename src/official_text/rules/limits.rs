//! Limits of the results report.

use super::super::pattern::{group, patterns, whole};
use super::super::words::{self, after, before, cut};
use super::super::{LOOSE, dates};
use super::{Proposal, Sentence, merged};
use crate::plans::parameters::Parameters;

patterns! {
    LIMIT = r"(?:(trước)|chậm nhất|muộn nhất|(?:đến |trước )hết|không quá|không muộn hơn|hạn cuối|hoàn thành đến)(?: (?:là|đến|vào|hết))*(?: ([0-9]{1,2}) ?(?:giờ|h)[ 0-9h,]*(?:phút,? ?)?)? ?(ngày )";
    RECEIVER = r"(?:báo cáo|gửi|thông tin|tổng hợp)[^;]{0,400}?(?: về| cho| đến| tới| gửi| với) ";
    THROUGH = r"\(?(?:thông )?qua ";
}

/// Words that end the name of a receiver.
const ENDS: [&str; 14] = [
    " (",
    ")",
    " trước ",
    " chậm nhất",
    " muộn nhất",
    " không quá",
    " đến hết",
    " qua ",
    " thông qua ",
    " để ",
    " theo ",
    " đúng ",
    " kết quả",
    ";",
];

/// The limits that a text gives.
pub(super) fn of(sentences: &[Sentence<'_>], year: Option<i32>) -> Vec<Proposal> {
    let found = sentences.iter().filter(|sentence| sentence.key.contains("báo cáo")).flat_map(|sentence| read(sentence, year)).collect();
    merged(found, PartialEq::eq, |_, _| {})
}

fn read(sentence: &Sentence<'_>, year: Option<i32>) -> Vec<Proposal> {
    let key = &sentence.key;
    let propose = |captures: regex::Captures<'_>| {
        let range = whole(&captures);
        let start = captures.get(3).map_or(range.end, |word| word.start());
        let (on, len, sure) = dates::at_start(after(key, start), year)?;
        // A limit on something else, such as the sending of a plan, has its own verb between.
        let head = before(key, range.start);
        if head.rfind("báo cáo").is_none() && !after(key, start).contains("báo cáo") {
            return None;
        }
        let has_hour = !group(&captures, 2).is_empty();
        let inclusive = captures.get(1).is_none() || has_hour || cut(key, range.start, start).contains("hết");
        let confidence = if has_hour { sure.min(LOOSE) } else { sure };
        let (receiver, through) = (receiver(sentence), through(sentence));
        let quote = cut(sentence.text, range.start, start.saturating_add(len));
        // Opening, grace and closing are for an official to add: no plan that was read words them.
        let limit = Parameters::ReportLimit { on, inclusive, receiver, through, opens_on: None, grace_days: None, closes_on: None };
        Some(sentence.propose(limit, confidence, range.start, quote))
    };
    LIMIT.captures_all(key).into_iter().filter_map(propose).collect()
}

fn name(text: &str, ends: &[&str]) -> Option<String> {
    let key = words::key(text);
    let end = words::first_of(&key, ends).unwrap_or(text.len());
    let name = before(text, end).trim().trim_end_matches([',', '.', ';', '/']).trim();
    (!name.is_empty() && name.starts_with(char::is_uppercase)).then(|| words::clip(name, 200).to_owned())
}

/// The body that a report goes to.
pub(super) fn receiver(sentence: &Sentence<'_>) -> Option<String> {
    let from = sentence.key.find("báo cáo").unwrap_or(0);
    let mut rest = from;
    // The first of the words "về, cho …" that a name follows: "báo cáo kết quả về việc … về Ban Chỉ đạo".
    for _ in 0..6 {
        rest = RECEIVER.find(after(&sentence.key, from.max(rest))).map(|hit| from.max(rest).saturating_add(hit.end))?;
        if let Some(name) = name(after(sentence.text, rest), &ENDS) {
            return Some(name);
        }
    }
    None
}

/// The body through which it goes.
pub(super) fn through(sentence: &Sentence<'_>) -> Option<String> {
    let hits = THROUGH.find_all(&sentence.key);
    hits.into_iter().find_map(|hit| {
        let is_word =
            before(&sentence.key, hit.start).ends_with([' ', '(']) || sentence.key.get(hit.clone()).is_some_and(|s| s.starts_with('('));
        let ends = [")", " trước ", " chậm nhất", " muộn nhất", " đến hết", " để ", ";"];
        is_word.then(|| name(after(sentence.text, hit.end), &ends)).flatten()
    })
}
