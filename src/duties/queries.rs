//! SQL of duties.

use super::bodies::Candidate;
use super::dto::DutyQuery;
use super::model::{Duty, DutyState, DutyStep, OPEN};
use crate::auth::Scope;
use crate::campaigns::model::Campaign;
use crate::db::Conn;
use crate::db::cached::Cached;
use crate::db::in_scope::{in_scope, is_in_scope};
use crate::error::AppError;
use crate::ids::{DutyId, OrgUnitId, PlanId};
use crate::org_units::model::{OrgLevel, OrgUnitKind};
use crate::org_units::queries::{existing, units_under};
use crate::pagination::{LAST_INSTANT, PageRequest, or_last};
use crate::plans;
use crate::plans::model::Plan;
use crate::schema::{duties, duty_steps, org_units};
use crate::text::search_tokens;
use chrono::{DateTime, Utc};
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use std::collections::HashSet;

/// By whose body the scope of a write is judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// The body charged: it says how far it is.
    Charged,
    /// The issuer of the plan: it assigns, cancels, reopens, reminds.
    Issuer,
}

/// One duty in scope.
pub async fn find(mut conn: &Conn, scope: &Scope, id: DutyId) -> Result<Duty, AppError> {
    let query = duties::table.filter(duties::id.eq(id)).filter(is_in_scope(duties::org_unit_id, scope));
    Ok(query.select(Duty::as_select()).first(&mut conn).await?)
}

/// One duty in scope by one of its bodies, locked until the end of the transaction.
pub async fn lock(mut conn: &Conn, scope: &Scope, id: DutyId, side: Side) -> Result<Duty, AppError> {
    let query = duties::table.filter(duties::id.eq(id)).select(Duty::as_select()).for_no_key_update();
    Ok(match side {
        Side::Charged => query.filter(is_in_scope(duties::org_unit_id, scope)).first(&mut conn).await?,
        Side::Issuer => query.filter(is_in_scope(duties::issuer_org_unit_id, scope)).first(&mut conn).await?,
    })
}

/// A page of duties in scope with the names of their bodies, with one row more than it holds.
pub async fn list(
    mut conn: &Conn,
    scope: &Scope,
    filter: &DutyQuery,
    now: DateTime<Utc>,
    page: &PageRequest,
) -> Result<Vec<(Duty, String)>, AppError> {
    let query = crate::keyset!(filtered(scope, filter, now), page, duties::id, {
        "created_at" => duties::created_at => DateTime<Utc>,
        "updated_at" => duties::updated_at => DateTime<Utc>,
        "deadline" => or_last(duties::deadline, LAST_INSTANT) => DateTime<Utc>,
    });
    let name = org_units::table.filter(org_units::id.eq(duties::org_unit_id)).select(org_units::name).single_value().assume_not_null();
    Ok(query.select((Duty::as_select(), name)).load(&mut conn).await?)
}

/// How many duties a list has in all.
pub async fn count(mut conn: &Conn, scope: &Scope, filter: &DutyQuery, now: DateTime<Utc>) -> Result<i64, AppError> {
    Ok(filtered(scope, filter, now).count().get_result(&mut conn).await?)
}

fn filtered<'a>(scope: &'a Scope, filter: &'a DutyQuery, now: DateTime<Utc>) -> duties::BoxedQuery<'a, Pg> {
    let mut query = duties::table.filter(in_scope(duties::org_unit_id, scope)).into_boxed();
    if let Some(campaign) = filter.campaign_id {
        query = query.filter(duties::campaign_id.eq(campaign));
    }
    if let Some(plan) = filter.plan_id {
        query = query.filter(duties::plan_id.nullable().eq_any(plans::queries::editions(plan)));
    }
    if let Some(rule) = &filter.rule_id {
        query = query.filter(duties::rule_id.eq(rule));
    }
    if let Some(unit) = filter.org_unit_id {
        query = query.filter(duties::org_unit_id.eq(unit));
    }
    if let Some(unit) = filter.under_org_unit_id {
        query = query.filter(duties::org_unit_id.eq_any(units_under(unit)));
    }
    if let Some(state) = filter.state {
        query = query.filter(duties::state.eq(state));
    }
    if let Some(is_cancelled) = filter.is_cancelled {
        let cancelled = duties::state.eq(DutyState::Cancelled);
        query = if is_cancelled { query.filter(cancelled) } else { query.filter(diesel::dsl::not(cancelled)) };
    }
    match filter.is_overdue {
        Some(true) => query = query.filter(duties::deadline.le(now)).filter(duties::state.eq_any(OPEN)),
        Some(false) => {
            let is_in_time = duties::deadline.is_null().or(duties::deadline.gt(now));
            query = query.filter(is_in_time.or(duties::state.ne_all(OPEN)));
        }
        None => {}
    }
    if let Some(at) = filter.due_before {
        query = query.filter(duties::deadline.lt(at));
    }
    if let Some(text) = &filter.q {
        query = query.filter(duties::tokens.contains(search_tokens(&[text])));
    }
    query
}

