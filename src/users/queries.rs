//! SQL of users.

use super::dto::UserQuery;
use super::model::User;
use crate::auth::Scope;
use crate::db::Conn;
use crate::db::cached::Cached;
use crate::db::in_scope::{in_scope, is_in_scope};
use crate::error::AppError;
use crate::ids::UserId;
use crate::pagination::PageRequest;
use crate::schema::users;
use crate::text::search_tokens;
use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;

/// One user in scope.
pub async fn find(mut conn: &Conn, scope: &Scope, id: UserId) -> Result<User, AppError> {
    let query = users::table.find(id).filter(is_in_scope(users::org_unit_id, scope));
    Ok(query.select(User::as_select()).first(&mut conn).await?)
}

/// One user in scope, locked until the end of the transaction.
pub async fn lock(mut conn: &Conn, scope: &Scope, id: UserId) -> Result<User, AppError> {
    let query = users::table.find(id).filter(is_in_scope(users::org_unit_id, scope));
    Ok(query.select(User::as_select()).for_no_key_update().first(&mut conn).await?)
}

/// A page of users in scope, with one row more than it holds.
pub async fn list(mut conn: &Conn, scope: &Scope, filter: &UserQuery, page: &PageRequest) -> Result<Vec<User>, AppError> {
    let query = crate::keyset!(filtered(scope, filter), page, users::id, {
        "username" => users::username => String,
        "created_at" => users::created_at => DateTime<Utc>,
        "updated_at" => users::updated_at => DateTime<Utc>,
    });
    Ok(query.select(User::as_select()).load(&mut conn).await?)
}

/// How many users a list has in all.
pub async fn count(mut conn: &Conn, scope: &Scope, filter: &UserQuery) -> Result<i64, AppError> {
    Ok(filtered(scope, filter).count().get_result(&mut conn).await?)
}

fn filtered<'a>(scope: &'a Scope, filter: &'a UserQuery) -> users::BoxedQuery<'a, diesel::pg::Pg> {
    let mut query = users::table.filter(in_scope(users::org_unit_id, scope)).into_boxed();
    if let Some(role) = filter.role {
        query = query.filter(users::role.eq(role));
    }
    if let Some(unit) = filter.org_unit_id {
        query = query.filter(users::org_unit_id.eq(unit));
    }
    if let Some(is_disabled) = filter.is_disabled {
        query = query.filter(users::is_disabled.eq(is_disabled));
    }
    if let Some(text) = &filter.q {
        query = query.filter(users::tokens.contains(search_tokens(&[text])));
    }
    query
}

fn tokens(user: &User) -> Vec<String> {
    search_tokens(&[&user.username, &user.full_name])
}

/// Adds a user. The caller has checked that the unit is in scope.
pub async fn insert(mut conn: &Conn, _: &Scope, user: &User) -> Result<(), AppError> {
    diesel::insert_into(users::table).values((user, users::tokens.eq(tokens(user)))).execute(&mut conn).await?;
    Ok(())
}

/// Writes a locked user back as its next version.
pub async fn save(mut conn: &Conn, _: &Scope, mut user: User, now: DateTime<Utc>) -> Result<User, AppError> {
    user.version += 1;
    user.updated_at = now;
    let change = diesel::update(users::table.find(user.id)).set((&user, users::tokens.eq(tokens(&user))));
    Cached(change).execute(&mut conn).await?;
    Ok(user)
}

/// Deletes a locked user, with the sessions.
pub async fn delete(mut conn: &Conn, _: &Scope, user: &User) -> Result<(), AppError> {
    diesel::delete(users::table.find(user.id)).execute(&mut conn).await?;
    Ok(())
}
