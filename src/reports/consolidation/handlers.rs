//! The consolidation over HTTP.

use super::dto::{ConsolidationOut, ConsolidationQuery, ReportNarrative};
use super::queries::{self, AcceptedReport};
use super::rules;
use crate::auth::Action;
use crate::call::Call;
use crate::campaigns;
use crate::error::AppError;
use crate::extract::{Id, Query};
use crate::ids::CampaignId;
use crate::reply::Reply;
use crate::reports;
use crate::reports::indicators::Indicator;
use actix_web::get;

/// Read the consolidation of a campaign's reports
///
/// The total of each indicator over the accepted reports of the caller's subtree, with the reports it is made of
/// (R17, III.1): a total always equals the sum of its sources. Nothing that is not accepted counts.
#[utoipa::path(tag = "campaigns", params(("id" = CampaignId, Path, description = "The campaign"), ConsolidationQuery), responses((status = 200, body = ConsolidationOut)))]
#[get("/campaigns/{id}/consolidation")]
pub async fn get_consolidation(call: Call, id: Id<CampaignId>, query: Query<ConsolidationQuery>) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::ConsolidationRead)?;
    let campaign_scope = call.authorize(Action::CampaignRead)?;
    let ConsolidationQuery { with_narratives } = query.parse()?;
    let has_narratives = with_narratives == Some(true) && call.actor().allows(Action::ReportRead).is_some();
    let (figures, accepted) = call
        .read_long(async |conn| {
            campaigns::queries::find(conn, &campaign_scope, id.0).await?;
            let figures = reports::queries::figures(conn, &scope, id.0).await?;
            Ok((figures, queries::accepted(conn, &scope, id.0).await?))
        })
        .await?;
    let totals = Indicator::ALL.iter().map(|indicator| rules::total(*indicator, &accepted)).collect::<Result<_, _>>()?;
    Reply::plain(&ConsolidationOut {
        campaign_id: id.0,
        as_of: call.now(),
        expected_count: figures.expected,
        accepted_count: i64::try_from(accepted.len()).map_err(AppError::internal)?,
        totals,
        narratives: has_narratives.then(|| accepted.into_iter().filter_map(narrative).collect()),
    })
}

fn narrative(report: AcceptedReport) -> Option<ReportNarrative> {
    let AcceptedReport { id, org_unit_id, org_unit_name, figures: _, narrative } = report;
    narrative.map(|narrative| ReportNarrative { report_id: id, org_unit_id, org_unit_name, narrative })
}
