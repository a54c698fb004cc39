//! PDF with a text layer: pages in order, within limits of time and memory.

use super::pdf_fonts::Fonts;
use super::pdf_layout::Layout;
use super::{MAX_TEXT, Unreadable, guarded, pdf_page};
use lopdf::{DecompressError, Document, Error, LoadOptions};

/// Largest object stream, cross-reference stream or content of one page once unpacked.
const MAX_STREAM: usize = 4 * 1024 * 1024;
/// Largest content of all pages together.
const MAX_CONTENT: usize = 16 * 1024 * 1024;
/// Most pages.
const MAX_PAGES: usize = 2_000;
/// The parser of objects recurses; the stack of a worker thread can be too small for it.
const STACK: usize = 64 * 1024 * 1024;

pub(super) fn read(bytes: &[u8]) -> Result<String, Unreadable> {
    if !bytes.iter().take(1_024).copied().collect::<Vec<u8>>().windows(5).any(|window| window == b"%PDF-") {
        return Err(Unreadable::Damaged);
    }
    std::thread::scope(|scope| {
        let worker = std::thread::Builder::new().stack_size(STACK).spawn_scoped(scope, || guarded(|| text(bytes)));
        worker.map_or(Err(Unreadable::Damaged), |worker| worker.join().unwrap_or(Err(Unreadable::Damaged)))
    })
}

fn text(bytes: &[u8]) -> Result<String, Unreadable> {
    let options = LoadOptions { max_decompressed_size: Some(MAX_STREAM), ..LoadOptions::default() };
    let document = Document::load_mem_with_options(bytes, options).map_err(reason)?;
    // A file that only forbids printing or copying opens with the empty password and is decrypted by now.
    if document.is_encrypted() && document.encryption_state.is_none() {
        return Err(Unreadable::Encrypted);
    }
    let mut fonts = Fonts::default();
    let mut layout = Layout::default();
    let mut rest = MAX_CONTENT;
    let mut has_page = false;
    for page in document.page_iter().take(MAX_PAGES) {
        has_page = true;
        let content = document.get_page_content_with_limit(page, MAX_STREAM.min(rest)).map_err(reason)?;
        rest = rest.saturating_sub(content.len());
        layout.page(pdf_page::runs(&document, page, &content, &mut fonts, &mut rest)?);
        if layout.len() > MAX_TEXT {
            return Err(Unreadable::TextTooLarge);
        }
    }
    // Glyphs without a way back to letters are no text.
    if !has_page {
        return Err(Unreadable::Damaged);
    }
    let text = layout.text();
    let letters = text.chars().filter(|c| c.is_alphanumeric()).count();
    if letters < 20 || fonts.unknown > letters { Err(Unreadable::NoTextLayer) } else { Ok(text) }
}

/// What a failure of the parser means.
pub(super) fn reason(error: Error) -> Unreadable {
    match error {
        Error::Decompress(DecompressError::MemoryLimitExceeded { .. }) => Unreadable::TextTooLarge,
        Error::InvalidPassword | Error::Decryption(_) | Error::UnsupportedSecurityHandler(_) => Unreadable::Encrypted,
        _ => Unreadable::Damaged,
    }
}
