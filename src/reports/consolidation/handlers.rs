//! The consolidation over HTTP.

use super::document::{self, Gathered};
use super::dto::{ConsolidationOut, ConsolidationPaperQuery, ConsolidationQuery, ReportNarrative};
use super::queries::{self, AcceptedReport};
use super::rules;
use crate::auth::{Action, Scope};
use crate::call::Call;
use crate::campaigns;
use crate::db::Conn;
use crate::error::{AppError, ErrorCode, FieldError};
use crate::extract::{Id, Query};
use crate::ids::{CampaignId, OrgUnitId};
use crate::org_units;
use crate::org_units::letterhead::Letterhead;
use crate::paper;
use crate::plans;
use crate::reply::Reply;
use crate::reports;
use crate::reports::completeness::model::ReportFigures;
use crate::reports::forms::content::FormIndicator;
use actix_web::get;

/// Read the consolidation of a campaign's reports
///
/// The total of each indicator over the accepted reports of the caller's subtree, with the reports it is made of
/// (R17, III.1): a total always equals the sum of its sources. Nothing that is not accepted counts, and nothing twice: where an accepted report
/// speaks for its whole subtree, those below it are in it. The totals alone are had with `with_sources=false`, what one of them is made of
/// with its `code`.
#[utoipa::path(tag = "campaigns", params(("id" = CampaignId, Path, description = "The campaign"), ConsolidationQuery), responses((status = 200, body = ConsolidationOut)))]
#[get("/campaigns/{id}/consolidation")]
pub async fn get_consolidation(call: Call, id: Id<CampaignId>, query: Query<ConsolidationQuery>) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::ConsolidationRead)?;
    let campaign_scope = call.authorize(Action::CampaignRead)?;
    let ConsolidationQuery { with_narratives, with_sources, code, under_org_unit_id } = query.parse()?;
    let mut read = call
        .read_long(async |conn| {
            campaigns::queries::find(conn, &campaign_scope, id.0).await?;
            read(conn, &narrowed(conn, &scope, under_org_unit_id).await?, id.0).await
        })
        .await?;
    if let Some(code) = code {
        read.indicators.retain(|indicator| indicator.code == code);
        if read.indicators.is_empty() {
            return Err(AppError::field(FieldError::unknown_reference("?code")).in_query());
        }
    }
    let mut shown = out(&call, id.0, with_narratives, &read)?;
    if with_sources == Some(false) {
        shown.totals.iter_mut().for_each(|total| total.sources = None);
    }
    Reply::plain(&shown)
}

/// Write the document of the consolidation
///
/// The same figures and sources as `get_consolidation`: as a paper by decree 30/2020/NĐ-CP with number, date and name left open, and the
/// sources as an appendix (`docx`); as a workbook with a sheet for each level, whose totals are formulas (`xlsx`); or as one row for each
/// total and each source (`csv`).
#[utoipa::path(
    tag = "campaigns",
    params(("id" = CampaignId, Path, description = "The campaign"), ConsolidationPaperQuery),
    responses((
        status = 200,
        description = "The file.",
        content(
            (String = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
            (String = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
            (String = "text/csv", example = json!("Loại dòng,Mã chỉ tiêu,Chỉ tiêu,Đơn vị tính,Đơn vị báo cáo,Cấp,Số liệu,Cách xác định,Báo cáo nêu,Báo cáo không phát sinh,Báo cáo chưa nêu\r\ntổng,leaflets,Số tờ rơi,chiếc,,,1406,thống kê,1,0,0\r\nnguồn,leaflets,Số tờ rơi,chiếc,Ban Chỉ đạo 138 huyện Lục Yên,Cấp huyện,1406,thống kê,,,\r\n"))
        ),
        headers(("Content-Disposition" = String))
    ))
)]
#[get("/campaigns/{id}/consolidation/document")]
pub async fn get_consolidation_document(call: Call, id: Id<CampaignId>, query: Query<ConsolidationPaperQuery>) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::ConsolidationRead)?;
    let campaign_scope = call.authorize(Action::CampaignRead)?;
    let units_scope = call.authorize(Action::OrgUnitRead)?;
    let ConsolidationPaperQuery { format, with_narratives, under_org_unit_id } = query.parse()?;
    let (gathered, read) = call
        .read_long(async |conn| {
            let campaign = campaigns::queries::find(conn, &campaign_scope, id.0).await?;
            let scope = narrowed(conn, &scope, under_org_unit_id).await?;
            let read = read(conn, &scope, id.0).await?;
            let plan = plans::queries::top_plan(conn, id.0).await?;
            // Who sees less than the campaign's own body consolidates for its own.
            let whole = org_units::queries::find(conn, &units_scope, campaign.org_unit_id).await?;
            let issuer =
                if whole.path.starts_with(scope.prefix()) { whole.id } else { under_org_unit_id.unwrap_or(call.actor().org_unit_id) };
            let letterhead = Letterhead::of(conn, &units_scope, issuer).await?;
            let (figures, indicators) = (read.figures, read.indicators.clone());
            Ok((Gathered { campaign, plan, letterhead, figures, indicators }, read))
        })
        .await?;
    let shown = out(&call, id.0, with_narratives, &read)?;
    paper::reply(document::of(&gathered, &shown, &read.accepted)?, format).await
}

