//! Completes the document with what the middleware and the extractors do for every operation, so that no
//! handler says it by hand: error answers, headers, limits.

use super::member;
use serde_json::{Map, Value, json};
use std::collections::BTreeSet;

const METHODS: [&str; 5] = ["get", "post", "put", "patch", "delete"];
const MAX_TEXT: u64 = 20_000;
const MAX_ITEMS: u64 = 20_000;
const TEXT_PATTERN: &str = r"^[^\u0000]*$";

/// Completes the document in place.
pub fn complete(document: &mut Value) {
    add_shared_components(document);
    let versioned = versioned_schemas(document);
    if let Some(paths) = document.get_mut("paths").and_then(Value::as_object_mut) {
        for (path, item) in paths.iter_mut() {
            for method in METHODS {
                if let Some(operation) = item.get_mut(method) {
                    complete_operation(path, method, operation, &versioned);
                }
            }
        }
    }
    if let Some(schemas) = document.pointer_mut("/components/schemas") {
        limit(schemas);
    }
}

/// References to the schemas that have a version: their answers carry it as `ETag`.
fn versioned_schemas(document: &Value) -> BTreeSet<String> {
    let schemas = document.pointer("/components/schemas").and_then(Value::as_object);
    let versioned = schemas.into_iter().flatten().filter(|(_, schema)| schema.pointer("/properties/version").is_some());
    versioned.map(|(name, _)| format!("#/components/schemas/{name}")).collect()
}

/// Headers and problem answers, once.
fn add_shared_components(document: &mut Value) {
    let text = |description: &str, example: &str| json!({"description": description, "schema": {"type": "string", "maxLength": 2000, "pattern": TEXT_PATTERN, "examples": [example]}});
    let number = |description: &str| json!({"description": description, "schema": {"type": "integer", "format": "int32", "minimum": 0, "maximum": 2_147_483_647}});
    let headers = json!({
        "RateLimit-Limit": number("Requests a second that the caller may send."),
        "RateLimit-Remaining": number("Requests left at this moment."),
        "RateLimit-Reset": number("Seconds until more are allowed."),
        "Retry-After": number("Seconds after which to try again."),
        "X-Request-Id": text("Id of the request, as in the logs.", "018b2f19-e79e-7d6a-a56d-29feb6211b04"),
        "ETag": text("Version of the resource; send it back as If-Match.", "\"1\""),
        "Location": text("Path of what was created.", "/api/v1/sites/018b2f19-e79e-7d6a-a56d-29feb6211b04"),
        "WWW-Authenticate": text("How to authenticate.", "Bearer realm=\"ngayhoi\""),
    });
    let mut responses = Map::new();
    for (status, description) in PROBLEMS {
        let mut names = vec!["RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset", "X-Request-Id"];
        match status {
            "401" => names.push("WWW-Authenticate"),
            "429" | "503" => names.push("Retry-After"),
            _ => {}
        }
        responses.insert(
            format!("Problem{status}"),
            json!({
                "description": description,
                "headers": header_references(&names),
                "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
            }),
        );
    }
    if let Some(components) = member(document, "components") {
        components.insert("headers".to_owned(), headers);
        components.insert("responses".to_owned(), Value::Object(responses));
        components.insert("parameters".to_owned(), shared_parameters());
    }
}

const PROBLEMS: [(&str, &str); 14] = [
    ("400", "The request is malformed: a parameter, a cursor, or JSON that cannot be read."),
    ("401", "Not signed in, or the session has ended."),
    ("403", "The caller's role may not do this."),
    ("404", "There is no such object in the caller's scope."),
    ("408", "The body came too slowly."),
    ("409", "The state of the object, a duplicate or a quota forbids it, or the same idempotency key is still running."),
    ("412", "The object has been changed since it was read."),
    ("413", "The body is larger than 1 MiB."),
    ("415", "The body is not JSON."),
    ("422", "Fields or rules are violated; all of them are listed."),
    ("428", "If-Match is required."),
    ("429", "Too many requests."),
    ("500", "A fault of the service; nothing was changed."),
    ("503", "The database is not available, or the service is overloaded; nothing was changed."),
];

