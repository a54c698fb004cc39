//! SQL of org units.

use crate::auth::Scope;
use crate::db::{Conn, starts_with};
use crate::error::{AppError, FieldError};
use crate::ids::OrgUnitId;
use crate::schema::org_units;
use diesel::dsl::{Filter, Select};
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;

/// The units in a scope, as a subquery: the one filter by which every list and every read is scoped.
pub fn units_in(scope: &Scope) -> Select<Filter<org_units::table, starts_with<org_units::path, &str>>, org_units::id> {
    org_units::table.filter(starts_with(org_units::path, scope.prefix())).select(org_units::id)
}

/// A unit and all below it, as a subquery. It narrows a list and never widens a scope.
pub fn units_under(unit: OrgUnitId) -> diesel::helper_types::IntoBoxed<'static, Select<org_units::table, org_units::id>, Pg> {
    let top = diesel::alias!(org_units as top);
    let path = top.filter(top.field(org_units::id).eq(unit)).select(top.field(org_units::path)).single_value().assume_not_null();
    org_units::table.select(org_units::id).filter(starts_with(org_units::path, path)).into_boxed()
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
        .filter(starts_with(own.into_sql::<diesel::sql_types::Text>(), org_units::path))
        .filter(org_units::kind.eq("district_committee"))
        .order(diesel::dsl::sql::<diesel::sql_types::Integer>("length(org_units.path)").desc())
        .select(org_units::id)
        .first(&mut conn)
        .await
        .optional()?;
    Ok(nearest.unwrap_or(unit))
}
