//! Every answer of the suite against the OpenAPI document: status, media type, headers, body.

use super::client::Answer;
use super::{Value, json};
use jsonschema::Validator;
use serde_json::Map;
use std::collections::HashMap;
use std::sync::{Arc, LazyLock, Mutex, OnceLock};

/// An operation of the document.
pub struct Operation {
    pub method: String,
    pub template: String,
    pub id: String,
    pub value: &'static Value,
    segments: Vec<String>,
}

/// The document, made once for the run.
pub fn document() -> &'static Value {
    static DOCUMENT: LazyLock<Value> = LazyLock::new(ngayhoi::openapi::document_json);
    &DOCUMENT
}

/// All operations of the document.
pub fn operations() -> &'static [Operation] {
    static OPERATIONS: OnceLock<Vec<Operation>> = OnceLock::new();
    OPERATIONS.get_or_init(|| {
        let paths = document()["paths"].as_object().expect("paths");
        let mut found = Vec::new();
        for (template, item) in paths {
            for (method, value) in item.as_object().expect("path item") {
                if matches!(method.as_str(), "get" | "put" | "post" | "patch" | "delete") {
                    found.push(Operation {
                        method: method.to_uppercase(),
                        template: template.clone(),
                        id: value["operationId"].as_str().unwrap_or_default().to_owned(),
                        value,
                        segments: template.split('/').map(str::to_owned).collect(),
                    });
                }
            }
        }
        found
    })
}

fn is_parameter(segment: &str) -> bool {
    segment.starts_with('{')
}

/// The operation that a request is for: of the templates that fit, the one with the fewest parameters.
pub fn operation(method: &str, path: &str) -> Option<&'static Operation> {
    let segments: Vec<&str> = path.split('/').collect();
    let fits = |operation: &&Operation| {
        operation.method == method
            && operation.segments.len() == segments.len()
            && operation.segments.iter().zip(&segments).all(|(one, other)| if is_parameter(one) { !other.is_empty() } else { one == other })
    };
    operations().iter().filter(fits).min_by_key(|operation| operation.segments.iter().filter(|segment| is_parameter(segment)).count())
}

