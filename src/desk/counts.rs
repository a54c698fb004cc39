//! The counts of the desk. Each is the total of a list, asked of the list's own statement with the filter of its link, so
//! that a count and what it opens cannot be two things.

use super::dto::DeskCode;
use crate::auth::Scope;
use crate::db::Conn;
use crate::duties;
use crate::duties::dto::DutyQuery;
use crate::error::AppError;
use crate::ids::{CampaignId, OrgUnitId};
use crate::obstacles;
use crate::obstacles::dto::ObstacleQuery;
use crate::obstacles::model::ObstacleState;
use crate::opinions;
use crate::opinions::dto::OpinionQuery;
use crate::opinions::model::OpinionState;
use crate::plans;
use crate::plans::obligations::dto::PlanObligationQuery;
use crate::plans::obligations::model::PlanDelivery;
use crate::reports;
use crate::reports::dto::ReportQuery;
use crate::reports::model::ReportState;
use crate::reports::obligations::dto::ReportObligationQuery;
use chrono::{DateTime, SecondsFormat, Utc};

/// How far the caller may read each of the lists.
#[allow(missing_docs)]
pub struct Scopes {
    pub reports: Scope,
    pub plans: Scope,
    pub duties: Scope,
    pub results: Scope,
}

/// What the counts are of.
#[derive(Debug, Clone, Copy)]
#[allow(missing_docs)]
pub struct Window {
    pub campaign: CampaignId,
    /// Body to which the reports are owed that the desk is about.
    pub receiver: OrgUnitId,
    pub since: DateTime<Utc>,
    pub due_until: DateTime<Utc>,
    pub now: DateTime<Utc>,
}

/// A count and the link to its list.
pub type Counted = (DeskCode, i64, String);

impl Window {
    fn href(&self, list: &str, filter: &str) -> String {
        format!("/api/v1/{list}?campaign_id={}&{filter}", self.campaign)
    }
}

/// All counts, in their order.
pub async fn all(conn: &Conn, scopes: &Scopes, window: &Window) -> Result<Vec<Counted>, AppError> {
    let mut counted = of_reports(conn, &scopes.reports, window).await?;
    counted.extend(of_obligations(conn, &scopes.reports, window).await?);
    counted.extend(of_plans_and_duties(conn, scopes, window).await?);
    counted.extend(of_opinions(conn, &scopes.results, window).await?);
    counted.extend(of_obstacles(conn, &scopes.results, window).await?);
    Ok(counted)
}

fn instant(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Micros, true)
}

async fn of_reports(conn: &Conn, scope: &Scope, window: &Window) -> Result<Vec<Counted>, AppError> {
    let all = ReportQuery { campaign_id: Some(window.campaign), to_org_unit_id: Some(window.receiver), ..ReportQuery::default() };
    let submitted = ReportQuery { state: Some(ReportState::Submitted), ..all.clone() };
    let since = format!("submitted_from={}", instant(window.since));
    let entries = [
        (DeskCode::ReportsCameIn, ReportQuery { submitted_from: Some(window.since), ..all.clone() }, since.as_str()),
        (DeskCode::ReportsWaiting, submitted.clone(), "state=submitted"),
        (DeskCode::ReportsWaitingLate, ReportQuery { is_late: Some(true), ..submitted }, "state=submitted&is_late=true"),
        (DeskCode::ReportsReturned, ReportQuery { state: Some(ReportState::Returned), ..all }, "state=returned"),
    ];
    let mut counted = Vec::with_capacity(entries.len());
    for (code, filter, query) in entries {
        let count = reports::queries::count(conn, scope, &filter).await?;
        counted.push((code, count, window.href("reports", &format!("to_org_unit_id={}&{query}&sort=submitted_at", window.receiver))));
    }
    Ok(counted)
}

