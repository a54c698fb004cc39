//! Org units over HTTP.

use super::dto::{OrgUnitChildrenQuery, OrgUnitIn, OrgUnitOut, OrgUnitPatch, OrgUnitQuery};
use super::model::OrgUnit;
use super::{queries, rules};
use crate::admin_units;
use crate::auth::Action;
use crate::call::Call;
use crate::error::AppError;
use crate::events::Event;
use crate::extract::{Body, Id, Query};
use crate::ids::OrgUnitId;
use crate::pagination::{Page, PageRequest};
use crate::reply::Reply;
use actix_web::{delete, get, patch, post};
use serde_json::json;
use uuid::Uuid;

fn event(unit: &OrgUnit, action: &'static str) -> Event<'static> {
    Event {
        campaign_id: None,
        // Whoever follows the feed must see that a body is gone, which has no place in the tree any more.
        org_unit_id: if action == "deleted" { unit.parent_id.unwrap_or(unit.id) } else { unit.id },
        resource: "org_unit",
        resource_id: unit.id.into(),
        version: unit.version,
        action,
        data: json!({"kind": unit.kind.as_str(), "level": unit.level.as_str(), "parent_id": unit.parent_id, "valid_to": unit.valid_to}),
    }
}

/// List org units
///
/// The bodies of the caller's province; `sort=path` gives the order of the tree.
#[utoipa::path(tag = "org-units", params(OrgUnitQuery), responses((status = 200, body = Page<OrgUnitOut>)))]
#[get("/org-units")]
pub async fn list_org_units(call: Call, query: Query<OrgUnitQuery>) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::OrgUnitRead)?;
    let (filter, page) = query.parse_list(call.cursor_secret())?;
    let (rows, total) = call
        .read(async |conn| {
            let total = if page.with_total { Some(queries::count(conn, &scope, &filter).await?) } else { None };
            Ok((queries::list(conn, &scope, &filter, &page).await?, total))
        })
        .await?;
    answer(&page, rows, total)
}

fn answer(page: &PageRequest, rows: Vec<OrgUnit>, total: Option<i64>) -> Result<Reply, AppError> {
    let (rows, next) = page.finish(rows, |unit, sort| {
        let key = match sort {
            "path" => json!(unit.path),
            "created_at" => json!(unit.created_at),
            "updated_at" => json!(unit.updated_at),
            _ => json!(null),
        };
        (key, Uuid::from(unit.id))
    });
    page.reply(rows.into_iter().map(OrgUnitOut::from).collect(), next, total)
}

/// Create an org unit
///
/// Below a body in the caller's subtree.
#[utoipa::path(tag = "org-units", request_body = OrgUnitIn, responses((status = 201, body = OrgUnitOut)))]
#[post("/org-units")]
pub async fn create_org_unit(call: Call, body: Body<OrgUnitIn>) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::OrgUnitWrite)?;
    let fields = body.parse()?;
    let me = call.clone();
    call.write(async move |conn| {
        let OrgUnitIn { parent_id, kind, level, name, short_name, admin_unit_id, valid_from } = fields.clone();
        let parent = queries::hold_reference(conn, &scope, parent_id, "/parent_id").await?;
        rules::check_place(&parent, kind, level)?;
        admin_units::queries::check_reference(conn, admin_unit_id, "/admin_unit_id").await?;
        let no = queries::take_no(conn, &scope).await?;
        let now = me.now();
        let unit = OrgUnit {
            id: OrgUnitId::new(),
            no,
            parent_id: Some(parent.id),
            path: format!("{}{no}/", parent.path),
            kind,
            level,
            name: name.into_string(),
            short_name: short_name.map(String::from),
            admin_unit_id,
            valid_from: valid_from.unwrap_or_else(|| me.clock().today()),
            valid_to: None,
            version: 1,
            created_at: now,
            updated_at: now,
        };
        queries::insert(conn, &scope, &unit).await?;
        me.record(conn, event(&unit, "created")).await?;
        let (id, version) = (unit.id, unit.version);
        Reply::created("org-units", id, &OrgUnitOut::from(unit), version)
    })
    .await
}

