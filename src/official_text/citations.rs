//! Citations of documents: number and symbol in their three styles, with kind, date, issuer and subject.

use super::draft::{Citation, CitationStyle, Clause, DocumentKind};
use super::pattern::{group, patterns, whole};
use super::subject;
use super::words::{self, after, before, cut};
use super::{CERTAIN, INFERRED, LOOSE, dates, kinds};
use std::ops::Range;

patterns! {
    NUMBER = r"([0-9]{1,5}) ?(?:/ ?([0-9]{4}) ?)?([/-]) ?(\p{Lu}[\p{L}0-9]*(?:[-/]\p{Lu}[\p{L}0-9]*)*)";
}

/// A number in a clause, before what is around it is read.
pub(super) struct Cited {
    /// From the words of the kind to the end of the symbol.
    pub(super) range: Range<usize>,
    number: i32,
    year: Option<i32>,
    style: CitationStyle,
    printed: String,
    symbol: String,
    kind: DocumentKind,
    kind_printed: Option<String>,
    confidence: f64,
}

/// All citations of a text, clause by clause.
pub(super) fn of(clauses: &[Clause]) -> Vec<Citation> {
    clauses.iter().flat_map(of_clause).collect()
}

fn of_clause(clause: &Clause) -> Vec<Citation> {
    let parts = clause.heading.iter().chain(std::iter::once(&clause.text));
    parts.flat_map(|text| of_text(text, &clause.reference, clause.line_from)).collect()
}

/// The citations of some words.
pub(super) fn of_text(text: &str, clause: &str, line: u32) -> Vec<Citation> {
    if !text.bytes().any(|byte| byte.is_ascii_digit()) {
        return Vec::new();
    }
    let key = words::key(text);
    let found: Vec<Cited> = NUMBER.captures_all(text).iter().filter_map(|captures| cited(captures, text, &key)).collect();
    let next = found.iter().skip(1).map(Some).chain(std::iter::once(None));
    found.iter().zip(next).map(|(cited, next)| citation(cited, next, text, &key, clause, line)).collect()
}

fn cited(captures: &regex::Captures<'_>, text: &str, key: &str) -> Option<Cited> {
    let range = whole(captures);
    let (digits, year, separator, symbol) = (group(captures, 1), group(captures, 2), group(captures, 3), group(captures, 4));
    let head = before(key, range.start);
    if head.ends_with(|c: char| c.is_ascii_digit()) || head.ends_with(['/', '.']) {
        return None;
    }
    let words = head.trim_end().trim_end_matches(':').trim_end();
    let called = words.strip_suffix("số").filter(|rest| !rest.ends_with(char::is_alphabetic));
    let by_word = kinds::before_number(words::tail(called.unwrap_or(words).trim_end(), 60));
    let by_symbol = kinds::of_symbol(symbol);
    let is_tight = !group(captures, 0).contains(' ');
    // Without the word "số" or a kind before it, only an unbroken number with a known symbol is taken for a citation.
    if called.is_none() && !(is_tight && (by_word.is_some() || by_symbol.is_some())) {
        return None;
    }
    let stem = called.unwrap_or(words).trim_end();
    let start = by_word.map_or(range.start, |(_, len)| stem.len().saturating_sub(len));
    let year_value = year.parse().ok();
    let style = match (year_value, separator) {
        (Some(_), _) => CitationStyle::Year,
        (None, "-") => CitationStyle::Dash,
        (None, _) => CitationStyle::Slash,
    };
    let middle = if year.is_empty() { String::new() } else { format!("/{year}") };
    let confidence = match (called.is_some(), by_word.is_some()) {
        (true, true) => CERTAIN,
        (false, true) => INFERRED,
        (_, false) => LOOSE,
    };
    Some(Cited {
        number: digits.parse().ok()?,
        year: year_value,
        style,
        printed: format!("{digits}{middle}{separator}{symbol}"),
        symbol: symbol.to_owned(),
        kind: by_word.map(|(kind, _)| kind).or(by_symbol).unwrap_or(DocumentKind::Other),
        kind_printed: by_word.map(|(_, len)| cut(text, start, start.saturating_add(len)).to_owned()),
        range: start..range.end,
        confidence,
    })
}

