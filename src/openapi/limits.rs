//! Limits on every string, array and integer that states none of its own.

use super::shared::TEXT_PATTERN;
use serde_json::{Map, Value, json};

const MAX_TEXT: u64 = 20_000;
const MAX_ITEMS: u64 = 20_000;
/// Members that hold values, not schemas.
const VALUES: [&str; 6] = ["examples", "example", "enum", "const", "required", "default"];

/// Limits a schema and all within it.
pub fn limit(value: &mut Value) {
    match value {
        Value::Object(object) => {
            limit_one(object);
            object.iter_mut().filter(|(name, _)| !VALUES.contains(&name.as_str())).for_each(|(name, value)| {
                // A property may well be called like a keyword: below `properties` all names are data.
                match value.as_object_mut().filter(|_| name == "properties") {
                    Some(properties) => properties.values_mut().for_each(limit),
                    None => limit(value),
                }
            });
        }
        Value::Array(items) => items.iter_mut().for_each(limit),
        _ => {}
    }
}

fn limit_one(schema: &mut Map<String, Value>) {
    // A default of null where null is no value: it only means that the member may be absent.
    if !has_type(schema, "null") && schema.contains_key("type") && schema.get("default") == Some(&Value::Null) {
        schema.shift_remove("default");
    }
    let is = |name: &str| has_type(schema, name);
    let (is_string, is_array, is_integer) = (is("string"), is("array"), is("integer"));
    if is_string && !schema.contains_key("enum") && !schema.contains_key("const") {
        let longest = match schema.get("format").and_then(Value::as_str) {
            Some("uuid") => Some(36),
            Some("date") => Some(10),
            Some("date-time") => Some(40),
            _ => None,
        };
        schema.entry("maxLength").or_insert(json!(longest.unwrap_or(MAX_TEXT)));
        if longest.is_none() {
            schema.entry("pattern").or_insert(json!(TEXT_PATTERN));
        }
    }
    // An object with free members: a map.
    if schema.get("additionalProperties").is_some_and(|free| *free != Value::Bool(false)) {
        schema.entry("maxProperties").or_insert(json!(MAX_ITEMS));
    }
    if is_array {
        schema.entry("maxItems").or_insert(json!(MAX_ITEMS));
    }
    if is_integer {
        let is_long = schema.get("format").and_then(Value::as_str) == Some("int64");
        schema.entry("format").or_insert(json!("int64"));
        let (low, high): (i64, i64) =
            if is_long { (-9_007_199_254_740_991, 9_007_199_254_740_991) } else { (-2_147_483_648, 2_147_483_647) };
        schema.entry("minimum").or_insert(json!(low));
        schema.entry("maximum").or_insert(json!(high));
    }
}

fn has_type(schema: &Map<String, Value>, name: &str) -> bool {
    match schema.get("type") {
        Some(Value::String(kind)) => kind == name,
        Some(Value::Array(kinds)) => kinds.iter().any(|kind| kind == name),
        _ => false,
    }
}
