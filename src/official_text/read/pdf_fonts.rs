//! Fonts of a PDF: from bytes to letters and widths.

use super::Unreadable;
use lopdf::{Dictionary, Document, Encoding, Object};
use std::collections::HashMap;
use std::rc::Rc;

/// Largest table of letters of a font.
const MAX_MAP: usize = 2 * 1024 * 1024;
/// Widths kept of a font.
const MAX_WIDTHS: usize = 70_000;

/// A font.
pub(super) struct Font<'d> {
    /// None where its glyphs have no letters.
    encoding: Option<Encoding<'d>>,
    /// Two bytes a glyph.
    is_wide: bool,
    /// Width of a glyph, in thousandths of the size.
    widths: HashMap<u32, f64>,
    default_width: f64,
}

/// Fonts read so far, each once, and how many glyphs had no letters.
#[derive(Default)]
pub(super) struct Fonts<'d> {
    known: HashMap<usize, Rc<Font<'d>>>,
    pub(super) unknown: usize,
}

impl<'d> Fonts<'d> {
    pub(super) fn get(&mut self, document: &'d Document, font: &'d Dictionary) -> Result<Rc<Font<'d>>, Unreadable> {
        let place = std::ptr::from_ref(font).addr();
        if let Some(known) = self.known.get(&place) {
            return Ok(Rc::clone(known));
        }
        let read = Rc::new(Font::read(document, font)?);
        self.known.insert(place, Rc::clone(&read));
        Ok(read)
    }
}

impl<'d> Font<'d> {
    fn read(document: &'d Document, font: &'d Dictionary) -> Result<Self, Unreadable> {
        let is_wide = font.get(b"Subtype").and_then(Object::as_name).is_ok_and(|name| name == b"Type0");
        let (widths, default_width) = if is_wide { wide(document, font) } else { narrow(document, font) };
        Ok(Self { encoding: encoding(document, font, is_wide)?, is_wide, widths, default_width })
    }

    /// The letters of some bytes; none where the font has no table of letters.
    pub(super) fn text(&self, bytes: &[u8]) -> Option<String> {
        self.encoding.as_ref()?.bytes_to_string(bytes).ok()
    }

    /// Widths of the glyphs of some bytes, and whether each is a one-byte space.
    pub(super) fn glyphs(&self, bytes: &[u8]) -> Vec<(f64, bool)> {
        let width = |code: u32| self.widths.get(&code).copied().unwrap_or(self.default_width);
        if self.is_wide {
            let (pairs, _) = bytes.as_chunks::<2>();
            pairs.iter().map(|pair| (width(u32::from(u16::from_be_bytes(*pair))), false)).collect()
        } else {
            bytes.iter().map(|byte| (width(u32::from(*byte)), *byte == b' ')).collect()
        }
    }
}

/// The table of letters comes first: an encoding of names alone says less, and for composite fonts nothing.
fn encoding<'d>(document: &'d Document, font: &'d Dictionary, is_wide: bool) -> Result<Option<Encoding<'d>>, Unreadable> {
    let encoding = |font: &Dictionary| -> Result<Option<Encoding<'d>>, Unreadable> {
        let Ok(stream) = font.get_deref(b"ToUnicode", document).and_then(Object::as_stream) else { return Ok(None) };
        // A font of this table alone makes the library read just that.
        let mut only = Dictionary::new();
        only.set("Type", Object::Name(b"Font".to_vec()));
        only.set("ToUnicode", Object::Stream(stream.clone()));
        let read = only.get_font_encoding_with_limit(document, MAX_MAP);
        Ok(match read {
            Ok(Encoding::UnicodeMapEncoding(map)) => Some(Encoding::UnicodeMapEncoding(map)),
            Ok(_) => None,
            Err(error) => return Err(super::pdf::reason(error)),
        })
    };
    if let Some(found) = encoding(font)? {
        return Ok(Some(found));
    }
    if is_wide {
        return Ok(None);
    }
    font.get_font_encoding_with_limit(document, MAX_MAP).map(Some).or(Ok(None))
}

/// A number of a PDF.
pub(super) fn number(object: &Object) -> Option<f64> {
    match object {
        Object::Integer(value) => i32::try_from(*value).ok().map(f64::from),
        Object::Real(value) => Some(f64::from(*value)).filter(|value| value.is_finite()),
        _ => None,
    }
}

fn narrow(document: &Document, font: &Dictionary) -> (HashMap<u32, f64>, f64) {
    let first =
        font.get_deref(b"FirstChar", document).ok().and_then(|value| value.as_i64().ok()).and_then(|value| u32::try_from(value).ok());
    let list = font.get_deref(b"Widths", document).and_then(Object::as_array).map(Vec::as_slice).unwrap_or(&[]);
    let codes = first.unwrap_or(0)..;
    (codes.zip(list).take(256).filter_map(|(code, width)| Some((code, number(width)?))).collect(), 500.0)
}

fn wide(document: &Document, font: &Dictionary) -> (HashMap<u32, f64>, f64) {
    let mut widths = HashMap::new();
    let list = font.get_deref(b"DescendantFonts", document).and_then(Object::as_array);
    let Some(inner) = list
        .ok()
        .and_then(|list| list.first())
        .and_then(|inner| document.dereference(inner).ok())
        .and_then(|(_, inner)| inner.as_dict().ok())
    else {
        return (widths, 1_000.0);
    };
    let default = inner.get_deref(b"DW", document).ok().and_then(number).unwrap_or(1_000.0);
    let code = |object: &Object| object.as_i64().ok().and_then(|value| u16::try_from(value).ok()).map(u32::from);
    let mut parts = inner.get_deref(b"W", document).and_then(Object::as_array).map(Vec::as_slice).unwrap_or(&[]).iter();
    // Either "first [w w w]" or "first last w".
    while let (Some(first), Some(second)) = (parts.next(), parts.next()) {
        let Some(first) = code(first) else { break };
        match document.dereference(second) {
            Ok((_, Object::Array(list))) => {
                widths.extend((first..).zip(list).take(MAX_WIDTHS).filter_map(|(code, width)| Some((code, number(width)?))))
            }
            _ => {
                let (Some(last), Some(width)) = (code(second), parts.next().and_then(number)) else { break };
                widths.extend((first..=last).map(|code| (code, width)));
            }
        }
        if widths.len() > MAX_WIDTHS {
            break;
        }
    }
    (widths, default)
}
