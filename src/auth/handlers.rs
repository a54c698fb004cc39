//! Sign-in over HTTP.

use super::actor::Actors;
use super::dto::{AuthorizationServerOut, JwksOut, LoginIn, MachineTokenIn, MachineTokenOut, MeOut, MyPasswordIn, RefreshIn, TokensOut};
use super::policy::Role;
use super::token::{ACCESS_TOKEN_SECONDS, Keys, SubjectKind, hashes_equal, random_secret, secret_hash};
use super::{password, queries};
use crate::call::Call;
use crate::clock::Clock;
use crate::config::Config;
use crate::db::Db;
use crate::devices;
use crate::error::{AppError, ErrorCode, FieldError, message};
use crate::events::Event;
use crate::extract::{Body, Form, check_no_query};
use crate::ids::{DeviceId, OrgUnitId, UserId};
use crate::law;
use crate::problem::TOKEN_ENDPOINT;
use crate::rate_limit::RateLimits;
use crate::reply::Reply;
use crate::routes::Routes;
use actix_web::http::header::AUTHORIZATION;
use actix_web::web::Data;
use actix_web::{HttpRequest, get, post, put};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use chrono::{Duration, Utc};
use std::sync::{Arc, OnceLock};
use uuid::Uuid;

/// A session that is not refreshed for so long ends.
const SESSION: Duration = Duration::days(14);

/// Routes under `/api/v1`.
pub fn configure(config: &mut impl Routes) {
    config.service(create_session).service(refresh_session).service(delete_session).service(get_me).service(set_my_password);
}

/// Routes outside `/api/v1`.
pub fn configure_root(config: &mut impl Routes) {
    config.service(create_machine_token).service(get_jwks).service(get_authorization_server);
}

/// Sign in
///
/// With user name and password. Attempts are limited for each account and address.
#[utoipa::path(tag = "auth", security(()), request_body = LoginIn, responses((status = 200, body = TokensOut)))]
#[post("/auth/login")]
pub async fn create_session(
    request: HttpRequest,
    db: Data<Db>,
    keys: Data<Arc<Keys>>,
    limits: Data<Arc<RateLimits>>,
    config: Data<Config>,
    body: Body<LoginIn>,
) -> Result<Reply, AppError> {
    check_no_query(&request)?;
    let input = body.parse()?;
    let username = input.username.as_str().to_lowercase();
    limit_sign_in(&request, &limits, &config, &username)?;
    let found = db.read(async |conn| queries::credentials(conn, &username).await).await?;
    // A stranger learns neither by answer nor by time whether the account exists.
    let stored = found.as_ref().map_or_else(|| decoy().to_owned(), |account| account.password_hash.clone());
    let fits = password::verify_apart(input.password, stored).await?;
    let account = found.filter(|account| fits && !account.is_disabled).ok_or_else(refused)?;

    let refresh_token = random_secret("nhr_");
    let now = Utc::now();
    let session = db
        .transaction(async |conn| {
            // The password may have been changed, or the account disabled, while the hash was computed.
            let held = queries::hold_credentials(conn, account.id).await?;
            held.filter(|held| held.password_hash == account.password_hash && !held.is_disabled).ok_or_else(refused)?;
            queries::open_session(conn, account.id, now, now + SESSION, &secret_hash(&refresh_token)).await
        })
        .await?;
    tokens(&keys, account.id.into(), session, account.role, refresh_token)
}

fn refused() -> AppError {
    AppError::new(ErrorCode::InvalidCredentials)
}

/// A hash that no password fits, made once: checking it costs what checking a real one costs.
fn decoy() -> &'static str {
    static DECOY: OnceLock<String> = OnceLock::new();
    DECOY.get_or_init(|| password::hash(&random_secret("")).unwrap_or_default())
}

/// Counts an attempt to get in as `account`; 429 when it is one too many.
pub fn limit_sign_in(request: &HttpRequest, limits: &RateLimits, config: &Config, account: &str) -> Result<(), AppError> {
    let address = law::address_of(request.peer_addr().map(|peer| peer.ip()), request.headers(), Some(config));
    match limits.check_sign_in(account, address) {
        Some(seconds) => Err(AppError::new(ErrorCode::TooManyRequests).retry_after(seconds)),
        None => Ok(()),
    }
}

fn tokens(keys: &Keys, user: Uuid, session: Uuid, role: Role, refresh_token: String) -> Result<Reply, AppError> {
    let access_token = keys.sign(SubjectKind::User, user, session, role.as_str(), ACCESS_TOKEN_SECONDS).map_err(AppError::internal)?;
    Reply::plain(&TokensOut { access_token, token_type: "Bearer", expires_in: ACCESS_TOKEN_SECONDS, refresh_token })
}

/// What became of a refresh.
enum Refreshed {
    Renewed(queries::Refresh),
    Refused,
}

