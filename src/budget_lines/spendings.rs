//! The spendings of a budget line over HTTP: each is recorded once and never changed.

use super::dto::{BudgetLineOut, BudgetSpendIn, BudgetSpendingOut, BudgetSpendingQuery};
use super::model::BudgetSpending;
use super::queries;
use super::rules::{self, Step};
use crate::auth::Action;
use crate::call::Call;
use crate::error::AppError;
use crate::extract::{Body, Id, Query};
use crate::ids::{BudgetLineId, BudgetSpendingId};
use crate::pagination::Page;
use crate::reply::Reply;
use crate::results::rules::check_not_future;
use actix_web::{get, post};
use serde_json::json;
use uuid::Uuid;

/// Record a spending
///
/// Of a budget line; an amount below zero corrects one that was recorded too high. `spent_vnd` of the line is their sum.
#[utoipa::path(tag = "budget-lines", params(("id" = BudgetLineId, Path, description = "The budget line")), request_body = BudgetSpendIn, responses((status = 200, body = BudgetLineOut)))]
#[post("/budget-lines/{id}/spend")]
pub async fn spend_budget_line(call: Call, id: Id<BudgetLineId>, body: Body<BudgetSpendIn>) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::ResultWrite)?;
    let if_match = call.if_match()?;
    let BudgetSpendIn { spent_on, amount_vnd, note } = body.parse()?;
    let note = note.into_string();
    super::steps::step(call, scope, if_match, id.0, Step::Spend, async move |conn, me, mut line| {
        check_not_future(spent_on, me.clock().today(), "/spent_on")?;
        line.spent_vnd = rules::spent_after(line.spent_vnd, amount_vnd)?;
        let spending = BudgetSpending {
            campaign_id: line.campaign_id,
            id: BudgetSpendingId::new(),
            budget_line_id: line.id,
            spent_on,
            amount_vnd,
            note: note.clone(),
            recorded_by: me.actor().id,
            recorded_at: me.now(),
        };
        queries::insert_spending(conn, &spending).await?;
        Ok(line)
    })
    .await
}

/// List the spendings of a budget line
///
/// Nothing in the list changes; its sum is `spent_vnd` of the line.
#[utoipa::path(tag = "budget-lines", params(("id" = BudgetLineId, Path, description = "The budget line"), BudgetSpendingQuery), responses((status = 200, body = Page<BudgetSpendingOut>)))]
#[get("/budget-lines/{id}/spendings")]
pub async fn list_budget_spendings(call: Call, id: Id<BudgetLineId>, query: Query<BudgetSpendingQuery>) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::ResultRead)?;
    let (_, page) = query.parse_list(call.cursor_secret())?;
    let (rows, total) = call
        .read(async |conn| {
            let line = queries::find(conn, &scope, id.0).await?;
            let total = if page.with_total { Some(queries::count_spendings(conn, &line).await?) } else { None };
            Ok((queries::list_spendings(conn, &line, &page).await?, total))
        })
        .await?;
    let (rows, next) = page.finish(rows, |row, sort| {
        let key = match sort {
            "spent_on" => json!(row.spent_on),
            "amount_vnd" => json!(row.amount_vnd),
            "recorded_at" => json!(row.recorded_at),
            _ => json!(null),
        };
        (key, Uuid::from(row.id))
    });
    page.reply(rows.into_iter().map(BudgetSpendingOut::from).collect(), next, total)
}
