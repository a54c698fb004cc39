//! A stretch of stored bytes as rows. A stretch ends behind a whole row, so that the next one begins with a whole one.

use super::columns::Column;
use super::rows::{Raw, Row, judge, unreadable};
use crate::error::{FieldError, Message, message};
use crate::json::{self, JsonError};
use serde::Deserialize;
use serde_json::Value;

/// Bytes to be read, from the first that is not worked off yet.
#[derive(Debug, Clone, Copy)]
pub struct Window<'a> {
    /// The bytes.
    pub bytes: &'a [u8],
    /// Whether the file ends with them.
    pub is_last: bool,
    /// Line of the first byte, from 1.
    pub first_line: i32,
    /// Rows to read at the most.
    pub most: usize,
}

/// Rows that were read, and where to go on.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct Stretch {
    pub rows: Vec<Row>,
    /// Bytes read: never in the middle of a row.
    pub consumed: usize,
    pub next_line: i32,
}

/// Why a file cannot be read on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileFault {
    /// Stable code.
    pub code: &'static str,
    /// What happened.
    pub message: Message,
}

fn too_long(line: i32) -> FileFault {
    FileFault {
        code: "row_too_long",
        message: message(
            format!("Dòng {line} quá dài, hoặc có dấu ngoặc kép không đóng."),
            format!("Line {line} is too long, or has a quotation mark that is not closed."),
        ),
    }
}

/// Reads lines of JSON (NDJSON): an object each, with the names that columns have. Blank lines are passed over.
pub fn ndjson(window: Window<'_>) -> Result<Stretch, FileFault> {
    let mut stretch = Stretch { rows: Vec::new(), consumed: 0, next_line: window.first_line };
    let mut rest = window.bytes;
    while stretch.rows.len() < window.most && !rest.is_empty() {
        let end = rest.iter().position(|byte| *byte == b'\n').map(|at| at + 1);
        let Some(end) = end.or(window.is_last.then_some(rest.len())) else { break };
        let (line, after) = rest.split_at_checked(end).unwrap_or((rest, &[]));
        if !line.trim_ascii().is_empty() {
            let guest = object(line.trim_ascii()).and_then(|raw| judge(&raw));
            stretch.rows.push(Row { line: stretch.next_line, guest });
        }
        rest = after;
        stretch.consumed += end;
        stretch.next_line += 1;
    }
    if stretch.consumed == 0 && !window.bytes.is_empty() { Err(too_long(window.first_line)) } else { Ok(stretch) }
}

/// A row as most files have it. What is not of this form is looked at in [`object_by_names`].
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Plain {
    kind: Option<String>,
    category: Option<String>,
    full_name: Option<String>,
    title: Option<String>,
    organisation: Option<String>,
    representative_name: Option<String>,
    age_band: Option<String>,
}

fn object(line: &[u8]) -> Result<Raw, Vec<FieldError>> {
    let Ok(plain) = serde_json::from_slice::<Plain>(line) else { return object_by_names(line) };
    let Plain { kind, category, full_name, title, organisation, representative_name, age_band } = plain;
    let text = |text: Option<String>| text.filter(|text| !text.trim().is_empty());
    Ok(Raw {
        kind: text(kind),
        category: text(category),
        full_name: text(full_name),
        title: text(title),
        organisation: text(organisation),
        representative_name: text(representative_name),
        age_band: text(age_band),
    })
}

