//! Codes of indicators, their parts, units and checks.

use serde::{Deserialize, Deserializer, Serialize};
use std::borrow::{Borrow, Cow};
use std::fmt;
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::{ObjectBuilder, Schema, Type};
use utoipa::{PartialSchema, ToSchema};

/// Longest code.
const LONGEST: usize = 60;

/// A code: small Latin letters, digits and `_`, a letter first, at most 60 characters.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct FormCode(String);

impl FormCode {
    /// The code, if the text is one.
    pub fn parse(text: &str) -> Option<Self> {
        let is_first = text.starts_with(|first: char| first.is_ascii_lowercase());
        let is_all = text.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_');
        (is_first && is_all && text.len() <= LONGEST).then(|| Self(text.to_owned()))
    }

    /// The code as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for FormCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Borrow<str> for FormCode {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl<'de> Deserialize<'de> for FormCode {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = <Cow<'de, str> as Deserialize>::deserialize(deserializer)?;
        Self::parse(&text).ok_or_else(|| serde::de::Error::custom("not a code"))
    }
}

impl PartialSchema for FormCode {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new()
            .schema_type(Type::String)
            .min_length(Some(1))
            .max_length(Some(LONGEST))
            .pattern(Some("^[a-z][a-z0-9_]{0,59}$"))
            .description(Some("Code: small Latin letters, digits and `_`, a letter first."))
            .examples(["leaflets"])
            .into()
    }
}

impl ToSchema for FormCode {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_small_latin_letters_digits_and_underscores() {
        let longest = "a".repeat(60);
        for good in ["sites_held", "a", "so_ho_2", longest.as_str()] {
            assert_eq!(FormCode::parse(good).unwrap().as_str(), good);
        }
        for bad in ["", "2nd", "_a", "Sites", "số", "a b", "a/b", &"a".repeat(61)] {
            assert!(FormCode::parse(bad).is_none(), "{bad}");
        }
    }
}