fn shared_parameters() -> Value {
    let header = |name: &str, description: &str, is_required: bool, max: u32, pattern: &str, example: &str| {
        json!({"name": name, "in": "header", "description": description, "required": is_required,
               "schema": {"type": "string", "minLength": 1, "maxLength": max, "pattern": pattern}, "example": example})
    };
    json!({
        "IdempotencyKey": header("Idempotency-Key", "Repeats the first answer for 24 hours instead of doing the work again.", false, 255, "^[\\x21-\\x7E]+$", "2b1c6a52-6a51-4c8e-9d3e-5f0a4f0e7a11"),
        "IfMatch": header("If-Match", "The ETag that was read.", true, 200, "^[\\x20-\\x7E]+$", "\"1\""),
        "IfNoneMatch": header("If-None-Match", "An ETag that is known: 304 when the object has not changed.", false, 200, "^[\\x20-\\x7E]+$", "\"1\""),
        "AcceptLanguage": header("Accept-Language", "Language of messages: `vi` (default) or `en`.", false, 200, "^[\\x20-\\x7E]+$", "vi"),
    })
}

fn header_references(names: &[&str]) -> Value {
    let references = names.iter().map(|name| ((*name).to_owned(), json!({"$ref": format!("#/components/headers/{name}")})));
    Value::Object(references.collect())
}

fn complete_operation(path: &str, method: &str, operation: &mut Value, versioned: &BTreeSet<String>) {
    let is_public = operation
        .get("security")
        .and_then(Value::as_array)
        .is_some_and(|security| security.iter().all(|one| one.as_object().is_some_and(Map::is_empty)));
    let has_id = path.contains("{id}");
    let has_body = operation.get("requestBody").is_some();
    let is_api = path.starts_with("/api/v1/");
    let is_secret = path.starts_with("/api/v1/auth/") || path == "/oauth/token";
    // A POST below one object is a transition of it, but for what only adds beside it.
    let is_transition = method == "post" && has_id;
    let needs_if_match = matches!(method, "patch" | "put" | "delete") && has_id || is_transition;
    let has_etag = has_etag(operation);

    let mut parameters = vec!["AcceptLanguage"];
    if needs_if_match {
        parameters.push("IfMatch");
    }
    if method == "get" && has_etag {
        parameters.push("IfNoneMatch");
    }
    if method == "post" && is_api && !is_secret {
        parameters.push("IdempotencyKey");
    }
    if let Some(list) =
        operation.as_object_mut().and_then(|operation| operation.entry("parameters").or_insert_with(|| json!([])).as_array_mut())
    {
        list.iter_mut().for_each(complete_parameter);
        list.extend(parameters.iter().map(|name| json!({"$ref": format!("#/components/parameters/{name}")})));
    }

    let mut problems = vec!["400", "429", "500", "503"];
    if !is_public {
        problems.extend(["401", "403"]);
    }
    if is_secret {
        problems.push("401");
    }
    if has_id {
        problems.push("404");
    }
    if has_body {
        problems.extend(["408", "413", "415", "422"]);
    }
    if is_api && method != "get" && !is_secret {
        problems.extend(["409", "422"]);
    }
    if needs_if_match {
        problems.extend(["412", "428"]);
    }
    if let Some(responses) = member(operation, "responses") {
        for (status, response) in responses.iter_mut() {
            complete_answer(status, response, method, versioned);
        }
        if method == "get" && has_etag {
            responses.insert("304".to_owned(), json!({"description": "Not changed.", "headers": header_references(&SUCCESS_HEADERS)}));
        }
        for status in problems {
            responses.entry(status).or_insert_with(|| json!({"$ref": format!("#/components/responses/Problem{status}")}));
        }
        responses.sort_keys();
    }
}

const SUCCESS_HEADERS: [&str; 4] = ["RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset", "X-Request-Id"];

/// A single resource carries a version: its schema name ends in `Out` and the answer is described as such by the handler's headers.
fn has_etag(operation: &Value) -> bool {
    operation.pointer("/responses/200/headers/ETag").is_some()
}

