//! A workbook (XLSX) as rows of CSV, within limits of what it may unpack to: each with its row of the sheet before its fields.

use super::columns::{self, Column};
use super::spool::Spool;
use crate::error::{AppError, FieldError, message};
use calamine::{DataRef, Reader, Xlsx};
use std::fs::File;
use std::io::{self, BufReader, BufWriter, Read, Seek, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};
use zip::ZipArchive;

/// Parts of a workbook at the most; more are no workbook.
const MOST_PARTS: usize = 10_000;
/// Bytes that all parts may unpack to. What the archive says of its sizes is not believed.
const MOST_UNPACKED: u64 = 160 * 1024 * 1024;

/// Writes the rows below the header of the first sheet into an empty spool. 422 for what is no workbook, unpacks to too much, holds
/// macros, or has a header that is not one of guests. Gives the columns and how many bytes were written.
pub fn unpack(workbook: &File, rows: &File) -> Result<(Vec<Column>, u64), AppError> {
    check_archive(workbook)?;
    // The archive is checked, but what is in it may be anything: a fault of the reader is one of the file.
    catch_unwind(AssertUnwindSafe(|| convert(workbook, rows))).unwrap_or_else(|_| Err(damaged()))
}

fn refused(code: &'static str, vi: &'static str, en: &'static str) -> AppError {
    AppError::field(FieldError::new("", code, message(vi, en)))
}

fn damaged() -> AppError {
    refused("damaged", "Tệp không phải bảng tính XLSX, hoặc bị hỏng.", "The file is no XLSX workbook, or it is damaged.")
}

fn reader(file: &File) -> Result<BufReader<File>, AppError> {
    let mut file = file.try_clone().map_err(AppError::internal)?;
    file.rewind().map_err(AppError::internal)?;
    Ok(BufReader::new(file))
}

fn check_archive(file: &File) -> Result<(), AppError> {
    let mut archive = ZipArchive::new(reader(file)?).map_err(|_| damaged())?;
    if archive.len() > MOST_PARTS {
        return Err(damaged());
    }
    let (mut rest, mut has_book) = (MOST_UNPACKED, false);
    for index in 0..archive.len() {
        let mut part = archive.by_index(index).map_err(|_| damaged())?;
        let name = part.name().map_err(|_| damaged())?.to_ascii_lowercase();
        if name.ends_with("vbaproject.bin") {
            return Err(refused("has_macros", "Tệp có macro.", "The file holds macros."));
        }
        has_book |= name == "xl/workbook.xml";
        let unpacked = io::copy(&mut part.by_ref().take(rest + 1), &mut io::sink()).map_err(|_| damaged())?;
        rest = rest.checked_sub(unpacked).ok_or_else(|| {
            refused("unpacks_to_too_much", "Bảng tính giải nén ra quá lớn.", "The workbook unpacks to more than is taken.")
        })?;
    }
    if has_book { Ok(()) } else { Err(damaged()) }
}

fn convert(workbook: &File, rows: &File) -> Result<(Vec<Column>, u64), AppError> {
    let mut book: Xlsx<_> = calamine::open_workbook_from_rs(reader(workbook)?).map_err(|_| damaged())?;
    let sheet = book.sheet_names().into_iter().next().ok_or_else(damaged)?;
    let mut cells = book.worksheet_cells_reader(&sheet).map_err(|_| damaged())?;
    let mut table = Table {
        columns: None,
        row: 0,
        fields: Vec::new(),
        has_more: false,
        out: csv::WriterBuilder::new().flexible(true).from_writer(BufWriter::new(rows)),
    };
    while let Some(cell) = cells.next_cell().map_err(|_| damaged())? {
        let (row, column) = cell.get_position();
        if row < table.row {
            return Err(damaged());
        }
        if row > table.row {
            table.end_row()?;
            table.row = row;
        }
        table.put(column, text(cell.get_value()));
    }
    table.end_row()?;
    let Table { columns, out, .. } = table;
    let columns = columns.ok_or_else(|| refused("empty", "Tệp rỗng.", "The file is empty."))?;
    out.into_inner().map_err(|_| AppError::internal("the rows of a workbook"))?.flush().map_err(AppError::internal)?;
    Ok((columns, rows.metadata().map_err(AppError::internal)?.len()))
}

/// Fields of a row at the most.
const MOST_FIELDS: usize = 100;

struct Table<W: Write> {
    columns: Option<Vec<Column>>,
    row: u32,
    fields: Vec<String>,
    /// Whether the row has a field behind the last one that is kept.
    has_more: bool,
    out: csv::Writer<W>,
}

