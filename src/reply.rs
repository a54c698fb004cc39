//! Answers of handlers: status, body, entity tag, location. Plain data, so that an idempotent answer can be kept.

use crate::error::AppError;
use crate::etag;
use crate::text;
use actix_web::body::BoxBody;
use actix_web::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE, ETAG, LOCATION};
use actix_web::http::{Method, StatusCode};
use actix_web::web::Bytes;
use actix_web::{HttpRequest, HttpResponse, Responder};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Serialize;
use sha2::{Digest, Sha256};

/// Bytes of a usual resource: room for it at once is cheaper than growing into it.
const ONE: usize = 1024;

const JSON: &str = "application/json";

/// An answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reply {
    /// Status.
    pub status: StatusCode,
    /// JSON body.
    pub body: Option<Bytes>,
    /// Path of what was created.
    pub location: Option<String>,
    /// Entity tag.
    pub etag: Option<String>,
    /// Media type of the body.
    pub media_type: &'static str,
    /// The body that a repeat with the same idempotency key gets instead, where the body holds a secret.
    pub body_to_keep: Option<String>,
    /// `Content-Disposition` of a file.
    pub disposition: Option<String>,
    /// `Snapshot-Signature` of the body.
    pub signature: Option<String>,
    /// Whether it was kept from an earlier request with the same idempotency key.
    pub is_replayed: bool,
}

impl Reply {
    fn new<T: Serialize>(status: StatusCode, body: &T, capacity: usize) -> Result<Self, AppError> {
        let mut bytes = Vec::with_capacity(capacity);
        serde_json::to_writer(&mut bytes, body).map_err(AppError::internal)?;
        Ok(Self {
            status,
            body: Some(Bytes::from(bytes)),
            location: None,
            etag: None,
            media_type: JSON,
            body_to_keep: None,
            disposition: None,
            signature: None,
            is_replayed: false,
        })
    }

    /// 200 with a body that has no version: lists, figures.
    pub fn plain<T: Serialize>(body: &T) -> Result<Self, AppError> {
        Self::new(StatusCode::OK, body, ONE)
    }

    /// 200 with a page of so many items.
    pub fn page<T: Serialize>(body: &T, items: usize) -> Result<Self, AppError> {
        Self::new(StatusCode::OK, body, ONE * (items + 1))
    }

    /// 200 with a resource and its version.
    pub fn ok<T: Serialize>(body: &T, version: i32) -> Result<Self, AppError> {
        Ok(Self { etag: Some(etag::etag(version)), ..Self::new(StatusCode::OK, body, ONE)? })
    }

    /// 201 with what was created, where it is, and its version.
    pub fn created<T: Serialize>(collection: &str, id: impl std::fmt::Display, body: &T, version: i32) -> Result<Self, AppError> {
        Ok(Self {
            location: Some(format!("/api/v1/{collection}/{id}")),
            etag: Some(etag::etag(version)),
            ..Self::new(StatusCode::CREATED, body, ONE)?
        })
    }

    /// 202 with what was begun, and where to see how far it is.
    pub fn accepted<T: Serialize>(collection: &str, id: impl std::fmt::Display, body: &T) -> Result<Self, AppError> {
        Ok(Self { location: Some(format!("/api/v1/{collection}/{id}")), ..Self::new(StatusCode::ACCEPTED, body, ONE)? })
    }

    /// 200 with a file, to be kept under a name.
    pub fn file(bytes: Vec<u8>, media_type: &'static str, name: &str) -> Self {
        Self {
            status: StatusCode::OK,
            body: Some(Bytes::from(bytes)),
            location: None,
            etag: None,
            media_type,
            body_to_keep: None,
            disposition: Some(attachment(name)),
            signature: None,
            is_replayed: false,
        }
    }

    /// The same with another media type.
    pub fn with_media_type(self, media_type: &'static str) -> Self {
        Self { media_type, ..self }
    }

    /// The same with an entity tag made of its content, where there is no version.
    pub fn with_content_etag(self) -> Self {
        let hash = Sha256::digest(self.body.as_deref().unwrap_or_default());
        Self { etag: Some(format!("\"{}\"", URL_SAFE_NO_PAD.encode(hash))), ..self }
    }

    /// The same with the signature of its bytes.
    pub fn signed(self, sign: impl FnOnce(&[u8]) -> Result<String, AppError>) -> Result<Self, AppError> {
        let signature = sign(self.body.as_deref().unwrap_or_default())?;
        Ok(Self { signature: Some(signature), ..self })
    }

    /// An answer that was kept.
    pub fn replayed(status: StatusCode, body: Option<String>, location: Option<String>, etag: Option<String>) -> Self {
        Self {
            status,
            body: body.map(Bytes::from),
            location,
            etag,
            media_type: JSON,
            body_to_keep: None,
            disposition: None,
            signature: None,
            is_replayed: true,
        }
    }

    /// 204.
    pub fn no_content() -> Self {
        Self {
            status: StatusCode::NO_CONTENT,
            body: None,
            location: None,
            etag: None,
            media_type: JSON,
            body_to_keep: None,
            disposition: None,
            signature: None,
            is_replayed: false,
        }
    }

    /// Shows the body this once: what is kept for repeats is `kept`, without its secret.
    pub fn once<T: Serialize>(self, kept: &T) -> Result<Self, AppError> {
        let kept = serde_json::to_string(kept).map_err(AppError::internal)?;
        Ok(Self { body_to_keep: Some(kept), ..self })
    }
}

/// What stands unencoded in `filename*` (RFC 8187), as far as names of files need it.
const NAME: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// A file to be kept under a name in Vietnamese (RFC 6266): without tone marks for old clients, in full for all others.
fn attachment(name: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | '_');
    let plain: String = text::fold(name).chars().map(|c| if is_plain(c) { c } else { '-' }).collect();
    format!("attachment; filename=\"{plain}\"; filename*=UTF-8''{}", utf8_percent_encode(name, NAME))
}

impl Responder for Reply {
    type Body = BoxBody;

    fn respond_to(self, request: &HttpRequest) -> HttpResponse {
        let unchanged = request.method() == Method::GET && self.etag.as_ref().is_some_and(|tag| etag::is_unchanged(request, tag));
        let mut response = HttpResponse::build(if unchanged { StatusCode::NOT_MODIFIED } else { self.status });
        // Answers depend on who asks: a shared cache must not keep them.
        response.insert_header((CACHE_CONTROL, "private, no-cache"));
        if let Some(tag) = self.etag {
            response.insert_header((ETAG, tag));
        }
        if let Some(location) = self.location {
            response.insert_header((LOCATION, location));
        }
        if let Some(disposition) = self.disposition {
            response.insert_header((CONTENT_DISPOSITION, disposition));
        }
        if let Some(signature) = self.signature {
            response.insert_header(("Snapshot-Signature", signature));
        }
        if self.is_replayed {
            response.insert_header(("Idempotency-Replayed", "true"));
        }
        match self.body {
            Some(body) if !unchanged => response.insert_header((CONTENT_TYPE, self.media_type)).body(body),
            _ => response.finish(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_has_its_vietnamese_name_and_a_plain_one() {
        let header = attachment("Báo cáo \"Lục Yên\"; đợt 1.docx");
        assert_eq!(
            header,
            "attachment; filename=\"bao-cao--luc-yen---dot-1.docx\"; \
             filename*=UTF-8''B%C3%A1o%20c%C3%A1o%20%22L%E1%BB%A5c%20Y%C3%AAn%22%3B%20%C4%91%E1%BB%A3t%201.docx"
        );
        assert!(header.is_ascii());
    }
}