/// The scope, or the part of it below a body; 400 for a body out of it.
async fn narrowed(conn: &Conn, scope: &Scope, under: Option<OrgUnitId>) -> Result<Scope, AppError> {
    let Some(unit) = under else { return Ok(scope.clone()) };
    match org_units::queries::find_within(conn, scope, unit).await {
        Ok(unit) => Ok(scope.below(&unit.path)),
        Err(error) if error.code == ErrorCode::NotFound => {
            Err(AppError::field(FieldError::unknown_reference("?under_org_unit_id")).in_query())
        }
        Err(error) => Err(error),
    }
}

/// What the accepted reports of a scope add up to now, with the words of the reports for who may read them.
pub async fn added_up(conn: &Conn, call: &Call, scope: &Scope, campaign: CampaignId) -> Result<ConsolidationOut, AppError> {
    out(call, campaign, Some(true), &read(conn, scope, campaign).await?)
}

/// What is added up.
struct Read {
    figures: ReportFigures,
    indicators: Vec<FormIndicator>,
    accepted: Vec<AcceptedReport>,
    spoken_for: usize,
}

async fn read(conn: &Conn, scope: &Scope, campaign: CampaignId) -> Result<Read, AppError> {
    let figures = reports::completeness::queries::figures(conn, scope, campaign).await?;
    let published = reports::forms::queries::published(conn, scope, campaign).await?;
    let indicators = rules::indicators(published.into_iter().map(|form| form.content).collect());
    let (accepted, spoken_for) = queries::accepted(conn, scope, campaign).await?;
    Ok(Read { figures, indicators, accepted, spoken_for })
}

fn out(call: &Call, campaign_id: CampaignId, with_narratives: Option<bool>, read: &Read) -> Result<ConsolidationOut, AppError> {
    let has_narratives = with_narratives == Some(true) && call.actor().allows(Action::ReportRead).is_some();
    let Read { figures, indicators, accepted, spoken_for } = read;
    let mut totals = rules::totals(indicators, accepted)?;
    if !has_narratives {
        totals.iter_mut().for_each(|total| total.texts = None);
    }
    Ok(ConsolidationOut {
        campaign_id,
        as_of: call.now(),
        expected_count: figures.expected,
        accepted_count: i64::try_from(accepted.len()).map_err(AppError::internal)?,
        spoken_for_count: i64::try_from(*spoken_for).map_err(AppError::internal)?,
        totals,
        narratives: has_narratives.then(|| accepted.iter().filter_map(narrative).collect()),
    })
}

fn narrative(report: &AcceptedReport) -> Option<ReportNarrative> {
    let AcceptedReport { id, org_unit_id, org_unit_name, org_unit_level: _, figures: _, narrative } = report;
    let narrative = narrative.clone()?;
    Some(ReportNarrative { report_id: *id, org_unit_id: *org_unit_id, org_unit_name: org_unit_name.clone(), narrative })
}
