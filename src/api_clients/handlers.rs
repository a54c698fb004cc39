//! Machine accounts over HTTP. The secret of 256 random bits is shown once; what is stored is its hash.

use super::dto::{ApiClientIn, ApiClientOut, ApiClientPatch, ApiClientQuery, ApiClientSecretOut};
use super::model::ApiClient;
use super::queries;
use crate::auth::Action;
use crate::auth::actor::Actors;
use crate::auth::token::{random_secret, secret_hash};
use crate::call::Call;
use crate::error::AppError;
use crate::events::Event;
use crate::extract::{Body, Id, Query};
use crate::ids::ApiClientId;
use crate::org_units;
use crate::pagination::Page;
use crate::reply::Reply;
use crate::users::rules;
use actix_web::web::Data;
use actix_web::{delete, get, patch, post};
use serde_json::json;
use uuid::Uuid;

fn event(client: &ApiClient, action: &'static str) -> Event<'static> {
    Event {
        campaign_id: None,
        org_unit_id: client.org_unit_id,
        resource: "api_client",
        resource_id: client.id.into(),
        version: client.version,
        action,
        data: json!({"role": client.role.as_str(), "is_disabled": client.is_disabled}),
    }
}

fn new_secret() -> String {
    random_secret("nhc_")
}

/// List machine accounts
///
/// Those of the caller's subtree, without their secrets.
#[utoipa::path(tag = "api-clients", params(ApiClientQuery), responses((status = 200, body = Page<ApiClientOut>)))]
#[get("/api-clients")]
pub async fn list_api_clients(call: Call, query: Query<ApiClientQuery>) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::UserRead)?;
    let (filter, page) = query.parse_list(call.cursor_secret())?;
    let (rows, total) = call
        .read(async |conn| {
            let total = if page.with_total { Some(queries::count(conn, &scope, &filter).await?) } else { None };
            Ok((queries::list(conn, &scope, &filter, &page).await?, total))
        })
        .await?;
    let (rows, next) = page.finish(rows, |client, sort| {
        let key = match sort {
            "created_at" => json!(client.created_at),
            "updated_at" => json!(client.updated_at),
            _ => json!(null),
        };
        (key, Uuid::from(client.id))
    });
    page.reply(rows.into_iter().map(ApiClientOut::from).collect(), next, total)
}

/// Create a machine account
///
/// The answer shows the secret this once. A repeat with the same idempotency key shows the account without it.
#[utoipa::path(tag = "api-clients", request_body = ApiClientIn, responses((status = 201, body = ApiClientSecretOut)))]
#[post("/api-clients")]
pub async fn create_api_client(call: Call, body: Body<ApiClientIn>) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::UserWrite)?;
    let ApiClientIn { name, role, org_unit_id } = body.parse()?;
    let secret = new_secret();
    let now = call.now();
    let client = ApiClient {
        id: ApiClientId::new(),
        name: name.into_string(),
        role: role.into(),
        org_unit_id,
        secret_hash: secret_hash(&secret),
        is_disabled: false,
        version: 1,
        created_at: now,
        updated_at: now,
    };
    let me = call.clone();
    call.write(async move |conn| {
        let unit = org_units::queries::hold_reference(conn, &scope, client.org_unit_id, "/org_unit_id").await?;
        rules::check_grant(me.actor(), client.role, &unit)?;
        queries::insert(conn, &scope, &client).await?;
        me.record(conn, event(&client, "created")).await?;
        let shown = ApiClientSecretOut::new(client.clone(), Some(secret.clone()));
        Reply::created("api-clients", client.id, &shown, client.version)?.once(&ApiClientSecretOut::new(client.clone(), None))
    })
    .await
}

/// Read a machine account
#[utoipa::path(tag = "api-clients", params(("id" = ApiClientId, Path, description = "The account")), responses((status = 200, body = ApiClientOut, headers(("ETag" = String)))))]
#[get("/api-clients/{id}")]
pub async fn get_api_client(call: Call, id: Id<ApiClientId>) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::UserRead)?;
    let client = call.read(async |conn| queries::find(conn, &scope, id.0).await).await?;
    let version = client.version;
    Reply::ok(&ApiClientOut::from(client), version)
}

/// Change a machine account
///
/// A disabled one is out within a second.
#[utoipa::path(tag = "api-clients", params(("id" = ApiClientId, Path, description = "The account")), request_body = ApiClientPatch, responses((status = 200, body = ApiClientOut)))]
#[patch("/api-clients/{id}")]
pub async fn update_api_client(
    call: Call,
    actors: Data<Actors>,
    id: Id<ApiClientId>,
    body: Body<ApiClientPatch>,
) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::UserWrite)?;
    let if_match = call.if_match()?;
    let ApiClientPatch { name, is_disabled } = body.parse()?;
    let me = call.clone();
    let answer = call.write(async move |conn| {
        let mut client = queries::lock(conn, &scope, id.0).await?;
        if_match.check(client.version)?;
        rules::check_may_manage(me.actor(), client.role)?;
        let was_disabled = client.is_disabled;
        client.name = name.clone().map(String::from).or_current(client.name);
        client.is_disabled = is_disabled.clone().or_current(was_disabled);
        let client = queries::save(conn, &scope, client, me.now()).await?;
        me.record(conn, event(&client, if client.is_disabled && !was_disabled { "disabled" } else { "updated" })).await?;
        let version = client.version;
        Reply::ok(&ApiClientOut::from(client), version)
    });
    let answer = answer.await?;
    actors.forget();
    Ok(answer)
}

/// Give a machine account a new secret
///
/// The old one is void at once; tokens that were got with it end by themselves, after 15 minutes at the most. The
/// answer shows the secret this once. A repeat with the same idempotency key shows the account without it.
#[utoipa::path(tag = "api-clients", params(("id" = ApiClientId, Path, description = "The account")), responses((status = 200, body = ApiClientSecretOut)))]
#[post("/api-clients/{id}/rotate")]
pub async fn rotate_api_client(call: Call, id: Id<ApiClientId>) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::UserWrite)?;
    let if_match = call.if_match()?;
    let secret = new_secret();
    let me = call.clone();
    call.write(async move |conn| {
        let mut client = queries::lock(conn, &scope, id.0).await?;
        if_match.check(client.version)?;
        rules::check_may_manage(me.actor(), client.role)?;
        client.secret_hash = secret_hash(&secret);
        let client = queries::save(conn, &scope, client, me.now()).await?;
        me.record(conn, event(&client, "rotated")).await?;
        let version = client.version;
        let shown = ApiClientSecretOut::new(client.clone(), Some(secret.clone()));
        Reply::ok(&shown, version)?.once(&ApiClientSecretOut::new(client, None))
    })
    .await
}

/// Delete a machine account
///
/// It is out within a second.
#[utoipa::path(tag = "api-clients", params(("id" = ApiClientId, Path, description = "The account")), responses((status = 204)))]
#[delete("/api-clients/{id}")]
pub async fn delete_api_client(call: Call, actors: Data<Actors>, id: Id<ApiClientId>) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::UserWrite)?;
    let if_match = call.if_match()?;
    let me = call.clone();
    let answer = call.write(async move |conn| {
        let client = queries::lock(conn, &scope, id.0).await?;
        if_match.check(client.version)?;
        rules::check_may_manage(me.actor(), client.role)?;
        queries::delete(conn, &scope, &client).await?;
        me.record(conn, event(&client, "deleted")).await?;
        Ok(Reply::no_content())
    });
    let answer = answer.await?;
    actors.forget();
    Ok(answer)
}
