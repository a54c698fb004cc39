//! What a file is, by its bytes: never by its name or by what its sender says.

use super::model::MediaType;
use crate::error::{AppError, ErrorCode, FieldError, message};
use crate::text;
use sha2::{Digest, Sha256};
use std::io::{Cursor, Read};
use zip::ZipArchive;

/// Parts of an office document at the most; more are no document.
const MOST_PARTS: usize = 10_000;
/// Bytes of the list of content types that are looked at.
const TYPES_READ: u64 = 1024 * 1024;
const NAME_MAX: usize = 200;

/// A file that may be kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Accepted {
    /// What it is.
    pub media_type: MediaType,
    /// SHA-256, in hexadecimal.
    pub checksum: String,
    /// Bytes.
    pub size: i64,
}

/// The type that a sender states; 415 when it is none of those that are taken.
pub fn stated(media_type: &str) -> Result<MediaType, AppError> {
    MediaType::ALL.iter().copied().find(|known| known.as_str() == media_type).ok_or_else(|| {
        AppError::new(ErrorCode::UnsupportedMediaType).because(message(
            "Chỉ nhận tệp PDF, DOCX, XLSX, PNG, JPEG hoặc văn bản thuần.",
            "Send PDF, DOCX, XLSX, PNG, JPEG or plain text.",
        ))
    })
}

/// Judges a file: 422 when it is empty, damaged, holds macros, or is not what its sender and its name say.
pub fn judge(bytes: &[u8], stated: MediaType, name: &str) -> Result<Accepted, AppError> {
    let refused = |pointer: &'static str, code: &'static str, vi: &'static str, en: &'static str| {
        Err(AppError::field(FieldError::new(pointer, code, message(vi, en))))
    };
    if bytes.is_empty() {
        return refused("", "empty", "Tệp rỗng.", "The file is empty.");
    }
    let found = match kind_of(bytes) {
        Ok(found) => found,
        Err(Unfit::Macros) => return refused("", "has_macros", "Tệp có macro.", "The file holds macros."),
        Err(Unfit::Damaged) => return refused("", "damaged", "Tệp bị hỏng.", "The file is damaged."),
    };
    if found != Some(stated) {
        return refused(
            "",
            "media_type_mismatch",
            "Nội dung tệp không đúng với Content-Type đã nêu.",
            "The bytes of the file are not of the type that its Content-Type states.",
        );
    }
    if !endings(stated).iter().any(|ending| name.to_lowercase().ends_with(ending)) {
        return refused(
            "?filename",
            "ending_mismatch",
            "Đuôi tên tệp không đúng với loại tệp.",
            "The ending of the name is not that of the type.",
        );
    }
    Ok(Accepted { media_type: stated, checksum: checksum(bytes), size: i64::try_from(bytes.len()).unwrap_or(i64::MAX) })
}

/// SHA-256 of some bytes, in hexadecimal.
pub fn checksum(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The name of a file as it is kept: NFC, one line, no path; 400 for anything else.
pub fn name(given: &str) -> Result<String, AppError> {
    let name = text::parse(given, NAME_MAX, false)?;
    if name.contains(['/', '\\']) || name.trim_matches('.').is_empty() {
        return Err(AppError::new(ErrorCode::InvalidParameter).with_field(FieldError::new(
            "?filename",
            "pattern",
            message("Tên tệp không được có đường dẫn.", "The name of a file holds no path."),
        )));
    }
    Ok(name)
}

fn endings(kind: MediaType) -> &'static [&'static str] {
    match kind {
        MediaType::Pdf => &[".pdf"],
        MediaType::Docx => &[".docx"],
        MediaType::Xlsx => &[".xlsx"],
        MediaType::Png => &[".png"],
        MediaType::Jpeg => &[".jpg", ".jpeg"],
        MediaType::Text => &[".txt"],
    }
}

/// Why bytes of a known form are not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Unfit {
    Macros,
    Damaged,
}

