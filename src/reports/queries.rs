//! SQL of reports.

use super::dto::ReportQuery;
use super::model::{Report, ReportVersion};
use super::obligations::model::ReportObligation;
use crate::auth::Scope;
use crate::db::Conn;
use crate::db::cached::Cached;
use crate::db::in_scope::{in_scope, is_in_scope};
use crate::error::AppError;
use crate::ids::ReportId;
use crate::org_units::queries::units_under;
use crate::pagination::{LAST_INSTANT, PageRequest, or_last};
use crate::schema::{org_units, report_obligations, report_versions, reports};
use crate::text::search_tokens;
use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use uuid::Uuid;

/// One report in scope.
pub async fn find(mut conn: &Conn, scope: &Scope, id: ReportId) -> Result<Report, AppError> {
    let query = reports::table.filter(reports::id.eq(id)).filter(is_in_scope(reports::org_unit_id, scope));
    Ok(query.select(Report::as_select()).first(&mut conn).await?)
}

/// One report in scope, locked until the end of the transaction.
pub async fn lock(mut conn: &Conn, scope: &Scope, id: ReportId) -> Result<Report, AppError> {
    let query = reports::table.filter(reports::id.eq(id)).filter(is_in_scope(reports::org_unit_id, scope));
    Ok(query.select(Report::as_select()).for_no_key_update().first(&mut conn).await?)
}

/// The report under an obligation that was found in scope, locked until the end of the transaction.
pub async fn lock_under(mut conn: &Conn, _: &Scope, obligation: &ReportObligation) -> Result<Option<Report>, AppError> {
    let query = reports::table.filter(reports::campaign_id.eq(obligation.campaign_id)).filter(reports::obligation_id.eq(obligation.id));
    Ok(query.select(Report::as_select()).for_no_key_update().first(&mut conn).await.optional()?)
}

/// A page of reports in scope, with one row more than it holds.
pub async fn list(mut conn: &Conn, scope: &Scope, filter: &ReportQuery, page: &PageRequest) -> Result<Vec<Report>, AppError> {
    let query = crate::keyset!(filtered(scope, filter), page, reports::id, {
        "created_at" => reports::created_at => DateTime<Utc>,
        "updated_at" => reports::updated_at => DateTime<Utc>,
        "submitted_at" => or_last(reports::submitted_at, LAST_INSTANT) => DateTime<Utc>,
    });
    Ok(query.select(Report::as_select()).load(&mut conn).await?)
}

/// How many reports a list has in all.
pub async fn count(mut conn: &Conn, scope: &Scope, filter: &ReportQuery) -> Result<i64, AppError> {
    Ok(filtered(scope, filter).count().get_result(&mut conn).await?)
}

fn filtered<'a>(scope: &'a Scope, filter: &'a ReportQuery) -> reports::BoxedQuery<'a, diesel::pg::Pg> {
    let mut query = reports::table.filter(in_scope(reports::org_unit_id, scope)).into_boxed();
    if let Some(campaign) = filter.campaign_id {
        query = query.filter(reports::campaign_id.eq(campaign));
    }
    if let Some(unit) = filter.org_unit_id {
        query = query.filter(reports::org_unit_id.eq(unit));
    }
    if let Some(unit) = filter.under_org_unit_id {
        query = query.filter(reports::org_unit_id.eq_any(units_under(unit)));
    }
    if let Some(unit) = filter.to_org_unit_id {
        let owed = report_obligations::table.filter(report_obligations::to_org_unit_id.eq(unit)).select(report_obligations::id);
        query = query.filter(reports::obligation_id.eq_any(owed));
    }
    if let Some(obligation) = filter.obligation_id {
        query = query.filter(reports::obligation_id.eq(obligation));
    }
    if let Some(form) = filter.form_id {
        query = query.filter(reports::form_id.eq(form));
    }
    if let Some(state) = filter.state {
        query = query.filter(reports::state.eq(state));
    }
    if let Some(is_late) = filter.is_late {
        query = query.filter(reports::is_late.eq(is_late));
    }
    if let Some(is_nil) = filter.is_nil {
        query = query.filter(reports::is_nil.eq(is_nil));
    }
    match filter.is_locked {
        Some(true) => query = query.filter(reports::locked_at.is_not_null()),
        Some(false) => query = query.filter(reports::locked_at.is_null()),
        None => {}
    }
    if let Some(at) = filter.submitted_from {
        query = query.filter(reports::submitted_at.ge(at));
    }
    if let Some(at) = filter.submitted_before {
        query = query.filter(reports::submitted_at.lt(at));
    }
    if let Some(text) = &filter.q {
        let named = org_units::table.filter(org_units::tokens.contains(search_tokens(&[text]))).select(org_units::id);
        query = query.filter(reports::org_unit_id.eq_any(named));
    }
    query
}

