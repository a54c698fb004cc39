//! Paragraphs and tables in WordprocessingML. Lengths are in twentieths of a point, sizes of letters in halves of one.

use super::docx_parts::WIDTH;
use super::model::{Cell, Table};
use super::text;
use quick_xml::escape::escape;
use std::fmt::Write;

/// How a paragraph is set.
#[derive(Debug, Clone, Copy)]
pub(super) struct Style {
    align: &'static str,
    size: u32,
    is_bold: bool,
    is_italic: bool,
    first_line: u32,
    before: u32,
    line: u32,
    is_kept: bool,
    is_new_page: bool,
}

impl Style {
    const fn new(align: &'static str, size: u32) -> Self {
        Self { align, size, is_bold: false, is_italic: false, first_line: 0, before: 0, line: 240, is_kept: false, is_new_page: false }
    }

    /// In the middle.
    pub(super) const fn centred(size: u32) -> Self {
        Self::new("center", size)
    }

    /// At the left.
    pub(super) const fn left(size: u32) -> Self {
        Self::new("left", size)
    }

    /// The text: 14 points, justified, first line 1.27 cm in, 6 points between paragraphs.
    pub(super) const fn body() -> Self {
        Self { first_line: 720, before: 120, line: 264, ..Self::new("both", 28) }
    }

    pub(super) const fn bold(self) -> Self {
        Self { is_bold: true, ..self }
    }

    pub(super) const fn italic(self) -> Self {
        Self { is_italic: true, ..self }
    }

    pub(super) const fn before(self, before: u32) -> Self {
        Self { before, ..self }
    }

    /// Not the last line of a page.
    pub(super) const fn keep_with_next(self) -> Self {
        Self { is_kept: true, ..self }
    }

    pub(super) const fn on_new_page(self) -> Self {
        Self { is_new_page: true, ..self }
    }
}

/// One paragraph; a line break in it stays one.
pub(super) fn paragraph(style: &Style, words: &str) -> String {
    let Style { align, size, is_bold, is_italic, first_line, before, line, is_kept, is_new_page } = *style;
    let is = |wanted: bool, tag: &'static str| if wanted { tag } else { "" };
    let properties = format!(
        "{}{}<w:spacing w:before=\"{before}\" w:after=\"0\" w:line=\"{line}\" w:lineRule=\"auto\"/><w:ind w:firstLine=\"{first_line}\"/><w:jc w:val=\"{align}\"/>",
        is(is_kept, "<w:keepNext/>"),
        is(is_new_page, "<w:pageBreakBefore/>"),
    );
    let letters =
        format!("<w:rPr>{}{}<w:sz w:val=\"{size}\"/><w:szCs w:val=\"{size}\"/></w:rPr>", is(is_bold, "<w:b/>"), is(is_italic, "<w:i/>"));
    let runs: String = match words {
        "" => String::new(),
        words => {
            let lines: Vec<String> =
                words.lines().map(|line| format!("<w:t xml:space=\"preserve\">{}</w:t>", escape(printable(line).as_str()))).collect();
            format!("<w:r>{letters}{}</w:r>", lines.join("<w:br/>"))
        }
    };
    format!("<w:p><w:pPr>{properties}{letters}</w:pPr>{runs}</w:p>")
}

/// XML 1.0 has no control characters.
fn printable(line: &str) -> String {
    line.chars().map(|c| if c.is_control() { ' ' } else { c }).filter(|c| !matches!(c, '\u{fffe}' | '\u{ffff}')).collect()
}

/// The line below issuer, motto and title, in the middle: the part of the width that is left when so many parts are its share.
pub(super) fn line_below(width: u32, parts: u32) -> String {
    let indent = width.saturating_sub(width / parts) / 2;
    format!(
        "<w:p><w:pPr><w:pBdr><w:top w:val=\"single\" w:sz=\"6\" w:space=\"1\" w:color=\"000000\"/></w:pBdr><w:spacing w:before=\"40\" w:after=\"0\" w:line=\"120\" w:lineRule=\"exact\"/><w:ind w:left=\"{indent}\" w:right=\"{indent}\"/></w:pPr></w:p>"
    )
}

