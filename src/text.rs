//! Parsed text: NFC, trimmed, no control characters, counted in characters; and the folding that search uses.

use std::collections::BTreeSet;
use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

/// Why a text was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TextError {
    /// Nothing is left after trimming.
    #[error("text is empty")]
    Empty,
    /// More characters than the limit.
    #[error("text is longer than {0} characters")]
    TooLong(usize),
    /// A control character (a line break too, where one line is asked for), or one that turns the reading order.
    #[error("text holds a control character")]
    Control,
}

/// Parses one text: NFC, trimmed, within `max` characters; line breaks and tabs only when `is_prose`.
pub fn parse(text: &str, max: usize, is_prose: bool) -> Result<String, TextError> {
    let text: String = text.nfc().collect();
    let text = text.trim();
    if text.is_empty() {
        return Err(TextError::Empty);
    }
    if text.chars().count() > max {
        return Err(TextError::TooLong(max));
    }
    if text.chars().all(|c| c.is_whitespace() || is_invisible(c)) {
        return Err(TextError::Empty);
    }
    let refused = |c: char| is_directional(c) || c.is_control() && !(is_prose && matches!(c, '\n' | '\t' | '\r'));
    if text.chars().any(refused) {
        return Err(TextError::Control);
    }
    Ok(if is_prose { text.replace("\r\n", "\n") } else { text.to_owned() })
}

/// Characters that show nothing by themselves: joiners, byte order marks, tags.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{AD}' | '\u{180E}' | '\u{200B}'..='\u{200F}' | '\u{2060}'..='\u{2064}' | '\u{FEFF}' | '\u{E0000}'..='\u{E007F}')
}

/// Characters that turn the order of what follows: with them a name reads as another one.
fn is_directional(c: char) -> bool {
    matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

/// Declares text types; the limit is stated once and appears in the schema.
macro_rules! texts {
    ($($(#[$doc:meta])* $name:ident(max $max:literal, $prose:literal, $about:literal, $example:literal);)+) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, serde::Serialize,
                 diesel::expression::AsExpression, diesel::deserialize::FromSqlRow)]
        #[diesel(sql_type = diesel::sql_types::Text)]
        #[serde(transparent)]
        pub struct $name(String);

        impl $name {
            /// Parses and normalises.
            pub fn parse(text: &str) -> Result<Self, TextError> {
                parse(text, $max, $prose).map(Self)
            }

            /// The text, NFC.
            pub fn as_str(&self) -> &str {
                &self.0
            }

            /// The text, NFC, owned.
            pub fn into_string(self) -> String {
                self.0
            }
        }

        impl From<$name> for String {
            fn from(text: $name) -> Self {
                text.0
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = <std::borrow::Cow<'de, str> as serde::Deserialize>::deserialize(deserializer)?;
                Self::parse(&text).map_err(serde::de::Error::custom)
            }
        }

        impl diesel::serialize::ToSql<diesel::sql_types::Text, diesel::pg::Pg> for $name {
            fn to_sql<'b>(&'b self, out: &mut diesel::serialize::Output<'b, '_, diesel::pg::Pg>) -> diesel::serialize::Result {
                <str as diesel::serialize::ToSql<diesel::sql_types::Text, diesel::pg::Pg>>::to_sql(&self.0, out)
            }
        }

        impl diesel::deserialize::FromSql<diesel::sql_types::Text, diesel::pg::Pg> for $name {
            fn from_sql(bytes: diesel::pg::PgValue<'_>) -> diesel::deserialize::Result<Self> {
                <String as diesel::deserialize::FromSql<diesel::sql_types::Text, diesel::pg::Pg>>::from_sql(bytes).map(Self)
            }
        }

        impl utoipa::PartialSchema for $name {
            fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
                utoipa::openapi::schema::ObjectBuilder::new()
                    .schema_type(utoipa::openapi::schema::Type::String)
                    .min_length(Some(1))
                    .max_length(Some($max))
                    .pattern(Some(if $prose { PROSE_PATTERN } else { LINE_PATTERN }))
                    .description(Some($about))
                    .examples([$example])
                    .into()
            }
        }

        impl utoipa::ToSchema for $name {}
    )+};
}

/// One line: something to read, no control character at all, nothing that turns the reading order.
pub const LINE_PATTERN: &str = r"^(?:(?=.*\S)[^\u0000-\u001F\u007F-\u009F\u202A-\u202E\u2066-\u2069]*)?$";
/// Prose: the same, with line breaks and tabs.
pub const PROSE_PATTERN: &str = r"^(?:(?=\s*\S)[^\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F-\u009F\u202A-\u202E\u2066-\u2069]*)?$";

texts! {
    /// One line of at most 60 characters.
    Label(max 60, false, "One line of text, NFC, 1 to 60 characters, no control character.", "KH-BCĐ");
    /// One line of at most 300 characters.
    Line(max 300, false, "One line of text, NFC, 1 to 300 characters, no control character.", "Bản Mường Lai");
    /// Text of at most 5,000 characters, line breaks allowed.
    Prose(max 5000, true, "Text, NFC, 1 to 5,000 characters; line breaks allowed, no other control character.", "Đường vào bản thuận tiện, có nhà văn hóa.");
}

/// Folds text for search: lower case, without tone and letter marks, `đ` as `d`.
pub fn fold(text: &str) -> String {
    text.nfd().filter(|c| !is_combining_mark(*c)).flat_map(char::to_lowercase).map(|c| if c == 'đ' { 'd' } else { c }).collect()
}

/// The distinct folded syllables of some texts: what is stored for search, and what a query must all match.
pub fn search_tokens(texts: &[&str]) -> Vec<String> {
    let tokens: BTreeSet<String> = texts
        .iter()
        .flat_map(|text| {
            fold(text).split(|c: char| !c.is_alphanumeric()).filter(|syllable| !syllable.is_empty()).map(str::to_owned).collect::<Vec<_>>()
        })
        .collect();
    tokens.into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tones_letters_and_forms_fold_to_one_key() {
        assert_eq!(fold("Hòa"), fold("Hoà"));
        assert_eq!(search_tokens(&["Mường Lai"]), search_tokens(&["Mu\u{31b}o\u{31b}\u{300}ng lai"]));
        assert_eq!(search_tokens(&["Đăk – Đắk"]), vec!["dak"]);
    }

    #[test]
    fn control_characters_and_empty_text_are_refused() {
        assert_eq!(Line::parse("a\u{0}b"), Err(TextError::Control));
        assert_eq!(Line::parse("a\nb"), Err(TextError::Control));
        assert!(Prose::parse("a\r\nb").is_ok_and(|text| text.as_str() == "a\nb"));
        assert_eq!(Line::parse("  "), Err(TextError::Empty));
        assert_eq!(Label::parse(&"ế".repeat(61)), Err(TextError::TooLong(60)));
    }
}
