//! Marks at the start of a paragraph: roman and decimal numbers, letters, dashes, stars, footnote marks.

use super::pattern::{group, patterns, whole};

/// The mark of a paragraph.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Mark {
    /// I., II/ …
    Roman(String),
    /// 1., 2.2.1. …
    Decimal(String),
    /// a), đ. …
    Letter(String),
    /// A dash.
    Dash,
    /// A plus: an item below a dash.
    Plus,
    /// "* …", "Lưu ý: …", "Ghi chú: …".
    Note,
    /// ¹, [1] …
    Footnote(String),
}

/// A paragraph taken apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Marked<'t> {
    pub(super) mark: Mark,
    /// The mark as printed.
    pub(super) printed: &'t str,
    /// What follows it.
    pub(super) rest: &'t str,
}

patterns! {
    ROMAN = r"^((?:X{0,3})(?:IX|IV|V?I{0,3}))[./)](?: |$)";
    DECIMAL = r"^([0-9]{1,2}(?:\.[0-9]{1,2}){0,6})(?:[.):] ?|/ |\.\) ?| )";
    LETTER = r"^([a-zđ])[.)] ?";
    FOOTNOTE = r"^(?:\[([0-9]{1,2})\]|([⁰¹²³⁴⁵⁶⁷⁸⁹]{1,2}))[.)]? ?";
}

/// The mark of a paragraph, where it has one.
pub(super) fn of(text: &str) -> Option<Marked<'_>> {
    let first = text.chars().next()?;
    let split = |mark, at: usize| {
        let (printed, rest) = (super::words::before(text, at), super::words::after(text, at));
        Some(Marked { mark, printed: printed.trim_end(), rest: rest.trim_start() })
    };
    match first {
        '-' if !text.starts_with("--") => split(Mark::Dash, 1),
        '+' => split(Mark::Plus, 1),
        '*' => split(Mark::Note, 1),
        'I' | 'V' | 'X' => {
            let captures = ROMAN.captures(text)?;
            let number = group(&captures, 1);
            if number.is_empty() { None } else { split(Mark::Roman(number.to_owned()), whole(&captures).end) }
        }
        '0'..='9' => decimal(text, &split),
        '[' | '⁰' | '¹' | '²' | '³' | '⁴'..='⁹' => {
            let captures = FOOTNOTE.captures(text)?;
            let number = if group(&captures, 1).is_empty() { digits(group(&captures, 2)) } else { group(&captures, 1).to_owned() };
            split(Mark::Footnote(number), whole(&captures).end)
        }
        'L' | 'G' | 'C' => note(text).map(|rest| Marked { mark: Mark::Note, printed: "", rest }),
        'a'..='z' | 'đ' => {
            let captures = LETTER.captures(text)?;
            split(Mark::Letter(group(&captures, 1).to_owned()), whole(&captures).end)
        }
        _ => None,
    }
}

fn decimal<'t>(text: &'t str, split: &dyn Fn(Mark, usize) -> Option<Marked<'t>>) -> Option<Marked<'t>> {
    let captures = DECIMAL.captures(text)?;
    let (number, end) = (group(&captures, 1), whole(&captures).end);
    let rest = super::words::after(text, end);
    let is_dotted = super::words::before(text, end).trim_end().len() > number.len() || number.contains('.');
    // "20 điểm …" or "1/7/2023" at the start of a line is no number of a clause, nor is "1.000.000 đồng".
    let is_clause = is_dotted && !rest.starts_with(|c: char| c.is_ascii_digit());
    if is_clause { split(Mark::Decimal(number.to_owned()), end) } else { None }
}

/// Whether a paragraph is a footnote.
pub(super) fn is_footnote(text: &str) -> bool {
    matches!(of(text), Some(Marked { mark: Mark::Footnote(_), .. }))
}

fn note(text: &str) -> Option<&str> {
    ["Lưu ý", "Ghi chú", "Chú ý"].iter().any(|word| text.starts_with(word)).then_some(text)
}

/// Raised digits as plain ones.
fn digits(raised: &str) -> String {
    raised.chars().filter_map(|c| "⁰¹²³⁴⁵⁶⁷⁸⁹".chars().position(|known| known == c)).map(|digit| digit.to_string()).collect()
}

/// The value of a roman number up to 39.
pub(super) fn roman(text: &str) -> i32 {
    let values: Vec<i32> = text
        .chars()
        .map(|c| {
            if c == 'X' {
                10
            } else if c == 'V' {
                5
            } else {
                1
            }
        })
        .collect();
    let next = values.iter().skip(1).chain(std::iter::once(&0));
    values.iter().zip(next).map(|(value, next)| if value < next { -value } else { *value }).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mark(text: &str) -> Option<Mark> {
        of(text).map(|marked| marked.mark)
    }

    #[test]
    fn marks_are_told_from_plain_text() {
        assert_eq!(mark("II. NỘI DUNG"), Some(Mark::Roman("II".to_owned())));
        assert_eq!(mark("2.2.1. Phạm vi"), Some(Mark::Decimal("2.2.1".to_owned())));
        assert_eq!(mark("2.1 Nội dung"), Some(Mark::Decimal("2.1".to_owned())));
        assert_eq!(mark("đ) Khác"), Some(Mark::Letter("đ".to_owned())));
        assert_eq!(mark("¹ Thông tư"), Some(Mark::Footnote("1".to_owned())));
        assert_eq!(mark("[12] Thông tư"), Some(Mark::Footnote("12".to_owned())));
        assert_eq!(mark("-Bộ Công an"), Some(Mark::Dash));
        assert_eq!(mark("Lưu ý: Việc"), Some(Mark::Note));
        for plain in ["20 điểm", "1/7/2023 là ngày", "Vì vậy", "X", "1.000.000 đồng", "-----", "Các sở", "bắt đầu", ""] {
            assert_eq!(mark(plain), None, "{plain}");
        }
    }

    #[test]
    fn roman_numbers_have_values() {
        for (text, value) in [("I", 1), ("IV", 4), ("IX", 9), ("XIV", 14)] {
            assert_eq!(roman(text), value);
        }
    }
}
