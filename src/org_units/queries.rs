//! SQL of org units.

use super::dto::OrgUnitQuery;
use super::model::{OrgLevel, OrgUnit, OrgUnitKind};
use crate::auth::Scope;
use crate::auth::scope::ancestor_paths;
use crate::db::cached::Cached;
use crate::db::{Conn, starts_with};
use crate::error::{AppError, FieldError};
use crate::ids::OrgUnitId;
use crate::pagination::PageRequest;
use crate::schema::org_units;
use crate::text::search_tokens;
use chrono::{DateTime, NaiveDate, Utc};
use diesel::dsl::Select;
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::sql_types::{Bool, Nullable};
use diesel_async::RunQueryDsl;

/// A unit and all below it, as a subquery. It narrows a list and never widens a scope.
pub fn units_under(unit: OrgUnitId) -> diesel::helper_types::IntoBoxed<'static, Select<org_units::table, org_units::id>, Pg> {
    let top = diesel::alias!(org_units as top);
    let path = top.filter(top.field(org_units::id).eq(unit)).select(top.field(org_units::path)).single_value().assume_not_null();
    org_units::table.select(org_units::id).filter(starts_with(org_units::path, path)).into_boxed()
}

/// The units whose drafts of campaigns and plans the caller can read: those the caller drafts for.
pub fn units_drafted_by(scope: &Scope) -> diesel::helper_types::IntoBoxed<'_, Select<org_units::table, org_units::id>, Pg> {
    let units = org_units::table.select(org_units::id).into_boxed();
    match scope.drafts_prefix() {
        Some(prefix) => units.filter(starts_with(org_units::path, prefix)),
        None => units.filter(false.into_sql::<Bool>()),
    }
}

/// That a unit can be read: it is in scope, or one of the central bodies, which all know.
pub fn readable(scope: &Scope) -> Box<dyn BoxableExpression<org_units::table, Pg, SqlType = Bool> + '_> {
    Box::new(starts_with(org_units::path, scope.prefix()).or(org_units::level.eq(OrgLevel::Central)))
}

/// That a unit exists on a day at least from one to another, both included.
pub fn existing(from: NaiveDate, to: NaiveDate) -> Box<dyn BoxableExpression<org_units::table, Pg, SqlType = Nullable<Bool>>> {
    Box::new(org_units::valid_from.le(to).and(org_units::valid_to.is_null().or(org_units::valid_to.ge(from))))
}

/// A unit that a body names; 422 at `pointer` when it is not in scope.
pub async fn find_reference(mut conn: &Conn, scope: &Scope, id: OrgUnitId, pointer: &str) -> Result<(), AppError> {
    let found: Option<OrgUnitId> = org_units::table
        .filter(org_units::id.eq(id))
        .filter(starts_with(org_units::path, scope.prefix()))
        .select(org_units::id)
        .first(&mut conn)
        .await
        .optional()?;
    found.map(|_| ()).ok_or_else(|| AppError::field(FieldError::unknown_reference(pointer)))
}

/// The body that nominates for a unit: its nearest district committee, or the unit itself where there is none
/// (since 2025-07-01 a commune nominates to the province).
pub async fn nominator_of(mut conn: &Conn, unit: OrgUnitId) -> Result<OrgUnitId, AppError> {
    let own: String = org_units::table.find(unit).select(org_units::path).first(&mut conn).await?;
    let nearest: Option<OrgUnitId> = org_units::table
        .filter(org_units::path.eq_any(ancestor_paths(&own)))
        .filter(org_units::kind.eq("district_committee"))
        .order(org_units::path.desc())
        .select(org_units::id)
        .first(&mut conn)
        .await
        .optional()?;
    Ok(nearest.unwrap_or(unit))
}

/// The nearest committee of a kind at or above a unit, locked until the end of the transaction; none where there is none.
pub async fn lock_committee_of(mut conn: &Conn, unit: OrgUnitId, kind: OrgUnitKind) -> Result<Option<OrgUnitId>, AppError> {
    let own: String = org_units::table.find(unit).select(org_units::path).first(&mut conn).await?;
    let query = org_units::table
        .filter(org_units::path.eq_any(ancestor_paths(&own)))
        .filter(org_units::kind.eq(kind))
        .order(org_units::path.desc())
        .select(org_units::id)
        .for_no_key_update();
    Ok(query.first(&mut conn).await.optional()?)
}

/// The units that the caller can read and that exist in a window.
pub async fn in_window(mut conn: &Conn, scope: &Scope, from: NaiveDate, to: NaiveDate) -> Result<Vec<OrgUnitId>, AppError> {
    let query = org_units::table.filter(readable(scope)).filter(existing(from, to));
    Ok(query.select(org_units::id).load(&mut conn).await?)
}

/// One unit that the caller can read.
pub async fn find(mut conn: &Conn, scope: &Scope, id: OrgUnitId) -> Result<OrgUnit, AppError> {
    let query = org_units::table.find(id).filter(readable(scope));
    Ok(query.select(OrgUnit::as_select()).first(&mut conn).await?)
}

