//! Where difficulties are raised.

use super::super::pattern::patterns;
use super::super::words::{self, after, before};
use super::super::{CERTAIN, LOOSE};
use super::{Proposal, Sentence, limits, merged};
use crate::plans::parameters::Parameters;

patterns! {
    RAISE = r"(?:phản ánh|báo cáo|thông tin|liên hệ|trao đổi|gửi|kịp thời)(?: kịp thời| ngay| bằng văn bản)?(?: về| với| đến| cho| tới)? ";
}

/// Words that end the name of the body.
const ENDS: [&str; 7] = [" (", " qua ", " thông qua ", " để ", ";", " xem xét", ", "];

/// The rule on difficulties.
pub(super) fn of(sentences: &[Sentence<'_>]) -> Vec<Proposal> {
    let is_about = |sentence: &&Sentence<'_>| words::has(&sentence.key, &["vướng mắc", "phát sinh"]);
    merged(sentences.iter().filter(is_about).filter_map(read).collect(), PartialEq::eq, |_, _| {})
}

fn read(sentence: &Sentence<'_>) -> Option<Proposal> {
    let from = words::first_of(&sentence.key, &["vướng mắc", "phát sinh"])?;
    let rest = after(&sentence.key, from);
    // The first verb that a name follows.
    let (start, to) = RAISE.find_all(rest).into_iter().find_map(|hit| {
        let start = from.saturating_add(hit.end);
        let name = after(sentence.text, start);
        let end = words::first_of(&words::key(name), &ENDS).unwrap_or(name.len());
        let name = before(name, end).trim().trim_end_matches(['.', '/', ',']).trim();
        name.starts_with(char::is_uppercase).then(|| (start, words::clip(name, 200).to_owned()))
    })?;
    let through = limits::through(sentence);
    let confidence = if sentence.key.contains("khó khăn") || sentence.clause.reference == "closing" { CERTAIN } else { LOOSE };
    Some(sentence.propose(Parameters::ObstacleRoute { to, through }, confidence, start, sentence.text))
}