fn complete_answer(status: &str, response: &mut Value, method: &str, versioned: &BTreeSet<String>) {
    if !status.starts_with('2') {
        return;
    }
    if response.get("description").and_then(Value::as_str).unwrap_or_default().is_empty() {
        let description = match status {
            "201" => "Created.",
            "204" => "Done; no body.",
            _ => "Done.",
        };
        if let Some(response) = response.as_object_mut() {
            response.insert("description".to_owned(), json!(description));
        }
    }
    let mut names = SUCCESS_HEADERS.to_vec();
    if status == "201" {
        names.push("Location");
    }
    let schema = response.pointer("/content/application~1json/schema/$ref").and_then(Value::as_str);
    if matches!(method, "post" | "patch" | "put") && schema.is_some_and(|schema| versioned.contains(schema)) {
        names.push("ETag");
    }
    if let (Some(headers), Value::Object(references)) = (member(response, "headers"), header_references(&names)) {
        let had_etag = headers.contains_key("ETag");
        headers.extend(references);
        if had_etag {
            headers.insert("ETag".to_owned(), json!({"$ref": "#/components/headers/ETag"}));
        }
    }
}

/// utoipa makes an optional enum of a query a choice with null, which a query cannot hold.
fn complete_parameter(parameter: &mut Value) {
    let Some(schema) = parameter.get_mut("schema") else { return };
    if let Some(branches) = schema.get("oneOf").and_then(Value::as_array) {
        let mut others: Vec<Value> =
            branches.iter().filter(|branch| branch.get("type").and_then(Value::as_str) != Some("null")).cloned().collect();
        if others.len() == 1 {
            *schema = others.remove(0);
        }
    }
    if let Some(kinds) = schema.get("type").and_then(Value::as_array) {
        let others: Vec<Value> = kinds.iter().filter(|kind| kind.as_str() != Some("null")).cloned().collect();
        if let ([kind], Some(object)) = (others.as_slice(), schema.as_object_mut()) {
            object.insert("type".to_owned(), kind.clone());
        }
    }
    limit(schema);
}

/// Limits on every string, array and integer that has none.
fn limit(value: &mut Value) {
    match value {
        Value::Object(object) => {
            limit_one(object);
            object
                .iter_mut()
                .filter(|(name, _)| !matches!(name.as_str(), "examples" | "example" | "enum" | "required" | "default"))
                .for_each(|(_, value)| limit(value));
        }
        Value::Array(items) => items.iter_mut().for_each(limit),
        _ => {}
    }
}

fn limit_one(schema: &mut Map<String, Value>) {
    let is = |name: &str| match schema.get("type") {
        Some(Value::String(kind)) => kind == name,
        Some(Value::Array(kinds)) => kinds.iter().any(|kind| kind == name),
        _ => false,
    };
    let (is_string, is_array, is_integer) = (is("string"), is("array"), is("integer"));
    if is_string && !schema.contains_key("enum") && !schema.contains_key("const") {
        match schema.get("format").and_then(Value::as_str) {
            Some("uuid") => {
                schema.entry("maxLength").or_insert(json!(36));
            }
            Some("date") => {
                schema.entry("maxLength").or_insert(json!(10));
            }
            Some("date-time") => {
                schema.entry("maxLength").or_insert(json!(40));
            }
            _ => {
                schema.entry("maxLength").or_insert(json!(MAX_TEXT));
                schema.entry("pattern").or_insert(json!(TEXT_PATTERN));
            }
        }
    }
    if is_array {
        schema.entry("maxItems").or_insert(json!(MAX_ITEMS));
    }
    if is_integer {
        let is_long = schema.get("format").and_then(Value::as_str) == Some("int64");
        if schema.get("format").is_none() {
            schema.insert("format".to_owned(), json!("int64"));
        }
        let (low, high): (i64, i64) =
            if is_long { (-9_007_199_254_740_991, 9_007_199_254_740_991) } else { (-2_147_483_648, 2_147_483_647) };
        schema.entry("minimum").or_insert(json!(low));
        schema.entry("maximum").or_insert(json!(high));
    }
}
