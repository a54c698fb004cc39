//! What holds for every request: id, caller, rate limit, problem documents, security headers, one line of log.

use crate::auth::actor::Actors;
use crate::auth::token::Keys;
use crate::call::Caller;
use crate::config::Config;
use crate::db::Db;
use crate::error::{AppError, ErrorCode};
use crate::problem;
use crate::rate_limit::{RateLimits, Verdict};
use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::error::InternalError;
use actix_web::http::header::{AUTHORIZATION, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue};
use actix_web::http::{Method, StatusCode};
use actix_web::middleware::Next;
use actix_web::web::Data;
use actix_web::{Error, HttpMessage, HttpResponse, ResponseError};
use futures_util::FutureExt;
use std::net::{IpAddr, SocketAddr};
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::{Duration, Instant};
use uuid::Uuid;

/// An answer that takes longer is worth a line of log.
const SLOW: Duration = Duration::from_millis(500);
const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

const SECURITY_HEADERS: [(HeaderName, &str); 4] = [
    (HeaderName::from_static("x-content-type-options"), "nosniff"),
    (HeaderName::from_static("x-frame-options"), "DENY"),
    (HeaderName::from_static("referrer-policy"), "no-referrer"),
    (HeaderName::from_static("strict-transport-security"), "max-age=31536000"),
];
/// The docs page brings its own scripts and styles; everything else is data.
const DOCS_POLICY: &str =
    "default-src 'self'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; frame-ancestors 'none'";
const DATA_POLICY: &str = "default-src 'none'; frame-ancestors 'none'";

/// The law, as one middleware around everything.
pub async fn apply(mut request: ServiceRequest, next: Next<impl MessageBody + 'static>) -> Result<ServiceResponse<BoxBody>, Error> {
    let started = Instant::now();
    let id = request_id(request.headers());
    let (limit, refusal) = admit(&request).await;
    // HEAD is GET without the body (RFC 9110, 9.3.2); the connection knows that it was HEAD and sends none.
    if request.method() == Method::HEAD {
        request.head_mut().method = Method::GET;
    }
    // The request itself cannot be kept: routing needs it alone. This is for answers that lose it.
    let (language, path) = (problem::language(request.headers()), request.path().to_owned());
    let outcome = match refusal {
        Some(error) => Ok(Ok(request.into_response(error.error_response()))),
        None => AssertUnwindSafe(next.call(request)).catch_unwind().await.map(|outcome| outcome.map(ServiceResponse::map_into_boxed_body)),
    };
    match outcome {
        Ok(Ok(mut response)) => {
            if response.status().is_client_error() || response.status().is_server_error() {
                response = as_problem(response, &id);
            }
            decorate(response.headers_mut(), &id, &path, limit);
            let route = response.request().match_pattern();
            log_request(&id, response.request().method(), route.as_deref(), response.status(), started);
            Ok(response)
        }
        lost => {
            let error = match lost {
                Ok(Err(error)) => error.as_error::<AppError>().cloned().unwrap_or_else(|| AppError::internal(error)),
                _ => AppError::internal("a handler panicked"),
            };
            let mut response = problem::render(&error, language, &path, &id);
            decorate(response.headers_mut(), &id, &path, limit);
            log_request(&id, &Method::GET, None, response.status(), started);
            Err(InternalError::from_response(error, response).into())
        }
    }
}

/// Writes, refusals and slow answers are told; quick reads only to who debugs.
fn log_request(id: &str, method: &Method, route: Option<&str>, status: StatusCode, started: Instant) {
    let taken = started.elapsed();
    let is_quiet = *method == Method::GET && !status.is_server_error() && taken < SLOW;
    log::log!(
        if is_quiet { log::Level::Debug } else { log::Level::Info },
        request_id = id,
        method = method.as_str(),
        route = route.unwrap_or("-"),
        status = status.as_u16(),
        micros = u64::try_from(taken.as_micros()).unwrap_or(u64::MAX);
        "request"
    );
}

/// The caller's own id, if it is a sensible one; else a new one.
fn request_id(headers: &HeaderMap) -> String {
    let given = headers.get(REQUEST_ID).and_then(|value| value.to_str().ok());
    let is_sensible =
        |id: &&str| (8..=64).contains(&id.len()) && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte));
    given.filter(is_sensible).map_or_else(|| Uuid::now_v7().to_string(), str::to_owned)
}

/// Finds out who calls, leaves that with the request, and counts the request against the caller's limit.
async fn admit(request: &ServiceRequest) -> (Option<Verdict>, Option<AppError>) {
    let bearer = request.headers().get(AUTHORIZATION).and_then(|value| value.to_str().ok()).and_then(|value| {
        let (scheme, token) = value.split_once(' ')?;
        scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
    });
    let mut subject = None;
    if let (Some(token), Some(actors), Some(keys), Some(db)) =
        (bearer, request.app_data::<Data<Actors>>(), request.app_data::<Data<Arc<Keys>>>(), request.app_data::<Data<Db>>())
    {
        let caller = actors.resolve(keys, db, token).await;
        subject = caller.as_ref().ok().map(|actor| actor.id);
        request.extensions_mut().insert(Caller(caller));
    }
    let Some(limits) = request.app_data::<Data<Arc<RateLimits>>>() else { return (None, None) };
    let verdict = match subject {
        Some(subject) => limits.check_subject(subject),
        None => limits.check_address(client_address(request)),
    };
    let refusal = verdict.retry_after.map(|seconds| AppError::new(ErrorCode::TooManyRequests).retry_after(seconds));
    (Some(verdict), refusal)
}

