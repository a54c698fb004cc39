//! SQL of the steps of reports.

use super::model::{ReportStep, Taken};
use crate::auth::Scope;
use crate::db::Conn;
use crate::db::cached::Cached;
use crate::error::AppError;
use crate::ids::{CampaignId, ReportId};
use crate::pagination::PageRequest;
use crate::reports::model::{Report, ReportState, ReportVersion};
use crate::schema::{report_steps, report_versions};
use chrono::{DateTime, Utc};
use diesel::dsl::max;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use std::collections::HashMap;

/// Writes a step down.
pub async fn insert(mut conn: &Conn, _: &Scope, step: &ReportStep) -> Result<(), AppError> {
    Cached(diesel::insert_into(report_steps::table).values(step)).execute(&mut conn).await?;
    Ok(())
}

/// Writes down the step by which a locked report came to be as it is.
pub async fn record(
    conn: &Conn,
    scope: &Scope,
    report: &Report,
    action: &'static str,
    from: Option<ReportState>,
    taken: Taken,
) -> Result<(), AppError> {
    let last = last_numbers(conn, scope, report.campaign_id, &[report.id]).await?;
    insert(conn, scope, &ReportStep::new(report, action, from, last.get(&report.id).copied(), taken)).await
}

/// Writes down one step that many reports took at once.
pub async fn record_all(
    mut conn: &Conn,
    scope: &Scope,
    campaign: CampaignId,
    reports: &[Report],
    action: &'static str,
    from: ReportState,
    taken: Taken,
) -> Result<(), AppError> {
    let ids: Vec<ReportId> = reports.iter().map(|report| report.id).collect();
    let last = last_numbers(conn, scope, campaign, &ids).await?;
    let steps: Vec<ReportStep> =
        reports.iter().map(|report| ReportStep::new(report, action, Some(from), last.get(&report.id).copied(), taken)).collect();
    // PostgreSQL takes 65,535 parameters in one statement; a step has 15.
    for some in steps.chunks(4_000) {
        diesel::insert_into(report_steps::table).values(some).execute(&mut conn).await?;
    }
    Ok(())
}

/// The number of the last submission of each of these reports that has one.
async fn last_numbers(mut conn: &Conn, _: &Scope, campaign: CampaignId, ids: &[ReportId]) -> Result<HashMap<ReportId, i32>, AppError> {
    let query = report_versions::table
        .filter(report_versions::campaign_id.eq(campaign))
        .filter(report_versions::report_id.eq_any(ids))
        .group_by(report_versions::report_id)
        .select((report_versions::report_id, max(report_versions::no)));
    let rows: Vec<(ReportId, Option<i32>)> = query.load(&mut conn).await?;
    Ok(rows.into_iter().filter_map(|(id, no)| Some((id, no?))).collect())
}

/// A page of the steps of a report that was found in scope, with one row more than it holds.
pub async fn list(mut conn: &Conn, _: &Scope, report: &Report, page: &PageRequest) -> Result<Vec<ReportStep>, AppError> {
    let of_report =
        report_steps::table.filter(report_steps::campaign_id.eq(report.campaign_id)).filter(report_steps::report_id.eq(report.id));
    let query = crate::keyset!(of_report.into_boxed(), page, report_steps::id, {
        "occurred_at" => report_steps::occurred_at => DateTime<Utc>,
    });
    Ok(query.select(ReportStep::as_select()).load(&mut conn).await?)
}

/// How many steps a report has taken.
pub async fn count(mut conn: &Conn, _: &Scope, report: &Report) -> Result<i64, AppError> {
    let of_report =
        report_steps::table.filter(report_steps::campaign_id.eq(report.campaign_id)).filter(report_steps::report_id.eq(report.id));
    Ok(of_report.count().get_result(&mut conn).await?)
}

/// One submission of a report that was found in scope.
pub async fn find_version(mut conn: &Conn, _: &Scope, report: &Report, no: i32) -> Result<ReportVersion, AppError> {
    let query = report_versions::table
        .filter(report_versions::campaign_id.eq(report.campaign_id))
        .filter(report_versions::report_id.eq(report.id))
        .filter(report_versions::no.eq(no));
    Ok(query.select(ReportVersion::as_select()).first(&mut conn).await?)
}

/// The number of the last submission of a report that was found in scope.
pub async fn last_no(mut conn: &Conn, _: &Scope, report: &Report) -> Result<Option<i32>, AppError> {
    let query = report_versions::table
        .filter(report_versions::campaign_id.eq(report.campaign_id))
        .filter(report_versions::report_id.eq(report.id))
        .select(max(report_versions::no));
    Ok(query.first(&mut conn).await?)
}
