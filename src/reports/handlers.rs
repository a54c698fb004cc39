//! Reports over HTTP.

use super::dto::{
    ReportIn, ReportIndicatorOut, ReportIndicatorsOut, ReportOut, ReportPatch, ReportQuery, ReportVersionOut, ReportVersionQuery, ReturnIn,
};
use super::figures::Figures;
use super::indicators::Indicator;
use super::model::{Report, ReportState, ReportVersion};
use super::obligations;
use super::queries;
use super::rules::{self, Step};
use crate::auth::{Action, Scope};
use crate::call::Call;
use crate::campaigns;
use crate::db::Conn;
use crate::error::AppError;
use crate::etag::IfMatch;
use crate::events::Event;
use crate::extract::{Body, Id, Query};
use crate::ids::ReportId;
use crate::pagination::{LAST_INSTANT, Page};
use crate::patch::Patch;
use crate::plans;
use crate::plans::parameters::Cited;
use crate::reply::Reply;
use crate::warning::Warning;
use actix_web::{delete, get, patch, post};
use serde_json::json;
use uuid::Uuid;

/// A step of a report, for the change feed.
pub fn event(report: &Report, action: &'static str, from: Option<ReportState>) -> Event<'static> {
    Event {
        campaign_id: Some(report.campaign_id),
        org_unit_id: report.org_unit_id,
        resource: "report",
        resource_id: report.id.into(),
        version: report.version,
        action,
        // The comment of a return stays with the report: who reads the feed may not read reports.
        data: json!({"from": from.map(ReportState::as_str), "to": report.state.as_str(), "is_late": report.is_late}),
    }
}

fn oddities(call: &Call, figures: &Figures) -> Vec<Warning> {
    rules::oddities(figures).iter().map(|(code, text)| Warning::new(code, text, None, call.language())).collect()
}

/// List the indicators of a report
///
/// The form: every figure that a results report can hold, with its name and unit. Attendances (“lượt”) are visits,
/// never persons (S117).
#[utoipa::path(tag = "reports", responses((status = 200, body = ReportIndicatorsOut)))]
#[get("/report-indicators")]
pub async fn list_report_indicators(call: Call) -> Result<Reply, AppError> {
    // Who sees a campaign sees what it counts.
    call.authorize(Action::CampaignRead)?;
    Reply::plain(&ReportIndicatorsOut { items: Indicator::ALL.iter().copied().map(ReportIndicatorOut::from).collect() })
}

/// List reports
///
/// The reports of the caller's subtree.
#[utoipa::path(tag = "reports", params(ReportQuery), responses((status = 200, body = Page<ReportOut>)))]
#[get("/reports")]
pub async fn list_reports(call: Call, query: Query<ReportQuery>) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::ReportRead)?;
    let (filter, page) = query.parse_list(call.cursor_secret())?;
    let (rows, total) = call
        .read(async |conn| {
            let total = if page.with_total { Some(queries::count(conn, &scope, &filter).await?) } else { None };
            Ok((queries::list(conn, &scope, &filter, &page).await?, total))
        })
        .await?;
    let (rows, next) = page.finish(rows, |report, sort| {
        let key = match sort {
            "created_at" => json!(report.created_at),
            "updated_at" => json!(report.updated_at),
            "submitted_at" => json!(report.submitted_at.unwrap_or(LAST_INSTANT)),
            _ => json!(null),
        };
        (key, Uuid::from(report.id))
    });
    page.reply(rows.into_iter().map(|report| ReportOut::new(report, Vec::new())).collect(), next, total)
}

/// Create a report
///
/// A draft under an obligation of a body in the caller's subtree; an obligation has one report.
#[utoipa::path(tag = "reports", request_body = ReportIn, responses((status = 201, body = ReportOut)))]
#[post("/reports")]
pub async fn create_report(call: Call, body: Body<ReportIn>) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::ReportWrite)?;
    let ReportIn { obligation_id, figures, narrative } = body.parse()?;
    let figures = rules::parse_figures(figures)?;
    let narrative = narrative.map(String::from);
    let me = call.clone();
    call.write(async move |conn| {
        let obligation = obligations::queries::find_reference(conn, &scope, obligation_id, "/obligation_id").await?;
        campaigns::queries::hold_open(conn, obligation.campaign_id).await?;
        let now = me.now();
        let report = Report {
            campaign_id: obligation.campaign_id,
            id: ReportId::new(),
            obligation_id,
            org_unit_id: obligation.org_unit_id,
            state: ReportState::Draft,
            figures: figures.clone(),
            narrative: narrative.clone(),
            return_comment: None,
            first_submitted_at: None,
            submitted_at: None,
            is_late: None,
            returned_at: None,
            accepted_at: None,
            version: 1,
            created_at: now,
            updated_at: now,
        };
        queries::insert(conn, &scope, &report).await?;
        me.record(conn, event(&report, "created", None)).await?;
        let (id, version, warnings) = (report.id, report.version, oddities(&me, &report.figures));
        Reply::created("reports", id, &ReportOut::new(report, warnings), version)
    })
    .await
}

