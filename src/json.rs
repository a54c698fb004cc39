//! JSON as it arrives: one document, no member twice, text in NFC before it is measured.

use serde::de::{DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};
use std::fmt;
use unicode_normalization::UnicodeNormalization;

/// Why bytes are not acceptable JSON.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum JsonError {
    /// Not JSON, nested too deeply, or not UTF-8; with line and column.
    Malformed(usize, usize),
    /// A member stands twice in one object.
    DuplicateMember(String),
}

const DUPLICATE: &str = "duplicate member ";

/// Parses one JSON document; a duplicate member is an error, where `serde_json` would keep the last.
pub fn parse(bytes: &[u8]) -> Result<Value, JsonError> {
    let mut deserializer = serde_json::Deserializer::from_slice(bytes);
    let value = Strict.deserialize(&mut deserializer).and_then(|value| deserializer.end().map(|()| value));
    value.map_err(|error| match error.to_string().strip_prefix(DUPLICATE) {
        Some(rest) => JsonError::DuplicateMember(rest.rsplit_once(" at line").map_or(rest, |(name, _)| name).to_owned()),
        None => JsonError::Malformed(error.line(), error.column()),
    })
}

struct Strict;

impl<'de> DeserializeSeed<'de> for Strict {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Strict {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(Value::from(value))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(Value::from(value))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(Number::from_f64(value).map_or(Value::Null, Value::Number))
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(Value::String(value.nfc().collect()))
    }

    fn visit_string<E>(self, value: String) -> Result<Value, E> {
        Ok(Value::String(value.nfc().collect()))
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut access: A) -> Result<Value, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = access.next_element_seed(Strict)? {
            items.push(item);
        }
        Ok(Value::Array(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Value, A::Error> {
        let mut object = Map::new();
        while let Some(name) = access.next_key::<String>()? {
            let value = access.next_value_seed(Strict)?;
            if object.contains_key(&name) {
                return Err(serde::de::Error::custom(format!("{DUPLICATE}{name}")));
            }
            object.insert(name, value);
        }
        Ok(Value::Object(object))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_member_that_stands_twice_is_refused_at_any_depth() {
        assert_eq!(parse(br#"{"a":{"b":1,"b":2}}"#), Err(JsonError::DuplicateMember("b".to_owned())));
        assert!(matches!(parse(b"{\"a\":1} x"), Err(JsonError::Malformed(1, _))));
        assert!(matches!(parse("[".repeat(500).as_bytes()), Err(JsonError::Malformed(..))));
        assert_eq!(parse(br#"{"a":[1,"x",null,true,-2]}"#), Ok(serde_json::json!({"a": [1, "x", null, true, -2]})));
    }
}
