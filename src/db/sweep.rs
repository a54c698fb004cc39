//! Deletes what is past, a few rows at a time.

use super::Conn;
use chrono::{DateTime, Utc};
use diesel::QueryResult;
use diesel::sql_types::{BigInt, Timestamptz};
use diesel_async::RunQueryDsl;

/// Rows deleted at once: nobody waits long for a lock, and no statement runs into its limit.
const CHUNK: i64 = 1000;

/// Deletes the rows of a table whose `column` lies before an instant.
pub async fn sweep(mut conn: &Conn, table: &'static str, column: &'static str, before: DateTime<Utc>) -> QueryResult<()> {
    let delete = format!("DELETE FROM {table} WHERE ctid = ANY (ARRAY(SELECT ctid FROM {table} WHERE {column} < $1 LIMIT $2))");
    loop {
        let query = diesel::sql_query(&delete).bind::<Timestamptz, _>(before).bind::<BigInt, _>(CHUNK);
        if query.execute(&mut conn).await? == 0 {
            return Ok(());
        }
    }
}
