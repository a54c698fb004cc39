//! The overview over HTTP.

use super::dto::{
    ActivityFigures, DistrictNominations, GuestFigures, HeadCountFigures, NominationFigures, OverviewCampaign, OverviewLinks, OverviewOut,
    OverviewQuery, ReportStateFigures, SiteFigures,
};
use super::queries::{self, OverviewRow};
use crate::auth::{Action, Scope};
use crate::call::Call;
use crate::campaigns;
use crate::campaigns::model::Campaign;
use crate::clock::Clock;
use crate::db::{Conn, Db};
use crate::error::{AppError, FieldError};
use crate::extract::Query;
use crate::group_read::GroupRead;
use crate::ids::{CampaignId, OrgUnitId};
use crate::org_units;
use crate::problem::Problem404;
use crate::reply::Reply;
use crate::reports::completeness::model::percent;
use actix_web::get;
use actix_web::web::Data;
use chrono::{DateTime, Utc};
use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

/// What makes two overviews the same: what is counted and seen, campaign and body.
type Key = (Scope, Scope, Option<CampaignId>, Option<OrgUnitId>);

/// Overviews of one worker: those under way, and the last ones with the snapshot they were read in.
#[derive(Default)]
pub struct Overviews {
    running: Rc<GroupRead<Key, Reply>>,
    last: Rc<RefCell<HashMap<Key, (String, OverviewOut)>>>,
}

/// Overviews that are remembered at the most.
const REMEMBERED: usize = 256;

/// Read the figures of a campaign
///
/// One call for a wall screen: sites by state, nominations by district, activities, guests, reports and their
/// completeness, as far as the caller's scope goes. All figures are of one instant and exact at it; `links` names the
/// lists that they count. Without personal data.
#[utoipa::path(tag = "dashboards", params(OverviewQuery), responses((status = 200, body = OverviewOut), (status = 404, response = Problem404)))]
#[get("/dashboard/overview")]
pub async fn get_overview(call: Call, overviews: Data<Overviews>, query: Query<OverviewQuery>) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::DashboardRead)?;
    let campaigns = call.authorize(Action::CampaignRead)?;
    let OverviewQuery { campaign_id, org_unit_id } = query.parse()?;
    let key = (scope.clone(), campaigns.clone(), campaign_id, org_unit_id);
    let question = Rc::new(Question {
        key: key.clone(),
        last: Rc::clone(&overviews.last),
        db: call.shared_db().clone(),
        clock: call.clock().clone(),
        scope,
        campaigns,
        campaign_id,
        org_unit_id,
    });
    let read = move || {
        let question = Rc::clone(&question);
        async move { question.answer().await }
    };
    overviews.running.get(key, read).await.map(|reply| Reply::clone(&reply))
}

struct Question {
    key: Key,
    last: Rc<RefCell<HashMap<Key, (String, OverviewOut)>>>,
    db: Data<Db>,
    clock: Clock,
    scope: Scope,
    campaigns: Scope,
    campaign_id: Option<CampaignId>,
    org_unit_id: Option<OrgUnitId>,
}

impl Question {
    /// While no transaction has ended since the last answer, that answer is exact and costs no sums.
    async fn answer(&self) -> Result<Reply, AppError> {
        let as_of = self.clock.now();
        let before = self.db.read(async |conn| queries::snapshot(conn).await).await?;
        if let Some((snapshot, overview)) = self.last.borrow_mut().get_mut(&self.key)
            && *snapshot == before
        {
            overview.as_of = as_of;
            return Reply::page(overview, 4);
        }
        let (campaign, mut row) = self.db.read(async |conn| self.ask(conn).await).await?;
        let snapshot = std::mem::take(&mut row.snapshot);
        let overview = overview(as_of, campaign, self.org_unit_id, row)?;
        let reply = Reply::page(&overview, 4)?;
        // Only if the campaign and the figures were read in one and the same snapshot.
        if snapshot == before {
            let mut last = self.last.borrow_mut();
            if last.len() >= REMEMBERED {
                last.clear();
            }
            last.insert(self.key.clone(), (snapshot, overview));
        }
        Ok(reply)
    }

