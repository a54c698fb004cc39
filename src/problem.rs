//! Problem documents (RFC 9457), in the language the caller asks for.

use crate::error::{AppError, ErrorCode, Language};
use actix_web::http::StatusCode;
use actix_web::http::header::{ACCEPT_LANGUAGE, CONTENT_LANGUAGE, HeaderMap, HeaderValue, RETRY_AFTER, WWW_AUTHENTICATE};
use actix_web::{HttpResponse, ResponseError};
use serde::Serialize;
use utoipa::ToSchema;

/// One bad field.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ProblemField {
    /// JSON pointer (RFC 6901) into the body, or `?name` for a query parameter.
    #[schema(example = "/starts_at")]
    pub pointer: String,
    /// Stable code of the rule that was broken.
    #[schema(example = "required")]
    pub code: String,
    /// What is wrong with it, in the language of the answer.
    pub message: String,
}

/// A problem document (RFC 9457): every answer of status 4xx or 5xx.
#[derive(Debug, Serialize, ToSchema)]
pub struct Problem {
    /// Kind of the problem, a URI reference: the code under `/problems/`.
    #[serde(rename = "type")]
    #[schema(example = "/problems/not_found")]
    pub kind: String,
    /// Title of the kind.
    #[schema(example = "Không tìm thấy")]
    pub title: String,
    /// HTTP status.
    #[schema(example = 404, minimum = 400, maximum = 599)]
    pub status: u16,
    /// What happened this time.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
    /// Path of the request.
    #[schema(example = "/api/v1/sites/018b2f19-e79e-7d6a-a56d-29feb6211b04")]
    pub instance: String,
    /// Stable code of the problem.
    #[schema(example = "not_found")]
    pub code: String,
    /// Id of the request, as in `X-Request-Id` and in the logs.
    #[schema(example = "018b2f19-e79e-7d6a-a56d-29feb6211b04")]
    pub request_id: String,
    /// All bad fields at once.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<ProblemField>,
    /// How many objects match, where the count that was confirmed differs (`count_differs`).
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = 12)]
    pub actual_count: Option<i64>,
    /// Rule of the plan that was the reason.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "R3")]
    pub rule_id: Option<String>,
    /// Clause of the plan that states the rule.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "II.2.2.1")]
    pub clause: Option<String>,
    /// Code of OAuth 2.0 (RFC 6749, 5.2), in answers of the token endpoint.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "invalid_client")]
    pub error: Option<&'static str>,
    /// What happened, as OAuth 2.0 libraries read it: the same as `detail`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error_description: Option<String>,
}

/// The media type of problem documents.
pub const PROBLEM_JSON: &str = "application/problem+json";

/// Where machines get their tokens; its errors are those of OAuth 2.0 too.
pub const TOKEN_ENDPOINT: &str = "/oauth/token";

/// The language a request asks for: English when `Accept-Language` prefers it, else Vietnamese.
pub fn language(headers: &HeaderMap) -> Language {
    let weight = |text: &str, wanted: &str| -> f32 {
        text.split(',')
            .filter_map(|part| {
                let mut pieces = part.trim().split(';');
                let tag = pieces.next()?.trim().to_ascii_lowercase();
                let quality = pieces.find_map(|piece| piece.trim().strip_prefix("q=")?.parse().ok()).unwrap_or(1.0);
                (tag == wanted || tag.starts_with(&format!("{wanted}-"))).then_some(quality)
            })
            .fold(0.0, f32::max)
    };
    match headers.get(ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()) {
        Some(text) if weight(text, "en") > weight(text, "vi") => Language::En,
        _ => Language::Vi,
    }
}

/// The code of RFC 6749, 5.2, for an error of the token endpoint.
fn oauth_error(error: &AppError) -> &'static str {
    match error.code {
        ErrorCode::InvalidCredentials => "invalid_client",
        _ if error.errors.iter().any(|field| field.pointer == "/grant_type") => "unsupported_grant_type",
        code if code.status().is_server_error() || code == ErrorCode::TooManyRequests => "temporarily_unavailable",
        _ => "invalid_request",
    }
}

/// Writes an error as a problem document.
pub fn render(error: &AppError, language: Language, path: &str, request_id: &str) -> HttpResponse {
    let detail = error.detail.as_ref().unwrap_or(&error.code.title()).in_language(language);
    let oauth = (path == TOKEN_ENDPOINT).then(|| oauth_error(error));
    let problem = Problem {
        kind: format!("/problems/{}", error.code.code()),
        title: error.code.title().in_language(language),
        status: error.code.status().as_u16(),
        error: oauth,
        error_description: oauth.map(|_| detail.clone()),
        detail: Some(detail),
        instance: path.chars().take(2000).collect(),
        code: error.code.code().to_owned(),
        request_id: request_id.to_owned(),
        errors: error
            .errors
            .iter()
            .take(100)
            .map(|field| ProblemField {
                pointer: field.pointer.chars().take(500).collect(),
                code: field.code.clone().into_owned(),
                message: field.message.in_language(language),
            })
            .collect(),
        actual_count: error.actual_count,
        rule_id: error.rule.as_ref().map(|rule| rule.rule_id.clone()),
        clause: error.rule.as_ref().map(|rule| rule.clause.clone()),
    };
    let mut response = HttpResponse::build(error.code.status());
    response.content_type(PROBLEM_JSON);
    response.insert_header((CONTENT_LANGUAGE, if language == Language::En { "en" } else { "vi" }));
    if let Some(seconds) = error.retry_after {
        response.insert_header((RETRY_AFTER, seconds.to_string()));
    }
    if error.code.status() == StatusCode::UNAUTHORIZED {
        response.insert_header((WWW_AUTHENTICATE, HeaderValue::from_static("Bearer realm=\"ngayhoi\"")));
    }
    response.json(problem)
}

/// The code for a bare status that the framework answered with.
pub fn code_for_status(status: StatusCode) -> ErrorCode {
    ErrorCode::ALL
        .iter()
        .copied()
        .find(|code| code.status() == status && !matches!(code, ErrorCode::CursorInvalid | ErrorCode::InvalidCredentials))
        .unwrap_or(if status.is_client_error() { ErrorCode::MalformedBody } else { ErrorCode::Internal })
}

/// The error travels as an extension of an empty response; [`crate::law`] renders it, knowing the request.
impl ResponseError for AppError {
    fn status_code(&self) -> StatusCode {
        self.code.status()
    }

    fn error_response(&self) -> HttpResponse {
        let mut response = HttpResponse::new(self.code.status());
        response.extensions_mut().insert(self.clone());
        response
    }
}

/// 404 of the document, for an operation whose path has no id and which may find nothing all the same.
pub struct Problem404;

impl<'r> utoipa::ToResponse<'r> for Problem404 {
    fn response() -> (&'r str, utoipa::openapi::RefOr<utoipa::openapi::Response>) {
        ("Problem404", utoipa::openapi::Ref::from_response_name("Problem404").into())
    }
}
