//! Clauses: the tree of numbered parts, flattened, each with a stable reference.

use super::draft::Clause;
use super::layout::Layout;
use super::numbering::{self, Mark};
use super::paragraphs::Paragraph;
use super::words;
use crate::plans::model::ClauseKind;
use std::collections::HashMap;

/// Reference of what stands before the first section.
pub(super) const PREAMBLE: &str = "preamble";
/// Reference of the closing words.
pub(super) const CLOSING: &str = "closing";
/// Characters in which the colon that ends a heading is looked for.
const HEADING: usize = 220;

/// Reads the clauses of preamble and body.
pub(super) fn read(all: &[Paragraph], layout: &Layout) -> Vec<Clause> {
    let mut builder = Builder::default();
    for paragraph in all.get(layout.preamble.clone()).unwrap_or(&[]) {
        builder.unnumbered(PREAMBLE, ClauseKind::Preamble, paragraph);
    }
    for paragraph in all.get(layout.body.clone()).unwrap_or(&[]) {
        builder.add(paragraph);
    }
    // A file can have all its footnotes at the end, behind the signature.
    for paragraph in all.get(layout.footer.clone()).unwrap_or(&[]).iter().filter(|paragraph| numbering::is_footnote(&paragraph.text)) {
        builder.add(paragraph);
    }
    builder.clauses
}

#[derive(Default)]
struct Builder {
    clauses: Vec<Clause>,
    /// References of the open clauses, empty where none is open.
    section: String,
    decimal: String,
    letter: String,
    bullet: String,
    /// How often each reference was given, and items counted below each.
    used: HashMap<String, usize>,
    /// Where each footnote mark stands.
    marks: HashMap<char, String>,
}

impl Builder {
    fn add(&mut self, paragraph: &Paragraph) {
        let Some(marked) = numbering::of(&paragraph.text) else {
            return self.plain(paragraph);
        };
        let (rest, printed) = (marked.rest, marked.printed);
        match marked.mark {
            Mark::Roman(number) => {
                let reference = self.push(&number, ClauseKind::Section, printed, rest, None, paragraph);
                self.section = reference;
                self.decimal.clear();
                self.letter.clear();
            }
            Mark::Decimal(number) => {
                let parent = self.decimal_parent(&number);
                let reference = self.push(&self.below_section(&number), ClauseKind::Numbered, printed, rest, parent, paragraph);
                self.decimal = reference;
                self.letter.clear();
            }
            Mark::Letter(letter) => {
                let parent = first_filled(&[&self.decimal, &self.section]);
                let reference = join(parent.as_deref(), ".", &letter);
                self.letter = self.push(&reference, ClauseKind::Lettered, printed, rest, parent, paragraph);
            }
            Mark::Dash => {
                let parent = self.deepest();
                let reference = self.counted(parent.as_deref(), "-");
                self.push(&reference, ClauseKind::Bullet, printed, rest, parent, paragraph);
                self.bullet = reference;
                return;
            }
            Mark::Plus => {
                let parent = if self.bullet.is_empty() { self.deepest() } else { Some(self.bullet.clone()) };
                let reference = self.counted(parent.as_deref(), "+");
                self.push(&reference, ClauseKind::Bullet, printed, rest, parent, paragraph);
                return;
            }
            Mark::Note => {
                // A note is about the numbered clause, not about the last of its lettered parts.
                let parent = first_filled(&[&self.decimal, &self.section]);
                let reference = join(parent.as_deref(), "-", "note");
                self.push(&reference, ClauseKind::Note, printed, rest, parent, paragraph);
            }
            Mark::Footnote(number) => {
                let sign = number.chars().next().and_then(|digit| digit.to_digit(10)).and_then(raised);
                let parent = sign.and_then(|sign| self.marks.get(&sign).cloned());
                self.push(&format!("footnote-{number}"), ClauseKind::Footnote, printed, rest, parent, paragraph);
                return;
            }
        }
        self.bullet.clear();
    }

    /// A paragraph without a mark: closing words, or more text of the clause before it.
    fn plain(&mut self, paragraph: &Paragraph) {
        let key = &paragraph.key;
        let is_difficulty = key.starts_with("trong quá trình") && key.contains("vướng mắc");
        let is_last = paragraph.text.ends_with("./") || paragraph.text.ends_with("./.");
        let is_closed = self.clauses.last().is_some_and(|clause| clause.kind == ClauseKind::Closing);
        if is_closed || is_last || is_difficulty || key.starts_with("trên đây") {
            return self.unnumbered(CLOSING, ClauseKind::Closing, paragraph);
        }
        let is_own = |clause: &Clause| matches!(clause.kind, ClauseKind::Section | ClauseKind::Numbered | ClauseKind::Lettered);
        match self.clauses.last_mut() {
            Some(clause) if is_own(clause) => extend(clause, paragraph),
            _ => {
                let parent = self.deepest();
                let reference = self.counted(parent.as_deref(), "-p");
                self.push(&reference, ClauseKind::Paragraph, "", &paragraph.text, parent, paragraph);
            }
        }
    }

    /// Text that keeps one clause however many paragraphs it has.
    fn unnumbered(&mut self, reference: &str, kind: ClauseKind, paragraph: &Paragraph) {
        match self.clauses.last_mut() {
            Some(clause) if clause.kind == kind => extend(clause, paragraph),
            _ => {
                self.push(reference, kind, "", &paragraph.text, None, paragraph);
            }
        }
    }

