//! Webhooks over HTTP.

use super::dto::{WebhookIn, WebhookOut, WebhookPatch, WebhookQuery};
use super::model::Webhook;
use super::{queries, rules, signature};
use crate::auth::Action;
use crate::call::Call;
use crate::config::Config;
use crate::db::Conn;
use crate::error::{AppError, FieldError, message};
use crate::events::{self, Event};
use crate::extract::{Body, Id, Query};
use crate::ids::{OrgUnitId, WebhookId};
use crate::pagination::Page;
use crate::reply::Reply;
use crate::users::rules::check_may_manage;
use crate::{api_clients, campaigns};
use actix_web::web::Data;
use actix_web::{delete, get, patch, post};
use chrono::Utc;
use serde_json::json;
use uuid::Uuid;

/// Webhooks of one machine account.
const MOST: i64 = 20;

fn event(webhook: &Webhook, org_unit_id: OrgUnitId, action: &'static str) -> Event<'static> {
    Event {
        campaign_id: None,
        org_unit_id,
        resource: "webhook",
        resource_id: webhook.id.into(),
        version: webhook.version,
        action,
        data: json!({"api_client_id": webhook.api_client_id, "is_active": webhook.is_active}),
    }
}

fn with_secret(call: &Call, webhook: Webhook) -> WebhookOut {
    let key = signature::key(call.keys().cursor_secret(), webhook.id, webhook.secret_no);
    WebhookOut { secret: Some(signature::secret(&key)), ..webhook.into() }
}

/// List webhooks
///
/// Those of the machine accounts of the caller's subtree, without their secrets.
#[utoipa::path(tag = "webhooks", params(WebhookQuery), responses((status = 200, body = Page<WebhookOut>)))]
#[get("/webhooks")]
pub async fn list_webhooks(call: Call, query: Query<WebhookQuery>) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::UserRead)?;
    let (filter, page) = query.parse_list(call.cursor_secret())?;
    let (rows, total) = call
        .read(async |conn| {
            let total = if page.with_total { Some(queries::count(conn, &scope, &filter).await?) } else { None };
            Ok((queries::list(conn, &scope, &filter, &page).await?, total))
        })
        .await?;
    let (rows, next) = page.finish(rows, |webhook, sort| {
        let key = match sort {
            "created_at" => json!(webhook.created_at),
            "updated_at" => json!(webhook.updated_at),
            _ => json!(null),
        };
        (key, Uuid::from(webhook.id))
    });
    page.reply(rows.into_iter().map(WebhookOut::from).collect(), next, total)
}

/// Create a webhook
///
/// From now on every change that `GET /changes` would tell the machine account is brought to the URL, oldest first, in messages of
/// up to 100: `POST`, `application/json`, with `webhook-id`, `webhook-timestamp` and `webhook-signature` as Standard Webhooks 1.0
/// has them. Any answer of 2xx within ten seconds confirms; anything else is repeated, at longer and longer intervals up to an hour.
/// A message may come twice, its changes with the same ids; none is left out, and none overtakes another. 410 switches it off, as
/// do three days of failures. Redirects are not followed. The answer shows the secret this once; a repeat with the same idempotency key shows the webhook without it.
#[utoipa::path(tag = "webhooks", request_body = WebhookIn, responses((status = 201, body = WebhookOut)))]
#[post("/webhooks")]
pub async fn create_webhook(call: Call, config: Data<Config>, body: Body<WebhookIn>) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::UserWrite)?;
    let WebhookIn { api_client_id, url, resources, campaign_id } = body.parse()?;
    rules::check_url(&config.webhook_origins, &url)?;
    rules::check_resources(resources.as_deref())?;
    let me = call.clone();
    call.write(async move |conn| {
        let machine = api_clients::queries::lock(conn, &scope, api_client_id).await;
        let machine = machine.map_err(|error| error.into_unknown_reference("/api_client_id"))?;
        check_may_manage(me.actor(), machine.role)?;
        if let Some(campaign) = campaign_id {
            campaigns::queries::find(conn, &scope, campaign).await.map_err(|error| error.into_unknown_reference("/campaign_id"))?;
        }
        if queries::count_of(conn, machine.id).await? >= MOST {
            return Err(too_many());
        }
        let now = me.now();
        let webhook = Webhook {
            id: WebhookId::new(),
            api_client_id,
            url: url.clone(),
            resources: resources.clone(),
            only_campaign_id: campaign_id,
            is_active: true,
            secret_no: 1,
            rotated_at: None,
            after_xid: events::queries::horizon(conn, &scope).await?,
            after_seq: 0,
            failures: 0,
            failing_since: None,
            last_failure: None,
            last_attempt_at: None,
            last_success_at: None,
            next_attempt_at: Utc::now(),
            version: 1,
            created_at: now,
            updated_at: now,
        };
        queries::insert(conn, &scope, &webhook).await?;
        me.record(conn, event(&webhook, machine.org_unit_id, "created")).await?;
        let shown = with_secret(&me, webhook.clone());
        Reply::created("webhooks", webhook.id, &shown, webhook.version)?.once(&WebhookOut::from(webhook))
    })
    .await
}

