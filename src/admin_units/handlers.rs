//! Administrative units over HTTP.

use super::dto::{AdminUnitChangeOut, AdminUnitOut, AdminUnitQuery, ResolveQuery};
use super::model::{AdminUnit, AdminUnitChange};
use super::queries;
use crate::auth::{Action, Scope};
use crate::call::Call;
use crate::db::Conn;
use crate::error::AppError;
use crate::extract::{Id, Query};
use crate::ids::AdminUnitId;
use crate::pagination::Page;
use crate::problem::Problem404;
use crate::reply::Reply;
use actix_web::get;
use serde_json::json;
use uuid::Uuid;

/// Units as shown, each with the name of the one above it.
async fn show(conn: &Conn, scope: &Scope, units: Vec<AdminUnit>) -> Result<Vec<AdminUnitOut>, AppError> {
    let names = queries::parent_names(conn, scope, &units.iter().collect::<Vec<_>>()).await?;
    let shown = units.into_iter().map(|unit| {
        let parent_name = unit.parent_id.and_then(|id| names.get(&id).cloned());
        AdminUnitOut::new(unit, parent_name)
    });
    Ok(shown.collect())
}

async fn show_one(conn: &Conn, scope: &Scope, unit: AdminUnit) -> Result<AdminUnitOut, AppError> {
    show(conn, scope, vec![unit]).await?.pop().ok_or_else(AppError::not_found)
}

async fn show_changes(conn: &Conn, scope: &Scope, rows: Vec<(AdminUnitChange, AdminUnit)>) -> Result<Page<AdminUnitChangeOut>, AppError> {
    let (changes, units): (Vec<_>, Vec<_>) = rows.into_iter().unzip();
    let units = show(conn, scope, units).await?;
    let items = changes.into_iter().zip(units).map(|(change, unit)| AdminUnitChangeOut::new(change, unit)).collect();
    Ok(Page { items, next_cursor: None, total: None })
}

/// List administrative units
///
/// The units that are valid on a day: nine districts of Yên Bái on 19 August 2023, none on 1 July 2025 (S105).
#[utoipa::path(tag = "admin-units", params(AdminUnitQuery), responses((status = 200, body = Page<AdminUnitOut>)))]
#[get("/admin-units")]
pub async fn list_admin_units(call: Call, query: Query<AdminUnitQuery>) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::AdminUnitRead)?;
    let (filter, page) = query.parse_list(call.cursor_secret())?;
    let on = filter.on.unwrap_or_else(|| call.clock().today());
    let (items, next, total) = call
        .read(async |conn| {
            let total = if page.with_total { Some(queries::count(conn, &scope, &filter, on).await?) } else { None };
            let rows = queries::list(conn, &scope, &filter, on, &page).await?;
            let (rows, next) = page.finish(rows, |unit, sort| match sort {
                "code" => (json!(unit.code), Uuid::from(unit.id)),
                _ => (json!(null), Uuid::from(unit.id)),
            });
            Ok((show(conn, &scope, rows).await?, next, total))
        })
        .await?;
    page.reply(items, next, total)
}

/// Find an administrative unit by code and day
///
/// A code is not an identity: `15` is Yên Bái until 30 June 2025 and Lào Cai from 1 July 2025. 404 when no unit is
/// known to bear the code on that day.
#[utoipa::path(tag = "admin-units", params(ResolveQuery), responses((status = 200, body = AdminUnitOut), (status = 404, response = Problem404)))]
#[get("/admin-units/resolve")]
pub async fn resolve_admin_unit(call: Call, query: Query<ResolveQuery>) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::AdminUnitRead)?;
    let ResolveQuery { code, on } = query.parse()?;
    let unit = call
        .read(async |conn| {
            let unit = queries::resolve(conn, &scope, &code, on).await?;
            show_one(conn, &scope, unit).await
        })
        .await?;
    Reply::plain(&unit)
}

/// Read an administrative unit
#[utoipa::path(tag = "admin-units", params(("id" = AdminUnitId, Path, description = "The unit")), responses((status = 200, body = AdminUnitOut)))]
#[get("/admin-units/{id}")]
pub async fn get_admin_unit(call: Call, id: Id<AdminUnitId>) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::AdminUnitRead)?;
    let unit = call
        .read(async |conn| {
            let unit = queries::find(conn, &scope, id.0).await?;
            show_one(conn, &scope, unit).await
        })
        .await?;
    Reply::plain(&unit)
}

/// List what a unit was made of
///
/// All units that went into this one, whole or in part, by code; one page.
#[utoipa::path(tag = "admin-units", params(("id" = AdminUnitId, Path, description = "The unit")), responses((status = 200, body = Page<AdminUnitChangeOut>)))]
#[get("/admin-units/{id}/predecessors")]
pub async fn list_admin_unit_predecessors(call: Call, id: Id<AdminUnitId>) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::AdminUnitRead)?;
    let page = call
        .read(async |conn| {
            queries::find(conn, &scope, id.0).await?;
            show_changes(conn, &scope, queries::predecessors(conn, &scope, id.0).await?).await
        })
        .await?;
    Reply::plain(&page)
}

/// List what became of a unit
///
/// All units that this one went into, whole or in part, by code; one page.
#[utoipa::path(tag = "admin-units", params(("id" = AdminUnitId, Path, description = "The unit")), responses((status = 200, body = Page<AdminUnitChangeOut>)))]
#[get("/admin-units/{id}/successors")]
pub async fn list_admin_unit_successors(call: Call, id: Id<AdminUnitId>) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::AdminUnitRead)?;
    let page = call
        .read(async |conn| {
            queries::find(conn, &scope, id.0).await?;
            show_changes(conn, &scope, queries::successors(conn, &scope, id.0).await?).await
        })
        .await?;
    Reply::plain(&page)
}