fn tokens(duty: &Duty) -> Vec<String> {
    search_tokens(&[&duty.title, duty.statement.as_deref().unwrap_or_default(), duty.clause.as_deref().unwrap_or_default()])
}

/// Adds a duty. The caller has checked that plan and body are in scope.
pub async fn insert(mut conn: &Conn, _: &Scope, duty: &Duty) -> Result<(), AppError> {
    diesel::insert_into(duties::table).values((duty, duties::tokens.eq(tokens(duty)))).execute(&mut conn).await?;
    Ok(())
}

/// Duties inserted at once.
const CHUNK: usize = 500;

/// The rules, each with the body charged, of which a duty was made under an edition of a plan before this one.
pub async fn charged_before(mut conn: &Conn, _: &Scope, plan: &Plan) -> Result<HashSet<(String, OrgUnitId)>, AppError> {
    let query = duties::table
        .filter(duties::plan_id.nullable().eq_any(plans::queries::editions(plan.id)))
        .filter(duties::plan_id.ne(plan.id))
        .filter(duties::rule_id.is_not_null());
    let found: Vec<(String, OrgUnitId)> = query.select((duties::rule_id.assume_not_null(), duties::org_unit_id)).load(&mut conn).await?;
    Ok(found.into_iter().collect())
}

/// Adds those duties whose rule and body have none yet, and gives them.
pub async fn insert_new(mut conn: &Conn, _: &Scope, rows: &[Duty]) -> Result<Vec<Duty>, AppError> {
    let mut made = Vec::new();
    for chunk in rows.chunks(CHUNK) {
        let values: Vec<_> = chunk.iter().map(|duty| (duty, duties::tokens.eq(tokens(duty)))).collect();
        let insert = diesel::insert_into(duties::table)
            .values(values)
            .on_conflict((duties::campaign_id, duties::plan_id, duties::rule_id, duties::org_unit_id))
            .do_nothing()
            .returning(Duty::as_returning());
        made.extend(insert.get_results(&mut conn).await?);
    }
    Ok(made)
}

/// Writes a locked duty back as its next version.
pub async fn save(mut conn: &Conn, _: &Scope, mut duty: Duty, now: DateTime<Utc>) -> Result<Duty, AppError> {
    duty.version += 1;
    duty.updated_at = now;
    let change = diesel::update(duties::table.find((duty.campaign_id, duty.id))).set((&duty, duties::tokens.eq(tokens(&duty))));
    Cached(change).execute(&mut conn).await?;
    Ok(duty)
}

/// Appends to the log of steps.
pub async fn log(mut conn: &Conn, _: &Scope, steps: &[DutyStep]) -> Result<(), AppError> {
    diesel::insert_into(duty_steps::table).values(steps).execute(&mut conn).await?;
    Ok(())
}

/// A page of the steps of a duty whose scope has been checked, with one row more than it holds.
pub async fn steps(mut conn: &Conn, duty: &Duty, page: &PageRequest) -> Result<Vec<DutyStep>, AppError> {
    let of_duty = duty_steps::table.filter(duty_steps::campaign_id.eq(duty.campaign_id)).filter(duty_steps::duty_id.eq(duty.id));
    let query = crate::keyset!(of_duty.into_boxed(), page, duty_steps::id, {
        "occurred_at" => duty_steps::occurred_at => DateTime<Utc>,
    });
    Ok(query.select(DutyStep::as_select()).load(&mut conn).await?)
}

/// How many steps a duty has taken.
pub async fn count_steps(mut conn: &Conn, duty: &Duty) -> Result<i64, AppError> {
    let of_duty = duty_steps::table.filter(duty_steps::campaign_id.eq(duty.campaign_id)).filter(duty_steps::duty_id.eq(duty.id));
    Ok(of_duty.count().get_result(&mut conn).await?)
}

/// Whether a plan has a rule of this name.
pub async fn has_rule(conn: &Conn, plan: PlanId, rule_id: &str) -> Result<bool, AppError> {
    Ok(crate::plans::queries::rules(conn, plan).await?.iter().any(|rule| rule.rule_id == rule_id))
}

/// The bodies that the rules of a plan can mean: its issuer and those below it that exist in the campaign's window, in
/// the order of the tree.
pub async fn candidates(mut conn: &Conn, _: &Scope, campaign: &Campaign, issuer: OrgUnitId) -> Result<Vec<Candidate>, AppError> {
    let query = org_units::table
        .filter(org_units::id.eq_any(units_under(issuer)))
        .filter(existing(campaign.event_from, campaign.event_to))
        .order(org_units::no)
        .select((org_units::id, org_units::name, org_units::short_name, org_units::kind, org_units::level));
    let rows: Vec<(OrgUnitId, String, Option<String>, OrgUnitKind, OrgLevel)> = query.load(&mut conn).await?;
    Ok(rows.into_iter().map(|(id, name, short_name, kind, level)| Candidate { id, name, short_name, kind, level }).collect())
}
