//! The OpenAPI document: made from the handlers, completed with what holds for every operation.

use crate::check_ins::dto::CheckInOperationIn;
use crate::documents::dto::CitationDirection;
use crate::ids;
use crate::paper::PaperFormat;
use crate::participants::card::handlers::CardFormat;
use crate::problem::{Problem, ProblemField};
use crate::webhooks::{self, dto::WebhookMessage};
use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::value::RawValue;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use std::sync::OnceLock;
use utoipa::openapi::security::{ClientCredentials, Flow, Http, HttpAuthScheme, OAuth2, Scopes, SecurityScheme};
use utoipa::{Modify, OpenApi};

mod complete;
mod examples;
mod limits;
mod shared;

#[derive(OpenApi)]
#[openapi(
    info(
        title = "ngayhoi",
        description = "Chiến dịch “Ngày hội toàn dân bảo vệ an ninh Tổ quốc”: kế hoạch, địa bàn, khách mời, hoạt động, báo cáo.\n\nThe campaign of the festival: plans, sites, participants, activities and reports, from the provincial plan to the consolidated report. Every error is a problem document (RFC 9457), in Vietnamese, or in English with `Accept-Language: en`. Lists are keyset pages; changes need the `ETag` that was read; every POST takes an `Idempotency-Key`.",
        license(name = "MIT", identifier = "MIT"),
        contact(name = "ngayhoi", url = "https://example.org/ngayhoi", email = "ngayhoi@example.org"),
    ),
    servers((url = "/", description = "This service: local, staging or production")),
    tags(
        (name = "auth", description = "Sign-in, tokens, the caller"),
        (name = "users", description = "Accounts of persons"),
        (name = "api-clients", description = "Machine accounts"),
        (name = "admin-units", description = "Administrative units, valid from a day to a day"),
        (name = "org-units", description = "Committees, police, departments, agencies: one tree"),
        (name = "campaigns", description = "One province's festival of one year; completeness and consolidation"),
        (name = "plans", description = "The plan of a campaign and the plans under it"),
        (name = "duties", description = "What a plan charges bodies with, and reminders of it"),
        (name = "consolidations", description = "What reports added up to at one instant: frozen, signed, sent"),
        (name = "inspections", description = "One body looks at how another carries out the plan"),
        (name = "guidance-notes", description = "Guidance of a body for those below it"),
        (name = "documents", description = "The registry of official documents and their citations"),
        (name = "attachments", description = "Files of plans and documents"),
        (name = "checklist-items", description = "What makes a place suit the festival, as data of the campaign"),
        (name = "sites", description = "Where the festival is held; nomination and selection"),
        (name = "activity-kinds", description = "The catalogue of activities, as data of the campaign"),
        (name = "activities", description = "What is done before, during and after"),
        (name = "participants", description = "Guests: persons and collectives"),
        (name = "personal-data", description = "Why data of persons are held and how long, what of one person is held, what was erased"),
        (name = "participant-imports", description = "Files of guests, worked off in the background"),
        (name = "delegates", description = "Members of the committee assigned to sites"),
        (name = "check-ins", description = "Entries and exits"),
        (name = "devices", description = "Devices that check guests in, enrolled for sites"),
        (name = "reports", description = "Obligations and results reports"),
        (name = "reminders", description = "When bodies are reminded of reports and duties, and what was sent"),
        (name = "report-forms", description = "What the reports of a campaign ask for, in versions"),
        (name = "commendations", description = "Who was commended, for what, by whom"),
        (name = "gifts", description = "Visits with gifts, in counts and đồng"),
        (name = "grassroots-models", description = "Models of the movement and the places that took them over"),
        (name = "media-items", description = "What was published about the festival"),
        (name = "pledges", description = "Who signed what, in counts"),
        (name = "opinions", description = "Opinions raised at forums, their clock and answers"),
        (name = "obstacles", description = "Difficulties raised to the province and their answers"),
        (name = "budget-lines", description = "Money by source, planned and spent"),
        (name = "dashboards", description = "Figures and maps for operations centres"),
        (name = "changes", description = "The change feed"),
        (name = "webhooks", description = "The change feed, brought to a URL"),
        (name = "demo", description = "Demo mode only"),
        (name = "running", description = "Health and version"),
    ),
    security(("bearer" = []), ("machine" = [])),
    components(schemas(PaperFormat, CardFormat, Problem, ProblemField, CitationDirection, CheckInOperationIn, WebhookMessage)),
    modifiers(&Base),
)]
struct Document;

/// Security schemes and the schemas that no body names.
struct Base;

