//! The parts of a text: header, title, preamble, body, footer.

use super::draft::DocumentKind;
use super::kinds;
use super::numbering::{self, Mark};
use super::paragraphs::Paragraph;
use super::words;
use std::ops::Range;

/// Where the parts stand, as places in the list of paragraphs.
#[derive(Debug, Clone, Default)]
pub(super) struct Layout {
    /// Everything before the kind.
    pub(super) header: Range<usize>,
    /// The line with the kind, the kind, the length of its word, and how sure that is.
    pub(super) kind: Option<(usize, DocumentKind, usize, f64)>,
    /// The lines of the title below the kind.
    pub(super) title: Range<usize>,
    /// What the plan rests on.
    pub(super) preamble: Range<usize>,
    /// Sections, with closing words and footnotes.
    pub(super) body: Range<usize>,
    /// Recipients and signature.
    pub(super) footer: Range<usize>,
}

/// Words with which the preamble begins.
const BASIS: [&str; 8] = ["căn cứ", "thực hiện", "theo ", "để ", "nhằm ", "tiếp tục", "trên cơ sở", "- căn cứ"];
/// Titles that head a signature.
const TITLES: [&str; 10] = [
    "hiệu trưởng",
    "chủ tịch",
    "trưởng ban",
    "giám đốc",
    "bí thư",
    "cục trưởng",
    "vụ trưởng",
    "thủ trưởng",
    "chánh văn phòng",
    "trưởng phòng",
];
/// Marks of a capacity.
pub(super) const CAPACITIES: [&str; 8] = ["TM.", "KT.", "TL.", "TUQ.", "Q.", "T/M", "K/T", "T/L"];
/// Lines in which a kind is looked for, and lines that a title may take.
const HEADER_LINES: usize = 40;
const TITLE_LINES: usize = 4;

/// Finds the parts.
pub(super) fn of(all: &[Paragraph]) -> Layout {
    let kind = kind(all);
    let top = kind.map_or(0, |(at, ..)| at.saturating_add(1));
    let start = |from: usize| all.iter().skip(from).position(is_numbered).map(|at| at.saturating_add(from));
    let end = |from: usize| all.iter().skip(from).position(is_footer).map_or(all.len(), |at| at.saturating_add(from));
    let footer = end(start(top).unwrap_or(top));
    let body = start(top).unwrap_or(footer).min(footer);
    let title = top..top.saturating_add(title_lines(all.get(top..body).unwrap_or(&[]), kind.is_some()));
    let preamble_from = match kind {
        Some(_) => title.end,
        None => all.iter().take(body).position(|paragraph| is_basis(&paragraph.key)).unwrap_or(body),
    };
    let header = 0..kind.map_or(preamble_from, |(at, ..)| at);
    Layout { header, kind, title, preamble: preamble_from..body, body: body..footer, footer: footer..all.len() }
}

fn kind(all: &[Paragraph]) -> Option<(usize, DocumentKind, usize, f64)> {
    let heads = || all.iter().take(HEADER_LINES).enumerate().take_while(|(_, paragraph)| !is_numbered(paragraph));
    let read = |paragraph: &Paragraph| kinds::of_heading(&paragraph.key);
    let in_caps = heads().find_map(|(at, paragraph)| {
        let (kind, len) = read(paragraph)?;
        let is_alone = paragraph.text.len() == len;
        words::is_caps(words::before(&paragraph.text, len)).then_some((
            at,
            kind,
            len,
            if is_alone { super::CERTAIN } else { super::INFERRED },
        ))
    });
    in_caps.or_else(|| {
        heads().find_map(|(at, paragraph)| {
            let (kind, len) = read(paragraph)?;
            // "Kế hoạch số 12/KH-UBND …" is a citation, not the head of this text.
            let is_head = !paragraph.key.contains(" số ") && !is_basis(&paragraph.key) && !paragraph.text.ends_with([';', '.', ':']);
            is_head.then_some((at, kind, len, super::LOOSE))
        })
    })
}

fn title_lines(all: &[Paragraph], has_kind: bool) -> usize {
    if !has_kind {
        return 0;
    }
    let is_title = |(at, paragraph): &(usize, &Paragraph)| {
        let is_open = !paragraph.text.ends_with([';', '.', ':', '/']) && paragraph.text.len() < 600;
        let is_bare = numbering::of(&paragraph.text).is_none();
        is_open && is_bare && (*at == 0 && !paragraph.key.starts_with("căn cứ") || !is_basis(&paragraph.key))
    };
    all.iter().enumerate().take(TITLE_LINES).take_while(is_title).count()
}

fn is_basis(key: &str) -> bool {
    BASIS.iter().any(|word| key.starts_with(word))
}

fn is_numbered(paragraph: &Paragraph) -> bool {
    numbering::of(&paragraph.text).is_some_and(|marked| matches!(marked.mark, Mark::Roman(_) | Mark::Decimal(_)))
}

/// Whether recipients or signature begin here.
fn is_footer(paragraph: &Paragraph) -> bool {
    is_recipients(&paragraph.key) || is_signature(&paragraph.text)
}

/// Whether a line heads the recipients.
pub(super) fn is_recipients(key: &str) -> bool {
    key.strip_prefix("nơi nhận").is_some_and(|rest| !rest.starts_with(char::is_alphabetic))
}

/// Whether a line in capitals names a capacity or a title.
pub(super) fn is_signature(text: &str) -> bool {
    words::is_caps(text)
        && text.len() < 200
        && numbering::of(text).is_none()
        && (CAPACITIES.iter().any(|mark| text.starts_with(mark)) || words::has(&words::key(text), &TITLES))
}

#[cfg(test)]
mod tests {
    use super::super::{normal, paragraphs};
    use super::*;

    #[test]
    fn the_parts_of_a_short_text_are_found() {
        let text =
            "UBND TỈNH\nSố: 1/KH-UBND\nKẾ HOẠCH\nThực hiện công tác\nnăm 2024\nCăn cứ Luật;\nI. MỤC ĐÍCH\n1. Một.\nTM. UBND\nCHỦ TỊCH\nA";
        let all = paragraphs::of(&normal::lines(text));
        let layout = of(&all);
        assert_eq!((layout.header, layout.title), (0..2, 3..4));
        assert_eq!((layout.preamble, layout.body, layout.footer), (4..5, 5..7, 7..10));
    }

    #[test]
    fn a_text_without_any_part_has_empty_ones() {
        let layout = of(&paragraphs::of(&normal::lines("một dòng")));
        assert!(layout.body.is_empty() && layout.footer.is_empty() && layout.kind.is_none());
    }
}
