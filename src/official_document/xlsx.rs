//! XLSX: a sheet for each table, totals as formulas with their results.

use super::Unwritable;
use super::model::{Cell, Column, Place, Sheet, Sum};
use rust_xlsxwriter::{ColNum, DocProperties, ExcelDateTime, Format, FormatAlign, FormatBorder, Formula, RowNum, Workbook, Worksheet};

const FONT: &str = "Times New Roman";
/// Rows above the header row of a table: title, note, an empty one.
const TOP: RowNum = 3;
/// Longest text of a cell, in characters.
const LONGEST: usize = 32_000;
const A4: u8 = 9;
/// Height of a line of text, and of a row at the most, in points.
const LINE: f64 = 16.0;
const HIGHEST: f64 = 400.0;

pub(super) fn write(sheets: &[Sheet]) -> Result<Vec<u8>, Unwritable> {
    let mut workbook = Workbook::new();
    // The same content is the same file: its time is that of no clock.
    workbook.set_properties(&DocProperties::new().set_creation_datetime(&ExcelDateTime::from_ymd(2000, 1, 1)?));
    let formats = Formats::new();
    for sheet in sheets {
        write_sheet(workbook.add_worksheet(), sheet, &formats)?;
    }
    Ok(workbook.save_to_buffer()?)
}

struct Formats {
    title: Format,
    note: Format,
    head: Format,
    text: Format,
    number: Format,
    total_text: Format,
    total: Format,
}

impl Formats {
    fn new() -> Self {
        let base = || Format::new().set_font_name(FONT).set_font_size(12);
        let cell = || base().set_border(FormatBorder::Thin).set_align(FormatAlign::Top);
        let number = || cell().set_num_format("#,##0").set_align(FormatAlign::Right);
        Self {
            title: base().set_font_size(14).set_bold(),
            note: base().set_italic(),
            head: base()
                .set_bold()
                .set_border(FormatBorder::Thin)
                .set_align(FormatAlign::Center)
                .set_align(FormatAlign::VerticalCenter)
                .set_text_wrap(),
            text: cell().set_text_wrap(),
            number: number(),
            total_text: cell().set_text_wrap().set_bold(),
            total: number().set_bold(),
        }
    }
}

fn write_sheet(out: &mut Worksheet, sheet: &Sheet, formats: &Formats) -> Result<(), Unwritable> {
    let Sheet { name, title, note, table } = sheet;
    out.set_name(name)?.set_paper_size(A4).set_landscape().set_print_fit_to_pages(1, 0);
    // What a total without a result shows: nothing, where the library would put a zero.
    out.set_formula_result_default("");
    out.write_string_with_format(0, 0, title, &formats.title)?;
    out.write_string_with_format(1, 0, note, &formats.note)?;
    for (at, column) in (0..).zip(&table.columns) {
        out.set_column_width(at, f64::from(column.width))?;
        out.write_string_with_format(TOP, at, &column.title, &formats.head)?;
    }
    out.set_repeat_rows(TOP, TOP)?.set_freeze_panes(TOP + 1, 0)?;
    let last = table.rows.len().checked_sub(1).filter(|_| table.has_totals);
    for (at, cells) in table.rows.iter().enumerate() {
        let row = row_of(at)?;
        let is_total = last == Some(at);
        out.set_row_height(row, height(cells, &table.columns))?;
        let (words, figures) = if is_total { (&formats.total_text, &formats.total) } else { (&formats.text, &formats.number) };
        for (column, cell) in (0..).zip(cells) {
            match cell {
                Cell::Empty => out.write_blank(row, column, words)?,
                Cell::Text(text) => out.write_string_with_format(row, column, shortened(text), words)?,
                Cell::Number(number) => out.write_with_format(row, column, *number, figures)?,
                Cell::Total(sum, result) => {
                    // A reader that does not calculate shows the result; what nothing is known of stays empty and is no zero.
                    let result = result.map_or_else(String::new, |result| result.to_string());
                    out.write_formula_with_format(row, column, Formula::new(formula(sum, row, column)?).set_result(result), &formats.total)?
                }
            };
        }
    }
    Ok(())
}

/// The height that the longest text of a row needs: not every reader fits a row to its wrapped text.
fn height(cells: &[Cell], columns: &[Column]) -> f64 {
    let lines = cells.iter().zip(columns).map(|(cell, column)| match cell {
        Cell::Text(text) => {
            let width = usize::try_from(column.width).unwrap_or(usize::MAX).max(1);
            text.lines().map(|line| line.chars().count().div_ceil(width).max(1)).sum()
        }
        Cell::Empty | Cell::Number(_) | Cell::Total(..) => 1,
    });
    let most: usize = lines.max().unwrap_or(1);
    u16::try_from(most).map_or(HIGHEST, |most| (f64::from(most) * LINE).min(HIGHEST))
}

