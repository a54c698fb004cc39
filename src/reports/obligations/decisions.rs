//! Extensions and exemptions over HTTP: who decided what, when and why.

use super::dto::{
    ReportExtensionIn, ReportObligationDecisionOut, ReportObligationDecisionQuery, ReportObligationOut, ReportObligationReasonIn,
};
use super::handlers::event;
use super::model::{DecisionAction, ReportObligation, ReportObligationDecision};
use super::{queries, rules};
use crate::auth::{Action, Scope};
use crate::call::Call;
use crate::campaigns;
use crate::clock;
use crate::db::Conn;
use crate::error::{AppError, ErrorCode};
use crate::extract::{Body, Id, Query};
use crate::ids::ReportObligationId;
use crate::pagination::Page;
use crate::reply::Reply;
use crate::reports;
use crate::reports::handlers::taken;
use crate::reports::life;
use crate::reports::life::model::FieldComments;
use crate::reports::model::{Report, ReportState};
use actix_web::{get, post};
use serde_json::json;
use uuid::Uuid;

/// List the decisions on a report obligation
///
/// How it came to be as it is: laid down, moved with the campaign's limit, extended, exempted, restored; each with the times that
/// held from then on, by whom and why. Append-only.
#[utoipa::path(tag = "reports", params(("id" = ReportObligationId, Path, description = "The obligation"), ReportObligationDecisionQuery), responses((status = 200, body = Page<ReportObligationDecisionOut>)))]
#[get("/report-obligations/{id}/decisions")]
pub async fn list_report_obligation_decisions(
    call: Call,
    id: Id<ReportObligationId>,
    query: Query<ReportObligationDecisionQuery>,
) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::ReportRead)?;
    let (_, page) = query.parse_list(call.cursor_secret())?;
    let (rows, total) = call
        .read(async |conn| {
            let obligation = queries::find(conn, &scope, id.0).await?;
            let total = if page.with_total { Some(queries::count_decisions(conn, &scope, &obligation).await?) } else { None };
            Ok((queries::decisions(conn, &scope, &obligation, &page).await?, total))
        })
        .await?;
    let (rows, next) = page.finish(rows, |row, sort| {
        let key = if sort == "occurred_at" { json!(row.occurred_at) } else { json!(null) };
        (key, Uuid::from(row.id))
    });
    page.reply(rows.into_iter().map(ReportObligationDecisionOut::from).collect(), next, total)
}

/// Extend the limit of a report obligation
///
/// Decided by who demands the report, with a reason. From then on a report is in time before `until`; what was judged before stays
/// judged, and a closing moves along. With `reopens_report` the accepted or locked report is returned to its body: nothing else opens it.
#[utoipa::path(tag = "reports", params(("id" = ReportObligationId, Path, description = "The obligation")), request_body = ReportExtensionIn, responses((status = 200, body = ReportObligationOut)))]
#[post("/report-obligations/{id}/extend")]
pub async fn extend_report_obligation(call: Call, id: Id<ReportObligationId>, body: Body<ReportExtensionIn>) -> Result<Reply, AppError> {
    let ReportExtensionIn { until, reason, reopens_report } = {
        call.authorize(Action::ObligationWrite)?;
        call.if_match()?;
        body.parse()?
    };
    let (until, reason) = (clock::to_micros(until), reason.into_string());
    let why = reason.clone();
    decide(call, id.0, DecisionAction::Extended, reason, async move |conn, me, scope, obligation, report| {
        let obligation = rules::extend(obligation, until, me.now())?;
        if reopens_report {
            reopen(conn, me, scope, report, &why).await?;
        }
        Ok(obligation)
    })
    .await
}

/// Exempt a body from reporting
///
/// Decided by who demands the report, with a reason. It is no longer expected, unless it has submitted a report or does so
/// nonetheless: then it counts as any other.
#[utoipa::path(tag = "reports", params(("id" = ReportObligationId, Path, description = "The obligation")), request_body = ReportObligationReasonIn, responses((status = 200, body = ReportObligationOut)))]
#[post("/report-obligations/{id}/exempt")]
pub async fn exempt_report_obligation(
    call: Call,
    id: Id<ReportObligationId>,
    body: Body<ReportObligationReasonIn>,
) -> Result<Reply, AppError> {
    exemption(call, id.0, body, true).await
}