async fn of_obligations(conn: &Conn, scope: &Scope, window: &Window) -> Result<Vec<Counted>, AppError> {
    let (campaign_id, to_org_unit_id) = (Some(window.campaign), Some(window.receiver));
    let all = ReportObligationQuery { campaign_id, to_org_unit_id, ..ReportObligationQuery::default() };
    let near = ReportObligationQuery {
        is_overdue: Some(false),
        is_submitted: Some(false),
        is_exempt: Some(false),
        due_until: Some(window.due_until),
        ..all.clone()
    };
    let soon = format!("is_overdue=false&is_submitted=false&is_exempt=false&due_until={}", instant(window.due_until));
    let entries = [
        (DeskCode::ReportsOverdue, ReportObligationQuery { is_overdue: Some(true), ..all }, "is_overdue=true"),
        (DeskCode::ReportsDueSoon, near, soon.as_str()),
    ];
    let mut counted = Vec::with_capacity(entries.len());
    for (code, filter, query) in entries {
        let count = reports::obligations::queries::count(conn, scope, &filter, window.now).await?;
        counted.push((
            code,
            count,
            window.href("report-obligations", &format!("to_org_unit_id={}&{query}&sort=due_before", window.receiver)),
        ));
    }
    Ok(counted)
}

async fn of_plans_and_duties(conn: &Conn, scopes: &Scopes, window: &Window) -> Result<Vec<Counted>, AppError> {
    let campaign_id = Some(window.campaign);
    let missing = PlanObligationQuery {
        campaign_id,
        under_org_unit_id: Some(window.receiver),
        state: Some(PlanDelivery::Missing),
        ..PlanObligationQuery::default()
    };
    let overdue = DutyQuery { campaign_id, is_overdue: Some(true), ..DutyQuery::default() };
    let plans = plans::obligations::queries::count(conn, &scopes.plans, &missing).await?;
    let duties = duties::queries::count(conn, &scopes.duties, &overdue, window.now).await?;
    Ok(vec![
        (
            DeskCode::PlansMissing,
            plans,
            window.href("plan-obligations", &format!("under_org_unit_id={}&state=missing&sort=path", window.receiver)),
        ),
        (DeskCode::DutiesOverdue, duties, window.href("duties", "is_overdue=true&sort=deadline")),
    ])
}

async fn of_opinions(conn: &Conn, scope: &Scope, window: &Window) -> Result<Vec<Counted>, AppError> {
    let all = OpinionQuery { campaign_id: Some(window.campaign), ..OpinionQuery::default() };
    let entries = [
        (DeskCode::OpinionsRaised, OpinionQuery { state: Some(OpinionState::Raised), ..all.clone() }, "state=raised&sort=raised_at"),
        (DeskCode::OpinionsReferred, OpinionQuery { state: Some(OpinionState::Referred), ..all.clone() }, "state=referred&sort=raised_at"),
        (DeskCode::OpinionsOverdue, OpinionQuery { is_overdue: Some(true), ..all }, "is_overdue=true&sort=answer_due_before"),
    ];
    let mut counted = Vec::with_capacity(entries.len());
    for (code, filter, query) in entries {
        let count = opinions::queries::count(conn, scope, &filter, window.now).await?;
        counted.push((code, count, window.href("opinions", query)));
    }
    Ok(counted)
}

async fn of_obstacles(conn: &Conn, scope: &Scope, window: &Window) -> Result<Vec<Counted>, AppError> {
    let all = ObstacleQuery { campaign_id: Some(window.campaign), ..ObstacleQuery::default() };
    let entries = [
        (DeskCode::ObstaclesRaised, ObstacleState::Raised, "state=raised&sort=raised_at"),
        (DeskCode::ObstaclesInProgress, ObstacleState::InProgress, "state=in_progress&sort=raised_at"),
    ];
    let mut counted = Vec::with_capacity(entries.len());
    for (code, state, query) in entries {
        let filter = ObstacleQuery { state: Some(state), ..all.clone() };
        counted.push((code, obstacles::queries::count(conn, scope, &filter).await?, window.href("obstacles", query)));
    }
    Ok(counted)
}
