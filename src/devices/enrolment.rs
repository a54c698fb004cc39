//! How a device gets its secret, and gets a new one.

use super::dto::{DeviceCodeOut, DeviceCredentialOut, DeviceEnrolIn};
use super::handlers::event;
use super::{queries, rules};
use crate::auth::Action;
use crate::auth::actor::Actors;
use crate::auth::handlers::limit_sign_in;
use crate::auth::token::{Keys, random_secret, secret_hash};
use crate::call::Call;
use crate::campaigns;
use crate::clock::Clock;
use crate::config::Config;
use crate::db::Db;
use crate::error::{AppError, ErrorCode, message};
use crate::events;
use crate::extract::{Body, Id, check_no_query};
use crate::ids::DeviceId;
use crate::rate_limit::RateLimits;
use crate::reply::Reply;
use actix_web::web::Data;
use actix_web::{HttpRequest, post};
use std::sync::Arc;
use uuid::Uuid;

/// Enrol a device
///
/// By the code that its organiser was shown; no token is needed. The code is used up. The answer shows this once the secret with which the
/// device gets access tokens at `/oauth/token`: keep it on the device alone. A code that is wrong, used, replaced or older than 48 hours
/// is 401; attempts are limited for each code and address.
#[utoipa::path(tag = "devices", security(()), request_body = DeviceEnrolIn, responses((status = 200, body = DeviceCredentialOut)))]
#[post("/devices/enrol")]
pub async fn enrol_device(
    request: HttpRequest,
    db: Data<Db>,
    keys: Data<Arc<Keys>>,
    clock: Data<Clock>,
    limits: Data<Arc<RateLimits>>,
    config: Data<Config>,
    body: Body<DeviceEnrolIn>,
) -> Result<Reply, AppError> {
    check_no_query(&request)?;
    let DeviceEnrolIn { code } = body.parse()?;
    limit_sign_in(&request, &limits, &config, &code)?;
    let code_hash = rules::code_hash(keys.cursor_secret(), &code)?;
    let secret = random_secret("nhd_");
    let now = clock.now();
    let (device, site_ids) = db
        .transaction(async |conn| {
            let found = queries::lock_by_code(conn, &code_hash).await?;
            let mut device = found.filter(|device| device.code_expires_at.is_some_and(|at| now < at)).ok_or_else(refused)?;
            campaigns::queries::hold_open(conn, device.campaign_id).await?;
            (device.code_hash, device.code_expires_at) = (None, None);
            (device.enrolment_id, device.secret_hash) = (Some(Uuid::now_v7()), Some(secret_hash(&secret)));
            (device.enrolled_at, device.last_seen_at) = (Some(now), Some(now));
            let device = queries::save(conn, device, now).await?;
            let site_ids = queries::sites_of(conn, &[device.id]).await?.remove(&device.id).unwrap_or_default();
            events::queries::insert(conn, event(&device, "enrolled"), device.id.into(), now).await?;
            Ok((device, site_ids))
        })
        .await?;
    Reply::plain(&DeviceCredentialOut {
        device_id: device.id,
        client_id: device.id,
        client_secret: secret,
        campaign_id: device.campaign_id,
        name: device.name,
        site_ids,
        enrolled_at: now,
    })
}

fn refused() -> AppError {
    AppError::new(ErrorCode::InvalidCredentials)
        .because(message("Mã đăng ký thiết bị không đúng hoặc không còn dùng được.", "The code is wrong or cannot be used any more."))
}

/// Give a device a new code
///
/// Its code, secret and access tokens are void within a second, until it is enrolled anew by the code that the answer shows this once, good
/// for 48 hours. What it logged before stays its own, so it can be sent again. A repeat with the same idempotency key shows
/// the device without the code.
#[utoipa::path(tag = "devices", params(("id" = DeviceId, Path, description = "The device")), responses((status = 200, body = DeviceCodeOut)))]
#[post("/devices/{id}/rotate")]
pub async fn rotate_device(call: Call, actors: Data<Actors>, id: Id<DeviceId>) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::DeviceWrite)?;
    let if_match = call.if_match()?;
    let code = rules::new_code();
    let code_hash = rules::code_hash(call.keys().cursor_secret(), &code)?;
    let me = call.clone();
    let answer = call.write(async move |conn| {
        let mut device = queries::lock(conn, &scope, id.0).await?;
        if_match.check(device.version)?;
        campaigns::queries::hold_open(conn, device.campaign_id).await?;
        rules::check_not_revoked(&device, "rotate")?;
        rules::await_enrolment(&mut device, code_hash.clone(), me.now());
        let device = queries::save(conn, device, me.now()).await?;
        let site_ids = queries::sites_of(conn, &[device.id]).await?.remove(&device.id).unwrap_or_default();
        me.record(conn, event(&device, "rotated")).await?;
        let shown = DeviceCodeOut::new(&device, site_ids.clone(), Some(code.clone()));
        Reply::ok(&shown, device.version)?.once(&DeviceCodeOut::new(&device, site_ids, None))
    });
    let answer = answer.await?;
    actors.forget();
    Ok(answer)
}
