//! CSV as spreadsheet programs read it.

use super::Unwritable;
use super::model::{Cell, Table};

/// Without it, Excel takes UTF-8 for the code page of the machine.
const BYTE_ORDER_MARK: &[u8] = b"\xEF\xBB\xBF";
/// With one of these first, a spreadsheet program takes words for a formula (full-width forms included).
const FORMULA_SIGNS: [char; 10] = ['=', '+', '-', '@', '\t', '\r', '＝', '＋', '－', '＠'];

pub(super) fn write(table: &Table) -> Result<Vec<u8>, Unwritable> {
    let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(BYTE_ORDER_MARK.to_vec());
    writer.write_record(table.columns.iter().map(|column| guarded(&column.title)))?;
    for row in &table.rows {
        writer.write_record(row.iter().map(field))?;
    }
    Ok(writer.into_inner().map_err(csv::IntoInnerError::into_error)?)
}

fn field(cell: &Cell) -> String {
    match cell {
        Cell::Empty => String::new(),
        Cell::Text(text) => guarded(text),
        Cell::Number(number) => number.to_string(),
        Cell::Total(_, result) => result.map_or_else(String::new, |result| result.to_string()),
    }
}

/// With an apostrophe before what would be calculated.
fn guarded(text: &str) -> String {
    if text.trim_start_matches(' ').starts_with(FORMULA_SIGNS) { format!("'{text}") } else { text.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::super::model::Column;
    use super::*;

    #[test]
    fn words_that_would_be_calculated_are_guarded_and_numbers_are_not() {
        let texts = ["=1+1", "+84", "-x", "@SUM(A1)", " =2", "\tx", "＝1", "a=b", "", "“Điểm”, số 1\ndòng hai"];
        let mut row: Vec<Cell> = texts.iter().copied().map(Cell::text).collect();
        row.extend([Cell::Number(-5), Cell::Empty]);
        let table =
            Table { columns: (0..12).map(|at| Column::new(format!("Cột {at}"), 5)).collect(), rows: vec![row], has_totals: false };
        let bytes = write(&table).unwrap();
        assert!(bytes.starts_with(BYTE_ORDER_MARK));
        let mut reader = csv::Reader::from_reader(&bytes[3..]);
        let read: Vec<String> = reader.records().next().unwrap().unwrap().iter().map(str::to_owned).collect();
        assert_eq!(read[..7], ["'=1+1", "'+84", "'-x", "'@SUM(A1)", "' =2", "'\tx", "'＝1"]);
        assert_eq!(read[7..], ["a=b", "", "“Điểm”, số 1\ndòng hai", "-5", ""]);
    }
}
