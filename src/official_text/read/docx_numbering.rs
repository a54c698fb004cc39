//! Automatic numbers of a DOCX file: decimal, letters, roman, dashes.

use quick_xml::events::{BytesStart, Event};
use std::collections::HashMap;

/// A level of a list.
#[derive(Debug, Clone, Default)]
struct Level {
    format: String,
    /// Pattern such as "%1.%2.".
    text: String,
    start: u32,
}

/// The lists of a file and how far each has counted.
#[derive(Debug, Default)]
pub(super) struct Numbering {
    levels: HashMap<(String, usize), Level>,
    /// Lists by number, each by its abstract list.
    lists: HashMap<String, String>,
    counts: HashMap<(String, usize), u32>,
}

/// The value of an attribute, by its name without prefix.
pub(super) fn attribute(element: &BytesStart<'_>, name: &str) -> Option<String> {
    let found = element.attributes().flatten().find(|attribute| attribute.key.local_name().as_ref() == name)?;
    Some(found.value.into_owned())
}

impl Numbering {
    /// Reads numbering.xml; what cannot be read has no numbers.
    pub(super) fn read(xml: &str) -> Self {
        let mut all = Self::default();
        let mut reader = quick_xml::Reader::from_str(xml);
        let (mut list, mut level, mut number) = (String::new(), 0_usize, String::new());
        while let Ok(event) = reader.read_event() {
            let (Event::Start(element) | Event::Empty(element)) = &event else {
                if matches!(event, Event::Eof) { break } else { continue }
            };
            let value = || attribute(element, "val").unwrap_or_default();
            match element.local_name().as_ref() {
                "abstractNum" => list = attribute(element, "abstractNumId").unwrap_or_default(),
                "lvl" => level = attribute(element, "ilvl").and_then(|no| no.parse().ok()).unwrap_or(0),
                "start" => all.level(&list, level).start = value().parse().unwrap_or(1),
                "numFmt" => all.level(&list, level).format = value(),
                "lvlText" => all.level(&list, level).text = value(),
                "num" => number = attribute(element, "numId").unwrap_or_default(),
                "abstractNumId" => {
                    all.lists.insert(number.clone(), value());
                }
                _ => {}
            }
        }
        all
    }

    fn level(&mut self, list: &str, level: usize) -> &mut Level {
        self.levels.entry((list.to_owned(), level)).or_insert_with(|| Level { start: 1, ..Level::default() })
    }

    /// The next number of a list at a level, as printed.
    pub(super) fn next(&mut self, number: &str, level: usize) -> Option<String> {
        let list = self.lists.get(number)?.clone();
        let own = self.levels.get(&(list.clone(), level))?.clone();
        let level = level.min(8);
        let count = self.counts.entry((number.to_owned(), level)).and_modify(|count| *count = count.saturating_add(1)).or_insert(own.start);
        let _ = count;
        // Deeper levels begin anew.
        for deeper in level.saturating_add(1)..9 {
            self.counts.remove(&(number.to_owned(), deeper));
        }
        if own.format == "bullet" {
            return Some("-".to_owned());
        }
        let mut text = own.text.clone();
        for above in 0..=level {
            let shown = self.levels.get(&(list.clone(), above))?;
            let count = self.counts.get(&(number.to_owned(), above)).copied().unwrap_or(shown.start);
            text = text.replace(&format!("%{}", above.saturating_add(1)), &printed(&shown.format, count)?);
        }
        (!text.trim().is_empty()).then_some(text)
    }
}

fn printed(format: &str, count: u32) -> Option<String> {
    match format {
        "decimal" | "decimalZero" => Some(count.to_string()),
        "lowerLetter" | "upperLetter" => {
            let letter = char::from(u8::try_from(count.checked_sub(1)?.min(25)).ok()?.checked_add(b'a')?);
            Some(if format == "upperLetter" { letter.to_ascii_uppercase().to_string() } else { letter.to_string() })
        }
        "upperRoman" => Some(roman(count)),
        "lowerRoman" => Some(roman(count).to_lowercase()),
        _ => None,
    }
}

fn roman(mut count: u32) -> String {
    let mut out = String::new();
    for (value, sign) in [(100, "C"), (90, "XC"), (50, "L"), (40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I")] {
        while count >= value && out.len() < 40 {
            out.push_str(sign);
            count = count.saturating_sub(value);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_count_by_level_and_begin_anew_below() {
        let xml = r#"<w:numbering xmlns:w="w"><w:abstractNum w:abstractNumId="0">
            <w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="upperRoman"/><w:lvlText w:val="%1."/></w:lvl>
            <w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%2."/></w:lvl>
            <w:lvl w:ilvl="2"><w:start w:val="1"/><w:numFmt w:val="lowerLetter"/><w:lvlText w:val="%3)"/></w:lvl>
            </w:abstractNum><w:num w:numId="7"><w:abstractNumId w:val="0"/></w:num></w:numbering>"#;
        let mut all = Numbering::read(xml);
        let seen: Vec<Option<String>> = [0, 1, 1, 2, 0, 1].into_iter().map(|level| all.next("7", level)).collect();
        let seen: Vec<&str> = seen.iter().map(|mark| mark.as_deref().unwrap_or("")).collect();
        assert_eq!(seen, ["I.", "1.", "2.", "a)", "II.", "1."]);
        assert_eq!(all.next("8", 0), None);
    }
}