fn resolve(value: &'static Value) -> &'static Value {
    value["$ref"].as_str().map_or(value, |target| document().pointer(target.trim_start_matches('#')).expect("a reference leads somewhere"))
}

/// Panics when the document does not describe the answer.
#[track_caller]
pub fn check(answer: &Answer) {
    if let Err(why) = verdict(answer) {
        panic!("{} {} → {}: not as the OpenAPI document says: {why}\n{}", answer.method, answer.path, answer.status, answer.text);
    }
}

fn verdict(answer: &Answer) -> Result<(), String> {
    let (path, query) = answer.path.split_once('?').unwrap_or((&answer.path, ""));
    if answer.status >= 400 {
        check_problem(answer)?;
    }
    for name in ["x-request-id", "x-content-type-options", "content-security-policy", "ratelimit-limit"] {
        answer.header(name).ok_or_else(|| format!("the header {name} is missing"))?;
    }
    let Some(operation) = operation(&answer.method, path) else { return Ok(()) };
    let id = &operation.id;
    let Some(response) = operation.value["responses"].get(answer.status.to_string()).map(resolve) else {
        return Err(format!("{id} does not have the status"));
    };
    let headers = response["headers"].as_object().into_iter().flatten();
    for name in headers.filter(|(_, header)| resolve(header)["required"] == true).map(|(name, _)| name) {
        answer.header(name).ok_or_else(|| format!("{id}: the header {name} is missing"))?;
    }
    let Some(content) = response["content"].as_object() else {
        return if answer.text.is_empty() { Ok(()) } else { Err(format!("{id} has no body for this status")) };
    };
    let kind = answer.header("content-type").unwrap_or_default().split(';').next().unwrap_or_default();
    let media = content.get(kind).ok_or_else(|| format!("{id} does not answer with {kind:?}"))?;
    if !kind.ends_with("json") {
        return if answer.bytes.is_empty() { Err(format!("{id} answers with an empty file")) } else { Ok(()) };
    }
    if query.contains("fields=") && answer.status == 200 {
        return Ok(());
    }
    // Files are not judged by a schema.
    if !kind.ends_with("json") {
        return Ok(());
    }
    check_body(&format!("{id} {} {kind}", answer.status), &media["schema"], &answer.body)
}

fn check_problem(answer: &Answer) -> Result<(), String> {
    let kind = answer.header("content-type").unwrap_or_default();
    if kind != "application/problem+json" {
        return Err(format!("a problem comes as application/problem+json, not {kind:?}"));
    }
    check_body("problem", &json!({"$ref": "#/components/schemas/Problem"}), &answer.body)?;
    let body = &answer.body;
    let has = |name: &str| answer.header(name).is_some();
    let wrong = [
        (body["status"] != answer.status, "the problem's status is not the answer's"),
        (body["request_id"].as_str() != answer.header("x-request-id"), "the problem has another request id than the header"),
        (answer.status == 401 && !has("www-authenticate"), "401 without WWW-Authenticate"),
        (matches!(answer.status, 429 | 503) && !has("retry-after"), "no Retry-After"),
        (answer.status == 500 && answer.code() != "attachment_damaged", "500 is never an answer to a test"),
    ];
    wrong.iter().find(|(is_wrong, _)| *is_wrong).map_or(Ok(()), |(_, why)| Err((*why).to_owned()))
}

fn check_body(name: &str, schema: &Value, body: &Value) -> Result<(), String> {
    let errors: Vec<String> =
        validator(name, schema).iter_errors(body).map(|error| format!("{}: {error}", error.instance_path())).take(10).collect();
    if errors.is_empty() { Ok(()) } else { Err(format!("{name}: {}", errors.join("; "))) }
}

/// Compiled once for each schema. Objects are closed: a member that is not described is an error.
fn validator(name: &str, schema: &Value) -> Arc<Validator> {
    static VALIDATORS: OnceLock<Mutex<HashMap<String, Arc<Validator>>>> = OnceLock::new();
    let validators = VALIDATORS.get_or_init(Mutex::default);
    if let Some(validator) = validators.lock().unwrap().get(name) {
        return Arc::clone(validator);
    }
    let mut root = schema.clone();
    close(&mut root);
    root["components"] = json!({"schemas": reachable(&root)});
    let validator = jsonschema::draft202012::options().should_validate_formats(true).build(&root);
    let validator = Arc::new(validator.unwrap_or_else(|error| panic!("{name}: {error}")));
    validators.lock().unwrap().insert(name.to_owned(), Arc::clone(&validator));
    validator
}

fn schemas() -> &'static Value {
    static SCHEMAS: OnceLock<Value> = OnceLock::new();
    SCHEMAS.get_or_init(|| {
        let mut schemas = document()["components"]["schemas"].clone();
        schemas.as_object_mut().expect("schemas").values_mut().for_each(close);
        schemas
    })
}

/// The schemas that one refers to, and those that they do. With all of them in each validator a run took 12 GB.
fn reachable(from: &Value) -> Map<String, Value> {
    let (mut found, mut open) = (Map::new(), Vec::new());
    references(from, &mut open);
    while let Some(name) = open.pop() {
        if !found.contains_key(&name) {
            let schema = schemas()[&name].clone();
            references(&schema, &mut open);
            found.insert(name, schema);
        }
    }
    found
}

fn references(schema: &Value, found: &mut Vec<String>) {
    match schema {
        Value::Object(object) => {
            let target = object.get("$ref").and_then(Value::as_str).and_then(|target| target.strip_prefix("#/components/schemas/"));
            found.extend(target.map(str::to_owned));
            object.values().for_each(|one| references(one, found));
        }
        Value::Array(items) => items.iter().for_each(|one| references(one, found)),
        _ => {}
    }
}

fn close(schema: &mut Value) {
    match schema {
        Value::Object(object) => {
            // What is put together by allOf describes its members in parts.
            if object.contains_key("properties") && !object.contains_key("additionalProperties") && !object.contains_key("allOf") {
                object.insert("additionalProperties".to_owned(), json!(false));
            }
            object
                .iter_mut()
                .filter(|(name, _)| !matches!(name.as_str(), "allOf" | "example" | "examples"))
                .for_each(|(_, one)| close(one));
        }
        Value::Array(items) => items.iter_mut().for_each(close),
        _ => {}
    }
}
