//! Short names: those that the text defines, and abbreviations that it uses.

use super::draft::{Alias, Draft};
use super::paragraphs::Paragraph;
use super::pattern::{patterns, whole};
use super::words::{self, before, cut};
use super::{CERTAIN, LOOSE, WEAK};
use std::collections::HashSet;
use unicode_normalization::UnicodeNormalization;

patterns! {
    DEFINED = r"\((?:sau đây )?(?:gọi|viết) (?:tắt|chung) là:? ?([^()]{1,120})\)";
    BRACKETS = r"\(([\p{Lu}]{2,8})\)";
    ABBREVIATION = r"[\p{Lu}]{2,6}";
}

/// Abbreviations looked at, at most; more are no text of this kind.
const MAX: usize = 60;

/// Short names, in the order in which they first stand in the text.
pub(super) fn of(all: &[Paragraph], draft: &Draft) -> Vec<Alias> {
    let mut aliases: Vec<Alias> = Vec::new();
    let mut known: HashSet<String> = HashSet::new();
    for paragraph in all {
        if !paragraph.text.contains('(') {
            continue;
        }
        for alias in defined(paragraph, draft).into_iter().chain(bracketed(paragraph)) {
            if aliases.len() < MAX && known.insert(alias.short.clone()) {
                aliases.push(alias);
            }
        }
    }
    for paragraph in all {
        for alias in used(paragraph) {
            if aliases.len() < MAX && known.insert(alias.short.clone()) {
                let long = spelled_out(&alias.short, all);
                aliases.push(Alias { confidence: if long.is_some() { LOOSE } else { WEAK }, long, ..alias });
            }
        }
    }
    let composed: Vec<Alias> =
        aliases.iter().filter(|alias| alias.is_defined).filter_map(|alias| shortened(alias, &aliases, all)).collect();
    aliases.extend(composed.into_iter().filter(|alias| known.insert(alias.short.clone())));
    for alias in &mut aliases {
        alias.clause = clause_at(draft, alias.line);
    }
    aliases.sort_by_key(|alias| alias.line);
    aliases
}

fn alias(short: &str, long: Option<String>, is_defined: bool, confidence: f64, quote: &str, paragraph: &Paragraph) -> Alias {
    let (short, quote) = (short.trim().to_owned(), words::clip(quote.trim(), 200).to_owned());
    Alias { short, long, is_defined, confidence, quote, line: words::line_no(paragraph.from), clause: None }
}

/// "… (gọi tắt là …)": the long form is the quoted words before it, or the issuer's name.
fn defined(paragraph: &Paragraph, draft: &Draft) -> Vec<Alias> {
    let read = |captures: &regex::Captures<'_>| {
        let (range, short) = (whole(captures), captures.get(1)?);
        let short = cut(&paragraph.text, short.start(), short.end());
        let head = before(&paragraph.text, range.start).trim_end();
        let issuer = draft.issuer.as_ref().map(|issuer| issuer.value.name.clone()).filter(|name| head.ends_with(name.as_str()));
        let quoted = head.strip_suffix('"').and_then(|inner| inner.rsplit_once('"')).map(|(_, inner)| inner.to_owned());
        let confidence = if issuer.is_some() || quoted.is_some() { CERTAIN } else { WEAK };
        let quote = cut(&paragraph.text, range.start, range.end);
        Some(alias(short.trim_matches('"'), issuer.or(quoted), true, confidence, quote, paragraph))
    };
    DEFINED.captures_all(&paragraph.key).iter().filter_map(read).collect()
}

/// "an ninh Tổ quốc (ANTQ)": as many words before it as it has letters, with those initials.
fn bracketed(paragraph: &Paragraph) -> Vec<Alias> {
    let read = |captures: &regex::Captures<'_>| {
        let short = captures.get(1)?.as_str();
        let head = words::tail(before(&paragraph.text, whole(captures).start), 400);
        let long = last_words(head, short.chars().count()).filter(|long| initials(long) == folded(short))?;
        let quote = format!("{long} ({short})");
        Some(alias(short, Some(long), true, CERTAIN, &quote, paragraph))
    };
    BRACKETS.captures_all(&paragraph.text).iter().filter_map(read).collect()
}

