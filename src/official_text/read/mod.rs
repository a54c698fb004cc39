//! Files as text with one paragraph a line.

mod docx;
mod docx_numbering;
mod docx_parts;
mod pdf;
mod pdf_fonts;
mod pdf_layout;
mod pdf_page;
mod plain;

/// Largest file.
pub const MAX_BYTES: usize = 20 * 1024 * 1024;
/// Largest text, in bytes, also of what a container unpacks to.
pub const MAX_TEXT: usize = 4 * 1024 * 1024;
/// Most lines.
pub const MAX_LINES: usize = 20_000;

/// Form of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// UTF-8, or UTF-16 with a byte order mark.
    PlainText,
    /// Office Open XML.
    Docx,
    /// PDF with a text layer.
    Pdf,
}

/// Why a file was not read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Unreadable {
    /// Larger than [`MAX_BYTES`].
    #[error("Tệp lớn hơn 20 MiB. / The file is larger than 20 MiB.")]
    FileTooLarge,
    /// Its text is larger than [`MAX_TEXT`].
    #[error("Nội dung văn bản lớn hơn 4 MiB sau khi giải nén. / The text is larger than 4 MiB once unpacked.")]
    TextTooLarge,
    /// More lines than [`MAX_LINES`].
    #[error("Văn bản có hơn 20.000 dòng. / The text has more than 20,000 lines.")]
    TooManyLines,
    /// In another encoding, such as TCVN3 or VNI.
    #[error(
        "Tệp không ở mã Unicode (UTF-8, UTF-16); có thể là TCVN3 hoặc VNI. / The file is not Unicode (UTF-8, UTF-16); it may be TCVN3 or VNI."
    )]
    NotUtf8,
    /// Holds no text at all.
    #[error("Tệp không có nội dung. / The file is empty.")]
    Empty,
    /// Not of the form that was said, or damaged.
    #[error("Tệp bị hỏng hoặc không đúng định dạng. / The file is damaged or of another format.")]
    Damaged,
    /// A PDF of pictures only.
    #[error("Tệp PDF không có lớp chữ (bản quét). / The PDF has no text layer (a scan).")]
    NoTextLayer,
    /// Protected by a password.
    #[error("Tệp được bảo vệ bằng mật khẩu. / The file is protected by a password.")]
    Encrypted,
}

impl Unreadable {
    /// What to say, in Vietnamese and in English.
    pub fn messages(self) -> (String, String) {
        let both = self.to_string();
        both.split_once(" / ").map_or_else(|| (both.clone(), both.clone()), |(vi, en)| (vi.to_owned(), en.to_owned()))
    }

    /// Stable code.
    pub fn code(self) -> &'static str {
        match self {
            Self::FileTooLarge => "file_too_large",
            Self::TextTooLarge => "text_too_large",
            Self::TooManyLines => "too_many_lines",
            Self::NotUtf8 => "not_utf8",
            Self::Empty => "empty",
            Self::Damaged => "damaged",
            Self::NoTextLayer => "no_text_layer",
            Self::Encrypted => "encrypted",
        }
    }
}

/// Reads a file into text with one paragraph a line.
pub fn read(bytes: &[u8], format: Format) -> Result<String, Unreadable> {
    if bytes.len() > MAX_BYTES {
        return Err(Unreadable::FileTooLarge);
    }
    let text = match format {
        Format::PlainText => plain::read(bytes)?,
        Format::Docx => docx::read(bytes)?,
        Format::Pdf => pdf::read(bytes)?,
    };
    if text.len() > MAX_TEXT {
        return Err(Unreadable::TextTooLarge);
    }
    if text.lines().count() > MAX_LINES {
        return Err(Unreadable::TooManyLines);
    }
    if text.trim().is_empty() {
        return Err(if format == Format::Pdf { Unreadable::NoTextLayer } else { Unreadable::Empty });
    }
    Ok(text)
}

/// Runs a parser of other hands; a panic in it is a damaged file, not the end of the service.
/// Panics need `panic = "unwind"`, as the release profile of the project has it.
fn guarded<T>(parse: impl FnOnce() -> Result<T, Unreadable>) -> Result<T, Unreadable> {
    std::panic::catch_unwind(std::panic::AssertUnwindSafe(parse)).unwrap_or(Err(Unreadable::Damaged))
}
