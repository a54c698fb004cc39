//! SQL of budget lines.

use super::dto::BudgetLineQuery;
use super::model::{BudgetLine, BudgetSpending};
use crate::auth::Scope;
use crate::db::Conn;
use crate::db::cached::Cached;
use crate::db::in_scope::{in_scope, is_in_scope};
use crate::error::AppError;
use crate::ids::BudgetLineId;
use crate::org_units::queries::units_under;
use crate::pagination::PageRequest;
use crate::schema::{budget_lines, budget_spendings};
use crate::text::search_tokens;
use chrono::{DateTime, NaiveDate, Utc};
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;

/// One budget line in scope.
pub async fn find(mut conn: &Conn, scope: &Scope, id: BudgetLineId) -> Result<BudgetLine, AppError> {
    let query = budget_lines::table.filter(budget_lines::id.eq(id)).filter(is_in_scope(budget_lines::org_unit_id, scope));
    Ok(query.select(BudgetLine::as_select()).first(&mut conn).await?)
}

/// One budget line of a body in scope, locked until the end of the transaction.
pub async fn lock(mut conn: &Conn, scope: &Scope, id: BudgetLineId) -> Result<BudgetLine, AppError> {
    let query = budget_lines::table.filter(budget_lines::id.eq(id)).filter(is_in_scope(budget_lines::org_unit_id, scope));
    Ok(query.select(BudgetLine::as_select()).for_no_key_update().first(&mut conn).await?)
}

/// A page of budget lines in scope, with one row more than it holds.
pub async fn list(mut conn: &Conn, scope: &Scope, filter: &BudgetLineQuery, page: &PageRequest) -> Result<Vec<BudgetLine>, AppError> {
    let query = crate::keyset!(filtered(scope, filter), page, budget_lines::id, {
        "created_at" => budget_lines::created_at => DateTime<Utc>,
        "updated_at" => budget_lines::updated_at => DateTime<Utc>,
        "planned_vnd" => budget_lines::planned_vnd => i64,
        "spent_vnd" => budget_lines::spent_vnd => i64,
    });
    Ok(query.select(BudgetLine::as_select()).load(&mut conn).await?)
}

/// How many budget lines a list has in all.
pub async fn count(mut conn: &Conn, scope: &Scope, filter: &BudgetLineQuery) -> Result<i64, AppError> {
    Ok(filtered(scope, filter).count().get_result(&mut conn).await?)
}

fn filtered<'a>(scope: &'a Scope, filter: &'a BudgetLineQuery) -> budget_lines::BoxedQuery<'a, Pg> {
    let mut query = budget_lines::table.filter(in_scope(budget_lines::org_unit_id, scope)).into_boxed();
    if let Some(campaign) = filter.campaign_id {
        query = query.filter(budget_lines::campaign_id.eq(campaign));
    }
    if let Some(unit) = filter.org_unit_id {
        query = query.filter(budget_lines::org_unit_id.eq(unit));
    }
    if let Some(unit) = filter.under_org_unit_id {
        query = query.filter(budget_lines::org_unit_id.eq_any(units_under(unit)));
    }
    if let Some(source) = filter.source {
        query = query.filter(budget_lines::source.eq(source));
    }
    match filter.is_overspent {
        Some(true) => query = query.filter(budget_lines::spent_vnd.gt(budget_lines::planned_vnd)),
        Some(false) => query = query.filter(budget_lines::spent_vnd.le(budget_lines::planned_vnd)),
        None => {}
    }
    if let Some(text) = &filter.q {
        query = query.filter(budget_lines::tokens.contains(search_tokens(&[text])));
    }
    query
}

fn tokens(line: &BudgetLine) -> Vec<String> {
    search_tokens(&[line.decision_number.as_deref().unwrap_or_default(), &line.purpose])
}

/// Adds a budget line. The caller has checked that its body is in scope.
pub async fn insert(mut conn: &Conn, _: &Scope, line: &BudgetLine) -> Result<(), AppError> {
    diesel::insert_into(budget_lines::table).values((line, budget_lines::tokens.eq(tokens(line)))).execute(&mut conn).await?;
    Ok(())
}

/// Writes a locked budget line back as its next version.
pub async fn save(mut conn: &Conn, _: &Scope, mut line: BudgetLine, now: DateTime<Utc>) -> Result<BudgetLine, AppError> {
    line.version += 1;
    line.updated_at = now;
    let target = budget_lines::table.find((line.campaign_id, line.id));
    let change = diesel::update(target).set((&line, budget_lines::tokens.eq(tokens(&line))));
    Cached(change).execute(&mut conn).await?;
    Ok(line)
}

/// Deletes a locked budget line.
pub async fn delete(mut conn: &Conn, _: &Scope, line: &BudgetLine) -> Result<(), AppError> {
    diesel::delete(budget_lines::table.find((line.campaign_id, line.id))).execute(&mut conn).await?;
    Ok(())
}

/// Adds a spending of a locked line.
pub async fn insert_spending(mut conn: &Conn, spending: &BudgetSpending) -> Result<(), AppError> {
    diesel::insert_into(budget_spendings::table).values(spending).execute(&mut conn).await?;
    Ok(())
}

/// A page of the spendings of a line whose scope has been checked, with one row more than it holds.
pub async fn list_spendings(mut conn: &Conn, line: &BudgetLine, page: &PageRequest) -> Result<Vec<BudgetSpending>, AppError> {
    let of_line = budget_spendings::table
        .filter(budget_spendings::campaign_id.eq(line.campaign_id))
        .filter(budget_spendings::budget_line_id.eq(line.id));
    let query = crate::keyset!(of_line.into_boxed(), page, budget_spendings::id, {
        "spent_on" => budget_spendings::spent_on => NaiveDate,
        "amount_vnd" => budget_spendings::amount_vnd => i64,
        "recorded_at" => budget_spendings::recorded_at => DateTime<Utc>,
    });
    Ok(query.select(BudgetSpending::as_select()).load(&mut conn).await?)
}

/// How many spendings a line has.
pub async fn count_spendings(mut conn: &Conn, line: &BudgetLine) -> Result<i64, AppError> {
    let of_line = budget_spendings::table
        .filter(budget_spendings::campaign_id.eq(line.campaign_id))
        .filter(budget_spendings::budget_line_id.eq(line.id));
    Ok(of_line.count().get_result(&mut conn).await?)
}