/// Get new tokens
///
/// The refresh token is used up and replaced. One that was used before ends the whole session: somebody has a copy.
#[utoipa::path(tag = "auth", security(()), request_body = RefreshIn, responses((status = 200, body = TokensOut)))]
#[post("/auth/refresh")]
pub async fn refresh_session(
    request: HttpRequest,
    db: Data<Db>,
    keys: Data<Arc<Keys>>,
    actors: Data<Actors>,
    body: Body<RefreshIn>,
) -> Result<Reply, AppError> {
    check_no_query(&request)?;
    let input = body.parse()?;
    let old = secret_hash(&input.refresh_token);
    let refresh_token = random_secret("nhr_");
    let new = secret_hash(&refresh_token);
    let now = Utc::now();
    let outcome = db
        .transaction(async |conn| {
            let Some(refresh) = queries::lock_refresh(conn, &old, now).await? else { return Ok(Refreshed::Refused) };
            if refresh.is_used || refresh.is_dead {
                // The revocation must be kept, so this is an outcome and not an error, which would roll it back.
                queries::revoke_session(conn, refresh.session_id, now).await?;
                return Ok(Refreshed::Refused);
            }
            queries::use_refresh_token(conn, &old, refresh.session_id, now, now + SESSION).await?;
            queries::add_refresh_token(conn, refresh.session_id, now, &new).await?;
            Ok(Refreshed::Renewed(refresh))
        })
        .await?;
    match outcome {
        Refreshed::Renewed(refresh) => tokens(&keys, refresh.user_id.into(), refresh.session_id, refresh.role, refresh_token),
        Refreshed::Refused => {
            actors.forget();
            Err(refused())
        }
    }
}

/// Sign out
///
/// Ends the session of the access token; its refresh tokens are void.
#[utoipa::path(tag = "auth", responses((status = 204)))]
#[post("/auth/logout")]
pub async fn delete_session(call: Call, actors: Data<Actors>) -> Result<Reply, AppError> {
    let session = call.actor().session_id;
    call.db().transaction(async |conn| queries::revoke_session(conn, session, Utc::now()).await).await?;
    actors.forget();
    Ok(Reply::no_content())
}

/// Tell who is calling
///
/// Account, role and unit as they are now.
#[utoipa::path(tag = "auth", responses((status = 200, body = MeOut)))]
#[get("/me")]
pub async fn get_me(call: Call) -> Result<Reply, AppError> {
    let actor = call.actor();
    let (org_unit_name, org_unit_kind) = call.read(async |conn| queries::unit_name(conn, actor.org_unit_id).await).await?;
    Reply::plain(&MeOut {
        id: actor.id,
        name: actor.name.clone(),
        role: actor.role,
        org_unit_id: actor.org_unit_id,
        org_unit_name,
        org_unit_kind,
    })
}

/// Change the own password
///
/// The password in use is asked for again. Every other session of the account ends; the one that asks goes on.
#[utoipa::path(tag = "auth", request_body = MyPasswordIn, responses((status = 204)))]
#[put("/me/password")]
pub async fn set_my_password(
    call: Call,
    actors: Data<Actors>,
    limits: Data<Arc<RateLimits>>,
    config: Data<Config>,
    body: Body<MyPasswordIn>,
) -> Result<Reply, AppError> {
    let actor = call.actor();
    if actor.kind != SubjectKind::User {
        return Err(AppError::new(ErrorCode::Forbidden));
    }
    let input = body.parse()?;
    limit_sign_in(call.request(), &limits, &config, &actor.name)?;
    let user = UserId(actor.id);
    let found = call.read(async |conn| queries::credentials(conn, &actor.name).await).await?;
    let stored = found.ok_or_else(AppError::not_found)?.password_hash;
    if !password::verify_apart(input.current_password, stored.clone()).await? {
        return Err(wrong_current_password());
    }
    let new = password::hash_apart(input.new_password).await?;
    let (session, unit, me) = (actor.session_id, actor.org_unit_id, call.clone());
    let answer = call.write(async move |conn| {
        let held = queries::hold_credentials(conn, user).await?;
        held.filter(|held| held.password_hash == stored).ok_or_else(wrong_current_password)?;
        let version = queries::set_password(conn, user, &new, me.now()).await?;
        queries::revoke_sessions_of(conn, user, Some(session), Utc::now()).await?;
        me.record(conn, password_changed(user, unit, version)).await?;
        Ok(Reply::no_content())
    });
    let answer = answer.await?;
    actors.forget();
    Ok(answer)
}

fn wrong_current_password() -> AppError {
    AppError::field(FieldError::new(
        "/current_password",
        "wrong_password",
        message("Mật khẩu đang dùng không đúng.", "This is not the password in use."),
    ))
}

/// What is told when a password was changed.
pub fn password_changed(user: UserId, org_unit_id: OrgUnitId, version: i32) -> Event<'static> {
    Event {
        campaign_id: None,
        org_unit_id,
        resource: "user",
        resource_id: user.into(),
        version,
        action: "password_changed",
        data: serde_json::json!({}),
    }
}