impl Modify for Base {
    fn modify(&self, document: &mut utoipa::openapi::OpenApi) {
        let components = document.components.get_or_insert_with(Default::default);
        components.schemas.extend(ids::schemas());
        document.webhooks = Some(webhooks::described::paths());
        let mut bearer = Http::new(HttpAuthScheme::Bearer);
        bearer.bearer_format = Some("JWT".to_owned());
        bearer.description =
            Some("Access token of a sign-in: a JWT (RFC 9068) signed with EdDSA, made and checked as RFC8725 says; 15 minutes.".to_owned());
        components.security_schemes.insert("bearer".to_owned(), SecurityScheme::Http(bearer).into());
        let mut credentials = ClientCredentials::new("/oauth/token", Scopes::new());
        // A machine has no refresh token (RFC 6749, 4.4.3): it gets its next token where it got the first.
        credentials.refresh_url = Some("/oauth/token".to_owned());
        let flow = Flow::ClientCredentials(credentials);
        components.security_schemes.insert(
            "machine".to_owned(),
            SecurityScheme::OAuth2(OAuth2::with_description(
                [flow],
                "Access token of a machine account: the same kind of JWT, made and checked as RFC8725 says.",
            ))
            .into(),
        );
    }
}

/// What the application is built on before handlers are added.
pub fn base() -> utoipa::openapi::OpenApi {
    Document::openapi()
}

/// The whole document as JSON: some megabytes, to be made, used and let go.
pub fn document_json() -> Value {
    let mut document = serde_json::to_value(crate::routes::collect()).unwrap_or_else(|_| json!({}));
    complete::complete(&mut document);
    document
}

/// The document as it is committed: pretty, with a line end.
pub fn document_text() -> String {
    let mut text = serde_json::to_string_pretty(&document_json()).unwrap_or_default();
    text.push('\n');
    text
}

/// The document as the running service uses it, all of it borrowed from one text.
pub struct Served {
    /// As it is served: byte for byte the committed document.
    pub text: &'static str,
    /// Each schema of the components, as JSON text.
    pub schemas: BTreeMap<&'static str, &'static RawValue>,
    paths: BTreeMap<&'static str, Vec<Operation>>,
}

/// What of an operation is needed to refuse what it does not take.
pub struct Operation {
    method: String,
    /// Whether it has parameters in the query.
    pub takes_query: bool,
    /// Whether it has a body.
    pub takes_body: bool,
}

#[derive(Deserialize)]
struct DocumentText<'t> {
    #[serde(borrow)]
    paths: BTreeMap<&'t str, BTreeMap<&'t str, OperationText<'t>>>,
    #[serde(borrow)]
    components: ComponentsText<'t>,
}

#[derive(Deserialize)]
struct ComponentsText<'t> {
    #[serde(borrow)]
    schemas: BTreeMap<&'t str, &'t RawValue>,
    #[serde(borrow, default)]
    parameters: BTreeMap<&'t str, ParameterText<'t>>,
}

#[derive(Deserialize)]
struct OperationText<'t> {
    #[serde(borrow, default)]
    parameters: Vec<ParameterText<'t>>,
    #[serde(rename = "requestBody")]
    body: Option<IgnoredAny>,
}

#[derive(Deserialize)]
struct ParameterText<'t> {
    #[serde(rename = "$ref")]
    reference: Option<&'t str>,
    #[serde(rename = "in")]
    place: Option<&'t str>,
}

impl<'t> ParameterText<'t> {
    fn place(&self, shared: &BTreeMap<&'t str, Self>) -> Option<&'t str> {
        let shared = |reference: &str| shared.get(reference.rsplit('/').next()?)?.place;
        self.place.or_else(|| self.reference.and_then(shared))
    }
}

/// The committed document. A debug build, which tests and developers run, makes the same text from its handlers, so
/// that a changed handler is tried by what it says now; a test compares the two.
fn text() -> &'static str {
    #[cfg(debug_assertions)]
    return Box::leak(document_text().into_boxed_str());
    #[cfg(not(debug_assertions))]
    include_str!("../openapi/openapi.json")
}

impl Served {
    /// Read by the first that asks.
    pub fn get() -> &'static Self {
        static SERVED: OnceLock<Served> = OnceLock::new();
        // The text is this program's own.
        #[allow(clippy::expect_used)]
        SERVED.get_or_init(|| Self::of(text()).expect("the program's own OpenAPI document"))
    }

    fn of(text: &'static str) -> serde_json::Result<Self> {
        let DocumentText { paths, components: ComponentsText { schemas, parameters } } = serde_json::from_str(text)?;
        let operation = |(method, operation): (&str, OperationText)| Operation {
            method: method.to_uppercase(),
            takes_query: operation.parameters.iter().any(|parameter| parameter.place(&parameters) == Some("query")),
            takes_body: operation.body.is_some(),
        };
        let paths = paths.into_iter().map(|(path, methods)| (path, methods.into_iter().map(operation).collect())).collect();
        Ok(Self { text, schemas, paths })
    }

    /// The operation of a method and a path's template.
    pub fn operation(&self, method: &str, template: &str) -> Option<&Operation> {
        self.paths.get(template)?.iter().find(|operation| operation.method == method)
    }

    /// The methods that the document knows for a path; none when it does not know the path.
    pub fn methods_of(&self, path: &str) -> Vec<&str> {
        let fits = |template: &str| {
            let (left, right): (Vec<&str>, Vec<&str>) = (template.split('/').collect(), path.split('/').collect());
            left.len() == right.len()
                && left.iter().zip(&right).all(|(wanted, given)| wanted == given || (wanted.starts_with('{') && !given.is_empty()))
        };
        self.paths
            .iter()
            .filter(|(template, _)| fits(template))
            .flat_map(|(_, known)| known)
            .map(|operation| operation.method.as_str())
            .collect()
    }
}

