//! What operations refer to instead of repeating it: headers, parameters, problem answers.

use super::member;
use crate::error::{ErrorCode, Language};
use serde_json::{Map, Value, json};

/// Limits of the text that only the middleware writes.
pub const TEXT_PATTERN: &str = r"^[^\u0000]*$";
const ID: &str = "018b2f19-e79e-7d6a-a56d-29feb6211b04";

/// Headers of every answer that was let in by the rate limit.
pub const EVERYWHERE: [&str; 5] =
    ["RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset", "X-Request-Id", "Access-Control-Allow-Origin"];

const PROBLEMS: [(&str, &str); 14] = [
    ("400", "The request is malformed: a parameter, a cursor, or JSON that cannot be read."),
    ("401", "Not signed in, or the session has ended."),
    ("403", "The caller's role may not do this."),
    ("404", "There is no such object in the caller's scope."),
    ("408", "The body came too slowly."),
    ("409", "The state of the object, a duplicate or a quota forbids it, or the same idempotency key is still running."),
    ("412", "The object has been changed since it was read."),
    ("413", "The body is larger than 1 MiB, a file than the limit of its operation."),
    ("415", "The body is not JSON, or a file not of a type that its operation takes."),
    ("422", "Fields or rules are violated; all of them are listed."),
    ("428", "If-Match is required."),
    ("429", "Too many requests."),
    ("500", "A fault of the service, or a file that is lost; nothing was changed."),
    (
        "503",
        "The database or the store of files is not available, or the service is overloaded. When the connection broke at the very end, a change may have happened: repeat the request, a POST with the same Idempotency-Key.",
    ),
];

/// Adds them all to the components.
pub fn add(document: &mut Value) {
    if let Some(components) = member(document, "components") {
        components.insert("headers".to_owned(), headers());
        components.insert("responses".to_owned(), Value::Object(PROBLEMS.iter().map(|(status, about)| problem(status, about)).collect()));
        components.insert("parameters".to_owned(), parameters());
    }
    // For the inventory of an operator (OWASP API9): this API is meant for other systems.
    for server in document.get_mut("servers").and_then(Value::as_array_mut).into_iter().flatten() {
        if let Some(server) = server.as_object_mut() {
            server.insert("x-internal".to_owned(), json!(false));
        }
    }
}

/// References to shared headers.
pub fn header_references(names: &[&str]) -> Value {
    let references = names.iter().map(|name| ((*name).to_owned(), json!({"$ref": format!("#/components/headers/{name}")})));
    Value::Object(references.collect())
}

fn headers() -> Value {
    let text = |is_required: bool, about: &str, example: &str| {
        let schema = json!({"type": "string", "maxLength": 2000, "pattern": TEXT_PATTERN});
        json!({"description": about, "required": is_required, "schema": schema, "example": example})
    };
    let number = |about: &str, example: u32| {
        let schema = json!({"type": "integer", "format": "int32", "minimum": 0, "maximum": 2_147_483_647});
        json!({"description": about, "required": true, "schema": schema, "example": example})
    };
    json!({
        "RateLimit-Limit": number("Requests a second that the caller may send.", 50_000),
        "RateLimit-Remaining": number("Requests left at this moment.", 49_999),
        "RateLimit-Reset": number("Seconds until more are allowed.", 1),
        "Retry-After": number("Seconds after which to try again.", 1),
        "X-Request-Id": text(true, "Id of the request, as in the logs.", ID),
        "ETag": text(true, "Version of the object; send it back as If-Match.", "\"1\""),
        "Content-Disposition": text(true, "Name of the file, in Vietnamese in `filename*` (RFC 6266).", "attachment; filename=\"bao-cao.docx\"; filename*=UTF-8''B%C3%A1o%20c%C3%A1o.docx"),
        "Snapshot-Signature": text(true, "Signature of the bytes of the body: a compact JWS (RFC 7515) that the keys of `/.well-known/jwks.json` verify.", "eyJ0eXAiOiJzbmFwc2hvdCtqd3QiLCJhbGciOiJFZERTQSJ9.eyJhdWQiOiJjaGVjay1pbi1zbmFwc2hvdCJ9.c2lnbmF0dXJl"),
        "Location": text(true, "Path of what was created.", &format!("/api/v1/sites/{ID}")),
        "WWW-Authenticate": text(true, "How to authenticate.", "Bearer realm=\"ngayhoi\""),
        "Access-Control-Allow-Origin": text(false, "For a browser page of an origin that the service's settings allow; absent for all others.", "https://dashboard.example.org"),
    })
}

/// One problem answer with an example for each error code of that status, from the error table.
fn problem(status: &str, about: &str) -> (String, Value) {
    let mut names = EVERYWHERE.to_vec();
    match status {
        "401" => names.push("WWW-Authenticate"),
        "429" | "503" => names.push("Retry-After"),
        _ => {}
    }
    let codes = ErrorCode::ALL.iter().filter(|code| code.status().as_str() == status);
    let examples: Map<String, Value> = codes
        .map(|code| {
            let mut value = json!({
                "type": format!("/problems/{}", code.code()), "title": code.title().in_language(Language::Vi),
                "status": code.status().as_u16(), "instance": "/api/v1/sites", "code": code.code(), "request_id": ID,
            });
            if let (422, Some(value)) = (code.status().as_u16(), value.as_object_mut()) {
                value.insert("errors".to_owned(), json!([{"pointer": "/name", "code": "required", "message": "Trường bắt buộc."}]));
            }
            (code.code().to_owned(), json!({"summary": code.title().in_language(Language::En), "value": value}))
        })
        .collect();
    let media = json!({"schema": {"$ref": "#/components/schemas/Problem"}, "examples": examples});
    let answer = json!({"description": about, "headers": header_references(&names), "content": {"application/problem+json": media}});
    (format!("Problem{status}"), answer)
}

fn parameters() -> Value {
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
