//! The life of a report over HTTP: its steps, its versions, and its lock.

use super::compare::compare;
use super::dto::{ReportComparisonOut, ReportComparisonQuery, ReportStepOut, ReportStepQuery};
use super::queries;
use crate::auth::Action;
use crate::call::Call;
use crate::error::{AppError, ErrorCode, FieldError};
use crate::extract::{Id, No, Query};
use crate::ids::ReportId;
use crate::pagination::Page;
use crate::reply::Reply;
use crate::reports;
use crate::reports::dto::{ReportOut, ReportVersionOut};
use crate::reports::handlers::step;
use crate::reports::obligations;
use crate::reports::rules::{self, Step};
use actix_web::{get, post};
use serde_json::json;
use uuid::Uuid;

/// List the steps of a report
///
/// Every step it took: who, when, from which state to which, with which submission, and what was commented (S74). Nothing is ever taken
/// out of it.
#[utoipa::path(tag = "reports", params(("id" = ReportId, Path, description = "The report"), ReportStepQuery), responses((status = 200, body = Page<ReportStepOut>)))]
#[get("/reports/{id}/steps")]
pub async fn list_report_steps(call: Call, id: Id<ReportId>, query: Query<ReportStepQuery>) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::ReportRead)?;
    let (_, page) = query.parse_list(call.cursor_secret())?;
    let (rows, total) = call
        .read(async |conn| {
            let report = reports::queries::find(conn, &scope, id.0).await?;
            let total = if page.with_total { Some(queries::count(conn, &scope, &report).await?) } else { None };
            Ok((queries::list(conn, &scope, &report, &page).await?, total))
        })
        .await?;
    let (rows, next) = page.finish(rows, |row, sort| {
        let key = if sort == "occurred_at" { json!(row.occurred_at) } else { json!(null) };
        (key, Uuid::from(row.id))
    });
    page.reply(rows.into_iter().map(ReportStepOut::from).collect(), next, total)
}

/// Read a version of a report
///
/// One submission as it was sent.
#[utoipa::path(tag = "reports", params(("id" = ReportId, Path, description = "The report"), ("no" = i32, Path, minimum = 1, description = "Number of the submission, from 1")), responses((status = 200, body = ReportVersionOut)))]
#[get("/reports/{id}/versions/{no}")]
pub async fn get_report_version(call: Call, id: Id<ReportId>, no: No) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::ReportRead)?;
    let version = call
        .read(async |conn| {
            let report = reports::queries::find(conn, &scope, id.0).await?;
            queries::find_version(conn, &scope, &report, no.0).await
        })
        .await?;
    Reply::plain(&ReportVersionOut::from(version))
}

/// Compare two versions of a report
///
/// Figure by figure with the difference, the words word by word. Without `to` the last submission, without `from` the one before it; a
/// first submission is compared with nothing.
#[utoipa::path(tag = "reports", params(("id" = ReportId, Path, description = "The report"), ReportComparisonQuery), responses((status = 200, body = ReportComparisonOut)))]
#[get("/reports/{id}/comparison")]
pub async fn compare_report_versions(call: Call, id: Id<ReportId>, query: Query<ReportComparisonQuery>) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::ReportRead)?;
    let ReportComparisonQuery { from, to } = query.parse()?;
    let comparison = call
        .read(async |conn| {
            let report = reports::queries::find(conn, &scope, id.0).await?;
            let find = async |no: Option<i32>, pointer: &str| match no {
                None => Ok(None),
                Some(no) => match queries::find_version(conn, &scope, &report, no).await {
                    Ok(version) => Ok(Some(version)),
                    Err(error) if error.code == ErrorCode::NotFound => {
                        Err(AppError::field(FieldError::unknown_reference(pointer)).in_query())
                    }
                    Err(error) => Err(error),
                },
            };
            let to = match to {
                Some(no) => Some(no),
                None => queries::last_no(conn, &scope, &report).await?,
            };
            let from = from.or(to.map(|no| no.saturating_sub(1)).filter(|no| *no > 0));
            let (before, after) = (find(from, "?from").await?, find(to, "?to").await?);
            Ok(compare(report.id, before.as_ref(), after.as_ref()))
        })
        .await?;
    Reply::plain::<ReportComparisonOut>(&comparison)
}

/// Lock a report
///
/// Puts an accepted report under seal (`locked_at`): it stays accepted in every count, and only an extension that opens it again
/// (`POST /report-obligations/{id}/extend` with `reopens_report`) changes it. The end of the campaign locks all of them for good.
#[utoipa::path(tag = "reports", params(("id" = ReportId, Path, description = "The report")), responses((status = 200, body = ReportOut)))]
#[post("/reports/{id}/lock")]
pub async fn lock_report(call: Call, id: Id<ReportId>) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::ReportReceive)?;
    let if_match = call.if_match()?;
    let own = scope.clone();
    step(call, scope, if_match, id.0, Step::Lock, "locked", async move |conn, me, mut report| {
        rules::check_not_own(&report, me.actor().org_unit_id)?;
        obligations::queries::check_receiver(conn, &own, report.campaign_id, report.obligation_id).await?;
        report.locked_at = Some(me.now());
        Ok((report, Vec::new()))
    })
    .await
}
