//! What an official document holds, without a word about the file that it becomes.

use chrono::NaiveDate;

/// One content in its three forms.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document {
    /// Name of the file, in Vietnamese, without its ending.
    pub name: String,
    /// To be read and signed.
    pub paper: Paper,
    /// To be counted on with; at least one.
    pub sheets: Vec<Sheet>,
    /// To be read by other programs: one flat table.
    pub list: Table,
}

/// A paper by decree 30/2020/NĐ-CP.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Paper {
    /// The two columns at the top.
    pub header: Header,
    /// Kind, as “Báo cáo”; printed in capitals.
    pub kind: String,
    /// What it is about.
    pub subject: String,
    /// Its text.
    pub blocks: Vec<Block>,
    /// Who signs.
    pub signature: Signature,
    /// Lines of “Nơi nhận”, without the dash and the line of the archive.
    pub recipients: Vec<String>,
    /// Marks of the archive, as “VT”.
    pub archive: String,
    /// What follows on pages of its own.
    pub appendices: Vec<Appendix>,
}

/// Issuer and number at the left, national name, place and date at the right.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Header {
    /// The body above the issuer.
    pub superior: Option<String>,
    /// The issuing body.
    pub issuer: String,
    /// Running number within the year; left open for the clerk where there is none.
    pub number: Option<i32>,
    /// Symbol without the number, as “BC-BCĐ”.
    pub symbol: String,
    /// Place of issue; left open where there is none.
    pub place: Option<String>,
    /// Day of issue; left open where there is none.
    pub issued_on: Option<NaiveDate>,
    /// Year of the line with the date, where the day is left open.
    pub year: i32,
}

/// Who signs: in a steering committee the committee's title comes first, the capacity and the post of the state below it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signature {
    /// Title in the body that issues, as “Trưởng Ban”.
    pub title: String,
    /// TM., KT., TL., TUQ. or Q. with the head for whom is signed, as “KT. Chủ tịch”.
    pub capacity: Option<String>,
    /// Post of the state, as “Phó Chủ tịch UBND tỉnh”.
    pub post: Option<String>,
    /// Name; left open where there is none.
    pub name: Option<String>,
}

/// A part of the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Block {
    /// A heading with a Roman number, which is counted when it is written.
    Section(String),
    /// A heading with an Arabic number, counted within its section.
    Heading(String),
    /// A paragraph; a line break begins another.
    Paragraph(String),
    /// A table.
    Table(Table),
}

/// A table on a page of its own, after the signature.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Appendix {
    /// What it holds.
    pub title: String,
    /// The table.
    pub table: Table,
}

/// A sheet of a workbook.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sheet {
    /// Name of its tab: at most 31 characters, none of `[]:*?/\`.
    pub name: String,
    /// Line above the table.
    pub title: String,
    /// Line below the title.
    pub note: String,
    /// The table.
    pub table: Table,
}

/// A table with a header row.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Table {
    /// Columns.
    pub columns: Vec<Column>,
    /// Rows, each with a cell for each column.
    pub rows: Vec<Vec<Cell>>,
    /// Whether the last row holds totals.
    pub has_totals: bool,
}

/// A column of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// What stands in the header row.
    pub title: String,
    /// Width, in characters; on paper its share of the page.
    pub width: u32,
}

/// A cell of a table. A number that is not known is `Empty`, never zero.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cell {
    /// Nothing.
    Empty,
    /// Words.
    Text(String),
    /// A whole number.
    Number(i64),
    /// A total, with what it comes to; none when nothing that it adds up is known.
    Total(Sum, Option<i64>),
}

/// What a total adds up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Sum {
    /// All rows above it in its column.
    Above,
    /// These cells.
    Cells(Vec<Place>),
}

/// A cell of a workbook.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// Name of another sheet; none for the same.
    pub sheet: Option<String>,
    /// Row of the table, from 0, without the header row.
    pub row: usize,
    /// Column, from 0.
    pub column: usize,
}

impl Column {
    /// A column.
    pub fn new(title: impl Into<String>, width: u32) -> Self {
        Self { title: title.into(), width }
    }
}

impl Cell {
    /// Words.
    pub fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }

    /// Words, or nothing.
    pub fn optional(text: Option<impl Into<String>>) -> Self {
        text.map_or(Self::Empty, Self::text)
    }

    /// A number, or nothing.
    pub fn number(number: Option<i64>) -> Self {
        number.map_or(Self::Empty, Self::Number)
    }
}
