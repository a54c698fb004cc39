//! The results of a campaign over HTTP.

use super::dto::{CampaignResultsOut, ResultsQuery};
use super::{ledgers, queries};
use crate::auth::Action;
use crate::call::Call;
use crate::campaigns;
use crate::error::AppError;
use crate::extract::{Id, Query};
use crate::ids::CampaignId;
use crate::reply::Reply;
use actix_web::get;

/// Results of a campaign
///
/// The totals of commendations, gifts, models, media items, pledges, opinions, obstacles and money, all counted at one
/// moment: what the bodies in the caller's reach recorded, or one of them with those below it. Each total leads to the
/// list that it adds up. No personal data.
#[utoipa::path(tag = "campaigns", params(("id" = CampaignId, Path, description = "The campaign"), ResultsQuery), responses((status = 200, body = CampaignResultsOut)))]
#[get("/campaigns/{id}/results")]
pub async fn get_campaign_results(call: Call, id: Id<CampaignId>, query: Query<ResultsQuery>) -> Result<Reply, AppError> {
    let campaign_scope = call.authorize(Action::CampaignRead)?;
    let scope = call.authorize(Action::DashboardRead)?;
    let ResultsQuery { org_unit_id } = query.parse()?;
    let now = call.now();
    let (campaign, rows) = call
        .read_long(async |conn| {
            let campaign = campaigns::queries::find(conn, &campaign_scope, id.0).await?;
            let rows = queries::totals(conn, &scope, campaign.id, org_unit_id, now).await?;
            Ok((campaign, rows))
        })
        .await?;
    let totals = ledgers::totals(&rows, (campaign.id, org_unit_id), call.language());
    let (attendance_count, cost_per_attendance_vnd) = ledgers::attendance(&rows);
    Reply::plain(&CampaignResultsOut {
        campaign_id: campaign.id,
        org_unit_id,
        as_of: now,
        totals,
        attendance_count,
        cost_per_attendance_vnd,
    })
}
