//! SQL of administrative units. They are public facts: the scope says only that the caller may read them.

use super::dto::AdminUnitQuery;
use super::model::{AdminUnit, AdminUnitChange};
use crate::auth::Scope;
use crate::db::Conn;
use crate::error::{AppError, FieldError};
use crate::ids::AdminUnitId;
use crate::pagination::PageRequest;
use crate::schema::{admin_unit_changes, admin_units};
use crate::text::search_tokens;
use chrono::NaiveDate;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use std::collections::HashMap;

/// Whether there is such a unit.
async fn exists(mut conn: &Conn, id: AdminUnitId) -> Result<bool, AppError> {
    Ok(diesel::select(diesel::dsl::exists(admin_units::table.find(id))).get_result(&mut conn).await?)
}

/// 422 at `pointer` when a body names a unit that there is not.
pub async fn check_reference(conn: &Conn, id: Option<AdminUnitId>, pointer: &str) -> Result<(), AppError> {
    match id {
        Some(id) if !exists(conn, id).await? => Err(AppError::field(FieldError::unknown_reference(pointer))),
        _ => Ok(()),
    }
}

/// One unit.
pub async fn find(mut conn: &Conn, _: &Scope, id: AdminUnitId) -> Result<AdminUnit, AppError> {
    Ok(admin_units::table.find(id).select(AdminUnit::as_select()).first(&mut conn).await?)
}

/// The unit that bore a code on a day.
pub async fn resolve(mut conn: &Conn, _: &Scope, code: &str, on: NaiveDate) -> Result<AdminUnit, AppError> {
    let query = admin_units::table
        .filter(admin_units::code.eq(code))
        .filter(admin_units::valid_from.le(on))
        .filter(admin_units::valid_to.is_null().or(admin_units::valid_to.ge(on)))
        .order(admin_units::valid_from.desc());
    Ok(query.select(AdminUnit::as_select()).first(&mut conn).await?)
}

/// A page of the units that are valid on a day, with one row more than it holds.
pub async fn list(
    mut conn: &Conn,
    _: &Scope,
    filter: &AdminUnitQuery,
    on: NaiveDate,
    page: &PageRequest,
) -> Result<Vec<AdminUnit>, AppError> {
    let query = crate::keyset!(filtered(filter, on), page, admin_units::id, { "code" => admin_units::code => String });
    Ok(query.select(AdminUnit::as_select()).load(&mut conn).await?)
}

/// How many units a list has in all.
pub async fn count(mut conn: &Conn, _: &Scope, filter: &AdminUnitQuery, on: NaiveDate) -> Result<i64, AppError> {
    Ok(filtered(filter, on).count().get_result(&mut conn).await?)
}

fn filtered(filter: &AdminUnitQuery, on: NaiveDate) -> admin_units::BoxedQuery<'_, diesel::pg::Pg> {
    let mut query = admin_units::table
        .filter(admin_units::valid_from.le(on))
        .filter(admin_units::valid_to.is_null().or(admin_units::valid_to.ge(on)))
        .into_boxed();
    if let Some(level) = filter.level {
        query = query.filter(admin_units::level.eq(level));
    }
    if let Some(parent) = filter.parent_id {
        query = query.filter(admin_units::parent_id.eq(parent));
    }
    if let Some(code) = &filter.code {
        query = query.filter(admin_units::code.eq(code));
    }
    if let Some(text) = &filter.q {
        query = query.filter(admin_units::tokens.contains(search_tokens(&[text])));
    }
    query
}

/// The names of the units above some units, by their id.
pub async fn parent_names(mut conn: &Conn, _: &Scope, units: &[&AdminUnit]) -> Result<HashMap<AdminUnitId, String>, AppError> {
    let mut ids: Vec<AdminUnitId> = units.iter().filter_map(|unit| unit.parent_id).collect();
    ids.sort_unstable();
    ids.dedup();
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let query = admin_units::table.filter(admin_units::id.eq_any(ids)).select((admin_units::id, admin_units::name));
    Ok(query.load::<(AdminUnitId, String)>(&mut conn).await?.into_iter().collect())
}

/// The units that went into a unit, with how they did.
pub async fn predecessors(mut conn: &Conn, _: &Scope, id: AdminUnitId) -> Result<Vec<(AdminUnitChange, AdminUnit)>, AppError> {
    let query = admin_unit_changes::table
        .inner_join(admin_units::table.on(admin_units::id.eq(admin_unit_changes::old_unit_id)))
        .filter(admin_unit_changes::new_unit_id.eq(id))
        .order((admin_units::code, admin_units::id));
    Ok(query.select((AdminUnitChange::as_select(), AdminUnit::as_select())).load(&mut conn).await?)
}

/// The units that a unit went into, with how it did.
pub async fn successors(mut conn: &Conn, _: &Scope, id: AdminUnitId) -> Result<Vec<(AdminUnitChange, AdminUnit)>, AppError> {
    let query = admin_unit_changes::table
        .inner_join(admin_units::table.on(admin_units::id.eq(admin_unit_changes::new_unit_id)))
        .filter(admin_unit_changes::old_unit_id.eq(id))
        .order((admin_units::code, admin_units::id));
    Ok(query.select((AdminUnitChange::as_select(), AdminUnit::as_select())).load(&mut conn).await?)
}
