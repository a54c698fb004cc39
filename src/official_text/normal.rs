//! Lines of a text in one form: NFC, single spaces, straight quotes, plain dashes, no emphasis marks of markdown.

use unicode_normalization::UnicodeNormalization;

/// One printed line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Line {
    /// Number in the text, from 1.
    pub(super) no: usize,
    /// What it says; empty for a blank line.
    pub(super) text: String,
    /// Its two columns, where a wide gap parts it.
    pub(super) columns: Option<(String, String)>,
}

/// Spaces in a row that part two columns; a tab does too.
const GAP: &str = "    ";

/// The lines of a text.
pub(super) fn lines(text: &str) -> Vec<Line> {
    let text = text.replace("\r\n", "\n");
    text.split(['\n', '\r', '\u{b}', '\u{c}', '\u{85}', '\u{2028}', '\u{2029}'])
        .zip(1..)
        .map(|(raw, no)| Line { no, text: line(raw), columns: columns(raw) })
        .collect()
}

fn columns(raw: &str) -> Option<(String, String)> {
    let raw = raw.trim();
    let at = super::words::first_of(raw, &["\t", GAP])?;
    let (left, right) = (line(super::words::before(raw, at)), line(super::words::after(raw, at)));
    (!left.is_empty() && !right.is_empty()).then_some((left, right))
}

/// One line in the common form.
pub(super) fn line(raw: &str) -> String {
    let mut out = String::with_capacity(raw.len());
    for c in raw.nfc() {
        match c {
            '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}' => {}
            '“' | '”' | '„' | '‟' | '«' | '»' | '″' => out.push('"'),
            '‘' | '’' | '‚' | '′' => out.push('\''),
            '–' | '—' | '‒' | '―' | '−' | '‐' | '‑' | '\u{f02d}' | '•' | '●' | '▪' | '\u{f0b7}' => out.push('-'),
            '…' => out.push_str("..."),
            c if c.is_whitespace() || c.is_control() => {
                if !out.is_empty() && !out.ends_with(' ') {
                    out.push(' ');
                }
            }
            c => out.push(c),
        }
    }
    out.truncate(out.trim_end().len());
    without_emphasis(&out)
}

/// Takes the asterisks of markdown out; one or more at the start of a line, before a space, are a printed mark and stay as one.
fn without_emphasis(line: &str) -> String {
    if !line.contains('*') {
        return line.to_owned();
    }
    let body = line.trim_start_matches(['*', '\\']);
    let is_mark = body.len() < line.len() && body.starts_with(' ');
    let plain = body.replace(['*', '\\'], "");
    if is_mark { format!("* {}", plain.trim()) } else { plain.trim().to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spaces_quotes_dashes_and_emphasis_take_one_form() {
        assert_eq!(line("\u{a0}từ  ngày\t**01/7/2023** – “điểm”… "), "từ ngày 01/7/2023 - \"điểm\"...");
        assert_eq!(line("** Căn cứ tình hình.*"), "* Căn cứ tình hình.");
        assert_eq!(line("(*qua Phòng*)"), "(qua Phòng)");
        assert_eq!(line("u\u{31b}\u{301}"), "ứ");
    }

    #[test]
    fn a_wide_gap_parts_two_columns() {
        let parts = lines("Nơi nhận:\tTRƯỞNG BAN\r\nmột  dòng");
        assert_eq!(parts.len(), 2);
        assert_eq!(parts[0].columns, Some(("Nơi nhận:".to_owned(), "TRƯỞNG BAN".to_owned())));
        assert_eq!(parts[1].columns, None);
    }
}