fn citation(cited: &Cited, next: Option<&Cited>, text: &str, key: &str, clause: &str, line: u32) -> Citation {
    let mut at = cited.range.end;
    let issued = date_after(key, at);
    if let Some((_, end)) = issued {
        at = end;
    }
    let limit = next.map_or(text.len(), |next| next.range.start);
    let issuer = subject::issuer(text, key, at, limit);
    if let Some((_, end)) = &issuer {
        at = *end;
    }
    let subject = subject::subject(text, key, at, next.map(|next| &next.range));
    Citation {
        printed: cited.printed.clone(),
        kind: cited.kind,
        kind_printed: cited.kind_printed.clone(),
        number: cited.number,
        year: cited.year,
        symbol: cited.symbol.clone(),
        issuer: issuer.map(|(name, _)| name),
        issued_on: issued.map(|(date, _)| date),
        subject,
        clause: clause.to_owned(),
        line,
        style: cited.style,
        quote: cut(text, cited.range.start, at.max(cited.range.end)).trim().to_owned(),
        confidence: cited.confidence,
    }
}

/// The date right behind a number, and where it ends.
fn date_after(key: &str, at: usize) -> Option<(chrono::NaiveDate, usize)> {
    let rest = after(key, at);
    let trimmed = rest.trim_start_matches([',', ' ', '(']);
    let skipped = ["ký ", "ban hành ", "được ban hành "].iter().find_map(|word| trimmed.strip_prefix(word)).unwrap_or(trimmed);
    let (date, len, confidence) = dates::at_start(skipped, None)?;
    let end = key.len().saturating_sub(skipped.len()).saturating_add(len);
    (confidence >= CERTAIN).then_some((date, end))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Vec<Citation> {
        of_text(text, "preamble", 1)
    }

    #[test]
    fn the_three_styles_are_read_with_date_issuer_and_subject() {
        let text = "Thông tư số 124/2021/TT-BCA ngày 28/12/2021 của Bộ Công an quy định khu dân cư, xã đạt chuẩn; Kế hoạch số 141-KH/TU, ngày 13/6/2019 của Tỉnh ủy về thực hiện Kết luận số 44-KH/TW, ngày 22/01/2019 của Ban Bí thư TW Đảng khóa XII về phong trào; Quyết định số 521 /QĐ-TTg, ngày 13/6/2005 của Thủ tướng Chính phủ.";
        let all = read(text);
        let seen: Vec<(&str, CitationStyle, Option<&str>, Option<&str>)> =
            all.iter().map(|c| (c.printed.as_str(), c.style, c.issuer.as_deref(), c.subject.as_deref())).collect();
        assert_eq!(
            seen,
            [
                ("124/2021/TT-BCA", CitationStyle::Year, Some("Bộ Công an"), Some("quy định khu dân cư, xã đạt chuẩn")),
                ("141-KH/TU", CitationStyle::Dash, Some("Tỉnh ủy"), Some("thực hiện Kết luận số 44-KH/TW")),
                ("44-KH/TW", CitationStyle::Dash, Some("Ban Bí thư TW Đảng khóa XII"), Some("phong trào")),
                ("521/QĐ-TTg", CitationStyle::Slash, Some("Thủ tướng Chính phủ"), None),
            ]
        );
        assert_eq!(all[2].kind, DocumentKind::Conclusion);
        assert_eq!(all[0].issued_on, Some("2021-12-28".parse().unwrap()));
    }

    #[test]
    fn numbers_that_cite_nothing_are_left_alone() {
        assert!(read("đến 20/8 - UBND tỉnh; 01/7/2023 Ban; 80 km/H; 35.000/XYZ").is_empty());
        assert_eq!(read("theo Nghị định 30/2020/NĐ-CP và Luật số 30/2023/QH15").len(), 2);
    }
}