/// Adds a report. The caller has checked that its unit is in scope.
pub async fn insert(mut conn: &Conn, _: &Scope, report: &Report) -> Result<(), AppError> {
    diesel::insert_into(reports::table).values(report).execute(&mut conn).await?;
    Ok(())
}

/// Writes a locked report back as its next version.
pub async fn save(mut conn: &Conn, _: &Scope, mut report: Report, now: DateTime<Utc>) -> Result<Report, AppError> {
    report.version += 1;
    report.updated_at = now;
    let change = diesel::update(reports::table.find((report.campaign_id, report.id))).set(&report);
    Cached(change).execute(&mut conn).await?;
    Ok(report)
}

/// Deletes a locked report.
pub async fn delete(mut conn: &Conn, _: &Scope, report: &Report) -> Result<(), AppError> {
    diesel::delete(reports::table.find((report.campaign_id, report.id))).execute(&mut conn).await?;
    Ok(())
}

/// The number of the next submission of a locked report.
pub async fn next_version_no(mut conn: &Conn, _: &Scope, report: &Report) -> Result<i32, AppError> {
    let last: Option<i32> = report_versions::table
        .filter(report_versions::campaign_id.eq(report.campaign_id))
        .filter(report_versions::report_id.eq(report.id))
        .select(diesel::dsl::max(report_versions::no))
        .first(&mut conn)
        .await?;
    Ok(last.unwrap_or(0) + 1)
}

/// Whether an account has submitted a locked report, any time.
pub async fn is_submitter(mut conn: &Conn, _: &Scope, report: &Report, account: Uuid) -> Result<bool, AppError> {
    let found = report_versions::table
        .filter(report_versions::campaign_id.eq(report.campaign_id))
        .filter(report_versions::report_id.eq(report.id))
        .filter(report_versions::submitted_by.eq(account));
    Ok(diesel::select(diesel::dsl::exists(found)).get_result(&mut conn).await?)
}

/// Keeps what was submitted.
pub async fn insert_version(mut conn: &Conn, _: &Scope, version: &ReportVersion) -> Result<(), AppError> {
    diesel::insert_into(report_versions::table).values(version).execute(&mut conn).await?;
    Ok(())
}

/// A page of the submissions of a report that was found in scope, with one row more than it holds.
pub async fn list_versions(mut conn: &Conn, _: &Scope, report: &Report, page: &PageRequest) -> Result<Vec<ReportVersion>, AppError> {
    let query = report_versions::table
        .filter(report_versions::campaign_id.eq(report.campaign_id))
        .filter(report_versions::report_id.eq(report.id))
        .into_boxed();
    let query = crate::keyset!(query, page, report_versions::id, { "no" => report_versions::no => i32 });
    Ok(query.select(ReportVersion::as_select()).load(&mut conn).await?)
}

/// How many submissions a report has.
pub async fn count_versions(mut conn: &Conn, _: &Scope, report: &Report) -> Result<i64, AppError> {
    let query =
        report_versions::table.filter(report_versions::campaign_id.eq(report.campaign_id)).filter(report_versions::report_id.eq(report.id));
    Ok(query.count().get_result(&mut conn).await?)
}