/// Members of a JSON object, made if missing.
fn member<'v>(value: &'v mut Value, name: &str) -> Option<&'v mut Map<String, Value>> {
    value.as_object_mut().and_then(|object| object.entry(name).or_insert_with(|| json!({})).as_object_mut())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    fn document() -> &'static Value {
        static DOCUMENT: OnceLock<Value> = OnceLock::new();
        DOCUMENT.get_or_init(document_json)
    }

    fn operations() -> Vec<(String, &'static Value)> {
        let paths = document().get("paths").and_then(Value::as_object).unwrap();
        let methods = ["get", "post", "put", "patch", "delete"];
        paths
            .iter()
            .flat_map(|(path, item)| methods.iter().filter_map(move |method| Some((format!("{method} {path}"), item.get(*method)?))))
            .collect()
    }

    #[test]
    fn the_committed_document_is_the_generated_one() {
        let committed = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/openapi/openapi.json")).unwrap_or_default();
        assert!(committed == document_text(), "the document has changed: run `make openapi`, read the difference, commit it");
    }

    #[test]
    fn every_reference_leads_somewhere() {
        fn walk<'v>(value: &'v Value, found: &mut BTreeSet<&'v str>) {
            match value {
                Value::Object(members) => {
                    found.extend(members.get("$ref").and_then(Value::as_str));
                    members.values().for_each(|member| walk(member, found));
                }
                Value::Array(items) => items.iter().for_each(|item| walk(item, found)),
                _ => {}
            }
        }
        let mut references = BTreeSet::new();
        walk(document(), &mut references);
        assert!(references.len() > 100);
        for reference in references {
            assert!(document().pointer(reference.trim_start_matches('#')).is_some(), "{reference} leads nowhere");
        }
    }

    #[test]
    fn every_operation_says_what_it_is_and_who_may_call_it() {
        let tags: BTreeSet<&str> = document()["tags"].as_array().unwrap().iter().filter_map(|tag| tag["name"].as_str()).collect();
        let mut ids = BTreeSet::new();
        for (name, operation) in operations() {
            for key in ["summary", "description", "operationId"] {
                assert!(operation[key].as_str().is_some_and(|text| !text.is_empty()), "{name} has no {key}");
            }
            let tag = operation["tags"][0].as_str().unwrap_or_default();
            assert!(tags.contains(tag), "{name}: the tag {tag:?} is not declared");
            assert!(operation["security"].is_array(), "{name} does not say who may call it");
            assert!(ids.insert(operation["operationId"].as_str()), "{name}: its operationId stands twice");
            for status in ["401", "429", "500"] {
                assert!(operation["responses"][status].is_object(), "{name} does not have {status}");
            }
        }
    }

    #[test]
    fn every_body_and_answer_has_an_example_that_its_schema_allows() {
        for (name, operation) in operations() {
            let answers = operation["responses"].as_object().unwrap().iter().filter(|(status, _)| status.starts_with('2'));
            for holder in answers.map(|(_, answer)| answer).chain(operation.get("requestBody")) {
                for (kind, media) in holder["content"].as_object().into_iter().flatten() {
                    let mut schema = media["schema"].clone();
                    let examples: Vec<&Value> = media["examples"]
                        .as_object()
                        .into_iter()
                        .flatten()
                        .map(|(_, one)| &one["value"])
                        .chain(media.get("example"))
                        .collect();
                    assert!(!examples.is_empty(), "{name}: {kind} has no example");
                    if let Some(schema) = schema.as_object_mut() {
                        schema.insert("components".to_owned(), document()["components"].clone());
                    }
                    let validator = jsonschema::draft202012::options().should_validate_formats(true).build(&schema).unwrap();
                    for example in examples {
                        let errors: Vec<String> =
                            validator.iter_errors(example).map(|error| format!("{}: {error}", error.instance_path())).collect();
                        assert!(errors.is_empty(), "{name}: {kind}: {errors:?}");
                    }
                }
            }
        }
    }
}
