//! Parts of a DOCX file, unpacked within the limits.

use super::{MAX_TEXT, Unreadable};
use std::io::{Cursor, Read};
use zip::ZipArchive;
use zip::result::ZipError;

/// XML is some times larger than the text in it.
const MAX_XML: u64 = 32 * 1024 * 1024;
/// Entries of an archive; a text document has some dozens.
const MAX_ENTRIES: usize = 10_000;

/// What of the archive matters here.
#[derive(Debug, Default)]
pub(super) struct Parts {
    pub(super) document: String,
    pub(super) numbering: String,
    pub(super) footnotes: String,
}

/// First bytes of a compound file: an old .doc, or a DOCX locked with a password.
const COMPOUND: &[u8] = b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1";

pub(super) fn open(bytes: &[u8]) -> Result<Parts, Unreadable> {
    if bytes.starts_with(COMPOUND) {
        // The stream of an encrypted package is named in UTF-16.
        let name: Vec<u8> = "EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes).collect();
        let is_locked = bytes.windows(name.len()).any(|window| window == name);
        return Err(if is_locked { Unreadable::Encrypted } else { Unreadable::Damaged });
    }
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|_| Unreadable::Damaged)?;
    if archive.len() > MAX_ENTRIES {
        return Err(Unreadable::Damaged);
    }
    let document = part(&mut archive, "word/document.xml")?.ok_or(Unreadable::Damaged)?;
    let numbering = part(&mut archive, "word/numbering.xml")?.unwrap_or_default();
    let footnotes = part(&mut archive, "word/footnotes.xml")?.unwrap_or_default();
    Ok(Parts { document, numbering, footnotes })
}

fn part(archive: &mut ZipArchive<Cursor<&[u8]>>, name: &str) -> Result<Option<String>, Unreadable> {
    let mut file = match archive.by_name(name) {
        Ok(file) => file,
        Err(ZipError::FileNotFound) => return Ok(None),
        Err(ZipError::UnsupportedArchive(reason)) if reason.to_lowercase().contains("password") => return Err(Unreadable::Encrypted),
        Err(_) => return Err(Unreadable::Damaged),
    };
    // What the archive says of its size is not believed: the reading itself is bounded.
    let mut bytes = Vec::new();
    let read = file.by_ref().take(MAX_XML.saturating_add(1)).read_to_end(&mut bytes).map_err(|_| Unreadable::Damaged)?;
    if u64::try_from(read).unwrap_or(u64::MAX) > MAX_XML {
        return Err(Unreadable::TextTooLarge);
    }
    super::plain::read(&bytes).map(Some).map_err(|_| Unreadable::Damaged)
}

/// Puts text behind other text as long as the limit is kept.
pub(super) fn push(out: &mut String, text: &str) -> Result<(), Unreadable> {
    if out.len().saturating_add(text.len()) > MAX_TEXT {
        return Err(Unreadable::TextTooLarge);
    }
    out.push_str(text);
    Ok(())
}
