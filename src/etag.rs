//! Entity tags (RFC 9110): the version of a row, strong, and the preconditions on it.

use crate::error::{AppError, ErrorCode, message};
use actix_web::HttpRequest;
use actix_web::http::header::{HeaderName, IF_MATCH, IF_NONE_MATCH};

/// The entity tag of a version.
pub fn etag(version: i32) -> String {
    format!("\"{version}\"")
}

fn header<'r>(request: &'r HttpRequest, name: &HeaderName) -> Option<&'r str> {
    request.headers().get(name).and_then(|value| value.to_str().ok())
}

fn lists(header: &str, tag: &str) -> bool {
    header.split(',').any(|one| one.trim() == tag)
}

/// What the caller believes the version to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IfMatch(String);

impl IfMatch {
    /// Reads `If-Match`; 428 when it is missing.
    pub fn required(request: &HttpRequest) -> Result<Self, AppError> {
        header(request, &IF_MATCH).map(|value| Self(value.to_owned())).ok_or_else(|| {
            AppError::new(ErrorCode::PreconditionRequired).because(message(
                "Gửi If-Match với ETag nhận được khi đọc đối tượng.",
                "Send If-Match with the ETag you got when you read the object.",
            ))
        })
    }

    /// 412 unless the version is the one the caller read (`*` matches any).
    pub fn check(&self, version: i32) -> Result<(), AppError> {
        if self.0.trim() == "*" || lists(&self.0, &etag(version)) {
            return Ok(());
        }
        Err(AppError::new(ErrorCode::PreconditionFailed)
            .because(message("Đọc lại đối tượng, xem thay đổi rồi gửi lại.", "Read the object again, look at the change, and send again.")))
    }
}

/// Whether `If-None-Match` names this tag: then 304 and no body.
pub fn is_unchanged(request: &HttpRequest, tag: &str) -> bool {
    header(request, &IF_NONE_MATCH).is_some_and(|value| value.trim() == "*" || lists(value, tag) || lists(value, &format!("W/{tag}")))
}
