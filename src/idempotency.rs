//! `Idempotency-Key`: the answer of a POST is kept in the transaction of its work and repeated for 24 hours.

use crate::db::Conn;
use crate::error::{AppError, ErrorCode, FieldError, message};
use crate::extract::RawBody;
use crate::reply::Reply;
use crate::schema::idempotency_keys;
use actix_web::http::{Method, StatusCode};
use actix_web::{HttpMessage, HttpRequest};
use chrono::{DateTime, Duration, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use hmac::{Hmac, KeyInit, Mac};
use serde_json::Value;
use sha2::{Digest, Sha256};
use uuid::Uuid;

/// How long an answer is repeated.
pub const KEPT: Duration = Duration::hours(24);

/// The key of a request: who sent it, to which route, with which body.
#[derive(Debug, Clone)]
pub struct IdempotencyKey {
    caller: Uuid,
    route: String,
    key: String,
    body_hash: Vec<u8>,
}

impl IdempotencyKey {
    /// Reads the header of a POST; it is optional. A body can hold a password, so its hash is made with a secret:
    /// without it, what is kept here is of no use for guessing.
    pub fn of(request: &HttpRequest, caller: Uuid, secret: &[u8]) -> Result<Option<Self>, AppError> {
        let Some(header) = request.headers().get("Idempotency-Key").filter(|_| request.method() == Method::POST) else { return Ok(None) };
        let key = header.to_str().ok().filter(|key| (1..=255).contains(&key.len()) && key.bytes().all(|byte| byte.is_ascii_graphic()));
        let Some(key) = key else {
            return Err(AppError::new(ErrorCode::InvalidParameter).with_field(FieldError::new(
                "?Idempotency-Key",
                "format",
                message("Khóa gồm 1 đến 255 ký tự ASCII nhìn thấy được.", "The key is 1 to 255 visible ASCII characters."),
            )));
        };
        let body = request.extensions().get::<RawBody>().map_or_else(|| Ok(Vec::new()), |body| keyed_hash(secret, &body.0))?;
        Ok(Some(Self { caller, route: request.path().to_owned(), key: key.to_owned(), body_hash: body }))
    }
}

fn keyed_hash(secret: &[u8], body: &[u8]) -> Result<Vec<u8>, AppError> {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret).map_err(AppError::internal)?;
    mac.update(b"idempotency");
    mac.update(body);
    Ok(mac.finalize().into_bytes().to_vec())
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = idempotency_keys)]
struct Kept {
    body_hash: Vec<u8>,
    status: i16,
    body: Option<String>,
    location: Option<String>,
    etag: Option<String>,
}

diesel::define_sql_function! {
    /// Takes a lock until the end of the transaction, without waiting.
    fn pg_try_advisory_xact_lock(key: diesel::sql_types::BigInt) -> diesel::sql_types::Bool;
}

/// The answer kept under the key, if any. While the first request runs, a second is told so (409).
pub async fn find(mut conn: &Conn, key: &IdempotencyKey, now: DateTime<Utc>) -> Result<Option<Reply>, AppError> {
    let lock = Sha256::digest(format!("{}\n{}\n{}", key.caller, key.route, key.key));
    let number = lock.iter().take(8).fold(0_i64, |number, byte| (number << 8) | i64::from(*byte));
    let is_free: bool = diesel::select(pg_try_advisory_xact_lock(number)).get_result(&mut conn).await?;
    if !is_free {
        return Err(AppError::new(ErrorCode::IdempotencyRunning).retry_after(1));
    }
    let kept = idempotency_keys::table
        .find((key.caller, &key.route, &key.key))
        .filter(idempotency_keys::created_at.gt(now - KEPT))
        .select(Kept::as_select())
        .first(&mut conn)
        .await
        .optional()?;
    let Some(kept) = kept else { return Ok(None) };
    if kept.body_hash != key.body_hash {
        return Err(AppError::new(ErrorCode::IdempotencyKeyReused));
    }
    let status = u16::try_from(kept.status).ok().and_then(|status| StatusCode::from_u16(status).ok()).unwrap_or(StatusCode::OK);
    Ok(Some(Reply::replayed(status, kept.body, kept.location, kept.etag)))
}

/// Puts other values into what is kept of one object, wherever an answer shows it: what was erased is not repeated. Kept answers are
/// those of a day, so they are looked through.
pub async fn redact(mut conn: &Conn, object: Uuid, members: &[(&str, Value)]) -> Result<(), AppError> {
    type Found = (Uuid, String, String, Option<String>);
    let found: Vec<Found> = idempotency_keys::table
        .filter(idempotency_keys::body.like(format!("%{object}%")))
        .select((idempotency_keys::caller, idempotency_keys::route, idempotency_keys::key, idempotency_keys::body))
        .for_update()
        .load(&mut conn)
        .await?;
    for (caller, route, key, body) in found {
        let Some(mut body) = body.as_deref().and_then(|body| serde_json::from_str::<Value>(body).ok()) else { continue };
        redact_value(&mut body, &object.to_string(), members);
        let row = idempotency_keys::table.find((caller, route, key));
        diesel::update(row).set(idempotency_keys::body.eq(body.to_string())).execute(&mut conn).await?;
    }
    Ok(())
}

fn redact_value(value: &mut Value, object: &str, members: &[(&str, Value)]) {
    match value {
        Value::Object(found) => {
            if found.get("id").and_then(Value::as_str) == Some(object) {
                for (name, other) in members.iter().filter(|(name, _)| *name != "id") {
                    if let Some(member) = found.get_mut(*name) {
                        *member = other.clone();
                    }
                }
            }
            found.values_mut().for_each(|member| redact_value(member, object, members));
        }
        Value::Array(items) => items.iter_mut().for_each(|item| redact_value(item, object, members)),
        _ => {}
    }
}

/// Keeps an answer.
pub async fn keep(mut conn: &Conn, key: &IdempotencyKey, reply: &Reply, now: DateTime<Utc>) -> Result<(), AppError> {
    use diesel::upsert::excluded;
    let status = i16::try_from(reply.status.as_u16()).map_err(AppError::internal)?;
    let answered = || reply.body.as_deref().map(|body| String::from_utf8_lossy(body).into_owned());
    let body = reply.body_to_keep.clone().or_else(answered);
    diesel::insert_into(idempotency_keys::table)
        .values((
            idempotency_keys::caller.eq(key.caller),
            idempotency_keys::route.eq(&key.route),
            idempotency_keys::key.eq(&key.key),
            idempotency_keys::body_hash.eq(&key.body_hash),
            idempotency_keys::status.eq(status),
            idempotency_keys::body.eq(body),
            idempotency_keys::location.eq(&reply.location),
            idempotency_keys::etag.eq(&reply.etag),
            idempotency_keys::created_at.eq(now),
        ))
        .on_conflict((idempotency_keys::caller, idempotency_keys::route, idempotency_keys::key))
        .do_update()
        .set((
            idempotency_keys::body_hash.eq(excluded(idempotency_keys::body_hash)),
            idempotency_keys::status.eq(excluded(idempotency_keys::status)),
            idempotency_keys::body.eq(excluded(idempotency_keys::body)),
            idempotency_keys::location.eq(excluded(idempotency_keys::location)),
            idempotency_keys::etag.eq(excluded(idempotency_keys::etag)),
            idempotency_keys::created_at.eq(excluded(idempotency_keys::created_at)),
        ))
        .execute(&mut conn)
        .await?;
    Ok(())
}
