//! Small tools on Vietnamese text: keys for matching, cuts, capitals, numbers.

/// Key to match against: lower case, tone marks of "oa", "oe", "uy" in the modern place ("Uỷ" → "ủy").
/// It has as many bytes as the text, so that a place in the key is the same place in the text.
pub(super) fn key(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        let mut lower = c.to_lowercase();
        match (lower.next(), lower.next()) {
            (Some(l), None) if l.len_utf8() == c.len_utf8() => out.push(l),
            _ => out.push(c),
        }
    }
    move_tones(&out)
}

/// Old places of tone marks and new ones; each pair has equal length in bytes.
const TONES: [(&str, &str); 15] = [
    ("oà", "òa"),
    ("oá", "óa"),
    ("oả", "ỏa"),
    ("oã", "õa"),
    ("oạ", "ọa"),
    ("oè", "òe"),
    ("oé", "óe"),
    ("oẻ", "ỏe"),
    ("oẽ", "õe"),
    ("oẹ", "ọe"),
    ("uỳ", "ùy"),
    ("uý", "úy"),
    ("uỷ", "ủy"),
    ("uỹ", "ũy"),
    ("uỵ", "ụy"),
];

fn move_tones(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    let mut before = ' ';
    while let Some(c) = rest.chars().next() {
        let pair = if matches!(c, 'o' | 'u') && before != 'q' { TONES.iter().find(|(old, _)| rest.starts_with(old)) } else { None };
        let tail = pair.and_then(|(old, _)| rest.get(old.len()..));
        match (pair, tail) {
            // Only at the end of a syllable: "hoàn" is right as it is.
            (Some((_, new)), Some(tail)) if !tail.starts_with(char::is_alphabetic) => {
                out.push_str(new);
                rest = tail;
                before = 'a';
            }
            _ => {
                out.push(c);
                before = c;
                rest = rest.get(c.len_utf8()..).unwrap_or("");
            }
        }
    }
    out
}

/// A part of a text; empty where the places are not those of characters.
pub(super) fn cut(text: &str, from: usize, to: usize) -> &str {
    text.get(from..to).unwrap_or("")
}

/// The text from a place on.
pub(super) fn after(text: &str, from: usize) -> &str {
    text.get(from..).unwrap_or("")
}

/// The text up to a place.
pub(super) fn before(text: &str, to: usize) -> &str {
    text.get(..to).unwrap_or("")
}

/// At most `max` characters of a text.
pub(super) fn clip(text: &str, max: usize) -> &str {
    text.char_indices().nth(max).map_or(text, |(at, _)| before(text, at))
}

/// At most about `max` bytes at the end of a text.
pub(super) fn tail(text: &str, max: usize) -> &str {
    let from = text.len().saturating_sub(max);
    (from..text.len()).find_map(|at| text.get(at..)).unwrap_or("")
}

/// The first place at which any of some words stands.
pub(super) fn first_of(text: &str, words: &[&str]) -> Option<usize> {
    words.iter().filter_map(|word| text.find(word)).min()
}

/// Whether any of some words occurs.
pub(super) fn has(text: &str, words: &[&str]) -> bool {
    words.iter().any(|word| text.contains(word))
}

/// Whether a text has letters, and no small one.
pub(super) fn is_caps(text: &str) -> bool {
    !text.chars().any(char::is_lowercase) && text.chars().any(char::is_uppercase)
}

/// Number of days, sites and the like: digits or a Vietnamese word up to ten.
pub(super) fn number(word: &str) -> Option<i32> {
    const WORDS: [&str; 11] = ["không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín", "mười"];
    if word == "bẩy" {
        return Some(7);
    }
    if let Ok(value) = word.parse::<i32>() {
        return Some(value);
    }
    WORDS.iter().position(|known| *known == word).and_then(|at| i32::try_from(at).ok())
}

/// A line number as it is shown.
pub(super) fn line_no(index: usize) -> u32 {
    u32::try_from(index).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_keeps_the_length_and_moves_old_tone_marks() {
        for text in ["Uỷ ban nhân dân", "HOÀ BÌNH", "Quý, hoàn toàn, thuỷ lợi", "İstanbul ẞ", "ĐẶNG Ưng"] {
            assert_eq!(key(text).len(), text.len());
        }
        assert_eq!(key("Uỷ ban"), "ủy ban");
        assert_eq!(key("Hoà hoàn quý"), "hòa hoàn quý");
    }

    #[test]
    fn numbers_are_digits_or_words() {
        assert_eq!(number("02"), Some(2));
        assert_eq!(number("mười"), Some(10));
        assert_eq!(number("nhiều"), None);
    }

    #[test]
    fn cuts_never_split_a_character() {
        assert_eq!(clip("ếệ", 1), "ế");
        assert_eq!(tail("aế", 2), "");
        assert_eq!(cut("ế", 1, 2), "");
    }
}
