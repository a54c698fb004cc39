//! Reports over HTTP.

use super::checks;
use super::dto::{
    ReportIn, ReportIndicatorOut, ReportIndicatorQuery, ReportIndicatorsOut, ReportOut, ReportPatch, ReportQuery, ReportVersionOut,
    ReportVersionQuery, ReturnIn,
};
use super::figures::Figures;
use super::forms;
use super::forms::content::FormContent;
use super::life;
use super::life::model::{FieldComments, ReportStep, Taken};
use super::model::{Report, ReportState, ReportVersion};
use super::obligations;
use super::prefill;
use super::prefill::model::ReportCoverage;
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

/// A change of a report, for the feed.
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

/// What looks odd in figures, and is kept.
pub fn oddities(call: &Call, form: &FormContent, figures: &Figures) -> Vec<Warning> {
    checks::oddities(form, figures).iter().map(|(code, text)| Warning::new(code, text, None, call.language())).collect()
}

/// List the indicators of a report
///
/// The indicators of a campaign's current form, each with its name and unit; without a campaign, those of the form that every campaign
/// begins with. Attendances (“lượt”) are visits, never persons (S117).
#[utoipa::path(tag = "reports", params(ReportIndicatorQuery), responses((status = 200, body = ReportIndicatorsOut)))]
#[get("/report-indicators")]
pub async fn list_report_indicators(call: Call, query: Query<ReportIndicatorQuery>) -> Result<Reply, AppError> {
    // Who sees a campaign sees what it counts.
    let scope = call.authorize(Action::CampaignRead)?;
    let ReportIndicatorQuery { campaign_id } = query.parse()?;
    let form = match campaign_id {
        None => FormContent::first().map_err(AppError::internal)?,
        Some(id) => {
            let current = async |conn: &Conn| {
                campaigns::queries::find(conn, &scope, id)
                    .await
                    .map_err(|error| error.into_unknown_reference("?campaign_id").in_query())?;
                forms::queries::current(conn, &scope, id).await
            };
            call.read(current).await?.content
        }
    };
    Reply::plain(&ReportIndicatorsOut { items: form.indicators.into_iter().map(ReportIndicatorOut::from).collect() })
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
/// A draft under an obligation of a body in the caller's subtree; an obligation has one report. It follows the form that is current in the
/// campaign, which its figures are checked by.
#[utoipa::path(tag = "reports", request_body = ReportIn, responses((status = 201, body = ReportOut)))]
#[post("/reports")]
pub async fn create_report(call: Call, body: Body<ReportIn>) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::ReportWrite)?;
    let ReportIn { obligation_id, figures, narrative, coverage } = body.parse()?;
    let narrative = narrative.map(String::from);
    let me = call.clone();
    call.write(async move |conn| {
        let obligation = obligations::queries::find_reference(conn, &scope, obligation_id, "/obligation_id").await?;
        campaigns::queries::hold_open(conn, obligation.campaign_id).await?;
        let form = forms::queries::current(conn, &scope, obligation.campaign_id).await?;
        let now = me.now();
        let report = Report {
            campaign_id: obligation.campaign_id,
            id: ReportId::new(),
            obligation_id,
            org_unit_id: obligation.org_unit_id,
            state: ReportState::Draft,
            figures: checks::merge(&form.content, Figures::default(), figures.clone().into())?,
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
            form_id: form.id,
            coverage: coverage.unwrap_or(ReportCoverage::Own),
            is_nil: None,
            return_comments: FieldComments::default(),
            locked_at: None,
        };
        queries::insert(conn, &scope, &report).await?;
        life::queries::insert(conn, &scope, &ReportStep::new(&report, "created", None, None, taken(&me))).await?;
        me.record(conn, event(&report, "created", None)).await?;
        let (id, version, warnings) = (report.id, report.version, oddities(&me, &form.content, &report.figures));
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
/// indicator at a time; null takes an indicator out. A warning `newer_form` says that the campaign has published another form since.
#[utoipa::path(tag = "reports", params(("id" = ReportId, Path, description = "The report")), request_body = ReportPatch, responses((status = 200, body = ReportOut)))]
#[patch("/reports/{id}")]
pub async fn update_report(call: Call, id: Id<ReportId>, body: Body<ReportPatch>) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::ReportWrite)?;
    let if_match = call.if_match()?;
    let patch = body.parse()?;
    let own = scope.clone();
    step(call, scope, if_match, id.0, Step::Change, "updated", async move |conn, me, mut report| {
        let ReportPatch { figures, narrative, coverage } = patch.clone();
        let form = forms::queries::followed(conn, &own, report.campaign_id, report.form_id).await?;
        if let Patch::Value(changes) = figures {
            report.figures = checks::merge(&form, report.figures, changes)?;
        }
        report.narrative = narrative.map(String::from).or_keep(report.narrative.take());
        report.coverage = coverage.or_current(report.coverage);
        let warnings = oddities(me, &form, &report.figures);
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
        life::queries::insert(conn, &scope, &ReportStep::deleted(&report, taken(&me))).await?;
        me.record(conn, event(&report, "deleted", Some(report.state))).await?;
        Ok(Reply::no_content())
    })
    .await
}

