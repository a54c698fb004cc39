//! SQL of webhooks. Who may see the machine account may see its webhooks.

use super::dto::WebhookQuery;
use super::model::Webhook;
use crate::auth::Scope;
use crate::db::Conn;
use crate::db::in_scope::{in_scope, is_in_scope};
use crate::error::AppError;
use crate::ids::{ApiClientId, OrgUnitId, WebhookId};
use crate::pagination::PageRequest;
use crate::schema::{api_clients, webhooks};
use chrono::{DateTime, Utc};
use diesel::dsl::auto_type;
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;

#[auto_type]
fn of_machines() -> _ {
    webhooks::table.inner_join(api_clients::table.on(api_clients::id.eq(webhooks::api_client_id)))
}

/// One webhook in scope.
pub async fn find(mut conn: &Conn, scope: &Scope, id: WebhookId) -> Result<Webhook, AppError> {
    let query = of_machines().filter(webhooks::id.eq(id)).filter(is_in_scope(api_clients::org_unit_id, scope));
    Ok(query.select(Webhook::as_select()).first(&mut conn).await?)
}

/// One webhook in scope, locked until the end of the transaction, with the unit of its machine.
pub async fn lock(mut conn: &Conn, scope: &Scope, id: WebhookId) -> Result<(Webhook, OrgUnitId), AppError> {
    let query = of_machines().filter(webhooks::id.eq(id)).filter(is_in_scope(api_clients::org_unit_id, scope));
    Ok(query.select((Webhook::as_select(), api_clients::org_unit_id)).for_no_key_update().first(&mut conn).await?)
}

/// A page of webhooks in scope, with one row more than it holds.
pub async fn list(mut conn: &Conn, scope: &Scope, filter: &WebhookQuery, page: &PageRequest) -> Result<Vec<Webhook>, AppError> {
    let query = crate::keyset!(filtered(scope, filter), page, webhooks::id, {
        "created_at" => webhooks::created_at => DateTime<Utc>,
        "updated_at" => webhooks::updated_at => DateTime<Utc>,
    });
    Ok(query.select(Webhook::as_select()).load(&mut conn).await?)
}

/// How many webhooks a list has in all.
pub async fn count(mut conn: &Conn, scope: &Scope, filter: &WebhookQuery) -> Result<i64, AppError> {
    Ok(filtered(scope, filter).count().get_result(&mut conn).await?)
}

fn filtered<'a>(scope: &'a Scope, filter: &'a WebhookQuery) -> diesel::dsl::IntoBoxed<'a, of_machines, Pg> {
    let mut query = of_machines().into_boxed().filter(in_scope(api_clients::org_unit_id, scope));
    if let Some(client) = filter.api_client_id {
        query = query.filter(webhooks::api_client_id.eq(client));
    }
    if let Some(is_active) = filter.is_active {
        query = query.filter(webhooks::is_active.eq(is_active));
    }
    query
}

/// How many webhooks a machine has.
pub async fn count_of(mut conn: &Conn, machine: ApiClientId) -> Result<i64, AppError> {
    Ok(webhooks::table.filter(webhooks::api_client_id.eq(machine)).count().get_result(&mut conn).await?)
}

/// Adds a webhook. The caller has checked that its machine is in scope.
pub async fn insert(mut conn: &Conn, _: &Scope, webhook: &Webhook) -> Result<(), AppError> {
    diesel::insert_into(webhooks::table).values(webhook).execute(&mut conn).await?;
    Ok(())
}

/// Writes a locked webhook back as its next version.
pub async fn save(conn: &Conn, _: &Scope, mut webhook: Webhook, now: DateTime<Utc>) -> Result<Webhook, AppError> {
    webhook.version += 1;
    webhook.updated_at = now;
    store(conn, &webhook).await?;
    Ok(webhook)
}

/// Deletes a locked webhook.
pub async fn delete(mut conn: &Conn, _: &Scope, webhook: &Webhook) -> Result<(), AppError> {
    diesel::delete(webhooks::table.find(webhook.id)).execute(&mut conn).await?;
    Ok(())
}

/// Those that may have something to bring.
pub async fn due(mut conn: &Conn, now: DateTime<Utc>) -> Result<Vec<Webhook>, AppError> {
    let query = webhooks::table.filter(webhooks::is_active).filter(webhooks::next_attempt_at.le(now));
    Ok(query.order((webhooks::next_attempt_at, webhooks::id)).select(Webhook::as_select()).load(&mut conn).await?)
}

/// Takes a webhook over until an instant, unless somebody else has: what is brought at one time is brought by one instance.
pub async fn claim(mut conn: &Conn, webhook: &Webhook, until: DateTime<Utc>) -> Result<bool, AppError> {
    let target = webhooks::table
        .find(webhook.id)
        .filter(webhooks::is_active)
        .filter(webhooks::version.eq(webhook.version))
        .filter(webhooks::next_attempt_at.eq(webhook.next_attempt_at));
    Ok(diesel::update(target).set(webhooks::next_attempt_at.eq(until)).execute(&mut conn).await? > 0)
}

/// What became of an attempt at a version of a webhook; gives whether it is still that one. Of one that was changed meanwhile only
/// how far it has come is written.
pub async fn save_attempt(mut conn: &Conn, webhook: &Webhook, version: i32) -> Result<bool, AppError> {
    let current: Option<Webhook> =
        webhooks::table.find(webhook.id).select(Webhook::as_select()).for_no_key_update().first(&mut conn).await.optional()?;
    let Some(current) = current else { return Ok(false) };
    if current.version == version {
        store(conn, webhook).await?;
        return Ok(true);
    }
    store(conn, &Webhook { after_xid: webhook.after_xid, after_seq: webhook.after_seq, ..current }).await?;
    Ok(false)
}

async fn store(mut conn: &Conn, webhook: &Webhook) -> Result<(), AppError> {
    diesel::update(webhooks::table.find(webhook.id)).set(webhook).execute(&mut conn).await?;
    Ok(())
}
