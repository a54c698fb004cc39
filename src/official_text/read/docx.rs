//! DOCX: paragraphs and table cells in order, automatic numbers, footnotes at the end.

use super::docx_numbering::{Numbering, attribute};
use super::docx_parts::{self, push};
use super::{MAX_LINES, Unreadable, guarded};
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

pub(super) fn read(bytes: &[u8]) -> Result<String, Unreadable> {
    guarded(|| {
        let parts = docx_parts::open(bytes)?;
        let mut out = Text { numbering: Numbering::read(&parts.numbering), ..Text::default() };
        out.walk(&parts.document)?;
        if !parts.footnotes.is_empty() {
            let mut notes = Text { marks: std::mem::take(&mut out.marks), ..Text::default() };
            notes.walk(&parts.footnotes)?;
            push(&mut out.text, &notes.text)?;
        }
        Ok(out.text)
    })
}

/// What has been read so far.
#[derive(Default)]
struct Text {
    text: String,
    /// The paragraph being read.
    line: String,
    lines: usize,
    numbering: Numbering,
    /// List and level of the paragraph.
    list: Option<String>,
    level: usize,
    is_text: bool,
    /// Depth of text that is not shown: deletions, old properties, fallback copies of drawings.
    hidden: usize,
    /// Footnotes in the order of their marks.
    marks: Vec<String>,
    /// The mark that stands before the footnote being read.
    mark: Option<String>,
}

impl Text {
    fn walk(&mut self, xml: &str) -> Result<(), Unreadable> {
        let mut reader = Reader::from_str(xml);
        loop {
            match reader.read_event().map_err(|_| Unreadable::Damaged)? {
                Event::Start(element) => self.start(&element, true)?,
                Event::Empty(element) => self.start(&element, false)?,
                Event::End(element) => self.end(element.local_name().as_ref())?,
                Event::Text(text) if self.is_text && self.hidden == 0 => {
                    push(&mut self.line, &text.xml10_content())?;
                }
                Event::CData(text) if self.is_text && self.hidden == 0 => {
                    push(&mut self.line, &text.xml10_content())?;
                }
                Event::GeneralRef(name) if self.is_text && self.hidden == 0 => {
                    let sign = name.resolve_char_ref().ok().flatten();
                    let known = || quick_xml::escape::resolve_predefined_entity(&name);
                    match sign {
                        Some(sign) => push(&mut self.line, sign.encode_utf8(&mut [0; 4]))?,
                        // No entity but the five of XML: none is ever expanded.
                        None => push(&mut self.line, known().unwrap_or(""))?,
                    }
                }
                Event::Eof => return self.flush(),
                _ => {}
            }
        }
    }

    fn start(&mut self, element: &BytesStart<'_>, is_open: bool) -> Result<(), Unreadable> {
        match element.local_name().as_ref() {
            "del" | "moveFrom" | "Fallback" | "pPrChange" | "rPrChange" if is_open => self.hidden = self.hidden.saturating_add(1),
            _ if self.hidden > 0 => {}
            // A text box stands within a paragraph; what is before it is a line of its own.
            "p" => {
                self.flush()?;
                (self.list, self.level) = (None, 0);
            }
            "t" => self.is_text = is_open,
            "tab" => push(&mut self.line, "\t")?,
            "br" | "cr" => self.flush()?,
            "noBreakHyphen" => push(&mut self.line, "-")?,
            "numId" => self.list = attribute(element, "val"),
            "ilvl" => self.level = attribute(element, "val").and_then(|level| level.parse().ok()).unwrap_or(0),
            "footnoteReference" => {
                if let Some(id) = attribute(element, "id") {
                    self.marks.push(id);
                    push(&mut self.line, &raised(self.marks.len()))?;
                }
            }
            "footnote" => {
                let id = attribute(element, "id");
                let place = self.marks.iter().position(|mark| Some(mark) == id.as_ref());
                // Separators are footnotes without a mark.
                match place {
                    Some(place) => self.mark = Some(raised(place.saturating_add(1))),
                    None if is_open => self.hidden = self.hidden.saturating_add(1),
                    None => {}
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn end(&mut self, name: &str) -> Result<(), Unreadable> {
        match name {
            "del" | "moveFrom" | "Fallback" | "pPrChange" | "rPrChange" => self.hidden = self.hidden.saturating_sub(1),
            "footnote" if self.hidden > 0 => self.hidden = self.hidden.saturating_sub(1),
            "t" => self.is_text = false,
            "p" if self.hidden == 0 => self.flush()?,
            _ => {}
        }
        Ok(())
    }

    /// Ends a line, with its automatic number unless one is typed.
    fn flush(&mut self) -> Result<(), Unreadable> {
        let line = std::mem::take(&mut self.line);
        if line.trim().is_empty() {
            return Ok(());
        }
        let number = self.list.take().and_then(|list| self.numbering.next(&list, self.level));
        let is_typed = super::super::numbering::of(line.trim()).is_some();
        for part in [self.mark.take(), number.filter(|_| !is_typed)].into_iter().flatten() {
            push(&mut self.text, &part)?;
            push(&mut self.text, " ")?;
        }
        push(&mut self.text, line.trim())?;
        push(&mut self.text, "\n")?;
        self.lines = self.lines.saturating_add(1);
        if self.lines > MAX_LINES { Err(Unreadable::TooManyLines) } else { Ok(()) }
    }
}

/// A footnote mark.
fn raised(number: usize) -> String {
    number.to_string().chars().filter_map(|digit| "⁰¹²³⁴⁵⁶⁷⁸⁹".chars().nth(usize::try_from(digit.to_digit(10)?).ok()?)).collect()
}