/// Adopt the current form
///
/// A draft or a returned report follows the version of the form that is current now. Its figures are checked by it: one that it does not ask
/// for, or asks for in another way, is named (422) and is to be taken out or corrected first. Nothing happens by itself: a form does not change
/// under the hands of who fills it in.
#[utoipa::path(tag = "reports", params(("id" = ReportId, Path, description = "The report")), responses((status = 200, body = ReportOut)))]
#[post("/reports/{id}/adopt-form")]
pub async fn adopt_report_form(call: Call, id: Id<ReportId>) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::ReportWrite)?;
    let if_match = call.if_match()?;
    let own = scope.clone();
    step(call, scope, if_match, id.0, Step::AdoptForm, "form_adopted", async move |conn, me, mut report| {
        let form = forms::queries::current(conn, &own, report.campaign_id).await?;
        report.figures = checks::adopt(&form.content, report.figures)?;
        report.form_id = form.id;
        let warnings = oddities(me, &form.content, &report.figures);
        Ok((report, warnings))
    })
    .await
}

/// Submit a report
///
/// Sends it to the desk of the movement division (R2, III.3) and keeps a snapshot, readable at `versions`. It needs
/// what its form requires (in the first form `sites_held` and `attendance_count`), each an answer or a nil return, and a reason for each figure
/// that is another one than was filled in from records. In time is what was first
/// submitted before the limit; later it is kept and marked late, and the answer says so with the clause. It is refused (422) before the
/// opening, and after the closing without an extension, where the plan has such.
#[utoipa::path(tag = "reports", params(("id" = ReportId, Path, description = "The report")), responses((status = 200, body = ReportOut)))]
#[post("/reports/{id}/submit")]
pub async fn submit_report(call: Call, id: Id<ReportId>) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::ReportWrite)?;
    let if_match = call.if_match()?;
    let own = scope.clone();
    step(call, scope, if_match, id.0, Step::Submit, "submitted", async move |conn, me, mut report| {
        let form = forms::queries::followed(conn, &own, report.campaign_id, report.form_id).await?;
        checks::check_complete(&form, &report.figures)?;
        let prefilled = prefill::queries::last_prefills(conn, &own, &report).await?;
        let corrected = prefill::queries::last_corrections(conn, &own, &report).await?;
        prefill::rules::check_reasons(&form, &report.figures, &prefilled, &corrected)?;
        let obligation = obligations::queries::of_report(conn, &own, &report).await?;
        let now = me.now();
        if let Err(error) = obligations::rules::check_open(&obligation, now) {
            let rule = plans::queries::rule_ref(conn, report.campaign_id, Cited::ReportLimit).await?.or(obligation.rule());
            return Err(error.under_rule(rule));
        }
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
            form_id: report.form_id,
            coverage: report.coverage,
        };
        queries::insert_version(conn, &own, &version).await?;
        let mut warnings = oddities(me, &form, &report.figures);
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
/// With a comment on what is to be put right, and with comments by field where that helps. The snapshot of what was submitted stays, and so does its mark of time.
#[utoipa::path(tag = "reports", params(("id" = ReportId, Path, description = "The report")), request_body = ReturnIn, responses((status = 200, body = ReportOut)))]
#[post("/reports/{id}/return")]
pub async fn return_report(call: Call, id: Id<ReportId>, body: Body<ReturnIn>) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::ReportReceive)?;
    let if_match = call.if_match()?;
    let ReturnIn { comment, comments } = body.parse()?;
    let own = scope.clone();
    step(call, scope, if_match, id.0, Step::Return, "returned", async move |conn, me, mut report| {
        rules::check_not_own(&report, me.actor().org_unit_id)?;
        obligations::queries::check_receiver(conn, &own, report.campaign_id, report.obligation_id).await?;
        let form = forms::queries::followed(conn, &own, report.campaign_id, report.form_id).await?;
        report.return_comments = life::rules::comments(&form, comments.clone())?;
        report.state = ReportState::Returned;
        report.return_comment = Some(comment.as_str().to_owned());
        report.returned_at = Some(me.now());
        Ok((report, Vec::new()))
    })
    .await
}

/// Accept a report
///
/// From then on it counts in the consolidation and does not change. Nobody accepts the report of their own unit, nor one that they submitted
/// themselves for another.
#[utoipa::path(tag = "reports", params(("id" = ReportId, Path, description = "The report")), responses((status = 200, body = ReportOut)))]
#[post("/reports/{id}/accept")]
pub async fn accept_report(call: Call, id: Id<ReportId>) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::ReportReceive)?;
    let if_match = call.if_match()?;
    let own = scope.clone();
    step(call, scope, if_match, id.0, Step::Accept, "accepted", async move |conn, me, mut report| {
        rules::check_not_own(&report, me.actor().org_unit_id)?;
        obligations::queries::check_receiver(conn, &own, report.campaign_id, report.obligation_id).await?;
        rules::check_not_submitter(queries::is_submitter(conn, &own, &report, me.actor().id).await?)?;
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

/// Who acts, and when, for the history.
pub fn taken(me: &Call) -> Taken {
    Taken { by: me.actor().id, at: me.now() }
}

/// One step: lock, compare the version, check that the campaign is open and the state, change, save, write down, record.
pub async fn step(
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
        let (report, mut warnings) = change(conn, &me, report).await?;
        let report = queries::save(conn, &scope, report, me.now()).await?;
        life::queries::record(conn, &scope, &report, action, Some(from), taken(&me)).await?;
        me.record(conn, event(&report, action, Some(from))).await?;
        if matches!(step, Step::Change | Step::Submit) {
            let current = forms::queries::current(conn, &scope, report.campaign_id).await?;
            warnings.extend((current.id != report.form_id).then(|| Warning::new("newer_form", &rules::newer_form(), None, me.language())));
        }
        let version = report.version;
        Reply::ok(&ReportOut::new(report, warnings), version)
    })
    .await
}