    async fn ask(&self, conn: &Conn) -> Result<(Campaign, OverviewRow), AppError> {
        let campaign = match self.campaign_id {
            Some(id) => campaigns::queries::find(conn, &self.campaigns, id).await?,
            None => queries::latest_campaign(conn, &self.campaigns).await?,
        };
        if let Some(unit) = self.org_unit_id {
            check_unit(conn, &self.scope, unit).await?;
        }
        let row = queries::overview(conn, &self.scope, &campaign, self.org_unit_id).await?;
        Ok((campaign, row))
    }
}

/// A body that a query names: 400 naming the parameter when it is not in scope.
pub(super) async fn check_unit(conn: &Conn, scope: &Scope, unit: OrgUnitId) -> Result<(), AppError> {
    org_units::queries::find_reference(conn, scope, unit, "?org_unit_id").await.map_err(|error| AppError {
        code: crate::error::ErrorCode::InvalidParameter,
        errors: vec![FieldError::unknown_reference("?org_unit_id")],
        ..error
    })
}

fn overview(as_of: DateTime<Utc>, campaign: Campaign, unit: Option<OrgUnitId>, row: OverviewRow) -> Result<OverviewOut, AppError> {
    let districts: Vec<DistrictNominations> = serde_json::from_value(row.districts).map_err(AppError::internal)?;
    let Campaign {
        id, name, year, state, event_from, event_to, report_due_before, provincial_pilot_count, min_district_nominations, ..
    } = campaign;
    Ok(OverviewOut {
        as_of,
        org_unit_id: unit,
        sites: SiteFigures {
            total: row.total,
            draft: row.draft,
            nominated: row.nominated,
            shortlisted: row.shortlisted,
            selected: row.selected,
            not_selected: row.not_selected,
            scheduled: row.scheduled,
            held: row.held,
            closed: row.closed,
            provincial_pilots: row.provincial_pilots,
            provincial_pilots_required: provincial_pilot_count,
        },
        nominations: NominationFigures {
            required_of_each: min_district_nominations,
            missing_count: districts.iter().filter(|district| district.is_missing).count(),
            districts,
        },
        activities: ActivityFigures {
            total: row.activities,
            planned: row.activities_planned,
            held: row.activities_held,
            cancelled: row.activities_cancelled,
        },
        guests: GuestFigures {
            listed: row.listed,
            invited: row.invited,
            accepted: row.accepted,
            declined: row.declined,
            entries: row.entries,
            persons: row.persons,
            present: row.present,
        },
        head_counts: HeadCountFigures { counted_sites: row.counted_sites, highest_sum: row.highest_sum },
        reports: ReportStateFigures {
            expected: row.expected,
            submitted: row.submitted,
            in_time: row.in_time,
            late: row.late,
            waiting: row.waiting,
            returned: row.returned,
            accepted: row.reports_accepted,
            missing: row.expected - row.submitted,
            completeness_percent: percent(row.submitted, row.expected),
        },
        links: links(id, unit),
        campaign: OverviewCampaign { id, name, year, state, event_from, event_to, report_due_before },
    })
}

fn links(campaign: CampaignId, unit: Option<OrgUnitId>) -> OverviewLinks {
    let under = unit.map_or_else(String::new, |unit| format!("under_org_unit_id={unit}"));
    let list = |path: &str| {
        let and = if under.is_empty() { "" } else { "&" };
        format!("/api/v1/{path}?campaign_id={campaign}{and}{under}")
    };
    let of_campaign = |path: &str| {
        let with = if under.is_empty() { "" } else { "?" };
        format!("/api/v1/campaigns/{campaign}/{path}{with}{under}")
    };
    let map_unit = unit.map_or_else(String::new, |unit| format!("&org_unit_id={unit}"));
    OverviewLinks {
        sites: list("sites"),
        nominations: of_campaign("nominations"),
        activities: list("activities"),
        participants: list("participants"),
        head_counts: format!("{}&is_superseded=false", list("head-counts")),
        reports: of_campaign("completeness"),
        map: format!("/api/v1/map/sites.geojson?campaign_id={campaign}{map_unit}"),
    }
}
