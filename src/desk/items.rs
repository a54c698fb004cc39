//! All that waits, in one list: SQL and page.

use super::counts::{Scopes, Window};
use super::dto::{DeskItemCode, DeskItemQuery};
use crate::db::Conn;
use crate::error::AppError;
use crate::ids::OrgUnitId;
use crate::pagination::PageRequest;
use crate::text::search_tokens;
use chrono::{DateTime, Utc};
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::query_builder::BoxedSqlQuery;
use diesel::sql_types::{Array, BigInt, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use uuid::Uuid;

/// Something that waits.
#[derive(Debug, QueryableByName)]
#[allow(missing_docs)]
pub struct Waiting {
    #[diesel(sql_type = Text)]
    pub code: DeskItemCode,
    #[diesel(sql_type = Text)]
    pub resource: String,
    #[diesel(sql_type = SqlUuid)]
    pub id: Uuid,
    #[diesel(sql_type = SqlUuid)]
    pub org_unit_id: OrgUnitId,
    #[diesel(sql_type = Text)]
    pub org_unit_name: String,
    #[diesel(sql_type = Nullable<Text>)]
    pub title: Option<String>,
    #[diesel(sql_type = Timestamptz)]
    pub waiting_since: DateTime<Utc>,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    pub due_before: Option<DateTime<Utc>>,
}

#[derive(QueryableByName)]
struct Count {
    #[diesel(sql_type = BigInt)]
    count: i64,
}

/// A page of what waits, with one row more than it holds.
pub async fn list(
    mut conn: &Conn,
    scopes: &Scopes,
    window: &Window,
    filter: &DeskItemQuery,
    page: &PageRequest,
) -> Result<Vec<Waiting>, AppError> {
    let query = filtered("item.*, unit.name AS org_unit_name", scopes, window, filter);
    let (way, beyond) = if page.is_descending { ("DESC", "<") } else { ("ASC", ">") };
    let (id_way, id_beyond) = if page.is_id_descending { ("DESC", "<") } else { ("ASC", ">") };
    let query = if page.sort == "waiting_since" {
        let after: Option<(DateTime<Utc>, Uuid)> = page.after()?;
        let (at, id) = after.unzip();
        let beyond = format!(
            " AND ($12 IS NULL OR item.waiting_since {beyond} $12 OR (item.waiting_since = $12 AND item.id {id_beyond} $13))
              ORDER BY item.waiting_since {way}, item.id {id_way} LIMIT $14"
        );
        query.sql(beyond).bind::<Nullable<Timestamptz>, _>(at).bind::<Nullable<SqlUuid>, _>(id)
    } else {
        let after: Option<(serde_json::Value, Uuid)> = page.after()?;
        let beyond = format!(" AND ($12::timestamptz IS NULL) AND ($13 IS NULL OR item.id {beyond} $13) ORDER BY item.id {way} LIMIT $14");
        query.sql(beyond).bind::<Nullable<Timestamptz>, _>(None::<DateTime<Utc>>).bind::<Nullable<SqlUuid>, _>(after.map(|(_, id)| id))
    };
    Ok(query.bind::<BigInt, _>(page.rows()).load(&mut conn).await?)
}

/// How much waits in all.
pub async fn count(mut conn: &Conn, scopes: &Scopes, window: &Window, filter: &DeskItemQuery) -> Result<i64, AppError> {
    let counted: Count = filtered("count(*) AS count", scopes, window, filter).get_result(&mut conn).await?;
    Ok(counted.count)
}

/// What waits, as far as the filters go.
fn filtered<'q>(
    columns: &str,
    scopes: &'q Scopes,
    window: &Window,
    filter: &DeskItemQuery,
) -> BoxedSqlQuery<'q, Pg, diesel::query_builder::SqlQuery> {
    let statement = format!(
        "SELECT {columns} FROM ({}) AS item JOIN org_units unit ON unit.id = item.org_unit_id
         WHERE ($8::text IS NULL OR item.code = $8)
           AND ($9::uuid IS NULL OR item.org_unit_id = $9)
           AND ($10::uuid IS NULL OR starts_with(unit.path, (SELECT path FROM org_units WHERE id = $10)))
           AND ($11::text[] IS NULL OR unit.tokens @> $11)",
        include_str!("items.sql")
    );
    diesel::sql_query(statement)
        .into_boxed()
        .bind::<SqlUuid, _>(window.campaign)
        .bind::<SqlUuid, _>(window.receiver)
        .bind::<Text, _>(scopes.reports.prefix())
        .bind::<Text, _>(scopes.plans.prefix())
        .bind::<Text, _>(scopes.duties.prefix())
        .bind::<Text, _>(scopes.results.prefix())
        .bind::<Timestamptz, _>(window.now)
        .bind::<Nullable<Text>, _>(filter.code)
        .bind::<Nullable<SqlUuid>, _>(filter.org_unit_id)
        .bind::<Nullable<SqlUuid>, _>(filter.under_org_unit_id)
        .bind::<Nullable<Array<Text>>, _>(filter.q.as_ref().map(|text| search_tokens(&[text])))
}
