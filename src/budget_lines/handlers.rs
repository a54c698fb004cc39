//! Budget lines over HTTP: list, create, read, change, delete.

use super::dto::{BudgetLineIn, BudgetLineOut, BudgetLinePatch, BudgetLineQuery};
use super::model::BudgetLine;
use super::queries;
use super::rules::{self, Step};
use crate::auth::Action;
use crate::call::Call;
use crate::campaigns;
use crate::error::AppError;
use crate::events::Event;
use crate::extract::{Body, Id, Query};
use crate::ids::BudgetLineId;
use crate::org_units;
use crate::pagination::Page;
use crate::reply::Reply;
use actix_web::{delete, get, patch, post};
use serde_json::json;
use uuid::Uuid;

/// A change of a budget line, for the change feed.
pub fn event(line: &BudgetLine, action: &'static str) -> Event<'static> {
    Event {
        campaign_id: Some(line.campaign_id),
        org_unit_id: line.org_unit_id,
        resource: "budget_line",
        resource_id: line.id.into(),
        version: line.version,
        action,
        data: json!({ "source": line.source, "planned_vnd": line.planned_vnd, "spent_vnd": line.spent_vnd }),
    }
}

/// List budget lines
///
/// Those of the bodies in the caller's reach.
#[utoipa::path(tag = "budget-lines", params(BudgetLineQuery), responses((status = 200, body = Page<BudgetLineOut>)))]
#[get("/budget-lines")]
pub async fn list_budget_lines(call: Call, query: Query<BudgetLineQuery>) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::ResultRead)?;
    let (filter, page) = query.parse_list(call.cursor_secret())?;
    let (rows, total) = call
        .read(async |conn| {
            let total = if page.with_total { Some(queries::count(conn, &scope, &filter).await?) } else { None };
            Ok((queries::list(conn, &scope, &filter, &page).await?, total))
        })
        .await?;
    let (rows, next) = page.finish(rows, |line, sort| {
        let key = match sort {
            "created_at" => json!(line.created_at),
            "updated_at" => json!(line.updated_at),
            "planned_vnd" => json!(line.planned_vnd),
            "spent_vnd" => json!(line.spent_vnd),
            _ => json!(null),
        };
        (key, Uuid::from(line.id))
    });
    page.reply(rows.into_iter().map(BudgetLineOut::from).collect(), next, total)
}

/// Record a budget line
///
/// From one source for one purpose (R21, II.4).
#[utoipa::path(tag = "budget-lines", request_body = BudgetLineIn, responses((status = 201, body = BudgetLineOut)))]
#[post("/budget-lines")]
pub async fn create_budget_line(call: Call, body: Body<BudgetLineIn>) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::ResultWrite)?;
    let campaign_scope = call.authorize(Action::CampaignRead)?;
    let BudgetLineIn { campaign_id, org_unit_id, source, decision_number, purpose, planned_vnd } = body.parse()?;
    let now = call.now();
    let line = BudgetLine {
        campaign_id,
        id: BudgetLineId::new(),
        org_unit_id,
        source,
        decision_number: decision_number.map(String::from),
        purpose: purpose.into_string(),
        planned_vnd,
        spent_vnd: 0,
        version: 1,
        created_at: now,
        updated_at: now,
    };
    rules::check(&line, call.clock().today())?;
    let me = call.clone();
    call.write(async move |conn| {
        campaigns::queries::hold_open_reference(conn, &campaign_scope, line.campaign_id, "/campaign_id").await?;
        org_units::queries::find_reference(conn, &scope, line.org_unit_id, "/org_unit_id").await?;
        queries::insert(conn, &scope, &line).await?;
        me.record(conn, event(&line, "created")).await?;
        Reply::created("budget-lines", line.id, &BudgetLineOut::from(line.clone()), line.version)
    })
    .await
}

/// Read a budget line
#[utoipa::path(tag = "budget-lines", params(("id" = BudgetLineId, Path, description = "The budget line")), responses((status = 200, body = BudgetLineOut, headers(("ETag" = String)))))]
#[get("/budget-lines/{id}")]
pub async fn get_budget_line(call: Call, id: Id<BudgetLineId>) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::ResultRead)?;
    let line = call.read(async |conn| queries::find(conn, &scope, id.0).await).await?;
    let version = line.version;
    Reply::ok(&BudgetLineOut::from(line), version)
}

/// Change a budget line
///
/// While the campaign is open.
#[utoipa::path(tag = "budget-lines", params(("id" = BudgetLineId, Path, description = "The budget line")), request_body = BudgetLinePatch, responses((status = 200, body = BudgetLineOut)))]
#[patch("/budget-lines/{id}")]
pub async fn update_budget_line(call: Call, id: Id<BudgetLineId>, body: Body<BudgetLinePatch>) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::ResultWrite)?;
    let if_match = call.if_match()?;
    let patch = body.parse()?;
    super::steps::step(call, scope, if_match, id.0, Step::Change, async move |_, me, mut line| {
        apply(&mut line, patch.clone());
        rules::check(&line, me.clock().today())?;
        Ok(line)
    })
    .await
}

fn apply(line: &mut BudgetLine, patch: BudgetLinePatch) {
    let BudgetLinePatch { source, decision_number, purpose, planned_vnd } = patch;
    line.source = source.or_current(line.source);
    line.decision_number = decision_number.map(String::from).or_keep(line.decision_number.take());
    line.purpose = purpose.map(String::from).or_current(std::mem::take(&mut line.purpose));
    line.planned_vnd = planned_vnd.or_current(line.planned_vnd);
}

/// Delete a budget line
///
/// Only while nothing was ever spent of it.
#[utoipa::path(tag = "budget-lines", params(("id" = BudgetLineId, Path, description = "The budget line")), responses((status = 204)))]
#[delete("/budget-lines/{id}")]
pub async fn delete_budget_line(call: Call, id: Id<BudgetLineId>) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::ResultWrite)?;
    let if_match = call.if_match()?;
    let me = call.clone();
    call.write(async move |conn| {
        let line = queries::lock(conn, &scope, id.0).await?;
        if_match.check(line.version)?;
        campaigns::queries::hold_open(conn, line.campaign_id).await?;
        rules::check_step(&line, Step::Delete)?;
        queries::delete(conn, &scope, &line).await?;
        me.record(conn, event(&line, Step::Delete.done())).await?;
        Ok(Reply::no_content())
    })
    .await
}
