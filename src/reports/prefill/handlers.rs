//! Filling reports in from records, over HTTP.

use super::dto::{
    CorrectionIn, FigureRecordOut, FigureRecordQuery, PrefillIn, ReportCorrectionOut, ReportCorrectionQuery, ReportPrefillItem,
    ReportPrefillOut,
};
use super::model::{RecordedFigure, ReportCorrection, ReportPrefill};
use super::{queries, rules};
use crate::auth::Action;
use crate::call::Call;
use crate::error::AppError;
use crate::extract::{Body, Id, Query};
use crate::ids::ReportId;
use crate::pagination::Page;
use crate::reply::Reply;
use crate::reports;
use crate::reports::checks;
use crate::reports::dto::ReportOut;
use crate::reports::figures::{Figure, FigureForm, FiguresPatch};
use crate::reports::forms;
use crate::reports::handlers::{oddities, step};
use crate::reports::rules::Step;
use actix_web::{get, post};
use serde_json::json;
use std::collections::BTreeMap;
use uuid::Uuid;

/// Fill a report in
///
/// Writes what is recorded of the bodies that the report speaks for into the indicators that name a source: sites held, attendances counted at
/// check-in, gifts, commendations, models, opinions, spending. An indicator without any record is left as it is: nothing recorded is not zero.
/// What the reporter gave stays, unless it is asked for. What was recorded is kept beside what is reported, and a report that is then made to
/// say another number needs a reason before it is submitted (`corrections`).
#[utoipa::path(tag = "reports", params(("id" = ReportId, Path, description = "The report")), request_body = PrefillIn, responses((status = 200, body = ReportOut)))]
#[post("/reports/{id}/prefill")]
pub async fn prefill_report(call: Call, id: Id<ReportId>, body: Body<PrefillIn>) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::ReportWrite)?;
    let if_match = call.if_match()?;
    let PrefillIn { with_given } = body.parse()?;
    let own = scope.clone();
    step(call, scope, if_match, id.0, Step::Change, "prefilled", async move |conn, me, mut report| {
        let form = forms::queries::followed(conn, &own, report.campaign_id, report.form_id).await?;
        let recorded = queries::recorded(conn, &own, &report).await?;
        let before = queries::last_prefills(conn, &own, &report).await?;
        let changes = rules::filled(&form, &report.figures, &recorded, &before, with_given);
        report.figures = checks::merge(&form, report.figures, changes)?;
        let kept = rules::fed(&form).filter_map(|(indicator, source)| {
            let recorded = recorded.get(&source)?;
            Some(ReportPrefill {
                campaign_id: report.campaign_id,
                id: Uuid::now_v7(),
                report_id: report.id,
                indicator: indicator.code.to_string(),
                recorded_value: recorded.value,
                record_count: recorded.record_count,
                recorded_at: me.now(),
                recorded_by: me.actor().id,
            })
        });
        queries::insert_prefills(conn, &own, &kept.collect::<Vec<_>>()).await?;
        let warnings = oddities(me, &form, &report.figures);
        Ok((report, warnings))
    })
    .await
}

/// Compare a report with the records
///
/// Each indicator that follows from records: what is recorded now, what was when the report was filled in, what the report says, and why it
/// says otherwise.
#[utoipa::path(tag = "reports", params(("id" = ReportId, Path, description = "The report")), responses((status = 200, body = ReportPrefillOut)))]
#[get("/reports/{id}/prefill")]
pub async fn get_report_prefill(call: Call, id: Id<ReportId>) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::ReportRead)?;
    let (report, form, recorded, prefilled, corrected) = call
        .read(async |conn| {
            let report = reports::queries::find(conn, &scope, id.0).await?;
            let form = forms::queries::followed(conn, &scope, report.campaign_id, report.form_id).await?;
            let recorded = queries::recorded(conn, &scope, &report).await?;
            let prefilled = queries::last_prefills(conn, &scope, &report).await?;
            let corrected = queries::last_corrections(conn, &scope, &report).await?;
            Ok((report, form, recorded, prefilled, corrected))
        })
        .await?;
    let item = |(indicator, source): (&forms::content::FormIndicator, RecordedFigure)| {
        let code = indicator.code.as_str();
        let (now, last) = (recorded.get(&source), prefilled.get(code));
        let reported = report.figures.0.get(&indicator.code).and_then(Figure::value);
        let reason = corrected.get(code).filter(|row| Some(row.reported_value) == reported);
        ReportPrefillItem {
            indicator: indicator.code.clone(),
            name: indicator.name_vi.as_str().to_owned(),
            name_en: indicator.name_en.as_str().to_owned(),
            source,
            recorded: now.map(|recorded| recorded.value),
            record_count: now.map_or(0, |recorded| recorded.record_count),
            prefilled: last.map(|row| row.recorded_value),
            prefilled_at: last.map(|row| row.recorded_at),
            reported,
            correction_reason: reason.map(|row| row.reason.clone()),
            records_url: format!("/api/v1/reports/{}/records?figure={source}", report.id),
        }
    };
    let items = rules::fed(&form).map(item).collect();
    Reply::plain(&ReportPrefillOut { report_id: report.id, as_of: call.now(), items })
}