/// Abbreviations within running text, outside of document symbols and lines in capitals.
fn used(paragraph: &Paragraph) -> Vec<Alias> {
    // Lines in capitals shorten nothing, and the archive line names units by mark.
    if words::is_caps(&paragraph.text)
        || !paragraph.text.contains(char::is_uppercase)
        || paragraph.key.trim_start_matches(['-', ' ']).starts_with("lưu:")
    {
        return Vec::new();
    }
    let read = |range: std::ops::Range<usize>| {
        let short = cut(&paragraph.text, range.start, range.end);
        let (head, rest) = (before(&paragraph.text, range.start), words::after(&paragraph.text, range.end));
        let is_symbol = head.ends_with(['/', '-']) && !head.ends_with(" -") || rest.starts_with('/');
        let is_part =
            head.ends_with(char::is_alphanumeric) || rest.starts_with(char::is_alphanumeric) || (rest.starts_with('-') && is_symbol);
        let is_roman = short.chars().all(|c| matches!(c, 'I' | 'V' | 'X'));
        (!is_symbol && !is_part && !is_roman && words::tail(head, 2) != "ố ").then(|| {
            let quote = format!("{}{short}{}", words::tail(head, 40), words::clip(rest, 30));
            alias(short, None, false, WEAK, &quote, paragraph)
        })
    };
    ABBREVIATION.find_all(&paragraph.text).into_iter().take(MAX).filter_map(read).collect()
}

/// Words of the text that begin with a capital and have these initials: "Xây dựng phong trào" for XDPT.
fn spelled_out(short: &str, all: &[Paragraph]) -> Option<String> {
    let wanted = folded(short);
    let count = wanted.chars().count();
    if count < 3 {
        return None;
    }
    all.iter().filter(|paragraph| !words::is_caps(&paragraph.text)).take(2_000).find_map(|paragraph| {
        let list: Vec<&str> = words::clip(&paragraph.text, 4_000).split(' ').collect();
        list.windows(count).find_map(|window| {
            let is_start = window.first().is_some_and(|word| word.starts_with(char::is_uppercase) && !words::is_caps(word));
            let is_whole = window.iter().all(|word| word.chars().all(char::is_alphabetic));
            let long = window.join(" ");
            (is_start && is_whole && initials(&long) == wanted).then_some(long)
        })
    })
}

/// "Ban Chỉ đạo 138 tỉnh" is also printed "BCĐ 138 tỉnh": the defined name with an abbreviation within it.
fn shortened(defined: &Alias, aliases: &[Alias], all: &[Paragraph]) -> Option<Alias> {
    aliases.iter().filter(|other| !other.is_defined).find_map(|other| {
        let long = other.long.as_ref()?;
        let short = defined.short.strip_prefix(long.as_str()).map(|rest| format!("{}{rest}", other.short))?;
        let paragraph = all.iter().find(|paragraph| paragraph.text.contains(&short))?;
        Some(alias(&short, Some(defined.short.clone()), false, LOOSE, &paragraph.text, paragraph))
    })
}

fn last_words(text: &str, count: usize) -> Option<String> {
    let list: Vec<&str> = text.split_whitespace().collect();
    list.get(list.len().checked_sub(count)?..).map(|words| words.join(" "))
}

fn folded(text: &str) -> String {
    text.nfd().flat_map(char::to_lowercase).filter(|c| c.is_alphabetic()).collect()
}

fn initials(text: &str) -> String {
    text.split(' ').filter_map(|word| folded(word).chars().next()).collect()
}

/// The clause of a line; the list of recipients counts as one.
fn clause_at(draft: &Draft, line: u32) -> Option<String> {
    if draft.recipients.iter().any(|recipient| recipient.line == line) {
        return Some("recipients".to_owned());
    }
    let at = draft.clauses.iter().rfind(|clause| clause.line_from <= line && line <= clause.line_to);
    at.map(|clause| clause.reference.clone())
}
