//! Columns of a table of guests, by their names in Vietnamese or English.

use crate::error::{AppError, FieldError, message};
use crate::participants::identity::folded;

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Column {
    /// The number of a row in an official list; nothing is done with it.
    Number,
    Kind,
    Category,
    FullName,
    Title,
    Organisation,
    RepresentativeName,
    AgeBand,
}
crate::text_enum!(Column {
    Number => "no", Kind => "kind", Category => "category", FullName => "full_name", Title => "title", Organisation => "organisation",
    RepresentativeName => "representative_name", AgeBand => "age_band",
});

/// Other names, folded.
const NAMES: [(&str, Column); 24] = [
    ("stt", Column::Number),
    ("tt", Column::Number),
    ("so tt", Column::Number),
    ("loai", Column::Kind),
    ("loai khach", Column::Kind),
    ("thanh phan", Column::Category),
    ("thanh phan khach", Column::Category),
    ("thanh phan moi", Column::Category),
    ("ho ten", Column::FullName),
    ("ho va ten", Column::FullName),
    ("ten", Column::FullName),
    ("ten khach", Column::FullName),
    ("ten tap the", Column::FullName),
    ("ho va ten ten tap the", Column::FullName),
    ("chuc vu", Column::Title),
    ("chuc danh", Column::Title),
    ("don vi", Column::Organisation),
    ("don vi cong tac", Column::Organisation),
    ("co quan", Column::Organisation),
    ("co quan don vi", Column::Organisation),
    ("nguoi dai dien", Column::RepresentativeName),
    ("ho ten nguoi dai dien", Column::RepresentativeName),
    ("do tuoi", Column::AgeBand),
    ("nhom tuoi", Column::AgeBand),
];

/// Columns that no table of guests does without.
const REQUIRED: [Column; 3] = [Column::Kind, Column::Category, Column::FullName];

impl Column {
    /// The column of a name; none for one that is not known.
    pub fn named(name: &str) -> Option<Self> {
        let name = folded(name);
        let of_code = Self::ALL.iter().copied().find(|column| column.as_str().replace('_', " ") == name);
        of_code.or_else(|| NAMES.iter().find(|(known, _)| *known == name).map(|(_, column)| *column))
    }
}

/// The columns of a header. 422 with each column that is unknown, stands twice or is missing: a file that would lose a column
/// is refused as a whole.
pub fn of_header(names: &[String]) -> Result<Vec<Column>, AppError> {
    let mut columns = Vec::with_capacity(names.len());
    let mut wrong = Vec::new();
    for name in names {
        let shown: String = name.trim().chars().take(100).collect();
        match Column::named(name) {
            None => wrong.push(FieldError::new(
                format!("/{shown}"),
                "unknown_column",
                message(format!("Không có cột “{shown}”."), format!("There is no column “{shown}”.")),
            )),
            Some(column) if columns.contains(&column) && column != Column::Number => wrong.push(FieldError::new(
                format!("/{shown}"),
                "duplicate_column",
                message(format!("Cột “{shown}” lặp lại."), format!("The column “{shown}” stands twice.")),
            )),
            Some(column) => columns.push(column),
        }
    }
    let missing = REQUIRED.into_iter().filter(|column| !columns.contains(column));
    for column in missing.take(if wrong.is_empty() { REQUIRED.len() } else { 0 }) {
        let name = column.as_str();
        let text = message(format!("Thiếu cột “{name}”."), format!("The column “{name}” is missing."));
        wrong.push(FieldError::new(format!("/{name}"), "required", text));
    }
    if wrong.is_empty() { Ok(columns) } else { Err(AppError::validation(wrong)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn header(text: &str) -> Result<Vec<Column>, Vec<String>> {
        let names: Vec<String> = text.split(',').map(str::to_owned).collect();
        of_header(&names).map_err(|error| error.errors.iter().map(|field| format!("{} {}", field.pointer, field.code)).collect())
    }

    #[test]
    fn a_header_is_read_in_both_languages() {
        use Column::{AgeBand, Category, FullName, Kind, Number, Organisation, RepresentativeName, Title};
        let all = [Number, Kind, Category, FullName, Title, Organisation, RepresentativeName, AgeBand];
        assert_eq!(header("STT,Loại,Thành phần,Họ và tên,Chức vụ,Đơn vị,Người đại diện,Độ tuổi").unwrap(), all);
        assert_eq!(header("no,kind,category,Full name,title,organisation,representative_name,age_band").unwrap(), all);
        assert_eq!(header("kind,category,full_name,Ngày sinh,CCCD").unwrap_err(), ["/Ngày sinh unknown_column", "/CCCD unknown_column"]);
        assert_eq!(header("kind,category,full_name,Họ tên").unwrap_err(), ["/Họ tên duplicate_column"]);
        assert_eq!(header("Họ tên").unwrap_err(), ["/kind required", "/category required"]);
    }
}
