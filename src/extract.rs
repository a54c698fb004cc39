//! What a handler takes from a request: bodies, queries and ids, read whole and parsed when the handler asks.
//!
//! Parsing waits for the handler so that permission is decided first: 401 and 403 come before 400 and 422.

use crate::config::Config;
use crate::contract::Contract;
use crate::error::{AppError, ErrorCode, FieldError, message};
use crate::json::{self, JsonError};
use crate::pagination::{ListQuery, PageRequest};
use actix_web::dev::Payload;
use actix_web::http::header::{CONTENT_LENGTH, CONTENT_TYPE, TRANSFER_ENCODING};
use actix_web::web::{Bytes, Data};
use actix_web::{FromRequest, HttpMessage, HttpRequest};
use futures_util::StreamExt;
use futures_util::future::LocalBoxFuture;
use serde::de::DeserializeOwned;
use serde_json::Value;
use std::future::{Ready, ready};
use std::marker::PhantomData;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;
use validator::{Validate, ValidationError};

/// Largest JSON body.
pub const BODY_LIMIT: usize = 1024 * 1024;

/// The bytes of the body, kept for the hash of an idempotent request.
#[derive(Clone)]
pub struct RawBody(pub Bytes);

/// A JSON body that will be checked against the schema of `T`.
pub struct Body<T> {
    bytes: Bytes,
    kind: PhantomData<T>,
}

impl<T: ToSchema + DeserializeOwned + Validate> Body<T> {
    /// The body as its type: JSON (400), schema (422, all fields at once), types, then rules between fields (422).
    pub fn parse(&self) -> Result<T, AppError> {
        let value = json_value(&self.bytes)?;
        let errors = Contract::get().check_body(&T::name(), &value);
        if !errors.is_empty() {
            return Err(AppError::validation(errors));
        }
        let parsed: T = serde_path_to_error::deserialize(value).map_err(|error| {
            let path = error.path().to_string();
            let pointer = if path == "." { String::new() } else { format!("/{}", path.replace(['.', '['], "/").replace(']', "")) };
            AppError::field(FieldError::new(pointer, "invalid", message("Giá trị không hợp lệ.", "The value is not valid.")))
        })?;
        parsed.validate().map_err(|errors| AppError::validation(rule_errors(&errors)))?;
        Ok(parsed)
    }
}

fn json_value(bytes: &[u8]) -> Result<Value, AppError> {
    json::parse(bytes).map_err(|error| match error {
        JsonError::Malformed(line, column) => AppError::new(ErrorCode::MalformedBody).because(message(
            format!("JSON sai ở dòng {line}, cột {column}."),
            format!("The JSON is broken at line {line}, column {column}."),
        )),
        JsonError::DuplicateMember(name) => AppError::new(ErrorCode::MalformedBody).with_field(FieldError::new(
            format!("/{name}"),
            "duplicate_field",
            message("Trường lặp lại.", "The field stands twice."),
        )),
    })
}

/// A rule between fields of one body, for `#[validate(schema(function = …))]`. One that a patch can break too is judged on
/// the whole object, in `rules.rs`.
pub fn field_rule(pointer: &'static str, code: &'static str, vi: &'static str, en: &'static str) -> ValidationError {
    let mut error = ValidationError::new(code);
    error.add_param("pointer".into(), &pointer);
    error.add_param("vi".into(), &vi);
    error.add_param("en".into(), &en);
    error
}

fn rule_errors(errors: &validator::ValidationErrors) -> Vec<FieldError> {
    let text = |error: &ValidationError, name: &str| error.params.get(name).and_then(|value| value.as_str()).unwrap_or_default().to_owned();
    let rules = errors.field_errors().into_values().flatten();
    rules.map(|error| FieldError::new(text(error, "pointer"), error.code.clone(), message(text(error, "vi"), text(error, "en")))).collect()
}

impl<T: 'static> FromRequest for Body<T> {
    type Error = AppError;
    type Future = LocalBoxFuture<'static, Result<Self, AppError>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let request = request.clone();
        let payload = payload.take();
        Box::pin(async move {
            check_media_type(&request)?;
            let bytes = read_all(&request, payload, BODY_LIMIT).await?;
            request.extensions_mut().insert(RawBody(bytes.clone()));
            Ok(Self { bytes, kind: PhantomData })
        })
    }
}

/// A JSON body that may be left out: then nothing is given.
pub struct OptionalBody<T>(Option<Body<T>>);

impl<T: ToSchema + DeserializeOwned + Validate + Default> OptionalBody<T> {
    /// The body as its type, as for [`Body::parse`]; without a body, what is there by default.
    pub fn parse(&self) -> Result<T, AppError> {
        self.0.as_ref().map_or_else(|| Ok(T::default()), Body::parse)
    }
}

impl<T: 'static> FromRequest for OptionalBody<T> {
    type Error = AppError;
    type Future = LocalBoxFuture<'static, Result<Self, AppError>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        if !has_body(request) {
            return Box::pin(ready(Ok(Self(None))));
        }
        let body = Body::from_request(request, payload);
        Box::pin(async move { Ok(Self(Some(body.await?))) })
    }
}