fn object_by_names(line: &[u8]) -> Result<Raw, Vec<FieldError>> {
    let value = json::parse(line).map_err(|error| match error {
        JsonError::Malformed(_, column) => vec![FieldError::new(
            "",
            "malformed",
            message(format!("JSON sai ở cột {column}."), format!("The JSON is broken at column {column}.")),
        )],
        JsonError::DuplicateMember(name) => {
            vec![FieldError::new(pointer(&name), "duplicate_field", message("Trường lặp lại.", "The field stands twice."))]
        }
    })?;
    let Value::Object(members) = value else {
        return Err(unreadable("type", "Mỗi dòng là một đối tượng JSON.", "Each line is a JSON object."));
    };
    let (mut raw, mut wrong) = (Raw::default(), Vec::new());
    for (name, value) in &members {
        match (Column::named(name), value) {
            (None, _) => {
                wrong.push(FieldError::new(pointer(name), "unknown_field", message("Không có trường này.", "There is no such field.")))
            }
            (Some(Column::Number), _) | (Some(_), Value::Null) => {}
            (Some(column), Value::String(text)) => raw.set(column, text),
            (Some(_), _) => {
                wrong.push(FieldError::new(pointer(name), "type", message("Sai kiểu dữ liệu.", "The value has the wrong type.")))
            }
        }
    }
    if wrong.is_empty() { Ok(raw) } else { Err(wrong) }
}

fn pointer(name: &str) -> String {
    let name: String = name.chars().take(100).collect();
    format!("/{}", name.replace('~', "~0").replace('/', "~1"))
}

/// What the fields of a table are.
#[derive(Debug, Clone, Copy)]
pub struct Table<'a> {
    /// Between two fields.
    pub delimiter: u8,
    /// What they hold, in their order.
    pub columns: &'a [Column],
    /// Whether a field before all others holds the row's line: so a workbook is stored.
    pub has_lines: bool,
}

/// Reads rows of a table (CSV, RFC 4180; quoted fields may hold line ends). Blank lines are passed over.
pub fn csv(window: Window<'_>, table: Table<'_>) -> Result<Stretch, FileFault> {
    let mut reader = csv::ReaderBuilder::new().delimiter(table.delimiter).has_headers(false).flexible(true).from_reader(window.bytes);
    let mut stretch = Stretch { rows: Vec::new(), consumed: 0, next_line: window.first_line };
    let mut record = csv::ByteRecord::new();
    while stretch.rows.len() < window.most {
        let is_record = reader.read_byte_record(&mut record).unwrap_or(false);
        if !is_record {
            stretch.consumed = if window.is_last { window.bytes.len() } else { stretch.consumed };
            break;
        }
        let end = usize::try_from(reader.position().byte()).unwrap_or(usize::MAX);
        if end >= window.bytes.len() && !window.is_last {
            // It may go on behind the window.
            break;
        }
        let start = record.position().map_or((0, 0), |start| (start.byte(), start.line()));
        let line = window.first_line.saturating_add(lines(start.1.saturating_sub(1) + line_ends(window.bytes, start.0)));
        stretch.consumed = end;
        stretch.next_line = window.first_line.saturating_add(lines(reader.position().line().saturating_sub(1)));
        stretch.rows.push(row(&record, table, line));
    }
    if stretch.consumed == 0 && !window.bytes.is_empty() { Err(too_long(window.first_line)) } else { Ok(stretch) }
}

fn lines(count: u64) -> i32 {
    i32::try_from(count).unwrap_or(i32::MAX)
}

/// The line ends between where a record is said to begin and where it does.
fn line_ends(bytes: &[u8], from: u64) -> u64 {
    let rest = bytes.iter().skip(usize::try_from(from).unwrap_or(usize::MAX));
    rest.take_while(|byte| matches!(byte, b'\r' | b'\n')).filter(|byte| **byte == b'\n').map(|_| 1).sum()
}