/// Read an org unit
#[utoipa::path(tag = "org-units", params(("id" = OrgUnitId, Path, description = "The body")), responses((status = 200, body = OrgUnitOut, headers(("ETag" = String)))))]
#[get("/org-units/{id}")]
pub async fn get_org_unit(call: Call, id: Id<OrgUnitId>) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::OrgUnitRead)?;
    let unit = call.read(async |conn| queries::find(conn, &scope, id.0).await).await?;
    let version = unit.version;
    Reply::ok(&OrgUnitOut::from(unit), version)
}

/// Change an org unit
///
/// Its place in the tree stays.
#[utoipa::path(tag = "org-units", params(("id" = OrgUnitId, Path, description = "The body")), request_body = OrgUnitPatch, responses((status = 200, body = OrgUnitOut)))]
#[patch("/org-units/{id}")]
pub async fn update_org_unit(call: Call, id: Id<OrgUnitId>, body: Body<OrgUnitPatch>) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::OrgUnitWrite)?;
    let if_match = call.if_match()?;
    let patch = body.parse()?;
    let me = call.clone();
    call.write(async move |conn| {
        let OrgUnitPatch { name, short_name, admin_unit_id, valid_to } = patch.clone();
        let mut unit = queries::lock(conn, &scope, id.0).await?;
        if_match.check(unit.version)?;
        admin_units::queries::check_reference(conn, admin_unit_id.value().copied(), "/admin_unit_id").await?;
        unit.name = name.map(String::from).or_current(unit.name);
        unit.short_name = short_name.map(String::from).or_keep(unit.short_name);
        unit.admin_unit_id = admin_unit_id.or_keep(unit.admin_unit_id);
        unit.valid_to = valid_to.or_keep(unit.valid_to);
        rules::check_validity(unit.valid_from, unit.valid_to)?;
        let unit = queries::save(conn, &scope, unit, me.now()).await?;
        me.record(conn, event(&unit, "updated")).await?;
        let version = unit.version;
        Reply::ok(&OrgUnitOut::from(unit), version)
    })
    .await
}

/// Delete an org unit
///
/// Only one that nothing refers to; a body that has done something ends with `valid_to`.
#[utoipa::path(tag = "org-units", params(("id" = OrgUnitId, Path, description = "The body")), responses((status = 204)))]
#[delete("/org-units/{id}")]
pub async fn delete_org_unit(call: Call, id: Id<OrgUnitId>) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::OrgUnitWrite)?;
    let if_match = call.if_match()?;
    let me = call.clone();
    call.write(async move |conn| {
        let unit = queries::lock(conn, &scope, id.0).await?;
        if_match.check(unit.version)?;
        queries::delete(conn, &scope, &unit).await?;
        me.record(conn, event(&unit, "deleted")).await?;
        Ok(Reply::no_content())
    })
    .await
}

/// List the org units below one
///
/// Directly below it.
#[utoipa::path(tag = "org-units", params(("id" = OrgUnitId, Path, description = "The body"), OrgUnitChildrenQuery), responses((status = 200, body = Page<OrgUnitOut>)))]
#[get("/org-units/{id}/children")]
pub async fn list_org_unit_children(call: Call, id: Id<OrgUnitId>, query: Query<OrgUnitChildrenQuery>) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::OrgUnitRead)?;
    let (filter, page) = query.parse_list(call.cursor_secret())?;
    let filter = filter.of(id.0);
    let (rows, total) = call
        .read(async |conn| {
            queries::find(conn, &scope, id.0).await?;
            let total = if page.with_total { Some(queries::count(conn, &scope, &filter).await?) } else { None };
            Ok((queries::list(conn, &scope, &filter, &page).await?, total))
        })
        .await?;
    answer(&page, rows, total)
}

/// List the org units above one
///
/// From the top down, as far as the caller may see; one page.
#[utoipa::path(tag = "org-units", params(("id" = OrgUnitId, Path, description = "The body")), responses((status = 200, body = Page<OrgUnitOut>)))]
#[get("/org-units/{id}/ancestors")]
pub async fn list_org_unit_ancestors(call: Call, id: Id<OrgUnitId>) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::OrgUnitRead)?;
    let rows = call
        .read(async |conn| {
            let unit = queries::find(conn, &scope, id.0).await?;
            queries::ancestors(conn, &scope, &unit).await
        })
        .await?;
    Reply::plain(&Page { items: rows.into_iter().map(OrgUnitOut::from).collect(), next_cursor: None, total: None })
}
