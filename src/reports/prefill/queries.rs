//! SQL of what reports are filled in from.

use super::model::{FigureRecord, Recorded, RecordedFigure, ReportCorrection, ReportPrefill};
use crate::auth::Scope;
use crate::db::Conn;
use crate::error::AppError;
use crate::ids::OrgUnitId;
use crate::pagination::PageRequest;
use crate::reports::model::Report;
use crate::schema::{report_corrections, report_prefills};
use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Bool, Nullable, Text, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use std::collections::BTreeMap;

const COVERED: &str = "
SELECT u.id FROM org_units own JOIN org_units u ON starts_with(u.path, own.path)
WHERE own.id = $2 AND ($3 = 'subtree' OR NOT EXISTS (
    SELECT FROM report_obligations o JOIN org_units other ON other.id = o.org_unit_id
    WHERE o.campaign_id = $1 AND o.org_unit_id <> $2 AND starts_with(other.path, own.path) AND starts_with(u.path, other.path)))";

#[derive(QueryableByName)]
struct Covered {
    #[diesel(sql_type = SqlUuid)]
    id: OrgUnitId,
}

/// The bodies that a report in scope speaks for.
pub async fn covered(mut conn: &Conn, _: &Scope, report: &Report) -> Result<Vec<OrgUnitId>, AppError> {
    let query = diesel::sql_query(COVERED)
        .bind::<SqlUuid, _>(report.campaign_id)
        .bind::<SqlUuid, _>(report.org_unit_id)
        .bind::<Text, _>(report.coverage);
    let rows: Vec<Covered> = query.load(&mut conn).await?;
    Ok(rows.into_iter().map(|row| row.id).collect())
}

/// What is recorded of the bodies that a report in scope speaks for. Figures without a record are left out: nothing recorded is not zero.
pub async fn recorded(mut conn: &Conn, scope: &Scope, report: &Report) -> Result<BTreeMap<RecordedFigure, Recorded>, AppError> {
    let query = diesel::sql_query(concat!(
        "SELECT figure, sum(amount)::bigint AS value, count(*) AS record_count FROM (",
        include_str!("records.sql"),
        ") AS records GROUP BY figure"
    ));
    let units = covered(conn, scope, report).await?;
    let rows: Vec<Recorded> = query.bind::<SqlUuid, _>(report.campaign_id).bind::<Array<SqlUuid>, _>(units).load(&mut conn).await?;
    Ok(rows.into_iter().map(|row| (row.figure, row)).collect())
}

/// A page of the records that a figure of a report in scope counts, with one row more than it holds.
pub async fn records(
    mut conn: &Conn,
    scope: &Scope,
    report: &Report,
    figure: RecordedFigure,
    page: &PageRequest,
) -> Result<Vec<FigureRecord>, AppError> {
    let query = diesel::sql_query(concat!(
        "SELECT resource, id, title, amount FROM (",
        include_str!("records.sql"),
        ") AS records WHERE figure = $3 AND ($4 IS NULL OR CASE WHEN $5 THEN id < $4 ELSE id > $4 END)
          ORDER BY CASE WHEN $5 THEN id END DESC, id LIMIT $6"
    ));
    let units = covered(conn, scope, report).await?;
    let after = page.after::<serde_json::Value>()?.map(|(_, id)| id);
    let query = query
        .bind::<SqlUuid, _>(report.campaign_id)
        .bind::<Array<SqlUuid>, _>(units)
        .bind::<Text, _>(figure)
        .bind::<Nullable<SqlUuid>, _>(after)
        .bind::<Bool, _>(page.is_descending)
        .bind::<BigInt, _>(page.rows());
    Ok(query.load(&mut conn).await?)
}

/// What was recorded for each indicator when a report in scope was last filled in.
pub async fn last_prefills(mut conn: &Conn, _: &Scope, report: &Report) -> Result<BTreeMap<String, ReportPrefill>, AppError> {
    let query = report_prefills::table
        .filter(report_prefills::campaign_id.eq(report.campaign_id))
        .filter(report_prefills::report_id.eq(report.id))
        .order((report_prefills::indicator, report_prefills::id.desc()))
        .distinct_on(report_prefills::indicator);
    let rows: Vec<ReportPrefill> = query.select(ReportPrefill::as_select()).load(&mut conn).await?;
    Ok(rows.into_iter().map(|row| (row.indicator.clone(), row)).collect())
}

/// The last correction of each indicator of a report in scope.
pub async fn last_corrections(mut conn: &Conn, _: &Scope, report: &Report) -> Result<BTreeMap<String, ReportCorrection>, AppError> {
    let query = report_corrections::table
        .filter(report_corrections::campaign_id.eq(report.campaign_id))
        .filter(report_corrections::report_id.eq(report.id))
        .order((report_corrections::indicator, report_corrections::id.desc()))
        .distinct_on(report_corrections::indicator);
    let rows: Vec<ReportCorrection> = query.select(ReportCorrection::as_select()).load(&mut conn).await?;
    Ok(rows.into_iter().map(|row| (row.indicator.clone(), row)).collect())
}

/// Keeps what was recorded when a locked report was filled in.
pub async fn insert_prefills(mut conn: &Conn, _: &Scope, rows: &[ReportPrefill]) -> Result<(), AppError> {
    diesel::insert_into(report_prefills::table).values(rows).execute(&mut conn).await?;
    Ok(())
}

/// Keeps why a locked report says otherwise.
pub async fn insert_correction(mut conn: &Conn, _: &Scope, row: &ReportCorrection) -> Result<(), AppError> {
    diesel::insert_into(report_corrections::table).values(row).execute(&mut conn).await?;
    Ok(())
}

/// A page of the corrections of a report in scope, with one row more than it holds.
pub async fn list_corrections(mut conn: &Conn, _: &Scope, report: &Report, page: &PageRequest) -> Result<Vec<ReportCorrection>, AppError> {
    let query = report_corrections::table
        .filter(report_corrections::campaign_id.eq(report.campaign_id))
        .filter(report_corrections::report_id.eq(report.id))
        .into_boxed();
    let query = crate::keyset!(query, page, report_corrections::id, {
        "corrected_at" => report_corrections::corrected_at => DateTime<Utc>,
    });
    Ok(query.select(ReportCorrection::as_select()).load(&mut conn).await?)
}

/// How many corrections a report in scope has.
pub async fn count_corrections(mut conn: &Conn, _: &Scope, report: &Report) -> Result<i64, AppError> {
    let query = report_corrections::table
        .filter(report_corrections::campaign_id.eq(report.campaign_id))
        .filter(report_corrections::report_id.eq(report.id));
    Ok(query.count().get_result(&mut conn).await?)
}

/// How many records a figure of a report in scope counts.
pub async fn count_records(conn: &Conn, scope: &Scope, report: &Report, figure: RecordedFigure) -> Result<i64, AppError> {
    Ok(recorded(conn, scope, report).await?.get(&figure).map_or(0, |recorded| recorded.record_count))
}