/// Get a token for a machine
///
/// OAuth 2.0 client credentials (RFC 6749, 4.4), as a form, with the secret in the form or by HTTP Basic. A machine account or an enrolled
/// device. A refusal carries the members `error` and `error_description` of RFC 6749, 5.2, beside those of a problem.
#[utoipa::path(
    tag = "auth",
    security(()),
    request_body(content = MachineTokenIn, content_type = "application/x-www-form-urlencoded"),
    responses((status = 200, body = MachineTokenOut))
)]
#[post("/oauth/token")]
pub async fn create_machine_token(
    request: HttpRequest,
    db: Data<Db>,
    keys: Data<Arc<Keys>>,
    limits: Data<Arc<RateLimits>>,
    config: Data<Config>,
    clock: Data<Clock>,
    form: Form,
) -> Result<Reply, AppError> {
    check_no_query(&request)?;
    let (client, secret) = machine_credentials(&request, &form.0).map_err(AppError::in_query)?;
    limit_sign_in(&request, &limits, &config, &client.to_string())?;
    let hash = secret_hash(&secret);
    let (account, device) = db
        .read(async |conn| match queries::api_client_credentials(conn, client).await? {
            None => Ok((None, queries::device_credentials(conn, client).await?)),
            account => Ok((account, None)),
        })
        .await?;
    let account = account.filter(|(known, _, is_disabled)| hashes_equal(known, &hash) && !is_disabled);
    let device = device.filter(|(known, _)| hashes_equal(known, &hash));
    let (kind, session, role) = match (account, device) {
        (Some((_, role, _)), _) => (SubjectKind::ApiClient, client, role),
        (None, Some((_, enrolment))) => {
            let now = clock.now();
            db.transaction(async |conn| devices::queries::saw(conn, DeviceId(client), now, None).await).await?;
            (SubjectKind::Device, enrolment, Role::Device)
        }
        (None, None) => return Err(refused()),
    };
    let access_token = keys.sign(kind, client, session, role.as_str(), ACCESS_TOKEN_SECONDS).map_err(AppError::internal)?;
    Reply::plain(&MachineTokenOut { access_token, token_type: "Bearer", expires_in: ACCESS_TOKEN_SECONDS })
}

fn machine_credentials(request: &HttpRequest, form: &[(String, String)]) -> Result<(Uuid, String), AppError> {
    let mut errors = Vec::new();
    let value = |name: &str| form.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str());
    for (index, (name, _)) in form.iter().enumerate() {
        let is_known = matches!(name.as_str(), "grant_type" | "client_id" | "client_secret" | "scope");
        if !is_known || form.iter().take(index).any(|(earlier, _)| earlier == name) {
            errors.push(FieldError::new(
                format!("/{name}"),
                "unknown_field",
                message("Trường lạ hoặc lặp lại.", "An unknown or repeated field."),
            ));
        }
    }
    if value("grant_type") != Some("client_credentials") {
        errors.push(FieldError::new("/grant_type", "not_allowed", message("Chỉ nhận: client_credentials.", "One of: client_credentials.")));
    }
    if !errors.is_empty() {
        return Err(AppError::validation(errors));
    }
    let basic = request.headers().get(AUTHORIZATION).and_then(|header| {
        let text = header.to_str().ok()?.strip_prefix("Basic ")?;
        let decoded = String::from_utf8(STANDARD.decode(text.trim()).ok()?).ok()?;
        decoded.split_once(':').map(|(id, secret)| (id.to_owned(), secret.to_owned()))
    });
    let from_form = || Some((value("client_id")?.to_owned(), value("client_secret")?.to_owned()));
    basic.or_else(from_form).and_then(|(id, secret)| Some((Uuid::try_parse(&id).ok()?, secret))).ok_or_else(refused)
}

/// Read the public keys
///
/// With them others can check our access tokens (RFC 7517).
#[utoipa::path(tag = "auth", security(()), responses((status = 200, body = JwksOut)))]
#[get("/.well-known/jwks.json")]
pub async fn get_jwks(request: HttpRequest, keys: Data<Arc<Keys>>) -> Result<Reply, AppError> {
    check_no_query(&request)?;
    Reply::plain(&JwksOut { keys: vec![keys.jwk()] })
}

/// Read how to get a token
///
/// Metadata of the authorization server (RFC 8414).
#[utoipa::path(tag = "auth", security(()), responses((status = 200, body = AuthorizationServerOut)))]
#[get("/.well-known/oauth-authorization-server")]
pub async fn get_authorization_server(request: HttpRequest) -> Result<Reply, AppError> {
    check_no_query(&request)?;
    Reply::plain(&AuthorizationServerOut {
        issuer: "ngayhoi".to_owned(),
        token_endpoint: TOKEN_ENDPOINT.to_owned(),
        jwks_uri: "/.well-known/jwks.json".to_owned(),
        grant_types_supported: vec!["client_credentials".to_owned()],
        token_endpoint_auth_methods_supported: vec!["client_secret_basic".to_owned(), "client_secret_post".to_owned()],
        response_types_supported: Vec::new(),
    })
}
