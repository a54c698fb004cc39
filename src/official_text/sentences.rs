//! Sentences: the parts of a text that end with a full stop or a semicolon.

/// Abbreviations whose full stop ends no sentence.
const SHORT: [&str; 10] = ["TP", "Tp", "TX", "TM", "KT", "TL", "ThS", "TS", "P", "Q"];

/// Splits a text; each part keeps its end mark.
pub(super) fn split(text: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let mut start = 0;
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        let end = at.saturating_add(c.len_utf8());
        let is_end = match c {
            ';' | '\n' => true,
            '.' | '!' | '?' => ends(text, start, at, end),
            _ => false,
        };
        if is_end || chars.peek().is_none() {
            let part = super::words::cut(text, start, end).trim();
            if part.contains(char::is_alphanumeric) {
                parts.push(part);
            }
            start = end;
        }
    }
    parts
}

fn ends(text: &str, start: usize, at: usize, end: usize) -> bool {
    let mut next = super::words::after(text, end).chars();
    let is_apart = next.next() == Some(' ') && next.next().is_some_and(|c| c.is_uppercase() || matches!(c, '"' | '-' | '('));
    // Only the last word counts, and only a short one: the whole part would be looked through at each of its stops.
    let last = super::words::tail(super::words::cut(text, start, at), 8).rsplit([' ', '(']).next().unwrap_or("");
    is_apart && !SHORT.contains(&last)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn full_stops_and_semicolons_part_sentences_but_abbreviations_and_numbers_do_not() {
        let text = "Ở TP. Yên Bái chi 35.000.000 đồng; gửi báo cáo... Chú trọng việc này. Hết";
        assert_eq!(split(text), ["Ở TP. Yên Bái chi 35.000.000 đồng;", "gửi báo cáo...", "Chú trọng việc này.", "Hết"]);
        assert!(split(" . ; ").is_empty());
    }
}
