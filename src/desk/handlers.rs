//! The desk over HTTP.

use super::counts::{self, Scopes, Window};
use super::dto::{DeskCount, DeskItem, DeskItemQuery, DeskOut, DeskQuery};
use super::items::{self, Waiting};
use super::labels;
use crate::auth::{Action, Scope};
use crate::call::Call;
use crate::campaigns;
use crate::clock;
use crate::db::Conn;
use crate::error::AppError;
use crate::extract::{Id, Query};
use crate::ids::CampaignId;
use crate::pagination::Page;
use crate::reply::Reply;
use crate::reports::obligations;
use actix_web::get;
use chrono::{DateTime, Duration, Utc};
use serde_json::json;

/// Days before a limit from which on it is near.
const DUE_WITHIN_DAYS: u32 = 7;

/// Read the desk of a campaign
///
/// For those who receive reports, the province or a district: what came in, what waits for them, what was returned, what is overdue or due
/// soon, and what else is without an answer. Every count has the link to the list that it is the total of.
#[utoipa::path(tag = "campaigns", params(("id" = CampaignId, Path, description = "The campaign"), DeskQuery), responses((status = 200, body = DeskOut)))]
#[get("/campaigns/{id}/desk")]
pub async fn get_desk(call: Call, id: Id<CampaignId>, query: Query<DeskQuery>) -> Result<Reply, AppError> {
    let reach = Reach::of(&call)?;
    let DeskQuery { since, due_within_days } = query.parse()?;
    let now = call.now();
    let since = clock::to_micros(since.unwrap_or_else(|| clock::start_of_day(clock::local_date(now))));
    let due_until = clock::to_micros(now + Duration::days(i64::from(due_within_days.unwrap_or(DUE_WITHIN_DAYS))));
    let (window, counted) = call
        .read_long(async |conn| {
            let window = reach.window(conn, &call, id.0, (since, due_until)).await?;
            Ok((window, counts::all(conn, &reach.lists, &window).await?))
        })
        .await?;
    let count = |(code, count, href)| DeskCount { code, name: labels::name(code).in_language(call.language()), count, href };
    Reply::plain(&DeskOut {
        campaign_id: window.campaign,
        receiver_org_unit_id: window.receiver,
        as_of: now,
        since: window.since,
        due_until: window.due_until,
        counts: counted.into_iter().map(count).collect(),
    })
}

/// List what waits
///
/// In one list, whatever it is: reports to be accepted or returned, reports that were returned and have not come again, reports and duties
/// overdue, plans missing, opinions and obstacles without an answer. With `code` it is what one count of the desk counts.
#[utoipa::path(tag = "campaigns", params(("id" = CampaignId, Path, description = "The campaign"), DeskItemQuery), responses((status = 200, body = Page<DeskItem>)))]
#[get("/campaigns/{id}/desk/items")]
pub async fn list_desk_items(call: Call, id: Id<CampaignId>, query: Query<DeskItemQuery>) -> Result<Reply, AppError> {
    let reach = Reach::of(&call)?;
    let (filter, page) = query.parse_list(call.cursor_secret())?;
    let now = call.now();
    let (rows, total) = call
        .read_long(async |conn| {
            let window = reach.window(conn, &call, id.0, (now, now)).await?;
            let total = if page.with_total { Some(items::count(conn, &reach.lists, &window, &filter).await?) } else { None };
            Ok((items::list(conn, &reach.lists, &window, &filter, &page).await?, total))
        })
        .await?;
    let (rows, next) = page.finish(rows, |row, sort| {
        let key = if sort == "waiting_since" { json!(row.waiting_since) } else { json!(null) };
        (key, row.id)
    });
    let item = |row: Waiting| {
        let Waiting { code, resource, id, org_unit_id, org_unit_name, title, waiting_since, due_before } = row;
        DeskItem {
            id,
            code,
            name: labels::name(code.into()).in_language(call.language()),
            href: format!("/api/v1/{resource}/{id}"),
            resource,
            org_unit_id,
            org_unit_name,
            title,
            waiting_since,
            due_before,
            is_overdue: due_before.is_some_and(|limit| clock::is_late(now, limit)),
        }
    };
    page.reply(rows.into_iter().map(item).collect(), next, total)
}

/// How far a caller sees at the desk.
struct Reach {
    campaigns: Scope,
    receiving: Scope,
    lists: Scopes,
}

impl Reach {
    /// The desk is for who receives; each list goes as far as the caller may read it.
    fn of(call: &Call) -> Result<Self, AppError> {
        Ok(Self {
            receiving: call.authorize(Action::ReportReceive)?,
            campaigns: call.authorize(Action::CampaignRead)?,
            lists: Scopes {
                reports: call.authorize(Action::ReportRead)?,
                plans: call.authorize(Action::PlanRead)?,
                duties: call.authorize(Action::DutyRead)?,
                results: call.authorize(Action::ResultRead)?,
            },
        })
    }

    async fn window(
        &self,
        conn: &Conn,
        call: &Call,
        campaign: CampaignId,
        (since, due_until): (DateTime<Utc>, DateTime<Utc>),
    ) -> Result<Window, AppError> {
        let campaign = campaigns::queries::find(conn, &self.campaigns, campaign).await?;
        let receiver = obligations::queries::receiver(conn, &self.receiving, &campaign, call.actor().org_unit_id).await?;
        Ok(Window { campaign: campaign.id, receiver, since, due_until, now: call.now() })
    }
}
