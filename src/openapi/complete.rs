//! Completes the document with what the middleware and the extractors do for every operation, so that no
//! handler says it by hand: parameters, headers, error answers, limits, examples.
//!
//! `POST` below one object is taken for a transition, which needs `If-Match`, when its answer is an object with
//! a version. The extension `x-if-match: true` or `false` at a handler says otherwise; it is removed here.

use super::examples::Examples;
use super::limits::limit;
use super::member;
use super::shared::{self, EVERYWHERE, header_references};
use serde_json::{Map, Value, json};
use std::collections::BTreeSet;

/// Largest file, in bytes.
const MAX_FILE: u32 = 20 * 1024 * 1024;

const METHODS: [&str; 5] = ["get", "post", "put", "patch", "delete"];

/// Completes the document in place.
pub fn complete(document: &mut Value) {
    shared::add(document);
    if let Some(schemas) = document.pointer_mut("/components/schemas") {
        name_items(schemas);
        limit(schemas);
    }
    let schemas = document.pointer("/components/schemas").and_then(Value::as_object).cloned().unwrap_or_default();
    let security = document.get("security").cloned().unwrap_or_else(|| json!([]));
    let examples = Examples::new(&schemas);
    if let Some(paths) = document.get_mut("paths").and_then(Value::as_object_mut) {
        for (path, item) in paths.iter_mut() {
            for method in METHODS {
                if let Some(operation) = item.get_mut(method).and_then(Value::as_object_mut) {
                    Facts::of(path, method, operation, &examples).complete(operation, &examples);
                    operation.entry("security").or_insert_with(|| security.clone());
                }
            }
        }
    }
    remove_unused(document);
}

/// What is true of an operation, and decides what is added to it.
struct Facts {
    is_get: bool,
    is_post: bool,
    is_public: bool,
    is_api: bool,
    /// Passwords and tokens go through it: its answer is kept for no retry.
    is_secret: bool,
    is_demo: bool,
    /// What is asked for, in the path or by a code and a day, may not be there.
    may_be_absent: bool,
    has_body: bool,
    /// The answer is an object with a version, and so carries an ETag.
    has_etag: bool,
    needs_if_match: bool,
    default_description: &'static str,
}

impl Facts {
    fn of(path: &str, method: &str, operation: &mut Map<String, Value>, examples: &Examples<'_>) -> Self {
        let security = operation.get("security").and_then(Value::as_array);
        let is_public = security.is_some_and(|security| security.iter().all(|one| one.as_object().is_some_and(Map::is_empty)));
        let names_object = path.contains('{');
        let answer = operation.get("responses").and_then(|responses| responses.get("200").or_else(|| responses.get("201")));
        let is_created = operation.get("responses").is_some_and(|responses| responses.get("201").is_some());
        let schema = answer.and_then(|answer| answer.pointer("/content/application~1json/schema"));
        let has_version = schema.is_some_and(|schema| has_version(schema, examples));
        let is_versioned_read = answer.and_then(|answer| answer.pointer("/headers/ETag")).is_some();
        let is_transition = method == "post" && names_object && has_version && !is_created;
        let is_change = matches!(method, "patch" | "put" | "delete") && names_object || is_transition;
        let said = operation.shift_remove("x-if-match").and_then(|said| said.as_bool());
        let needs_if_match = said.unwrap_or(is_change);
        Self {
            is_get: method == "get",
            is_post: method == "post",
            is_public,
            is_api: path.starts_with("/api/v1/"),
            is_secret: path.starts_with("/api/v1/auth/") || path == "/oauth/token",
            is_demo: path.starts_with("/api/v1/demo/"),
            may_be_absent: names_object || path.ends_with("/resolve"),
            has_body: operation.contains_key("requestBody"),
            has_etag: is_versioned_read || method != "get" && has_version && path.starts_with("/api/v1/"),
            needs_if_match,
            default_description: match (method, names_object) {
                ("get", true) => "Answers with the version as `ETag`; send it back as `If-None-Match` to be told 304 when nothing changed.",
                ("patch", _) => {
                    "A JSON Merge Patch (RFC 7396): what is absent stays as it is, null empties. Needs the `ETag` that was read as `If-Match`."
                }
                ("delete", _) => "Needs the `ETag` that was read as `If-Match`.",
                ("post", true) if needs_if_match => {
                    "Needs the `ETag` that was read as `If-Match`; the answer is the object after the change."
                }
                ("post", false) => "Send an `Idempotency-Key` to be able to repeat it safely.",
                _ => "Takes no parameters beyond those listed.",
            },
        }
    }