fn kind_of(bytes: &[u8]) -> Result<Option<MediaType>, Unfit> {
    if bytes.starts_with(b"%PDF-") {
        return Ok(Some(MediaType::Pdf));
    }
    if bytes.starts_with(b"\x89PNG\r\n\x1a\n") {
        return Ok(Some(MediaType::Png));
    }
    if bytes.starts_with(b"\xff\xd8\xff") {
        return Ok(Some(MediaType::Jpeg));
    }
    if bytes.starts_with(b"PK") {
        return office(bytes);
    }
    let is_text = |text: &str| !text.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t' | '\u{c}'));
    Ok(std::str::from_utf8(bytes).is_ok_and(is_text).then_some(MediaType::Text))
}

/// A package of an office: by its parts.
fn office(bytes: &[u8]) -> Result<Option<MediaType>, Unfit> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|_| Unfit::Damaged)?;
    if archive.len() > MOST_PARTS {
        return Err(Unfit::Damaged);
    }
    let parts: Vec<String> =
        archive.file_names().map(|name| name.map(String::from)).collect::<Result<_, _>>().map_err(|_| Unfit::Damaged)?;
    let has = |part: &str| parts.iter().any(|name| name == part);
    if !has("[Content_Types].xml") {
        return Ok(None);
    }
    let mut types = String::new();
    let part = archive.by_name("[Content_Types].xml").map_err(|_| Unfit::Damaged)?;
    part.take(TYPES_READ).read_to_string(&mut types).map_err(|_| Unfit::Damaged)?;
    let is_macro = |name: &String| name.to_ascii_lowercase().ends_with("vbaproject.bin");
    if parts.iter().any(is_macro) || types.to_ascii_lowercase().contains("macroenabled") {
        return Err(Unfit::Macros);
    }
    Ok(match (has("word/document.xml"), has("xl/workbook.xml")) {
        (true, false) => Some(MediaType::Docx),
        (false, true) => Some(MediaType::Xlsx),
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;
    use zip::ZipWriter;
    use zip::write::SimpleFileOptions;

    fn package(parts: &[(&str, &str)]) -> Vec<u8> {
        let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
        for (name, text) in parts {
            zip.start_file(*name, SimpleFileOptions::default()).unwrap();
            zip.write_all(text.as_bytes()).unwrap();
        }
        zip.finish().unwrap().into_inner()
    }

    #[test]
    fn bytes_say_what_a_file_is() {
        let types = ("[Content_Types].xml", "<Types/>");
        let word = ("word/document.xml", "<w/>");
        type Found = Result<Option<MediaType>, Unfit>;
        let cases: [(Vec<u8>, Found); 11] = [
            (b"%PDF-1.7".to_vec(), Ok(Some(MediaType::Pdf))),
            (b"\x89PNG\r\n\x1a\n...".to_vec(), Ok(Some(MediaType::Png))),
            (b"\xff\xd8\xff\xe0".to_vec(), Ok(Some(MediaType::Jpeg))),
            ("Kế hoạch\n".as_bytes().to_vec(), Ok(Some(MediaType::Text))),
            (b"MZ\x00\x01".to_vec(), Ok(None)),
            (b"PK\x03\x04 broken".to_vec(), Err(Unfit::Damaged)),
            (package(&[types, word]), Ok(Some(MediaType::Docx))),
            (package(&[types, ("xl/workbook.xml", "<x/>")]), Ok(Some(MediaType::Xlsx))),
            (package(&[word]), Ok(None)),
            (package(&[types, word, ("word/vbaProject.bin", "x")]), Err(Unfit::Macros)),
            (package(&[("[Content_Types].xml", "application/vnd.ms-word.document.macroEnabled.main+xml"), word]), Err(Unfit::Macros)),
        ];
        for (bytes, expected) in cases {
            assert_eq!(kind_of(&bytes), expected, "{}", String::from_utf8_lossy(&bytes));
        }
    }

    #[test]
    fn a_name_is_composed_and_holds_no_path() {
        assert_eq!(name("Ke\u{302}\u{301} hoạch.pdf").unwrap(), "Kế hoạch.pdf");
        for bad in ["../a.pdf", "C:\\a.pdf", "..", "a\nb.pdf", "a\u{202e}fdp.exe", "  "] {
            assert!(name(bad).is_err(), "{bad:?}");
        }
    }
}
