//! The desk over HTTP.

use super::counts::{self, Scopes, Window};
use super::dto::{DeskCount, DeskOut, DeskQuery};
use super::labels;
use crate::auth::Action;
use crate::call::Call;
use crate::campaigns;
use crate::clock;
use crate::error::AppError;
use crate::extract::{Id, Query};
use crate::ids::CampaignId;
use crate::reply::Reply;
use actix_web::get;
use chrono::Duration;

/// Days before a limit from which on it is near.
const DUE_WITHIN_DAYS: u32 = 7;

/// Read the desk of a campaign
///
/// For those who receive reports: what came in, what waits for them, what was returned, what is overdue or due soon, and
/// what else is without an answer. Every count has the link to the list that it is the total of.
#[utoipa::path(tag = "campaigns", params(("id" = CampaignId, Path, description = "The campaign"), DeskQuery), responses((status = 200, body = DeskOut)))]
#[get("/campaigns/{id}/desk")]
pub async fn get_desk(call: Call, id: Id<CampaignId>, query: Query<DeskQuery>) -> Result<Reply, AppError> {
    // The desk is for who receives; each list goes as far as the caller may read it.
    call.authorize(Action::ReportReceive)?;
    let campaign_scope = call.authorize(Action::CampaignRead)?;
    let scopes = Scopes {
        reports: call.authorize(Action::ReportRead)?,
        plans: call.authorize(Action::PlanRead)?,
        duties: call.authorize(Action::DutyRead)?,
        results: call.authorize(Action::ResultRead)?,
    };
    let DeskQuery { since, due_within_days } = query.parse()?;
    let now = call.now();
    let window = Window {
        campaign: id.0,
        since: clock::to_micros(since.unwrap_or_else(|| clock::start_of_day(clock::local_date(now)))),
        due_until: clock::to_micros(now + Duration::days(i64::from(due_within_days.unwrap_or(DUE_WITHIN_DAYS)))),
        now,
    };
    let counted = call
        .read_long(async |conn| {
            campaigns::queries::find(conn, &campaign_scope, window.campaign).await?;
            counts::all(conn, &scopes, &window).await
        })
        .await?;
    let count = |(code, count, href)| DeskCount { code, name: labels::name(code).in_language(call.language()), count, href };
    Reply::plain(&DeskOut {
        campaign_id: window.campaign,
        as_of: now,
        since: window.since,
        due_until: window.due_until,
        counts: counted.into_iter().map(count).collect(),
    })
}
