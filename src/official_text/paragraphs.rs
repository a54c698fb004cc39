//! Paragraphs: lines, joined where a sentence runs on.

use super::normal::Line;
use super::numbering;
use super::words;

/// A paragraph.
#[derive(Debug, Clone)]
pub(super) struct Paragraph {
    /// Its first line, from 1.
    pub(super) from: usize,
    /// Its last line.
    pub(super) to: usize,
    /// What it says.
    pub(super) text: String,
    /// Its key.
    pub(super) key: String,
    /// Its two columns, where a wide gap parts it.
    pub(super) columns: Option<(String, String)>,
}

/// Words that never end a paragraph.
const DANGLING: [&str; 20] = [
    "của", "và", "về", "các", "số", "ngày", "tháng", "theo", "tại", "cho", "với", "là", "trên", "từ", "đến", "trong", "những", "do", "ở",
    "được",
];

/// The paragraphs of some lines; lines without a letter or a digit are left out.
pub(super) fn of(lines: &[Line]) -> Vec<Paragraph> {
    let mut all: Vec<Paragraph> = Vec::new();
    // Places of the last paragraph and of the last one that is no footnote: a footnote may part a sentence from its end.
    let (mut last, mut last_plain) = (None, None);
    let mut is_blank_before = true;
    for line in lines {
        if !line.text.contains(char::is_alphanumeric) {
            is_blank_before |= line.text.is_empty();
            continue;
        }
        let target = [last, last_plain]
            .into_iter()
            .flatten()
            .find(|at: &usize| all.get(*at).is_some_and(|paragraph| runs_on(&paragraph.text, &line.text, is_blank_before)));
        match target.and_then(|at| all.get_mut(at)) {
            Some(paragraph) => {
                paragraph.text.push(' ');
                paragraph.text.push_str(&line.text);
                paragraph.to = line.no;
            }
            None => {
                last = Some(all.len());
                if !numbering::is_footnote(&line.text) {
                    last_plain = last;
                }
                let (text, columns) = (line.text.clone(), line.columns.clone());
                all.push(Paragraph { from: line.no, to: line.no, text, key: String::new(), columns });
            }
        }
        is_blank_before = false;
    }
    for paragraph in &mut all {
        paragraph.key = words::key(&paragraph.text);
    }
    all
}

/// Whether a line continues the text before it. Only the two ends of that text are looked at: it can be joined of many lines.
fn runs_on(text: &str, line: &str, is_blank_before: bool) -> bool {
    let last = words::tail(text, 16).rsplit(' ').next().unwrap_or("");
    let starts_small = line.starts_with(char::is_lowercase);
    let is_cut = !is_blank_before && (text.ends_with(',') || DANGLING.contains(&last));
    let is_open = !words::tail(text, 8).trim_end_matches(['"', ')', '\'']).ends_with(['.', ';', ':', '!', '?', '/']);
    (starts_small || is_cut) && is_open && !words::is_caps(words::clip(text, 300)) && numbering::of(line).is_none()
}

#[cfg(test)]
mod tests {
    use super::super::normal::lines;
    use super::*;

    fn texts(text: &str) -> Vec<String> {
        of(&lines(text)).into_iter().map(|paragraph| paragraph.text).collect()
    }

    #[test]
    fn a_sentence_broken_by_a_blank_line_is_joined() {
        assert_eq!(texts("- giải phóng dân tộc,\n\nxây dựng Tổ quốc."), ["- giải phóng dân tộc, xây dựng Tổ quốc."]);
    }

    #[test]
    fn a_footnote_between_does_not_part_a_sentence() {
        assert_eq!(texts("- giải phóng dân tộc,\n¹ Thông tư số 1.\nxây dựng."), ["- giải phóng dân tộc, xây dựng.", "¹ Thông tư số 1."]);
    }

    #[test]
    fn items_headings_and_finished_sentences_are_not_joined() {
        assert_eq!(texts("1. Phạm vi\na) khu dân cư\n- xã").len(), 3);
        assert_eq!(texts("Xong.\nthêm").len(), 2);
        assert_eq!(texts("KẾ HOẠCH\ntổ chức Ngày hội").len(), 2);
        assert_eq!(texts("thực hiện theo Quyết định số\n12/QĐ-UBND").len(), 1);
        assert_eq!(texts("-------\n\n___").len(), 0);
    }
}