/// Empty where it has nothing to add up: SUM alone would say zero.
fn formula(sum: &Sum, row: RowNum, column: ColNum) -> Result<String, Unwritable> {
    let cells = match sum {
        // Without a row above it there is nothing but the header, whose words are not added up.
        Sum::Above => format!("{}:{}", name_of(TOP + if row > TOP + 1 { 1 } else { 0 }, column), name_of(row - 1, column)),
        Sum::Cells(places) => places.iter().map(place).collect::<Result<Vec<_>, _>>()?.join(","),
    };
    if cells.is_empty() {
        return Ok("=\"\"".to_owned());
    }
    Ok(format!("=IF(COUNT({cells})=0,\"\",SUM({cells}))"))
}

fn place(place: &Place) -> Result<String, Unwritable> {
    let cell = name_of(row_of(place.row)?, ColNum::try_from(place.column)?);
    Ok(place.sheet.as_ref().map_or_else(|| cell.clone(), |sheet| format!("'{}'!{cell}", sheet.replace('\'', "''"))))
}

fn row_of(row: usize) -> Result<RowNum, Unwritable> {
    Ok(RowNum::try_from(row)?.saturating_add(TOP + 1))
}

/// `A1` for row 0, column 0.
fn name_of(row: RowNum, column: ColNum) -> String {
    format!("{}{}", rust_xlsxwriter::column_number_to_name(column), row + 1)
}

fn shortened(text: &str) -> String {
    match text.char_indices().nth(LONGEST) {
        Some((at, _)) => format!("{}…", text.get(..at).unwrap_or_default()),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::super::model::{Column, Table};
    use super::*;
    use std::io::Read;

    fn xml(bytes: &[u8], part: &str) -> String {
        let mut archive = zip::ZipArchive::new(std::io::Cursor::new(bytes)).unwrap();
        let mut text = String::new();
        archive.by_name(part).unwrap().read_to_string(&mut text).unwrap();
        text
    }

    #[test]
    fn totals_are_formulas_with_results_and_unknown_ones_are_empty() {
        let columns = vec![Column::new("Đơn vị", 30), Column::new("Số", 10), Column::new("Khác", 10)];
        let rows = vec![
            vec![Cell::text("=A"), Cell::Number(1_000_000_000_000_000), Cell::Empty],
            vec![Cell::text("B"), Cell::Number(2), Cell::text("không")],
            vec![Cell::text("Cộng"), Cell::Total(Sum::Above, Some(1_000_000_000_000_002)), Cell::Total(Sum::Above, None)],
        ];
        let level = Sheet {
            name: "Cấp huyện".into(),
            title: "Số liệu".into(),
            note: String::new(),
            table: Table { columns, rows, has_totals: true },
        };
        let whole = Place { sheet: Some("Cấp huyện".into()), row: 2, column: 1 };
        let summary = Sheet {
            name: "Tổng hợp".into(),
            title: "Tổng hợp".into(),
            note: String::new(),
            table: Table {
                columns: vec![Column::new("Cộng", 10)],
                rows: vec![
                    vec![Cell::Total(Sum::Cells(vec![whole]), Some(1_000_000_000_000_002))],
                    vec![Cell::Total(Sum::Cells(vec![]), None)],
                ],
                has_totals: false,
            },
        };
        let bytes = write(&[summary.clone(), level.clone()]).unwrap();
        assert_eq!(bytes, write(&[summary, level]).unwrap(), "the same content is the same file");
        let (first, second) = (xml(&bytes, "xl/worksheets/sheet1.xml"), xml(&bytes, "xl/worksheets/sheet2.xml"));
        assert!(first.contains("<f>IF(COUNT('Cấp huyện'!B7)=0,\"\",SUM('Cấp huyện'!B7))</f><v>1000000000000002</v>"), "{first}");
        assert!(second.contains("<f>IF(COUNT(B5:B6)=0,\"\",SUM(B5:B6))</f><v>1000000000000002</v>"), "{second}");
        assert!(second.contains("<f>IF(COUNT(C5:C6)=0,\"\",SUM(C5:C6))</f><v></v>"), "{second}");
        assert!(second.contains("<v>1000000000000000</v>"), "{second}");
        assert!(xml(&bytes, "xl/styles.xml").contains("Times New Roman"));
    }
}