/// One unit below the scope's path: not what is above it, which can be read but not asked for as one's own.
pub async fn find_within(mut conn: &Conn, scope: &Scope, id: OrgUnitId) -> Result<OrgUnit, AppError> {
    let query = org_units::table.find(id).filter(starts_with(org_units::path, scope.prefix()));
    Ok(query.select(OrgUnit::as_select()).first(&mut conn).await?)
}

/// One unit in scope, locked until the end of the transaction.
pub async fn lock(mut conn: &Conn, scope: &Scope, id: OrgUnitId) -> Result<OrgUnit, AppError> {
    let query = org_units::table.find(id).filter(starts_with(org_units::path, scope.prefix()));
    Ok(query.select(OrgUnit::as_select()).for_no_key_update().first(&mut conn).await?)
}

/// A unit that a body names, whole, and there until the end of the transaction; 422 at `pointer` when it is not in scope.
pub async fn hold_reference(mut conn: &Conn, scope: &Scope, id: OrgUnitId, pointer: &str) -> Result<OrgUnit, AppError> {
    let query = org_units::table.find(id).filter(starts_with(org_units::path, scope.prefix()));
    let found = query.select(OrgUnit::as_select()).for_key_share().first(&mut conn).await.map_err(AppError::from);
    found.map_err(|error| error.into_unknown_reference(pointer))
}

/// The units above one, from the top down, as far as the caller can read them.
pub async fn ancestors(mut conn: &Conn, scope: &Scope, unit: &OrgUnit) -> Result<Vec<OrgUnit>, AppError> {
    let query = org_units::table
        .filter(org_units::path.eq_any(ancestor_paths(&unit.path)))
        .filter(readable(scope))
        .filter(org_units::id.ne(unit.id))
        .order(org_units::path);
    Ok(query.select(OrgUnit::as_select()).load(&mut conn).await?)
}

/// A page of the units that the caller can read, with one row more than it holds.
pub async fn list(mut conn: &Conn, scope: &Scope, filter: &OrgUnitQuery, page: &PageRequest) -> Result<Vec<OrgUnit>, AppError> {
    let query = crate::keyset!(filtered(scope, filter), page, org_units::id, {
        "path" => org_units::path => String,
        "created_at" => org_units::created_at => DateTime<Utc>,
        "updated_at" => org_units::updated_at => DateTime<Utc>,
    });
    Ok(query.select(OrgUnit::as_select()).load(&mut conn).await?)
}

/// How many units a list has in all.
pub async fn count(mut conn: &Conn, scope: &Scope, filter: &OrgUnitQuery) -> Result<i64, AppError> {
    Ok(filtered(scope, filter).count().get_result(&mut conn).await?)
}

fn filtered<'a>(scope: &'a Scope, filter: &'a OrgUnitQuery) -> org_units::BoxedQuery<'a, Pg> {
    let mut query = org_units::table.filter(readable(scope)).into_boxed();
    if let Some(kind) = filter.kind {
        query = query.filter(org_units::kind.eq(kind));
    }
    if let Some(level) = filter.level {
        query = query.filter(org_units::level.eq(level));
    }
    if let Some(parent) = filter.parent_id {
        query = query.filter(org_units::parent_id.eq(parent));
    }
    if let Some(unit) = filter.under {
        query = query.filter(org_units::id.eq_any(units_under(unit)));
    }
    if let Some(day) = filter.on {
        query = query.filter(existing(day, day));
    }
    if let Some(text) = &filter.q {
        query = query.filter(org_units::tokens.contains(search_tokens(&[text])));
    }
    query
}

fn tokens(unit: &OrgUnit) -> Vec<String> {
    search_tokens(&[&unit.name, unit.short_name.as_deref().unwrap_or_default()])
}

/// The number of the next unit: what its path ends with.
pub async fn take_no(mut conn: &Conn, _: &Scope) -> Result<i64, AppError> {
    let next = diesel::dsl::sql::<diesel::sql_types::BigInt>("nextval(pg_get_serial_sequence('org_units', 'no'))");
    Ok(diesel::select(next).get_result(&mut conn).await?)
}

/// Adds a unit. The caller has checked that its parent is in scope.
pub async fn insert(mut conn: &Conn, _: &Scope, unit: &OrgUnit) -> Result<(), AppError> {
    diesel::insert_into(org_units::table).values((unit, org_units::tokens.eq(tokens(unit)))).execute(&mut conn).await?;
    Ok(())
}

/// Writes a locked unit back as its next version.
pub async fn save(mut conn: &Conn, _: &Scope, mut unit: OrgUnit, now: DateTime<Utc>) -> Result<OrgUnit, AppError> {
    unit.version += 1;
    unit.updated_at = now;
    let change = diesel::update(org_units::table.find(unit.id)).set((&unit, org_units::tokens.eq(tokens(&unit))));
    Cached(change).execute(&mut conn).await?;
    Ok(unit)
}

/// Deletes a locked unit; the database refuses while anything refers to it.
pub async fn delete(mut conn: &Conn, _: &Scope, unit: &OrgUnit) -> Result<(), AppError> {
    diesel::delete(org_units::table.find(unit.id)).execute(&mut conn).await?;
    Ok(())
}