/// Whether a request brings a body.
pub fn has_body(request: &HttpRequest) -> bool {
    let headers = request.headers();
    headers.get(CONTENT_LENGTH).is_some_and(|length| length != "0") || headers.contains_key(TRANSFER_ENCODING)
}

/// Reads the body of an operation that has none: nothing, or an empty object, as some clients send.
pub fn read_nothing(request: &HttpRequest, payload: &mut Payload) -> impl Future<Output = Result<(), AppError>> + 'static {
    let body = Body::<()>::from_request(request, payload);
    async move {
        let bytes = body.await?.bytes;
        if bytes.is_empty() {
            return Ok(());
        }
        let unknown =
            |name: &str| FieldError::new(format!("/{name}"), "unknown_field", message("Không có trường này.", "There is no such field."));
        match json_value(&bytes)? {
            Value::Object(members) if members.is_empty() => Ok(()),
            Value::Object(members) => Err(AppError::validation(members.keys().map(|name| unknown(name)).collect())),
            _ => Err(AppError::field(FieldError::new("", "type", message("Sai kiểu dữ liệu.", "The value has the wrong type.")))),
        }
    }
}

/// 400 with each parameter of a request whose operation has none.
pub fn check_no_query(request: &HttpRequest) -> Result<(), AppError> {
    if request.query_string().is_empty() {
        return Ok(());
    }
    let unknown = |(name, _): (String, String)| {
        FieldError::new(format!("?{name}"), "unknown_parameter", message("Không có tham số này.", "There is no such parameter."))
    };
    let errors = pairs(request.query_string())?.into_iter().map(unknown).collect();
    Err(AppError { errors, ..AppError::new(ErrorCode::InvalidParameter) })
}

/// The media type of a body, without parameters, in small letters.
pub fn media_type(request: &HttpRequest) -> String {
    let header = request.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    header.split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
}

fn check_media_type(request: &HttpRequest) -> Result<(), AppError> {
    if matches!(media_type(request).as_str(), "application/json" | "application/merge-patch+json") {
        return Ok(());
    }
    Err(AppError::new(ErrorCode::UnsupportedMediaType)
        .because(message("Gửi nội dung với Content-Type: application/json.", "Send the body with Content-Type: application/json.")))
}

/// The whole body, within its limit and its time.
async fn read_all(request: &HttpRequest, payload: Payload, limit: usize) -> Result<Bytes, AppError> {
    let config = request.app_data::<Data<Config>>().ok_or_else(|| AppError::internal("application data are missing"))?;
    tokio::time::timeout(config.body_timeout, read_up_to(payload, limit)).await.map_err(|_| AppError::new(ErrorCode::RequestTimeout))?
}

async fn read_up_to(mut payload: Payload, limit: usize) -> Result<Bytes, AppError> {
    let mut body = actix_web::web::BytesMut::new();
    while let Some(chunk) = payload.next().await {
        let chunk = chunk.map_err(|_| AppError::new(ErrorCode::MalformedBody))?;
        if body.len() + chunk.len() > limit {
            return Err(AppError::new(ErrorCode::PayloadTooLarge)
                .because(message(format!("Nội dung không được quá {limit} byte."), format!("The body may have at most {limit} bytes."))));
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body.freeze())
}

/// Largest file.
const FILE_LIMIT: usize = 20 * 1024 * 1024;

/// A file as the body itself.
pub struct File {
    media_type: String,
    bytes: Bytes,
}

impl File {
    /// Its media type, without parameters.
    pub fn media_type(&self) -> &str {
        &self.media_type
    }

    /// Its bytes.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }
}

impl FromRequest for File {
    type Error = AppError;
    type Future = LocalBoxFuture<'static, Result<Self, AppError>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let media_type = media_type(request);
        let request = request.clone();
        let payload = payload.take();
        Box::pin(async move {
            let bytes = read_all(&request, payload, FILE_LIMIT).await?;
            request.extensions_mut().insert(RawBody(bytes.clone()));
            Ok(Self { media_type, bytes })
        })
    }
}

/// How much longer than other bodies a file may take.
const FILE_PATIENCE: u32 = 6;

/// A file to be kept, as the body itself: within the limit that the settings give.
pub struct Upload(File);

impl Upload {
    /// Its media type, without parameters, as the sender states it.
    pub fn media_type(&self) -> &str {
        self.0.media_type()
    }

    /// Its bytes.
    pub fn into_bytes(self) -> Bytes {
        self.0.bytes
    }
}

impl FromRequest for Upload {
    type Error = AppError;
    type Future = LocalBoxFuture<'static, Result<Self, AppError>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let media_type = media_type(request);
        let request = request.clone();
        let payload = payload.take();
        Box::pin(async move {
            let config = request.app_data::<Data<Config>>().ok_or_else(|| AppError::internal("application data are missing"))?;
            let reading = read_up_to(payload, config.attachments.limit);
            let bytes = tokio::time::timeout(config.body_timeout * FILE_PATIENCE, reading)
                .await
                .map_err(|_| AppError::new(ErrorCode::RequestTimeout))??;
            request.extensions_mut().insert(RawBody(bytes.clone()));
            Ok(Self(File { media_type, bytes }))
        })
    }
}

