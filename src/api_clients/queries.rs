//! SQL of machine accounts.

use super::dto::ApiClientQuery;
use super::model::ApiClient;
use crate::auth::{Role, Scope};
use crate::db::Conn;
use crate::db::cached::Cached;
use crate::db::in_scope::{in_scope, is_in_scope};
use crate::error::AppError;
use crate::ids::ApiClientId;
use crate::pagination::PageRequest;
use crate::schema::api_clients;
use crate::text::search_tokens;
use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;

/// One machine account in scope.
pub async fn find(mut conn: &Conn, scope: &Scope, id: ApiClientId) -> Result<ApiClient, AppError> {
    let query = api_clients::table.find(id).filter(is_in_scope(api_clients::org_unit_id, scope));
    Ok(query.select(ApiClient::as_select()).first(&mut conn).await?)
}

/// One machine account in scope, locked until the end of the transaction.
pub async fn lock(mut conn: &Conn, scope: &Scope, id: ApiClientId) -> Result<ApiClient, AppError> {
    let query = api_clients::table.find(id).filter(is_in_scope(api_clients::org_unit_id, scope));
    Ok(query.select(ApiClient::as_select()).for_no_key_update().first(&mut conn).await?)
}

/// A page of machine accounts in scope, with one row more than it holds.
pub async fn list(mut conn: &Conn, scope: &Scope, filter: &ApiClientQuery, page: &PageRequest) -> Result<Vec<ApiClient>, AppError> {
    let query = crate::keyset!(filtered(scope, filter), page, api_clients::id, {
        "created_at" => api_clients::created_at => DateTime<Utc>,
        "updated_at" => api_clients::updated_at => DateTime<Utc>,
    });
    Ok(query.select(ApiClient::as_select()).load(&mut conn).await?)
}

/// How many machine accounts a list has in all.
pub async fn count(mut conn: &Conn, scope: &Scope, filter: &ApiClientQuery) -> Result<i64, AppError> {
    Ok(filtered(scope, filter).count().get_result(&mut conn).await?)
}

fn filtered<'a>(scope: &'a Scope, filter: &'a ApiClientQuery) -> api_clients::BoxedQuery<'a, diesel::pg::Pg> {
    let mut query = api_clients::table.filter(in_scope(api_clients::org_unit_id, scope)).into_boxed();
    if let Some(role) = filter.role {
        query = query.filter(api_clients::role.eq(Role::from(role)));
    }
    if let Some(unit) = filter.org_unit_id {
        query = query.filter(api_clients::org_unit_id.eq(unit));
    }
    if let Some(is_disabled) = filter.is_disabled {
        query = query.filter(api_clients::is_disabled.eq(is_disabled));
    }
    if let Some(text) = &filter.q {
        query = query.filter(api_clients::tokens.contains(search_tokens(&[text])));
    }
    query
}

fn tokens(client: &ApiClient) -> Vec<String> {
    search_tokens(&[&client.name])
}

/// Adds a machine account. The caller has checked that the unit is in scope.
pub async fn insert(mut conn: &Conn, _: &Scope, client: &ApiClient) -> Result<(), AppError> {
    diesel::insert_into(api_clients::table).values((client, api_clients::tokens.eq(tokens(client)))).execute(&mut conn).await?;
    Ok(())
}

/// Writes a locked machine account back as its next version.
pub async fn save(mut conn: &Conn, _: &Scope, mut client: ApiClient, now: DateTime<Utc>) -> Result<ApiClient, AppError> {
    client.version += 1;
    client.updated_at = now;
    let change = diesel::update(api_clients::table.find(client.id)).set((&client, api_clients::tokens.eq(tokens(&client))));
    Cached(change).execute(&mut conn).await?;
    Ok(client)
}

/// Deletes a locked machine account.
pub async fn delete(mut conn: &Conn, _: &Scope, client: &ApiClient) -> Result<(), AppError> {
    diesel::delete(api_clients::table.find(client.id)).execute(&mut conn).await?;
    Ok(())
}