    fn complete(&self, operation: &mut Map<String, Value>, examples: &Examples<'_>) {
        if operation.get("description").and_then(Value::as_str).unwrap_or_default().is_empty() {
            operation.insert("description".to_owned(), json!(self.default_description));
        }
        if let Some(parameters) = operation.entry("parameters").or_insert_with(|| json!([])).as_array_mut() {
            parameters.iter_mut().for_each(|parameter| complete_parameter(parameter, examples));
            parameters.extend(self.parameters().iter().map(|name| json!({"$ref": format!("#/components/parameters/{name}")})));
        }
        if let Some(body) = operation.get_mut("requestBody") {
            complete_content(body, examples);
        }
        if let Some(responses) = operation.get_mut("responses").and_then(Value::as_object_mut) {
            for (status, response) in responses.iter_mut().filter(|(status, _)| status.starts_with('2')) {
                complete_content(response, examples);
                self.complete_answer(status, response);
            }
            if self.is_get && self.has_etag {
                let headers = [EVERYWHERE.as_slice(), &["ETag"]].concat();
                responses.insert("304".to_owned(), json!({"description": "Not changed.", "headers": header_references(&headers)}));
            }
            for status in self.problems() {
                responses.entry(status).or_insert_with(|| json!({"$ref": format!("#/components/responses/Problem{status}")}));
            }
            responses.sort_keys();
        }
    }

    fn parameters(&self) -> Vec<&'static str> {
        let optional = [
            ("IfMatch", self.needs_if_match),
            ("IfNoneMatch", self.is_get && self.has_etag),
            // A stranger has no answers that are kept.
            ("IdempotencyKey", self.is_post && self.is_api && !self.is_secret && !self.is_public),
        ];
        let added = optional.into_iter().filter(|(_, is_added)| *is_added).map(|(name, _)| name);
        ["AcceptLanguage"].into_iter().chain(added).collect()
    }

    fn problems(&self) -> BTreeSet<&'static str> {
        // 401 is stated for public operations as well (OWASP API8): a client deals with it in one place.
        let mut problems = BTreeSet::from(["400", "401", "429", "500", "503"]);
        if !self.is_public {
            problems.insert("403");
        }
        if self.may_be_absent {
            problems.insert("404");
        }
        if self.has_body {
            problems.extend(["408", "413", "415", "422"]);
        }
        if self.is_api && !self.is_get && !self.is_secret && !self.is_demo {
            problems.extend(["409", "422"]);
        }
        if self.needs_if_match {
            problems.extend(["412", "428"]);
        }
        problems
    }

    fn complete_answer(&self, status: &str, response: &mut Value) {
        if response.get("description").and_then(Value::as_str).unwrap_or_default().is_empty() {
            let description = match status {
                "201" => "Created.",
                "202" => "Accepted; the work goes on.",
                "204" => "Done; no body.",
                _ => "Done.",
            };
            if let Some(response) = response.as_object_mut() {
                response.insert("description".to_owned(), json!(description));
            }
        }
        let mut names = EVERYWHERE.to_vec();
        if matches!(status, "201" | "202") {
            names.push("Location");
        }
        if self.has_etag && status != "204" {
            names.push("ETag");
        }
        if response.pointer("/headers/Content-Disposition").is_some() {
            names.push("Content-Disposition");
        }
        if response.pointer("/headers/Snapshot-Signature").is_some() {
            names.push("Snapshot-Signature");
        }
        if let (Some(headers), Value::Object(references)) = (member(response, "headers"), header_references(&names)) {
            headers.extend(references);
        }
    }
}