/// Columns without lines, for head and foot.
pub(super) fn bare_table<const N: usize>(widths: &[u32; N], rows: &[[String; N]]) -> String {
    let mut out = open_table(widths, "", 0);
    for row in rows {
        out.push_str("<w:tr><w:trPr><w:cantSplit/></w:trPr>");
        for (width, content) in widths.iter().zip(row) {
            out.push_str(&cell(*width, content));
        }
        out.push_str("</w:tr>");
    }
    out.push_str("</w:tbl>");
    out
}

/// Text of a cell that may run over to the next page, in bytes.
const LONG: usize = 200;

/// A table of figures: lines all around, a header row that each page repeats, numbers at the right.
pub(super) fn table(table: &Table) -> String {
    let whole: u32 = table.columns.iter().map(|column| column.width).sum();
    let widths: Vec<u32> = table.columns.iter().map(|column| WIDTH.saturating_mul(column.width) / whole.max(1)).collect();
    let side = |name: &str| format!("<w:{name} w:val=\"single\" w:sz=\"4\" w:space=\"0\" w:color=\"000000\"/>");
    let borders: String = ["top", "left", "bottom", "right", "insideH", "insideV"].map(side).concat();
    let mut out = paragraph(&Style::centred(12), "");
    out.push_str(&open_table(&widths, &format!("<w:tblBorders>{borders}</w:tblBorders>"), 70));
    out.push_str("<w:tr><w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>");
    for (width, column) in widths.iter().zip(&table.columns) {
        out.push_str(&cell(*width, &paragraph(&Style::centred(24).bold(), &column.title)));
    }
    out.push_str("</w:tr>");
    let last = table.rows.len().checked_sub(1).filter(|_| table.has_totals);
    for (at, row) in table.rows.iter().enumerate() {
        // A row of figures stays on one page; one of much text would leave half a page empty.
        let is_long = row.iter().any(|cell| matches!(cell, Cell::Text(text) if text.len() > LONG));
        out.push_str(if is_long { "<w:tr>" } else { "<w:tr><w:trPr><w:cantSplit/></w:trPr>" });
        for (width, content) in widths.iter().zip(row) {
            out.push_str(&cell(*width, &set(content, last == Some(at))));
        }
        out.push_str("</w:tr>");
    }
    out.push_str("</w:tbl>");
    out.push_str(&paragraph(&Style::centred(12), ""));
    out
}

fn set(cell: &Cell, is_total: bool) -> String {
    let style = |style: Style| if is_total { style.bold() } else { style };
    match cell {
        Cell::Empty | Cell::Total(_, None) => paragraph(&Style::left(24), ""),
        Cell::Text(words) => paragraph(&style(Style::left(24)), words),
        Cell::Number(number) | Cell::Total(_, Some(number)) => paragraph(&style(Style::new("right", 24)), &text::number(*number)),
    }
}

fn open_table(widths: &[u32], borders: &str, margin: u32) -> String {
    let whole: u32 = widths.iter().sum();
    let mut out = format!(
        "<w:tbl><w:tblPr><w:tblW w:w=\"{whole}\" w:type=\"dxa\"/><w:jc w:val=\"center\"/>{borders}<w:tblLayout w:type=\"fixed\"/><w:tblCellMar><w:left w:w=\"{margin}\" w:type=\"dxa\"/><w:right w:w=\"{margin}\" w:type=\"dxa\"/></w:tblCellMar></w:tblPr><w:tblGrid>"
    );
    for width in widths {
        // Writing to a string does not fail.
        let _ = write!(out, "<w:gridCol w:w=\"{width}\"/>");
    }
    out.push_str("</w:tblGrid>");
    out
}

fn cell(width: u32, content: &str) -> String {
    format!("<w:tc><w:tcPr><w:tcW w:w=\"{width}\" w:type=\"dxa\"/></w:tcPr>{content}</w:tc>")
}
