//! Official documents as files: DOCX in the layout of decree 30/2020/NĐ-CP, XLSX with live totals, CSV for other programs.
//!
//! Pure: no database, no HTTP, no clock. What is written is a draft until it is signed outside this system; what only a clerk
//! can know (number, date, name) is left open where it is not given.

pub mod cards;
pub mod model;
pub mod text;
pub mod words;

mod csv_file;
mod docx;
mod docx_blocks;
mod docx_parts;
mod xlsx;

pub use model::{Appendix, Block, Cell, Column, Document, Header, Paper, Place, Sheet, Signature, Sum, Table};

/// A file could not be written: a fault of this program or of its libraries, never of the caller.
#[derive(Debug, thiserror::Error)]
pub enum Unwritable {
    /// The container of a DOCX.
    #[error("docx: {0}")]
    Zip(#[from] zip::result::ZipError),
    /// The workbook.
    #[error("xlsx: {0}")]
    Xlsx(#[from] rust_xlsxwriter::XlsxError),
    /// The list.
    #[error("csv: {0}")]
    Csv(#[from] csv::Error),
    /// A picture.
    #[error("png: {0}")]
    Png(#[from] png::EncodingError),
    /// Bytes that do not fit.
    #[error("write: {0}")]
    Io(#[from] std::io::Error),
    /// More rows or columns than a sheet has.
    #[error("too many cells: {0}")]
    TooLarge(#[from] std::num::TryFromIntError),
}

impl Document {
    /// The paper as DOCX.
    pub fn docx(&self) -> Result<Vec<u8>, Unwritable> {
        docx::write(&self.paper)
    }

    /// The sheets as XLSX; formulas carry their results, so that a reader that does not calculate shows them too.
    pub fn xlsx(&self) -> Result<Vec<u8>, Unwritable> {
        xlsx::write(&self.sheets)
    }

    /// The list as CSV: UTF-8 with a byte order mark, commas, CRLF, the first row names the columns.
    pub fn csv(&self) -> Result<Vec<u8>, Unwritable> {
        csv_file::write(&self.list)
    }
}