/// Read a report
#[utoipa::path(tag = "reports", params(("id" = ReportId, Path, description = "The report")), responses((status = 200, body = ReportOut, headers(("ETag" = String)))))]
#[get("/reports/{id}")]
pub async fn get_report(call: Call, id: Id<ReportId>) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::ReportRead)?;
    let report = call.read(async |conn| queries::find(conn, &scope, id.0).await).await?;
    let version = report.version;
    Reply::ok(&ReportOut::new(report, Vec::new()), version)
}

/// Change a report
///
/// Only a draft or a returned report: what has been submitted stands until it is returned. Figures are replaced one
/// indicator at a time; null takes an indicator out.
#[utoipa::path(tag = "reports", params(("id" = ReportId, Path, description = "The report")), request_body = ReportPatch, responses((status = 200, body = ReportOut)))]
#[patch("/reports/{id}")]
pub async fn update_report(call: Call, id: Id<ReportId>, body: Body<ReportPatch>) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::ReportWrite)?;
    let if_match = call.if_match()?;
    let patch = body.parse()?;
    step(call, scope, if_match, id.0, Step::Change, "updated", async move |_, me, mut report| {
        let ReportPatch { figures, narrative } = patch.clone();
        if let Patch::Value(changes) = figures {
            report.figures = rules::merge_figures(report.figures, changes)?;
        }
        report.narrative = narrative.map(String::from).or_keep(report.narrative.take());
        let warnings = oddities(me, &report.figures);
        Ok((report, warnings))
    })
    .await
}

/// Delete a report
///
/// Only a draft: what was once submitted is kept.
#[utoipa::path(tag = "reports", params(("id" = ReportId, Path, description = "The report")), responses((status = 204)))]
#[delete("/reports/{id}")]
pub async fn delete_report(call: Call, id: Id<ReportId>) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::ReportWrite)?;
    let if_match = call.if_match()?;
    let me = call.clone();
    call.write(async move |conn| {
        let report = queries::lock(conn, &scope, id.0).await?;
        if_match.check(report.version)?;
        campaigns::queries::hold_open(conn, report.campaign_id).await?;
        rules::check_step(&report, Step::Delete)?;
        queries::delete(conn, &scope, &report).await?;
        me.record(conn, event(&report, "deleted", Some(report.state))).await?;
        Ok(Reply::no_content())
    })
    .await
}

/// Submit a report
///
/// Sends it to the desk of the movement division (R2, III.3) and keeps a snapshot, readable at `versions`. It needs
/// `sites_held` and `attendance_count`, each a value or a nil return. In time is what was first submitted before the
/// limit; later it is kept and marked late, never refused, and the answer says so with the clause.
#[utoipa::path(tag = "reports", params(("id" = ReportId, Path, description = "The report")), responses((status = 200, body = ReportOut)))]
#[post("/reports/{id}/submit")]
pub async fn submit_report(call: Call, id: Id<ReportId>) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::ReportWrite)?;
    let if_match = call.if_match()?;
    let own = scope.clone();
    step(call, scope, if_match, id.0, Step::Submit, "submitted", async move |conn, me, mut report| {
        rules::check_complete(&report.figures)?;
        let obligation = obligations::queries::of_report(conn, &own, &report).await?;
        let now = me.now();
        let is_late = rules::submit(&mut report, now, obligation.due_before);
        let version = ReportVersion {
            campaign_id: report.campaign_id,
            id: Uuid::now_v7(),
            report_id: report.id,
            no: queries::next_version_no(conn, &own, &report).await?,
            figures: report.figures.clone(),
            narrative: report.narrative.clone(),
            submitted_at: now,
            is_late,
            submitted_by: me.actor().id,
        };
        queries::insert_version(conn, &own, &version).await?;
        let mut warnings = oddities(me, &report.figures);
        if report.is_late == Some(true) {
            let rule = plans::queries::rule_ref(conn, report.campaign_id, Cited::ReportLimit).await?.or(obligation.rule());
            warnings.insert(0, Warning::new("report_late", &rules::late_message(obligation.due_before), rule, me.language()));
        }
        Ok((report, warnings))
    })
    .await
}

