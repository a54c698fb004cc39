//! SQL of the demo's clock.

use crate::db::Conn;
use crate::error::AppError;
use crate::schema::demo_clock;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;

/// How far the clock is from the real one, in milliseconds; none before the first run.
pub async fn offset(mut conn: &Conn) -> Result<Option<i64>, AppError> {
    Ok(demo_clock::table.select(demo_clock::offset_ms).first(&mut conn).await.optional()?)
}

/// Keeps the offset for the next start.
pub async fn set_offset(mut conn: &Conn, offset_ms: i64) -> Result<(), AppError> {
    diesel::insert_into(demo_clock::table)
        .values(demo_clock::offset_ms.eq(offset_ms))
        .on_conflict(demo_clock::is_only)
        .do_update()
        .set(demo_clock::offset_ms.eq(offset_ms))
        .execute(&mut conn)
        .await?;
    Ok(())
}