/// A form body (RFC 6749, 4.4.2), for the token end point only: pairs, no parameter twice.
pub struct Form(pub Vec<(String, String)>);

impl FromRequest for Form {
    type Error = AppError;
    type Future = LocalBoxFuture<'static, Result<Self, AppError>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let header = request.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default().to_ascii_lowercase();
        let request = request.clone();
        let payload = payload.take();
        Box::pin(async move {
            if !header.starts_with("application/x-www-form-urlencoded") {
                return Err(AppError::new(ErrorCode::UnsupportedMediaType));
            }
            let bytes = read_all(&request, payload, 16 * 1024).await?;
            let text = std::str::from_utf8(&bytes).map_err(|_| AppError::new(ErrorCode::MalformedBody))?;
            Ok(Self(pairs(text)?))
        })
    }
}

/// The query of a request, to be checked against the parameters of `T`.
pub struct Query<T> {
    pairs: Result<Vec<(String, String)>, AppError>,
    kind: PhantomData<T>,
    path: String,
}

impl<T: IntoParams + DeserializeOwned + 'static> Query<T> {
    /// The query as its type; unknown, repeated and bad parameters are 400, all at once.
    pub fn parse(&self) -> Result<T, AppError> {
        let pairs = self.pairs.as_ref().map_err(Clone::clone)?;
        let value =
            Contract::get().check_query::<T>(pairs).map_err(|errors| AppError { errors, ..AppError::new(ErrorCode::InvalidParameter) })?;
        serde_path_to_error::deserialize(value).map_err(|error| {
            let pointer = format!("?{}", error.path());
            AppError::new(ErrorCode::InvalidParameter).with_field(FieldError::new(
                pointer,
                "invalid",
                message("Giá trị không hợp lệ.", "The value is not valid."),
            ))
        })
    }
}

impl<T: IntoParams + DeserializeOwned + ListQuery + 'static> Query<T> {
    /// The query of a list: its filters, and the page that is asked for.
    pub fn parse_list(&self, secret: &[u8]) -> Result<(T, PageRequest), AppError> {
        let filter = self.parse()?;
        let pairs = self.pairs.as_ref().map_err(Clone::clone)?;
        let page = PageRequest::new(filter.page(), T::SORTS, (&self.path, pairs), secret)?;
        Ok((filter, page))
    }
}

impl<T> FromRequest for Query<T> {
    type Error = AppError;
    type Future = Ready<Result<Self, AppError>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(Ok(Self { pairs: pairs(request.query_string()), kind: PhantomData, path: request.path().to_owned() }))
    }
}

/// Decodes `a=b&c=d`. Bytes that are not UTF-8 and control characters are refused, not replaced.
fn pairs(text: &str) -> Result<Vec<(String, String)>, AppError> {
    let bad = || {
        AppError::new(ErrorCode::InvalidParameter)
            .because(message("Tham số có ký tự không hợp lệ.", "A parameter has characters that are not valid."))
    };
    let decode = |part: &str| {
        let spaced = part.replace('+', " ");
        let decoded = percent_encoding::percent_decode_str(&spaced).decode_utf8().map_err(|_| bad())?.into_owned();
        if decoded.chars().any(char::is_control) { Err(bad()) } else { Ok(decoded) }
    };
    text.split('&')
        .filter(|part| !part.is_empty())
        .map(|part| {
            let (name, value) = part.split_once('=').unwrap_or((part, ""));
            Ok((decode(name)?, decode(value)?))
        })
        .collect()
}

/// The `{id}` of the path.
pub struct Id<T>(pub T);

/// An id type that a path can hold.
pub trait PathId: Sized {
    /// Wraps the UUID.
    fn from_uuid(id: Uuid) -> Self;
}

impl<T: PathId> FromRequest for Id<T> {
    type Error = AppError;
    type Future = Ready<Result<Self, AppError>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let parsed = request.match_info().get("id").and_then(|text| (text.len() == 36).then(|| Uuid::try_parse(text).ok()).flatten());
        ready(parsed.map(|id| Self(T::from_uuid(id))).ok_or_else(|| {
            AppError::new(ErrorCode::InvalidParameter).with_field(FieldError::new(
                "?id",
                "format",
                message("Mã phải là UUID.", "The id must be a UUID."),
            ))
        }))
    }
}

/// The number in a path: the place of a line in a list.
#[derive(Debug, Clone, Copy)]
pub struct No(pub i32);

impl FromRequest for No {
    type Error = AppError;
    type Future = Ready<Result<Self, AppError>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let parsed = request.match_info().get("no").and_then(|text| text.parse().ok()).filter(|no| *no > 0);
        ready(parsed.map(Self).ok_or_else(|| {
            AppError::new(ErrorCode::InvalidParameter).with_field(FieldError::new(
                "?no",
                "format",
                message("Số thứ tự phải là số nguyên dương.", "The number must be a positive integer."),
            ))
        }))
    }
}