    fn push(&mut self, reference: &str, kind: ClauseKind, marker: &str, rest: &str, parent: Option<String>, at: &Paragraph) -> String {
        let times = self.used.entry(reference.to_owned()).or_default();
        *times = times.saturating_add(1);
        // A number that is printed again still gets a name of its own.
        let reference = if *times == 1 { reference.to_owned() } else { format!("{reference}#{times}") };
        let has_heading = matches!(kind, ClauseKind::Section | ClauseKind::Numbered | ClauseKind::Lettered);
        let (heading, text) = if has_heading { split_heading(rest) } else { (None, rest) };
        for sign in rest.chars().filter(|c| "¹²³⁴⁵⁶⁷⁸⁹".contains(*c)) {
            self.marks.entry(sign).or_insert_with(|| reference.clone());
        }
        self.clauses.push(Clause {
            reference: reference.clone(),
            kind,
            marker: (!marker.is_empty()).then(|| marker.to_owned()),
            heading: heading.map(str::to_owned),
            text: text.to_owned(),
            parent_reference: parent,
            line_from: words::line_no(at.from),
            line_to: words::line_no(at.to),
        });
        reference
    }

    fn below_section(&self, number: &str) -> String {
        join((!self.section.is_empty()).then_some(self.section.as_str()), ".", number)
    }

    /// The clause with the longest number that this one goes on from.
    fn decimal_parent(&self, number: &str) -> Option<String> {
        let mut prefix = number;
        while let Some((shorter, _)) = prefix.rsplit_once('.') {
            let reference = self.below_section(shorter);
            if self.used.contains_key(&reference) {
                return Some(reference);
            }
            prefix = shorter;
        }
        first_filled(&[&self.section])
    }

    fn deepest(&self) -> Option<String> {
        first_filled(&[&self.letter, &self.decimal, &self.section])
    }

    /// The next item below a clause.
    fn counted(&mut self, parent: Option<&str>, separator: &str) -> String {
        let stem = join(parent, "", separator);
        let count = self.used.entry(format!("{stem} items")).or_default();
        *count = count.saturating_add(1);
        let reference = format!("{stem}{count}");
        if parent.is_none() { format!("body{reference}") } else { reference }
    }
}

fn extend(clause: &mut Clause, paragraph: &Paragraph) {
    if !clause.text.is_empty() {
        clause.text.push('\n');
    }
    clause.text.push_str(&paragraph.text);
    clause.line_to = words::line_no(paragraph.to);
}

fn join(parent: Option<&str>, separator: &str, own: &str) -> String {
    parent.map_or_else(|| own.to_owned(), |parent| format!("{parent}{separator}{own}"))
}

fn first_filled(references: &[&String]) -> Option<String> {
    references.iter().find(|reference| !reference.is_empty()).map(|reference| (*reference).clone())
}

fn raised(digit: u32) -> Option<char> {
    "⁰¹²³⁴⁵⁶⁷⁸⁹".chars().nth(usize::try_from(digit).ok()?)
}

/// Parts heading and text: at a colon, or all heading where no sentence ends.
fn split_heading(rest: &str) -> (Option<&str>, &str) {
    let head = words::clip(rest, HEADING);
    let colon = head.find(": ").or_else(|| head.strip_suffix(':').map(str::len));
    if let Some(at) = colon
        && !words::before(head, at).contains(". ")
    {
        return (Some(words::before(rest, at).trim_end()), words::after(rest, at.saturating_add(1)).trim_start());
    }
    if rest.ends_with(['.', ';', '/']) || rest.len() > head.len() { (None, rest) } else { (Some(rest), "") }
}

#[cfg(test)]
mod tests {
    use super::super::{layout, normal, paragraphs};
    use super::*;

    fn references(text: &str) -> Vec<String> {
        let all = paragraphs::of(&normal::lines(text));
        read(&all, &layout::of(&all)).into_iter().map(|clause| clause.reference).collect()
    }

    #[test]
    fn references_follow_sections_numbers_letters_and_dashes() {
        let text = "I. A\n1. Một.\n- x;\n+ y;\n- z.\n* Ghi\n2. Hai\n2.1. B\na) Đối với:\n- t.\nLưu ý: u.\nII. C\n- v.\nthêm một đoạn.\nTrên đây là.\n¹ Chú.";
        let expected = [
            "I",
            "I.1",
            "I.1-1",
            "I.1-1+1",
            "I.1-2",
            "I.1-note",
            "I.2",
            "I.2.1",
            "I.2.1.a",
            "I.2.1.a-1",
            "I.2.1-note",
            "II",
            "II-1",
            "II-p1",
            "closing",
            "footnote-1",
        ];
        assert_eq!(references(text), expected);
    }

    #[test]
    fn a_number_printed_twice_gets_two_names() {
        assert_eq!(references("I. A\n1. Một.\n1. Hai."), ["I", "I.1", "I.1#2"]);
    }

    #[test]
    fn a_heading_ends_at_its_colon_or_is_the_whole_line() {
        assert_eq!(split_heading("Thời gian: Từ ngày 1."), (Some("Thời gian"), "Từ ngày 1."));
        assert_eq!(split_heading("Phạm vi địa bàn"), (Some("Phạm vi địa bàn"), ""));
        assert_eq!(split_heading("Việc tổ chức bảo đảm tiết kiệm."), (None, "Việc tổ chức bảo đảm tiết kiệm."));
        assert_eq!(split_heading("Đối với 02 địa bàn:"), (Some("Đối với 02 địa bàn"), ""));
    }
}