impl<W: Write> Table<W> {
    fn put(&mut self, column: u32, text: String) {
        let at = usize::try_from(column).unwrap_or(usize::MAX);
        if text.trim().is_empty() {
            return;
        }
        if at >= MOST_FIELDS {
            self.has_more = true;
            return;
        }
        if at >= self.fields.len() {
            self.fields.resize(at + 1, String::new());
        }
        if let Some(field) = self.fields.get_mut(at) {
            *field = text;
        }
    }

    fn end_row(&mut self) -> Result<(), AppError> {
        let mut fields = std::mem::take(&mut self.fields);
        if std::mem::take(&mut self.has_more) {
            // A field that no header names: the row is refused for it when it is read.
            fields.resize(MOST_FIELDS, String::new());
            fields.push("x".to_owned());
        }
        if fields.is_empty() {
            return Ok(());
        }
        if self.columns.is_none() {
            self.columns = Some(columns::of_header(&fields)?);
            return Ok(());
        }
        let line = (self.row.saturating_add(1)).to_string();
        self.out.write_record(std::iter::once(&line).chain(&fields)).map_err(AppError::internal)
    }
}

fn text(value: &DataRef<'_>) -> String {
    match value {
        DataRef::String(text) | DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => text.clone(),
        DataRef::SharedString(text) => (*text).to_owned(),
        DataRef::Int(number) => number.to_string(),
        // A whole number shows no fraction.
        DataRef::Float(number) => number.to_string(),
        DataRef::Bool(yes) => yes.to_string(),
        DataRef::DateTime(at) => at.as_f64().to_string(),
        DataRef::Error(_) | DataRef::Empty => String::new(),
    }
}

/// Writes a workbook's rows into a spool of their own.
pub fn to_spool(workbook: &Spool, mut rows: Spool) -> Result<(Vec<Column>, Spool), AppError> {
    let (columns, size) = unpack(&workbook.file, &rows.file)?;
    rows.size = size;
    Ok((columns, rows))
}

#[cfg(test)]
mod tests {
    use super::*;
    use rust_xlsxwriter::Workbook;
    use std::io::Cursor;
    use zip::ZipWriter;
    use zip::write::SimpleFileOptions;

    fn read(bytes: &[u8]) -> Result<(Vec<Column>, String), Vec<String>> {
        let folder = std::env::temp_dir().join("ngayhoi-workbooks");
        let (source, target) = (Spool::create(&folder).unwrap(), Spool::create(&folder).unwrap());
        (&*source.file).write_all(bytes).unwrap();
        let found = unpack(&source.file, &target.file);
        let (columns, size) =
            found.map_err(|error| error.errors.iter().map(|field| format!("{} {}", field.pointer, field.code)).collect::<Vec<_>>())?;
        let text = Spool { file: target.file, size }.read_at(0, usize::MAX).unwrap();
        Ok((columns, String::from_utf8(text).unwrap()))
    }

    #[test]
    fn rows_of_a_workbook_keep_their_numbers() {
        let mut book = Workbook::new();
        let sheet = book.add_worksheet();
        for (row, column, text) in
            [(2, 0, "STT"), (2, 1, "Loại"), (2, 2, "Thành phần"), (2, 3, "Họ tên"), (3, 1, "Cá nhân"), (3, 3, "A, B"), (6, 3, "C")]
        {
            sheet.write(row, column, text).unwrap();
        }
        sheet.write(3, 0, 1).unwrap();
        let (columns, rows) = read(&book.save_to_buffer().unwrap()).unwrap();
        assert_eq!(columns, [Column::Number, Column::Kind, Column::Category, Column::FullName]);
        assert_eq!(rows, "4,1,Cá nhân,,\"A, B\"\n7,,,,C\n");
    }

    #[test]
    fn what_is_no_workbook_or_unpacks_to_too_much_is_refused() {
        let package = |parts: &[(&str, u64)]| {
            let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
            for (name, size) in parts {
                zip.start_file(*name, SimpleFileOptions::default()).unwrap();
                io::copy(&mut io::repeat(b' ').take(*size), &mut zip).unwrap();
            }
            zip.finish().unwrap().into_inner()
        };
        assert_eq!(read(b"kind,category").unwrap_err(), [" damaged"]);
        assert_eq!(read(&package(&[("word/document.xml", 9)])).unwrap_err(), [" damaged"]);
        assert_eq!(read(&package(&[("xl/workbook.xml", 9)])).unwrap_err(), [" damaged"]);
        assert_eq!(read(&package(&[("xl/workbook.xml", 9), ("xl/vbaProject.bin", 1)])).unwrap_err(), [" has_macros"]);
        let bomb = package(&[("xl/workbook.xml", 9), ("xl/a.xml", MOST_UNPACKED / 2), ("xl/b.xml", MOST_UNPACKED / 2)]);
        assert!(bomb.len() < 2 * 1024 * 1024);
        assert_eq!(read(&bomb).unwrap_err(), [" unpacks_to_too_much"]);
    }
}