/// Correct a figure of a report
///
/// Makes the report say another number than was recorded, with the reason. Both numbers stay.
#[utoipa::path(tag = "reports", params(("id" = ReportId, Path, description = "The report")), request_body = CorrectionIn, responses((status = 200, body = ReportOut)))]
#[post("/reports/{id}/corrections")]
pub async fn correct_report(call: Call, id: Id<ReportId>, body: Body<CorrectionIn>) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::ReportWrite)?;
    let if_match = call.if_match()?;
    let CorrectionIn { indicator, value, basis, reason } = body.parse()?;
    let own = scope.clone();
    step(call, scope, if_match, id.0, Step::Change, "corrected", async move |conn, me, mut report| {
        let form = forms::queries::followed(conn, &own, report.campaign_id, report.form_id).await?;
        let prefilled = queries::last_prefills(conn, &own, &report).await?;
        let (_, recorded_value) = rules::corrected(&form, indicator.as_str(), &prefilled)?;
        let change = FigureForm { value: Some(value), basis, ..FigureForm::default() };
        report.figures = checks::merge(&form, report.figures, FiguresPatch(BTreeMap::from([(indicator.to_string(), Some(change))])))?;
        let correction = ReportCorrection {
            campaign_id: report.campaign_id,
            id: Uuid::now_v7(),
            report_id: report.id,
            indicator: indicator.to_string(),
            recorded_value,
            reported_value: value,
            reason: reason.as_str().to_owned(),
            corrected_at: me.now(),
            corrected_by: me.actor().id,
        };
        queries::insert_correction(conn, &own, &correction).await?;
        let warnings = oddities(me, &form, &report.figures);
        Ok((report, warnings))
    })
    .await
}

/// List the corrections of a report
///
/// Every time the report was made to say another number than was recorded; none is ever changed.
#[utoipa::path(tag = "reports", params(("id" = ReportId, Path, description = "The report"), ReportCorrectionQuery), responses((status = 200, body = Page<ReportCorrectionOut>)))]
#[get("/reports/{id}/corrections")]
pub async fn list_report_corrections(call: Call, id: Id<ReportId>, query: Query<ReportCorrectionQuery>) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::ReportRead)?;
    let (_, page) = query.parse_list(call.cursor_secret())?;
    let (rows, total) = call
        .read(async |conn| {
            let report = reports::queries::find(conn, &scope, id.0).await?;
            let total = if page.with_total { Some(queries::count_corrections(conn, &scope, &report).await?) } else { None };
            Ok((queries::list_corrections(conn, &scope, &report, &page).await?, total))
        })
        .await?;
    let (rows, next) = page.finish(rows, |row, sort| (if sort == "corrected_at" { json!(row.corrected_at) } else { json!(null) }, row.id));
    page.reply(rows.into_iter().map(ReportCorrectionOut::from).collect(), next, total)
}

/// List the records that a figure counts
///
/// Of the bodies that the report speaks for, as they are now; the amounts add up to `recorded` of the comparison.
#[utoipa::path(tag = "reports", params(("id" = ReportId, Path, description = "The report"), FigureRecordQuery), responses((status = 200, body = Page<FigureRecordOut>)))]
#[get("/reports/{id}/records")]
pub async fn list_report_records(call: Call, id: Id<ReportId>, query: Query<FigureRecordQuery>) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::ReportRead)?;
    let (filter, page) = query.parse_list(call.cursor_secret())?;
    let figure = filter.figure.unwrap_or(RecordedFigure::AttendanceCount);
    let (rows, total) = call
        .read(async |conn| {
            let report = reports::queries::find(conn, &scope, id.0).await?;
            let total = if page.with_total { Some(queries::count_records(conn, &scope, &report, figure).await?) } else { None };
            Ok((queries::records(conn, &scope, &report, figure, &page).await?, total))
        })
        .await?;
    let (rows, next) = page.finish(rows, |row, _| (json!(null), row.id));
    page.reply(rows.into_iter().map(FigureRecordOut::from).collect(), next, total)
}