fn too_many() -> AppError {
    let text = message("Tài khoản máy này đã có 20 webhook.", "This machine account has 20 webhooks already.");
    AppError::field(FieldError::new("/api_client_id", "too_many", text))
}

/// Read a webhook
#[utoipa::path(tag = "webhooks", params(("id" = WebhookId, Path, description = "The webhook")), responses((status = 200, body = WebhookOut, headers(("ETag" = String)))))]
#[get("/webhooks/{id}")]
pub async fn get_webhook(call: Call, id: Id<WebhookId>) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::UserRead)?;
    let webhook = call.read(async |conn| queries::find(conn, &scope, id.0).await).await?;
    let version = webhook.version;
    Reply::ok(&WebhookOut::from(webhook), version)
}

/// A webhook that is to be changed, checked.
async fn held(call: &Call, conn: &Conn, id: WebhookId) -> Result<(Webhook, OrgUnitId), AppError> {
    let scope = call.authorize(Action::UserWrite)?;
    let (webhook, unit) = queries::lock(conn, &scope, id).await?;
    call.if_match()?.check(webhook.version)?;
    let machine = api_clients::queries::find(conn, &scope, webhook.api_client_id).await?;
    check_may_manage(call.actor(), machine.role)?;
    Ok((webhook, unit))
}

/// Change a webhook
///
/// Switched on again, it goes on where its receiver has confirmed: nothing that happened meanwhile is left out.
#[utoipa::path(tag = "webhooks", params(("id" = WebhookId, Path, description = "The webhook")), request_body = WebhookPatch, responses((status = 200, body = WebhookOut)))]
#[patch("/webhooks/{id}")]
pub async fn update_webhook(call: Call, config: Data<Config>, id: Id<WebhookId>, body: Body<WebhookPatch>) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::UserWrite)?;
    call.if_match()?;
    let WebhookPatch { url, resources, is_active } = body.parse()?;
    if let Some(url) = url.value() {
        rules::check_url(&config.webhook_origins, url)?;
    }
    rules::check_resources(resources.value().map(Vec::as_slice))?;
    let me = call.clone();
    call.write(async move |conn| {
        let (before, unit) = held(&me, conn, id.0).await?;
        let webhook = Webhook {
            url: url.clone().or_current(before.url),
            resources: resources.clone().or_keep(before.resources),
            is_active: is_active.clone().or_current(before.is_active),
            // What was changed is tried at once, and has three days again.
            failures: 0,
            failing_since: None,
            next_attempt_at: Utc::now(),
            ..before
        };
        let webhook = queries::save(conn, &scope, webhook, me.now()).await?;
        me.record(conn, event(&webhook, unit, "updated")).await?;
        let version = webhook.version;
        Reply::ok(&WebhookOut::from(webhook), version)
    })
    .await
}

/// Give a webhook a new secret
///
/// For a day messages are signed with the old one as well, so that the receiver can change over. The answer shows the secret this
/// once. A repeat with the same idempotency key shows the webhook without it.
#[utoipa::path(tag = "webhooks", params(("id" = WebhookId, Path, description = "The webhook")), responses((status = 200, body = WebhookOut)))]
#[post("/webhooks/{id}/rotate")]
pub async fn rotate_webhook(call: Call, id: Id<WebhookId>) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::UserWrite)?;
    call.if_match()?;
    let me = call.clone();
    call.write(async move |conn| {
        let (before, unit) = held(&me, conn, id.0).await?;
        let webhook = Webhook { secret_no: before.secret_no.saturating_add(1), rotated_at: Some(Utc::now()), ..before };
        let webhook = queries::save(conn, &scope, webhook, me.now()).await?;
        me.record(conn, event(&webhook, unit, "rotated")).await?;
        let version = webhook.version;
        let shown = with_secret(&me, webhook.clone());
        Reply::ok(&shown, version)?.once(&WebhookOut::from(webhook))
    })
    .await
}

/// Delete a webhook
///
/// A message that is on its way still arrives.
#[utoipa::path(tag = "webhooks", params(("id" = WebhookId, Path, description = "The webhook")), responses((status = 204)))]
#[delete("/webhooks/{id}")]
pub async fn delete_webhook(call: Call, id: Id<WebhookId>) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::UserWrite)?;
    call.if_match()?;
    let me = call.clone();
    call.write(async move |conn| {
        let (webhook, unit) = held(&me, conn, id.0).await?;
        queries::delete(conn, &scope, &webhook).await?;
        me.record(conn, event(&webhook, unit, "deleted")).await?;
        Ok(Reply::no_content())
    })
    .await
}