fn row(record: &csv::ByteRecord, table: Table<'_>, line: i32) -> Row {
    let mut fields = record.iter();
    let own_line = if table.has_lines { fields.next() } else { None };
    let line = own_line.and_then(|text| std::str::from_utf8(text).ok()?.parse().ok()).unwrap_or(line);
    let mut raw = Raw::default();
    let mut columns = table.columns.iter();
    for field in fields {
        let Ok(text) = std::str::from_utf8(field) else {
            return Row { line, guest: Err(unreadable("not_utf8", "Dòng không phải UTF-8.", "The row is not UTF-8.")) };
        };
        match columns.next() {
            Some(column) => raw.set(*column, text),
            None if text.trim().is_empty() => {}
            None => {
                return Row {
                    line,
                    guest: Err(unreadable("too_many_fields", "Dòng có nhiều ô hơn tiêu đề.", "The row has more fields than the header.")),
                };
            }
        }
    }
    Row { line, guest: judge(&raw) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const COLUMNS: [Column; 3] = [Column::Kind, Column::Category, Column::FullName];
    const TABLE: Table<'_> = Table { delimiter: b';', columns: &COLUMNS, has_lines: false };

    /// `line name` or `line code` of each row, read in windows of so many bytes.
    fn read(text: &[u8], size: usize, most: usize, is_csv: bool) -> Vec<String> {
        let (mut found, mut position, mut first_line, mut size) = (Vec::new(), 0, 1, size);
        while position < text.len() {
            let end = text.len().min(position + size);
            let window = Window { bytes: &text[position..end], is_last: end == text.len(), first_line, most };
            let Ok(stretch) = (if is_csv { csv(window, TABLE) } else { ndjson(window) }) else {
                size += 7;
                continue;
            };
            found.extend(stretch.rows.iter().map(|row| match &row.guest {
                Ok(guest) => format!("{} {}", row.line, guest.full_name),
                Err(wrong) => format!("{} {}", row.line, wrong[0].code),
            }));
            position += stretch.consumed;
            first_line = stretch.next_line;
        }
        found
    }

    #[test]
    fn rows_have_the_lines_that_an_editor_shows() {
        let text = "person;other;A\r\n\r\nperson;other;\"B\"\"b\"\r\nperson;;C\n\n\nperson;other;D;x\nperson;other;E";
        let expected = ["1 A", "3 B\"b", "4 required", "7 too_many_fields", "8 E"];
        let quoted = "person;\"other\n\";A\nperson;other;B\n";
        for size in [20, 21, 22, 23, 24, 25, 26, 27, 40, 1000] {
            for most in [1, 2, 100] {
                assert_eq!(read(text.as_bytes(), size, most, true), expected, "{size} {most}");
                assert_eq!(read(quoted.as_bytes(), size, most, true), ["1 A", "3 B"], "{size} {most}");
            }
        }
        assert_eq!(read(b"person;other;\xff\n", 100, 9, true), ["1 not_utf8"]);
        let unclosed = Window { bytes: b"\"person;other;A\nperson;other;B\n", is_last: false, first_line: 4, most: 9 };
        assert_eq!(csv(unclosed, TABLE).unwrap_err().code, "row_too_long");
    }

    #[test]
    fn lines_of_json_are_objects_with_the_names_of_columns() {
        let text = "{\"kind\":\"person\",\"category\":\"other\",\"full_name\":\"A\"}\r\n\n{\"Loại\":\"Cá nhân\",\"Thành phần\":\"Khác\",\"Họ tên\":\"B\",\"STT\":1}\n[]\n{\n{\"kind\":1}\n{\"kind\":\"person\",\"x\":1}\n{\"kind\":\"person\",\"kind\":\"person\"}";
        let expected = ["1 A", "3 B", "4 type", "5 malformed", "6 type", "7 unknown_field", "8 duplicate_field"];
        for size in [60, 61, 90, 1000] {
            assert_eq!(read(text.as_bytes(), size, 3, false), expected, "{size}");
        }
    }

    proptest! {
        #[test]
        fn where_a_stretch_ends_does_not_matter(names in prop::collection::vec("[a-z\";\n\r]{1,12}", 1..12), size in 40_usize..200, most in 1_usize..5) {
            let mut writer = csv::WriterBuilder::new().delimiter(b';').from_writer(Vec::new());
            for name in &names {
                writer.write_record(["person", "other", name]).unwrap();
            }
            let text = writer.into_inner().unwrap();
            prop_assert_eq!(read(&text, size, most, true), read(&text, text.len(), usize::MAX, true));
        }
    }
}