/// The peer, or what a trusted proxy says of it: the last address that is not a trusted proxy.
pub fn client_address(request: &ServiceRequest) -> IpAddr {
    address_of(request.peer_addr().map(|peer| peer.ip()), request.headers(), request.app_data::<Data<Config>>().map(|config| &***config))
}

/// See [`client_address`].
pub fn address_of(peer: Option<IpAddr>, headers: &HeaderMap, config: Option<&Config>) -> IpAddr {
    let peer = peer.unwrap_or(IpAddr::from([0, 0, 0, 0]));
    config.map_or(peer, |config| forwarded_by(peer, headers, &config.trusted_proxies))
}

/// Proxies add the address they were called from at the end. What stands before the first one that is not trusted, or that
/// cannot be read, anybody may have written.
fn forwarded_by(peer: IpAddr, headers: &HeaderMap, trusted: &[IpAddr]) -> IpAddr {
    if !trusted.contains(&peer) {
        return peer;
    }
    let lines: Vec<&str> = headers.get_all("x-forwarded-for").map(|line| line.to_str().unwrap_or("?")).collect();
    let hops = lines.iter().rev().flat_map(|line| line.rsplit(','));
    for hop in hops {
        match hop_address(hop.trim()) {
            Some(address) if trusted.contains(&address) => {}
            Some(address) => return address,
            None => return peer,
        }
    }
    peer
}

/// An address, with or without a port; one of version 6 may stand in brackets.
fn hop_address(hop: &str) -> Option<IpAddr> {
    let bare = hop.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(hop);
    bare.parse().ok().or_else(|| hop.parse::<SocketAddr>().ok().map(|address| address.ip()))
}

/// Every error leaves as a problem document, whoever made it.
fn as_problem(response: ServiceResponse<BoxBody>, id: &str) -> ServiceResponse<BoxBody> {
    if response.headers().get(CONTENT_TYPE).is_some_and(|kind| kind.as_bytes().starts_with(problem::PROBLEM_JSON.as_bytes())) {
        return response;
    }
    let error = response.response().extensions().get::<AppError>().cloned();
    let error = error.unwrap_or_else(|| AppError::new(problem::code_for_status(response.status())));
    let (request, old) = response.into_parts();
    let mut new: HttpResponse<BoxBody> = problem::render(&error, problem::language(request.headers()), request.path(), id);
    // What the framework said beside the body (Allow, for one) stays.
    for (name, value) in old.headers() {
        if !new.headers().contains_key(name) {
            new.headers_mut().insert(name.clone(), value.clone());
        }
    }
    ServiceResponse::new(request, new)
}

fn decorate(headers: &mut HeaderMap, id: &str, path: &str, limit: Option<Verdict>) {
    if let Ok(value) = HeaderValue::from_str(id) {
        headers.insert(REQUEST_ID, value);
    }
    for (name, value) in SECURITY_HEADERS {
        headers.insert(name, HeaderValue::from_static(value));
    }
    let policy = if path.starts_with("/docs") { DOCS_POLICY } else { DATA_POLICY };
    headers.insert(HeaderName::from_static("content-security-policy"), HeaderValue::from_static(policy));
    if let Some(limit) = limit {
        headers.insert(HeaderName::from_static("ratelimit-limit"), HeaderValue::from(limit.limit));
        headers.insert(HeaderName::from_static("ratelimit-remaining"), HeaderValue::from(limit.remaining));
        headers.insert(HeaderName::from_static("ratelimit-reset"), HeaderValue::from(limit.retry_after.unwrap_or(1)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(peer: &str, lines: &[&str]) -> String {
        let mut headers = HeaderMap::new();
        for line in lines {
            headers.append(HeaderName::from_static("x-forwarded-for"), HeaderValue::from_str(line).unwrap());
        }
        let trusted = ["10.0.0.1".parse().unwrap(), "10.0.0.2".parse().unwrap()];
        forwarded_by(peer.parse().unwrap(), &headers, &trusted).to_string()
    }

    #[test]
    fn the_last_hop_that_is_no_trusted_proxy_is_the_caller() {
        assert_eq!(found("10.0.0.1", &["192.0.2.1, 198.51.100.7, 10.0.0.2"]), "198.51.100.7");
        assert_eq!(found("10.0.0.1", &["10.0.0.2"]), "10.0.0.1", "only proxies");
        assert_eq!(found("10.0.0.1", &[]), "10.0.0.1");
        assert_eq!(found("203.0.113.9", &["198.51.100.7"]), "203.0.113.9", "a stranger's word does not count");
    }

    #[test]
    fn a_second_line_comes_after_the_first() {
        assert_eq!(found("10.0.0.1", &["192.0.2.1", "198.51.100.7, 10.0.0.2"]), "198.51.100.7");
        assert_eq!(found("10.0.0.1", &["192.0.2.1", "10.0.0.2"]), "192.0.2.1");
    }

    #[test]
    fn a_hop_may_have_a_port_or_brackets() {
        assert_eq!(found("10.0.0.1", &["198.51.100.7:4711"]), "198.51.100.7");
        assert_eq!(found("10.0.0.1", &["[2001:db8::7]:4711, 10.0.0.2:80"]), "2001:db8::7");
        assert_eq!(found("10.0.0.1", &["[2001:db8::7]"]), "2001:db8::7");
    }

    #[test]
    fn what_stands_before_a_hop_that_cannot_be_read_is_not_believed() {
        for hop in ["unknown", "", "_hidden", "10.0.0.256"] {
            assert_eq!(found("10.0.0.1", &[&format!("192.0.2.1, {hop}, 10.0.0.2")]), "10.0.0.1", "{hop}");
        }
    }
}
