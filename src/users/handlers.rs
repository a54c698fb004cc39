//! Users over HTTP.

use super::dto::{UserIn, UserOut, UserPatch, UserQuery};
use super::model::User;
use super::{queries, rules};
use crate::auth::actor::Actors;
use crate::auth::{self, Action, Actor, Scope, password};
use crate::call::Call;
use crate::db::Conn;
use crate::error::AppError;
use crate::events::Event;
use crate::extract::{Body, Id, Query};
use crate::ids::UserId;
use crate::org_units;
use crate::pagination::Page;
use crate::reply::Reply;
use actix_web::web::Data;
use actix_web::{delete, get, patch, post};
use chrono::Utc;
use serde_json::json;
use uuid::Uuid;

fn event(user: &User, action: &'static str) -> Event<'static> {
    Event {
        campaign_id: None,
        org_unit_id: user.org_unit_id,
        resource: "user",
        resource_id: user.id.into(),
        version: user.version,
        action,
        data: json!({"role": user.role.as_str(), "is_disabled": user.is_disabled}),
    }
}

/// List users
///
/// The accounts of the caller's subtree.
#[utoipa::path(tag = "users", params(UserQuery), responses((status = 200, body = Page<UserOut>)))]
#[get("/users")]
pub async fn list_users(call: Call, query: Query<UserQuery>) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::UserRead)?;
    let (filter, page) = query.parse_list(call.cursor_secret())?;
    let (rows, total) = call
        .read(async |conn| {
            let total = if page.with_total { Some(queries::count(conn, &scope, &filter).await?) } else { None };
            Ok((queries::list(conn, &scope, &filter, &page).await?, total))
        })
        .await?;
    let (rows, next) = page.finish(rows, |user, sort| {
        let key = match sort {
            "username" => json!(user.username),
            "created_at" => json!(user.created_at),
            "updated_at" => json!(user.updated_at),
            _ => json!(null),
        };
        (key, Uuid::from(user.id))
    });
    page.reply(rows.into_iter().map(UserOut::from).collect(), next, total)
}

/// Create a user
///
/// At a body in the caller's subtree, with a role that is not wider than the caller may give.
#[utoipa::path(tag = "users", request_body = UserIn, responses((status = 201, body = UserOut)))]
#[post("/users")]
pub async fn create_user(call: Call, body: Body<UserIn>) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::UserWrite)?;
    let UserIn { username, full_name, password, role, org_unit_id } = body.parse()?;
    let now = call.now();
    let user = User {
        id: UserId::new(),
        username,
        full_name: full_name.into_string(),
        password_hash: password::hash_apart(password).await?,
        role,
        org_unit_id,
        is_disabled: false,
        version: 1,
        created_at: now,
        updated_at: now,
    };
    let me = call.clone();
    call.write(async move |conn| {
        check_grant(conn, &scope, me.actor(), &user).await?;
        queries::insert(conn, &scope, &user).await?;
        me.record(conn, event(&user, "created")).await?;
        Reply::created("users", user.id, &UserOut::from(user.clone()), user.version)
    })
    .await
}

async fn check_grant(conn: &Conn, scope: &Scope, actor: &Actor, user: &User) -> Result<(), AppError> {
    let unit = org_units::queries::hold_reference(conn, scope, user.org_unit_id, "/org_unit_id").await?;
    rules::check_grant(actor, user.role, &unit)
}

/// Read a user
#[utoipa::path(tag = "users", params(("id" = UserId, Path, description = "The account")), responses((status = 200, body = UserOut, headers(("ETag" = String)))))]
#[get("/users/{id}")]
pub async fn get_user(call: Call, id: Id<UserId>) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::UserRead)?;
    let user = call.read(async |conn| queries::find(conn, &scope, id.0).await).await?;
    let version = user.version;
    Reply::ok(&UserOut::from(user), version)
}

/// Change a user
///
/// Role, unit and disabling are in force within a second; another password, or disabling, ends every session.
/// Nobody disables himself or changes his own role or unit.
#[utoipa::path(tag = "users", params(("id" = UserId, Path, description = "The account")), request_body = UserPatch, responses((status = 200, body = UserOut)))]
#[patch("/users/{id}")]
pub async fn update_user(call: Call, actors: Data<Actors>, id: Id<UserId>, body: Body<UserPatch>) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::UserWrite)?;
    let if_match = call.if_match()?;
    let password_hash = match body.parse()?.password.value() {
        Some(password) => Some(password::hash_apart(password.clone()).await?),
        None => None,
    };
    let me = call.clone();
    let answer = call.write(async move |conn| {
        let before = queries::lock(conn, &scope, id.0).await?;
        if_match.check(before.version)?;
        rules::check_may_manage(me.actor(), before.role)?;
        let user = patched(before.clone(), body.parse()?, password_hash.as_deref());
        let is_moved = (user.role, user.org_unit_id) != (before.role, before.org_unit_id);
        if is_moved || user.is_disabled {
            rules::check_not_self(me.actor(), user.id)?;
        }
        if is_moved {
            check_grant(conn, &scope, me.actor(), &user).await?;
        }
        if user.is_disabled || password_hash.is_some() {
            auth::queries::revoke_sessions_of(conn, user.id, None, Utc::now()).await?;
        }
        let user = queries::save(conn, &scope, user, me.now()).await?;
        me.record(conn, event(&user, if user.is_disabled && !before.is_disabled { "disabled" } else { "updated" })).await?;
        let version = user.version;
        Reply::ok(&UserOut::from(user), version)
    });
    let answer = answer.await?;
    actors.forget();
    Ok(answer)
}

fn patched(user: User, patch: UserPatch, password_hash: Option<&str>) -> User {
    let UserPatch { full_name, role, org_unit_id, password: _, is_disabled } = patch;
    User {
        full_name: full_name.map(String::from).or_current(user.full_name),
        role: role.or_current(user.role),
        org_unit_id: org_unit_id.or_current(user.org_unit_id),
        password_hash: password_hash.map_or(user.password_hash, str::to_owned),
        is_disabled: is_disabled.or_current(user.is_disabled),
        ..user
    }
}

/// Delete a user
///
/// With every session, in force within a second. Nobody deletes himself.
#[utoipa::path(tag = "users", params(("id" = UserId, Path, description = "The account")), responses((status = 204)))]
#[delete("/users/{id}")]
pub async fn delete_user(call: Call, actors: Data<Actors>, id: Id<UserId>) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::UserWrite)?;
    let if_match = call.if_match()?;
    let me = call.clone();
    let answer = call.write(async move |conn| {
        let user = queries::lock(conn, &scope, id.0).await?;
        if_match.check(user.version)?;
        rules::check_may_manage(me.actor(), user.role)?;
        rules::check_not_self(me.actor(), user.id)?;
        queries::delete(conn, &scope, &user).await?;
        me.record(conn, event(&user, "deleted")).await?;
        Ok(Reply::no_content())
    });
    let answer = answer.await?;
    actors.forget();
    Ok(answer)
}