/// Demand a report again from a body that was exempt
#[utoipa::path(tag = "reports", params(("id" = ReportObligationId, Path, description = "The obligation")), request_body = ReportObligationReasonIn, responses((status = 200, body = ReportObligationOut)))]
#[post("/report-obligations/{id}/restore")]
pub async fn restore_report_obligation(
    call: Call,
    id: Id<ReportObligationId>,
    body: Body<ReportObligationReasonIn>,
) -> Result<Reply, AppError> {
    exemption(call, id.0, body, false).await
}

async fn exemption(call: Call, id: ReportObligationId, body: Body<ReportObligationReasonIn>, exempts: bool) -> Result<Reply, AppError> {
    let ReportObligationReasonIn { reason } = {
        call.authorize(Action::ObligationWrite)?;
        call.if_match()?;
        body.parse()?
    };
    let action = if exempts { DecisionAction::Exempted } else { DecisionAction::Restored };
    decide(call, id, action, reason.into_string(), async move |_, me, _, mut obligation, _| {
        if obligation.exempted_at.is_some() == exempts {
            return Err(AppError::new(ErrorCode::InvalidTransition).because(rules::decided_already(exempts)));
        }
        obligation.exempted_at = exempts.then(|| me.now());
        Ok(obligation)
    })
    .await
}

/// Gives an accepted report back to its body, as a return does; 409 where there is none.
async fn reopen(conn: &Conn, me: &Call, scope: &Scope, report: Option<Report>, reason: &str) -> Result<(), AppError> {
    let mut report = match report {
        Some(report) if report.state == ReportState::Accepted => report,
        other => {
            let state = other.map_or("missing", |report| report.state.as_str());
            return Err(AppError::invalid_transition(state, "reopen"));
        }
    };
    (report.accepted_at, report.locked_at) = (None, None);
    (report.state, report.returned_at) = (ReportState::Returned, Some(me.now()));
    (report.return_comment, report.return_comments) = (Some(reason.to_owned()), FieldComments::default());
    let report = reports::queries::save(conn, scope, report, me.now()).await?;
    life::queries::record(conn, scope, &report, "reopened", Some(ReportState::Accepted), taken(me)).await?;
    me.record(conn, reports::handlers::event(&report, "reopened", Some(ReportState::Accepted))).await
}

/// One decision: the campaign held, report and obligation locked in the order in which a submission locks them, the version
/// compared; then changed, saved, written down, recorded.
async fn decide(
    call: Call,
    id: ReportObligationId,
    action: DecisionAction,
    reason: String,
    change: impl AsyncFn(&Conn, &Call, &Scope, ReportObligation, Option<Report>) -> Result<ReportObligation, AppError> + 'static,
) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::ObligationWrite)?;
    let if_match = call.if_match()?;
    let me = call.clone();
    call.write(async move |conn| {
        let found = queries::find(conn, &scope, id).await?;
        campaigns::queries::hold_open(conn, found.campaign_id).await?;
        let report = reports::queries::lock_under(conn, &scope, &found).await?;
        let obligation = queries::lock(conn, &scope, id).await?;
        if_match.check(obligation.version)?;
        rules::check_not_own(&obligation, me.actor().org_unit_id)?;
        queries::check_receiver(conn, &scope, obligation.campaign_id, obligation.id).await?;
        let obligation = change(conn, &me, &scope, obligation, report).await?;
        let obligation = queries::save(conn, &scope, obligation, me.now()).await?;
        let decision = ReportObligationDecision::new(&obligation, action, Some(reason.clone()), Some(me.actor().id), me.now());
        queries::insert_decisions(conn, &scope, &[decision]).await?;
        me.record(conn, event(&obligation, action.as_str())).await?;
        let version = obligation.version;
        Reply::ok(&ReportObligationOut::from(obligation), version)
    })
    .await
}
