//! Kinds of documents by their printed word and by the abbreviation in their symbol.

use super::draft::DocumentKind as Kind;

/// Printed word, abbreviation, kind. Longer words come before those that they begin with.
const KINDS: [(&str, &str, Kind); 21] = [
    ("kế hoạch liên tịch", "KHLT", Kind::Plan),
    ("kế hoạch", "KH", Kind::Plan),
    ("quyết định", "QĐ", Kind::Decision),
    ("hướng dẫn liên ngành", "HDLN", Kind::Guidance),
    ("hướng dẫn", "HD", Kind::Guidance),
    ("chương trình", "CTr", Kind::Programme),
    ("báo cáo", "BC", Kind::Report),
    ("tờ trình", "TTr", Kind::Submission),
    ("thông báo", "TB", Kind::Notice),
    ("thông tư liên tịch", "TTLT", Kind::Circular),
    ("thông tư", "TT", Kind::Circular),
    ("nghị định", "NĐ", Kind::Decree),
    ("nghị quyết liên tịch", "NQLT", Kind::Resolution),
    ("nghị quyết", "NQ", Kind::Resolution),
    ("chỉ thị", "CT", Kind::Directive),
    ("kết luận", "KL", Kind::Conclusion),
    ("phát động thi đua", "PĐTĐ", Kind::EmulationLaunch),
    ("công điện", "CĐ", Kind::Telegram),
    ("công văn", "CV", Kind::OfficialLetter),
    ("pháp lệnh", "PL", Kind::Law),
    ("luật", "QH", Kind::Law),
];

/// Words that head a document of a kind without a name of its own here.
const OTHERS: [&str; 4] = ["phương án", "đề án", "quy chế", "quy định"];

/// The kind that a heading line in capitals names, and how long its word is.
pub(super) fn of_heading(key: &str) -> Option<(Kind, usize)> {
    let known = KINDS.iter().map(|(word, _, kind)| (*word, *kind)).chain(OTHERS.iter().map(|word| (*word, Kind::Other)));
    known
        .filter(|(word, _)| key.strip_prefix(word).is_some_and(|rest| !rest.starts_with(char::is_alphabetic)))
        .max_by_key(|(word, _)| word.len())
        .map(|(word, kind)| (kind, word.len()))
}

/// The kind whose word ends a text ("… thực hiện Kết luận"), and how long that word is.
pub(super) fn before_number(key: &str) -> Option<(Kind, usize)> {
    let ends = |word: &str| key.strip_suffix(word).is_some_and(|rest| !rest.ends_with(char::is_alphabetic));
    KINDS.iter().filter(|(word, _, _)| ends(word)).max_by_key(|(word, _, _)| word.len()).map(|(word, _, kind)| (*kind, word.len()))
}

/// The kind that a symbol names: that of its first part; "QH15" is the National Assembly's, a law.
pub(super) fn of_symbol(symbol: &str) -> Option<Kind> {
    let first = symbol.split(['-', '/']).next().unwrap_or("");
    if first.strip_prefix("QH").is_some_and(|term| !term.is_empty() && term.bytes().all(|b| b.is_ascii_digit())) {
        return Some(Kind::Law);
    }
    KINDS.iter().find(|(_, short, _)| short.eq_ignore_ascii_case(first)).map(|(_, _, kind)| *kind)
}

/// The word that heads documents of a kind; empty for those without one.
pub(super) fn word(kind: Kind) -> &'static str {
    KINDS.iter().rev().find(|(_, _, known)| *known == kind).map_or("", |(word, _, _)| word)
}

/// The abbreviation that the symbol of a kind has.
pub(super) fn abbreviation(kind: Kind) -> &'static str {
    KINDS.iter().rev().find(|(_, _, known)| *known == kind).map_or("", |(_, short, _)| short)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kind_is_known_by_word_and_by_symbol() {
        assert_eq!(of_heading("kế hoạch"), Some((Kind::Plan, "kế hoạch".len())));
        assert_eq!(of_heading("kế hoạchs"), None);
        assert_eq!(before_number("thực hiện kết luận").map(|(kind, _)| kind), Some(Kind::Conclusion));
        assert_eq!(of_symbol("KH-TW").map(abbreviation), Some("KH"));
        assert_eq!(of_symbol("QH15"), Some(Kind::Law));
        assert_eq!(of_symbol("UBND-NC"), None);
        assert_eq!(abbreviation(Kind::Conclusion), "KL");
    }
}
