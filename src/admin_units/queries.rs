//! SQL of administrative units. They are public facts: no scope.

use crate::db::Conn;
use crate::error::AppError;
use crate::ids::AdminUnitId;
use crate::schema::admin_units;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;

/// Whether there is such a unit.
pub async fn exists(mut conn: &Conn, id: AdminUnitId) -> Result<bool, AppError> {
    Ok(diesel::select(diesel::dsl::exists(admin_units::table.find(id))).get_result(&mut conn).await?)
}
