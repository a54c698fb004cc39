//! One row of a file: a guest, or what is wrong with it. The rules are those of listing one guest.

use super::columns::Column;
use super::values;
use crate::error::{FieldError, message, text_message};
use crate::participants::identity::{identity, name_key};
use crate::participants::model::{AgeBand, ParticipantCategory, ParticipantKind};
use crate::participants::rules;
use crate::text::{Line, TextError, search_tokens};
use uuid::Uuid;

/// The texts of a row, before they are judged; one that is blank is none.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct Raw {
    pub kind: Option<String>,
    pub category: Option<String>,
    pub full_name: Option<String>,
    pub title: Option<String>,
    pub organisation: Option<String>,
    pub representative_name: Option<String>,
    pub age_band: Option<String>,
}

impl Raw {
    /// Puts the text of a column in.
    pub fn set(&mut self, column: Column, text: &str) {
        let text = text.trim();
        if text.is_empty() {
            return;
        }
        let place = match column {
            Column::Number => return,
            Column::Kind => &mut self.kind,
            Column::Category => &mut self.category,
            Column::FullName => &mut self.full_name,
            Column::Title => &mut self.title,
            Column::Organisation => &mut self.organisation,
            Column::RepresentativeName => &mut self.representative_name,
            Column::AgeBand => &mut self.age_band,
        };
        *place = Some(text.to_owned());
    }
}

/// A guest to be listed.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct Guest {
    pub kind: ParticipantKind,
    pub category: ParticipantCategory,
    pub full_name: String,
    pub title: Option<String>,
    pub organisation: Option<String>,
    pub representative_name: Option<String>,
    pub age_band: Option<AgeBand>,
    pub identity: Uuid,
    pub name_key: Uuid,
    /// Search tokens with a space between them.
    pub tokens: String,
}

/// A row with its line.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct Row {
    pub line: i32,
    pub guest: Result<Guest, Vec<FieldError>>,
}

/// A guest, or all that is wrong.
pub fn judge(raw: &Raw) -> Result<Guest, Vec<FieldError>> {
    let mut wrong = Vec::new();
    let kind = code(&raw.kind, "/kind", values::kind, &mut wrong).or_else(|| required(&raw.kind, "/kind", &mut wrong));
    let category =
        code(&raw.category, "/category", values::category, &mut wrong).or_else(|| required(&raw.category, "/category", &mut wrong));
    let age_band = code(&raw.age_band, "/age_band", values::age_band, &mut wrong);
    let full_name = line(&raw.full_name, "/full_name", &mut wrong).or_else(|| required(&raw.full_name, "/full_name", &mut wrong));
    let title = line(&raw.title, "/title", &mut wrong);
    let organisation = line(&raw.organisation, "/organisation", &mut wrong);
    let representative_name = line(&raw.representative_name, "/representative_name", &mut wrong);
    if let Some(kind) = kind {
        let broken =
            [rules::check_representative(kind, raw.representative_name.is_some()), rules::check_age_band(kind, raw.age_band.is_some())];
        wrong.extend(broken.into_iter().filter_map(Result::err).flat_map(|error| error.errors));
    }
    match (kind, category, full_name) {
        (Some(kind), Some(category), Some(full_name)) if wrong.is_empty() => {
            let text = |text: &Option<String>| text.as_deref().unwrap_or_default().to_owned();
            let tokens = search_tokens(&[&full_name, &text(&title), &text(&organisation), &text(&representative_name)]).join(" ");
            let identity = identity(kind, &full_name, organisation.as_deref(), title.as_deref());
            let name_key = name_key(kind, &full_name);
            Ok(Guest { kind, category, full_name, title, organisation, representative_name, age_band, identity, name_key, tokens })
        }
        _ => Err(wrong),
    }
}

fn code<T>(text: &Option<String>, pointer: &str, read: fn(&str) -> Option<T>, wrong: &mut Vec<FieldError>) -> Option<T> {
    let text = text.as_deref()?;
    let found = read(text);
    if found.is_none() {
        wrong.push(FieldError::new(
            pointer,
            "not_allowed",
            message("Giá trị không có trong danh mục.", "The value is not one of those allowed."),
        ));
    }
    found
}

fn line(text: &Option<String>, pointer: &str, wrong: &mut Vec<FieldError>) -> Option<String> {
    match Line::parse(text.as_deref()?) {
        Ok(line) => Some(line.into_string()),
        Err(error) => {
            let code = match error {
                TextError::Empty => "required",
                TextError::TooLong(_) => "too_long",
                TextError::Control => "pattern",
            };
            wrong.push(FieldError::new(pointer, code, text_message(error)));
            None
        }
    }
}

fn required<T>(text: &Option<String>, pointer: &str, wrong: &mut Vec<FieldError>) -> Option<T> {
    if text.is_none() {
        wrong.push(FieldError::new(pointer, "required", message("Trường bắt buộc.", "The field is required.")));
    }
    None
}

/// A row that cannot be read at all.
pub fn unreadable(code: &'static str, vi: &'static str, en: &'static str) -> Vec<FieldError> {
    vec![FieldError::new("", code, message(vi, en))]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn raw(pairs: &[(Column, &str)]) -> Raw {
        let mut raw = Raw::default();
        pairs.iter().for_each(|(column, text)| raw.set(*column, text));
        raw
    }

    #[test]
    fn all_that_is_wrong_with_a_row_is_told_at_once() {
        use Column::{AgeBand, Category, FullName, Kind, RepresentativeName};
        let codes = |pairs: &[(Column, &str)]| -> Vec<String> {
            judge(&raw(pairs)).unwrap_err().iter().map(|field| format!("{} {}", field.pointer, field.code)).collect()
        };
        assert_eq!(codes(&[]), ["/kind required", "/category required", "/full_name required"]);
        let long = "x".repeat(301);
        let bad = [(Kind, "person"), (Category, "khách quý"), (FullName, long.as_str()), (RepresentativeName, "A"), (AgeBand, "trẻ")];
        let expected =
            ["/category not_allowed", "/age_band not_allowed", "/full_name too_long", "/representative_name only_for_collective"];
        assert_eq!(codes(&bad), expected);
        let good = judge(&raw(&[(Kind, "Tập thể"), (Category, "commended"), (FullName, " Tổ  1 "), (RepresentativeName, "A")])).unwrap();
        assert_eq!((good.kind, good.full_name.as_str(), good.tokens.as_str()), (ParticipantKind::Collective, "Tổ  1", "1 a to"));
        let young = [(Kind, "collective"), (Category, "other"), (FullName, "Tổ"), (AgeBand, "16_to_30")];
        assert_eq!(codes(&young), ["/age_band only_for_person"]);
    }
}