/// Whether what has this media type is a file of bytes, which no schema describes.
fn is_file(kind: &str) -> bool {
    kind == "application/pdf" || kind.starts_with("application/vnd.openxmlformats-")
}

fn has_version(schema: &Value, examples: &Examples<'_>) -> bool {
    let schema = examples.resolve(schema);
    let parts = schema.get("allOf").and_then(Value::as_array);
    schema.pointer("/properties/version").is_some() || parts.is_some_and(|parts| parts.iter().any(|part| has_version(part, examples)))
}

/// Limits and an example for each media type of a body.
fn complete_content(holder: &mut Value, examples: &Examples<'_>) {
    for (kind, media) in holder.get_mut("content").and_then(Value::as_object_mut).into_iter().flatten() {
        if is_file(kind) {
            // utoipa takes bytes for a list of numbers.
            *media = json!({"schema": {"type": "string", "format": "binary", "maxLength": MAX_FILE}, "example": "(nội dung tệp)"});
            continue;
        }
        // One that has a name states its own limit.
        if let (true, Some(schema)) = (kind == "text/csv", media.pointer_mut("/schema").and_then(Value::as_object_mut))
            && !schema.contains_key("$ref")
        {
            schema.insert("maxLength".to_owned(), json!(MAX_FILE));
        }
        if let Some(schema) = media.get_mut("schema") {
            limit(schema);
            let example = examples.of(schema);
            if let Some(media) = media.as_object_mut().filter(|media| !media.contains_key("examples")) {
                media.entry("example").or_insert(example);
            }
        }
    }
}

/// utoipa makes an optional enum of a query a choice with null, which a query cannot hold.
fn complete_parameter(parameter: &mut Value, examples: &Examples<'_>) {
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
    let example = examples.of(schema);
    if let Some(parameter) = parameter.as_object_mut().filter(|one| one.get("required") == Some(&json!(true))) {
        parameter.entry("example").or_insert(example);
    }
}

/// utoipa writes the item of a generic page out in full where it has a name: `Page_SiteOut` holds `SiteOut`.
fn name_items(schemas: &mut Value) {
    let Some(schemas) = schemas.as_object_mut() else { return };
    let pages: Vec<(String, String)> =
        schemas.keys().filter_map(|name| Some((name.clone(), name.strip_prefix("Page_")?.to_owned()))).collect();
    for (page, item) in pages {
        let known = schemas.get(&item).cloned();
        if let Some(items) = schemas.get_mut(&page).and_then(|page| page.pointer_mut("/properties/items/items"))
            && known.as_ref() == Some(items)
        {
            *items = json!({"$ref": format!("#/components/schemas/{item}")});
        }
    }
}

/// Takes out the schemas that nothing refers to, again and again until all that are left are used.
fn remove_unused(document: &mut Value) {
    loop {
        let mut used = BTreeSet::new();
        references(document, &mut used);
        let Some(schemas) = document.pointer_mut("/components/schemas").and_then(Value::as_object_mut) else { return };
        let before = schemas.len();
        schemas.retain(|name, _| used.contains(name));
        if schemas.len() == before {
            return;
        }
    }
}

fn references(value: &Value, used: &mut BTreeSet<String>) {
    match value {
        Value::Object(object) => {
            if let Some(name) = object.get("$ref").and_then(Value::as_str).and_then(|target| target.strip_prefix("#/components/schemas/")) {
                used.insert(name.to_owned());
            }
            object.values().for_each(|value| references(value, used));
        }
        Value::Array(items) => items.iter().for_each(|value| references(value, used)),
        _ => {}
    }
}
