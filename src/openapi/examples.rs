//! Examples, made from the schemas: from what they state themselves where they do, else from name and type.

use serde_json::{Map, Value, json};

/// Deeper than any answer is nested; ends the walk through schemas that contain themselves.
const DEEPEST: u8 = 8;

/// Makes examples from the schemas of a document.
pub struct Examples<'d> {
    schemas: &'d Map<String, Value>,
}

impl<'d> Examples<'d> {
    /// From these schemas.
    pub fn new(schemas: &'d Map<String, Value>) -> Self {
        Self { schemas }
    }

    /// The schema itself, behind a reference.
    pub fn resolve<'s>(&self, schema: &'s Value) -> &'s Value
    where
        'd: 's,
    {
        let target = schema.get("$ref").and_then(Value::as_str).and_then(|target| target.rsplit('/').next());
        target.and_then(|name| self.schemas.get(name)).unwrap_or(schema)
    }

    /// A value that the schema allows.
    pub fn of(&self, schema: &Value) -> Value {
        self.value("", schema, 0)
    }

    fn value(&self, name: &str, schema: &Value, depth: u8) -> Value {
        let own = stated(schema);
        let schema = self.resolve(schema);
        if let Some(stated) = own.or_else(|| stated(schema)) {
            return stated;
        }
        let branch = ["oneOf", "anyOf"].iter().find_map(|key| {
            let branches = schema.get(*key)?.as_array()?;
            branches.iter().find(|branch| branch.get("type").and_then(Value::as_str) != Some("null"))
        });
        if let Some(branch) = branch {
            return self.value(name, branch, depth);
        }
        if let Some(parts) = schema.get("allOf").and_then(Value::as_array) {
            let parts = parts.iter().map(|part| self.value(name, part, depth));
            let members = parts.filter_map(|part| if let Value::Object(members) = part { Some(members) } else { None }).flatten();
            return Value::Object(members.collect());
        }
        match kind(schema) {
            "object" => self.object(schema, depth),
            "array" => {
                let item = schema.get("items").filter(|_| depth < DEEPEST && schema.get("maxItems") != Some(&json!(0)));
                Value::Array(item.map(|item| self.value(name, item, depth + 1)).into_iter().collect())
            }
            "string" => text(name, schema),
            "integer" => integer(name, schema),
            "number" => number(name, schema),
            "boolean" => json!(false),
            _ => Value::Null,
        }
    }

    fn object(&self, schema: &Value, depth: u8) -> Value {
        let required = schema.get("required").and_then(Value::as_array);
        let is_required = |name: &str| required.is_some_and(|names| names.iter().any(|one| one == name));
        let members = schema.get("properties").and_then(Value::as_object).into_iter().flatten();
        let members = members.filter(|(name, _)| depth < DEEPEST || is_required(name));
        let mut object: Map<String, Value> = members.map(|(name, schema)| (name.clone(), self.value(name, schema, depth + 1))).collect();
        if let (true, Some(free)) = (object.is_empty(), schema.get("additionalProperties").filter(|free| free.is_object())) {
            object.insert("key".to_owned(), self.value("", free, depth + 1));
        }
        Value::Object(object)
    }
}

/// What a schema says itself: the first example, the only value, the default, the first choice.
fn stated(schema: &Value) -> Option<Value> {
    let first = |key: &str| schema.get(key).and_then(Value::as_array).and_then(|values| values.iter().find(|value| !value.is_null()));
    let example = schema.get("example").or_else(|| first("examples")).or_else(|| schema.get("const"));
    example.or_else(|| schema.get("default").filter(|value| !value.is_null())).or_else(|| first("enum")).cloned()
}

fn kind(schema: &Value) -> &str {
    match schema.get("type") {
        Some(Value::String(kind)) => kind,
        Some(Value::Array(kinds)) => kinds.iter().filter_map(Value::as_str).find(|kind| *kind != "null").unwrap_or_default(),
        _ if schema.get("properties").is_some() => "object",
        _ => "",
    }
}

fn text(name: &str, schema: &Value) -> Value {
    let day = "2023-08-12";
    json!(match schema.get("format").and_then(Value::as_str) {
        Some("uuid") => "018b2f19-e79e-7d6a-a56d-29feb6211b04",
        Some("date") => day,
        Some("date-time") => "2023-08-12T01:00:00Z",
        Some("uri" | "uri-reference") => "/api/v1/sites",
        Some("email") => "vanphong@example.org",
        Some("password") => "mot-mat-khau-dai-va-rieng",
        _ => match name {
            "name" | "site_name" => "Bản Mường Lai",
            "org_unit_name" => "Ban Chỉ đạo 138 huyện Lục Yên",
            "full_name" => "Nguyễn Văn An",
            "username" => "quantri.tinh",
            "title" => "Tổ chức Ngày hội toàn dân bảo vệ an ninh Tổ quốc năm 2023",
            "next_cursor" => "kq3vX0n2J5c",
            "rule_id" => "R1",
            "clause" => "II.2.2.3",
            "code" => "135",
            "access_token" => "eyJhbGciOiJFZERTQSJ9.e30.c2ln",
            "refresh_token" | "client_secret" | "secret" => "nhr_3xQ9mZ",
            "version" => "0.1.0",
            _ => "Văn bản",
        },
    })
}

fn bounds(schema: &Value) -> (f64, f64) {
    let bound = |key: &str, otherwise: f64| schema.get(key).and_then(Value::as_f64).unwrap_or(otherwise);
    (bound("minimum", f64::MIN), bound("maximum", f64::MAX))
}

fn integer(name: &str, schema: &Value) -> Value {
    let wanted = match name {
        "year" => 2023,
        "total" => 120,
        name if name.ends_with("_vnd") => 35_000_000,
        name if name.ends_with("_count") => 12,
        _ => 1,
    };
    let bound = |key: &str, otherwise: i64| schema.get(key).and_then(Value::as_i64).unwrap_or(otherwise);
    json!(wanted.min(bound("maximum", wanted)).max(bound("minimum", wanted)))
}

fn number(name: &str, schema: &Value) -> Value {
    let (low, high) = bounds(schema);
    let wanted: f64 = match name {
        "lat" => 21.7,
        "lon" => 104.9,
        _ => 0.5,
    };
    json!(wanted.min(high).max(low))
}
