//! What belongs to a plan, over HTTP: plans under it, rules, clauses.

use super::dto::{PlanChildQuery, PlanQuery};
use super::handlers::{answer, page_of};
use super::out::PlanSummaryOut;
use super::parts::{ClauseOut, RuleOut};
use super::queries;
use crate::auth::Action;
use crate::call::Call;
use crate::error::AppError;
use crate::extract::{Id, Query};
use crate::ids::PlanId;
use crate::pagination::Page;
use crate::reply::Reply;
use actix_web::get;

/// List the plans under a plan
///
/// Those that carry it out (R12), as far as the caller can read them.
#[utoipa::path(tag = "plans", params(("id" = PlanId, Path, description = "The plan"), PlanChildQuery), responses((status = 200, body = Page<PlanSummaryOut>)))]
#[get("/plans/{id}/children")]
pub async fn list_plan_children(call: Call, id: Id<PlanId>, query: Query<PlanChildQuery>) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::PlanRead)?;
    let (PlanChildQuery { org_unit_id, state, q, .. }, page) = query.parse_list(call.cursor_secret())?;
    let filter = PlanQuery { parent_plan_id: Some(id.0), org_unit_id, state, q, ..PlanQuery::default() };
    let (rows, total) = call
        .read(async |conn| {
            queries::find(conn, &scope, id.0).await?;
            page_of(conn, &scope, &filter, &page).await
        })
        .await?;
    answer(&page, rows, total)
}

/// List the rules of a plan
///
/// With their clauses, in printed order, all in one answer: there are 200 at the most.
#[utoipa::path(tag = "plans", params(("id" = PlanId, Path, description = "The plan")), responses((status = 200, body = Page<RuleOut>)))]
#[get("/plans/{id}/rules")]
pub async fn list_plan_rules(call: Call, id: Id<PlanId>) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::PlanRead)?;
    let rows = call
        .read(async |conn| {
            let plan = queries::find(conn, &scope, id.0).await?;
            queries::rules(conn, plan.id).await
        })
        .await?;
    Reply::plain(&Page { items: rows.into_iter().map(RuleOut::from).collect(), next_cursor: None, total: None })
}

/// List the clauses of a plan
///
/// Its text as a tree, in printed order, all in one answer: there are 2,000 at the most.
#[utoipa::path(tag = "plans", params(("id" = PlanId, Path, description = "The plan")), responses((status = 200, body = Page<ClauseOut>)))]
#[get("/plans/{id}/clauses")]
pub async fn list_plan_clauses(call: Call, id: Id<PlanId>) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::PlanRead)?;
    let rows = call
        .read(async |conn| {
            let plan = queries::find(conn, &scope, id.0).await?;
            queries::clauses(conn, plan.id).await
        })
        .await?;
    Reply::plain(&Page { items: rows.into_iter().map(ClauseOut::from).collect(), next_cursor: None, total: None })
}
