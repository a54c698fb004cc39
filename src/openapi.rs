//! The OpenAPI document: made from the handlers, completed with what holds for every operation.

use crate::ids;
use crate::problem::{Problem, ProblemField};
use serde_json::{Map, Value, json};
use std::sync::OnceLock;
use utoipa::openapi::security::{ClientCredentials, Flow, Http, HttpAuthScheme, OAuth2, Scopes, SecurityScheme};
use utoipa::{Modify, OpenApi};

mod complete;

#[derive(OpenApi)]
#[openapi(
    info(
        title = "ngayhoi",
        description = "Chiến dịch “Ngày hội toàn dân bảo vệ an ninh Tổ quốc”: kế hoạch, địa bàn, khách mời, hoạt động, báo cáo.\n\nThe campaign of the festival: plans, sites, participants, activities and reports, from the provincial plan to the consolidated report. Every error is a problem document (RFC 9457), in Vietnamese, or in English with `Accept-Language: en`. Lists are keyset pages; changes need the `ETag` that was read; every POST takes an `Idempotency-Key`.",
        license(name = "MIT", identifier = "MIT"),
        contact(name = "ngayhoi", url = "https://example.org/ngayhoi", email = "ngayhoi@example.org"),
    ),
    servers((url = "/", description = "This service")),
    tags(
        (name = "auth", description = "Sign-in, tokens, the caller"),
        (name = "users", description = "Accounts of persons"),
        (name = "api-clients", description = "Machine accounts"),
        (name = "admin-units", description = "Administrative units, valid from a day to a day"),
        (name = "org-units", description = "Committees, police, departments, agencies: one tree"),
        (name = "campaigns", description = "One province's festival of one year; completeness and consolidation"),
        (name = "plans", description = "The plan of a campaign and the plans under it"),
        (name = "sites", description = "Where the festival is held; nomination and selection"),
        (name = "activities", description = "What is done before, during and after"),
        (name = "participants", description = "Guests: persons and collectives"),
        (name = "check-ins", description = "Entries and exits"),
        (name = "reports", description = "Obligations and results reports"),
        (name = "dashboards", description = "Figures and maps for operations centres"),
        (name = "changes", description = "The change feed"),
        (name = "demo", description = "Demo mode only"),
        (name = "running", description = "Health and version"),
    ),
    security(("bearer" = [])),
    components(schemas(Problem, ProblemField)),
    modifiers(&Base),
)]
struct Document;

/// Security schemes and the schemas that no body names.
struct Base;

impl Modify for Base {
    fn modify(&self, document: &mut utoipa::openapi::OpenApi) {
        let components = document.components.get_or_insert_with(Default::default);
        components.schemas.extend(ids::schemas());
        let mut bearer = Http::new(HttpAuthScheme::Bearer);
        bearer.bearer_format = Some("JWT (RFC 9068, EdDSA)".to_owned());
        components.security_schemes.insert("bearer".to_owned(), SecurityScheme::Http(bearer).into());
        let flow = Flow::ClientCredentials(ClientCredentials::new("/oauth/token", Scopes::new()));
        components
            .security_schemes
            .insert("machine".to_owned(), SecurityScheme::OAuth2(OAuth2::with_description([flow], "Machine accounts")).into());
    }
}

/// What the application is built on before handlers are added.
pub fn base() -> utoipa::openapi::OpenApi {
    Document::openapi()
}

/// The whole document as JSON, made once.
pub fn document_json() -> &'static Value {
    static DOCUMENT: OnceLock<Value> = OnceLock::new();
    DOCUMENT.get_or_init(|| {
        let mut document = serde_json::to_value(crate::routes::collect()).unwrap_or_else(|_| json!({}));
        complete::complete(&mut document);
        document
    })
}

/// The document as it is committed: pretty, with a line end.
pub fn document_text() -> String {
    let mut text = serde_json::to_string_pretty(document_json()).unwrap_or_default();
    text.push('\n');
    text
}

/// The methods that the document knows for a path; none when it does not know the path.
pub fn methods_of(path: &str) -> Vec<String> {
    let fits = |template: &str| {
        let (left, right): (Vec<&str>, Vec<&str>) = (template.split('/').collect(), path.split('/').collect());
        left.len() == right.len()
            && left.iter().zip(&right).all(|(wanted, given)| wanted == given || (wanted.starts_with('{') && !given.is_empty()))
    };
    let paths = document_json().get("paths").and_then(Value::as_object).into_iter().flatten();
    let items = paths.filter(|(template, _)| fits(template)).filter_map(|(_, item)| item.as_object());
    items
        .flat_map(|item| {
            item.keys().filter(|key| !matches!(key.as_str(), "parameters" | "summary" | "description")).map(|key| key.to_uppercase())
        })
        .collect()
}

/// Members of a JSON object, made if missing.
fn member<'v>(value: &'v mut Value, name: &str) -> Option<&'v mut Map<String, Value>> {
    value.as_object_mut().and_then(|object| object.entry(name).or_insert_with(|| json!({})).as_object_mut())
}