/// Return a report
///
/// With a comment on what is to be put right. The snapshot of what was submitted stays, and so does its mark of time.
#[utoipa::path(tag = "reports", params(("id" = ReportId, Path, description = "The report")), request_body = ReturnIn, responses((status = 200, body = ReportOut)))]
#[post("/reports/{id}/return")]
pub async fn return_report(call: Call, id: Id<ReportId>, body: Body<ReturnIn>) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::ReportReceive)?;
    let if_match = call.if_match()?;
    let ReturnIn { comment } = body.parse()?;
    step(call, scope, if_match, id.0, Step::Return, "returned", async move |_, me, mut report| {
        rules::check_not_own(&report, me.actor().org_unit_id)?;
        report.state = ReportState::Returned;
        report.return_comment = Some(comment.as_str().to_owned());
        report.returned_at = Some(me.now());
        Ok((report, Vec::new()))
    })
    .await
}

/// Accept a report
///
/// From then on it counts in the consolidation and does not change. Nobody accepts the report of their own unit.
#[utoipa::path(tag = "reports", params(("id" = ReportId, Path, description = "The report")), responses((status = 200, body = ReportOut)))]
#[post("/reports/{id}/accept")]
pub async fn accept_report(call: Call, id: Id<ReportId>) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::ReportReceive)?;
    let if_match = call.if_match()?;
    step(call, scope, if_match, id.0, Step::Accept, "accepted", async |_, me, mut report| {
        rules::check_not_own(&report, me.actor().org_unit_id)?;
        report.state = ReportState::Accepted;
        report.accepted_at = Some(me.now());
        Ok((report, Vec::new()))
    })
    .await
}

/// List the versions of a report
///
/// Every submission as it was sent, first to last; none is ever changed.
#[utoipa::path(tag = "reports", params(("id" = ReportId, Path, description = "The report"), ReportVersionQuery), responses((status = 200, body = Page<ReportVersionOut>)))]
#[get("/reports/{id}/versions")]
pub async fn list_report_versions(call: Call, id: Id<ReportId>, query: Query<ReportVersionQuery>) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::ReportRead)?;
    let (_, page) = query.parse_list(call.cursor_secret())?;
    let (rows, total) = call
        .read(async |conn| {
            let report = queries::find(conn, &scope, id.0).await?;
            let total = if page.with_total { Some(queries::count_versions(conn, &scope, &report).await?) } else { None };
            Ok((queries::list_versions(conn, &scope, &report, &page).await?, total))
        })
        .await?;
    let (rows, next) = page.finish(rows, |version, sort| (if sort == "no" { json!(version.no) } else { json!(null) }, version.id));
    page.reply(rows.into_iter().map(ReportVersionOut::from).collect(), next, total)
}

/// One step: lock, compare the version, check that the campaign is open and the state, change, save, record.
async fn step(
    call: Call,
    scope: Scope,
    if_match: IfMatch,
    id: ReportId,
    step: Step,
    action: &'static str,
    change: impl AsyncFn(&Conn, &Call, Report) -> Result<(Report, Vec<Warning>), AppError> + 'static,
) -> Result<Reply, AppError> {
    let me = call.clone();
    call.write(async move |conn| {
        let report = queries::lock(conn, &scope, id).await?;
        if_match.check(report.version)?;
        campaigns::queries::hold_open(conn, report.campaign_id).await?;
        rules::check_step(&report, step)?;
        let from = report.state;
        let (report, warnings) = change(conn, &me, report).await?;
        let report = queries::save(conn, &scope, report, me.now()).await?;
        me.record(conn, event(&report, action, Some(from))).await?;
        let version = report.version;
        Reply::ok(&ReportOut::new(report, warnings), version)
    })
    .await
}
