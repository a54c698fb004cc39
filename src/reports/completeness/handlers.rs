//! Completeness over HTTP.

use super::dto::{CompletenessOut, CompletenessQuery, ExpectedReport, KindCompleteness};
use super::model::ReportFigures;
use crate::auth::Action;
use crate::call::Call;
use crate::campaigns;
use crate::error::AppError;
use crate::extract::{Id, Query};
use crate::ids::CampaignId;
use crate::reply::Reply;
use crate::reports::obligations;
use crate::reports::obligations::model::Standing;
use actix_web::get;

/// Read the completeness of a campaign's reports
///
/// Who of the caller's subtree owes a report, who has delivered, who in time (R2, III.3). A report counts as
/// submitted once it has been, even while it is returned; what nobody owes is not counted, so nothing passes 100 %.
#[utoipa::path(tag = "campaigns", params(("id" = CampaignId, Path, description = "The campaign"), CompletenessQuery), responses((status = 200, body = CompletenessOut)))]
#[get("/campaigns/{id}/completeness")]
pub async fn get_completeness(call: Call, id: Id<CampaignId>, query: Query<CompletenessQuery>) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::ConsolidationRead)?;
    let campaign_scope = call.authorize(Action::CampaignRead)?;
    let CompletenessQuery { state, under_org_unit_id } = query.parse()?;
    let now = call.now();
    // One statement gives the items, and the counts are made from them: they cannot disagree.
    let standings = call
        .read_long(async |conn| {
            campaigns::queries::find(conn, &campaign_scope, id.0).await?;
            obligations::queries::of_campaign(conn, &scope, id.0, under_org_unit_id).await
        })
        .await?;
    let mut kinds: Vec<(String, ReportFigures)> = Vec::new();
    for standing in &standings {
        match kinds.iter_mut().find(|(kind, _)| *kind == standing.org_unit_kind) {
            Some((_, figures)) => *figures = counted(*figures, standing),
            None => kinds.push((standing.org_unit_kind.clone(), counted(ReportFigures::default(), standing))),
        }
    }
    let figures = standings.iter().fold(ReportFigures::default(), counted);
    let (completeness_percent, timeliness_percent) = (figures.completeness_percent(), figures.timeliness_percent());
    let ReportFigures { expected, submitted, in_time, late, returned, accepted, missing, draft } = figures;
    let items = standings.into_iter().filter(|standing| state.is_none_or(|state| standing.delivery() == state));
    Reply::plain(&CompletenessOut {
        campaign_id: id.0,
        as_of: now,
        completeness_percent,
        timeliness_percent,
        expected_count: expected,
        submitted_count: submitted,
        in_time_count: in_time,
        late_count: late,
        returned_count: returned,
        accepted_count: accepted,
        missing_count: missing,
        draft_count: draft,
        by_kind: kinds.into_iter().map(|(org_unit_kind, figures)| KindCompleteness { org_unit_kind, figures: figures.into() }).collect(),
        items: items.map(|standing| ExpectedReport::new(standing, now)).collect(),
    })
}

fn counted(figures: ReportFigures, standing: &Standing) -> ReportFigures {
    figures.with(standing.delivery().report_state(), standing.is_late(), 1)
}
