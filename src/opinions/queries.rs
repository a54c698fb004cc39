//! SQL of opinions.

use super::dto::OpinionQuery;
use super::model::{Opinion, OpinionState};
use crate::auth::Scope;
use crate::db::Conn;
use crate::db::cached::Cached;
use crate::db::in_scope::{in_scope, is_in_scope};
use crate::error::AppError;
use crate::ids::OpinionId;
use crate::org_units::queries::units_under;
use crate::pagination::{LAST_INSTANT, PageRequest, or_last};
use crate::schema::opinions;
use crate::text::search_tokens;
use chrono::{DateTime, Utc};
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;

/// One opinion of a body in scope, or referred to one.
pub async fn find(mut conn: &Conn, scope: &Scope, id: OpinionId) -> Result<Opinion, AppError> {
    let query = opinions::table
        .filter(opinions::id.eq(id))
        .filter(is_in_scope(opinions::org_unit_id, scope).or(is_in_scope(opinions::referred_to_org_unit_id, scope)));
    Ok(query.select(Opinion::as_select()).first(&mut conn).await?)
}

/// One opinion of a body in scope, locked until the end of the transaction.
pub async fn lock(mut conn: &Conn, scope: &Scope, id: OpinionId) -> Result<Opinion, AppError> {
    let query = opinions::table.filter(opinions::id.eq(id)).filter(is_in_scope(opinions::org_unit_id, scope));
    Ok(query.select(Opinion::as_select()).for_no_key_update().first(&mut conn).await?)
}

/// One opinion that a body in scope answers, locked until the end of the transaction: the one it was referred to, else
/// the organiser.
pub async fn lock_to_answer(mut conn: &Conn, scope: &Scope, id: OpinionId) -> Result<Opinion, AppError> {
    let answerer = opinions::referred_to_org_unit_id;
    let is_mine = is_in_scope(answerer, scope).or(answerer.is_null().and(is_in_scope(opinions::org_unit_id, scope)));
    let query = opinions::table.filter(opinions::id.eq(id)).filter(is_mine.assume_not_null());
    Ok(query.select(Opinion::as_select()).for_no_key_update().first(&mut conn).await?)
}

/// A page of opinions of a body in scope, or referred to one, with one row more than it holds.
pub async fn list(
    mut conn: &Conn,
    scope: &Scope,
    filter: &OpinionQuery,
    page: &PageRequest,
    now: DateTime<Utc>,
) -> Result<Vec<Opinion>, AppError> {
    let query = crate::keyset!(filtered(scope, filter, now), page, opinions::id, {
        "created_at" => opinions::created_at => DateTime<Utc>,
        "updated_at" => opinions::updated_at => DateTime<Utc>,
        "raised_at" => opinions::raised_at => DateTime<Utc>,
        "answer_due_before" => or_last(opinions::answer_due_before, LAST_INSTANT) => DateTime<Utc>,
    });
    Ok(query.select(Opinion::as_select()).load(&mut conn).await?)
}

/// How many opinions a list has in all.
pub async fn count(mut conn: &Conn, scope: &Scope, filter: &OpinionQuery, now: DateTime<Utc>) -> Result<i64, AppError> {
    Ok(filtered(scope, filter, now).count().get_result(&mut conn).await?)
}

fn filtered<'a>(scope: &'a Scope, filter: &'a OpinionQuery, now: DateTime<Utc>) -> opinions::BoxedQuery<'a, Pg> {
    let mut query =
        opinions::table.filter(in_scope(opinions::org_unit_id, scope).or(in_scope(opinions::referred_to_org_unit_id, scope))).into_boxed();
    if let Some(campaign) = filter.campaign_id {
        query = query.filter(opinions::campaign_id.eq(campaign));
    }
    if let Some(unit) = filter.org_unit_id {
        query = query.filter(opinions::org_unit_id.eq(unit));
    }
    if let Some(unit) = filter.under_org_unit_id {
        query = query.filter(opinions::org_unit_id.eq_any(units_under(unit)));
    }
    if let Some(state) = filter.state {
        query = query.filter(opinions::state.eq(state));
    }
    if let Some(activity_id) = filter.activity_id {
        query = query.filter(opinions::activity_id.eq(activity_id));
    }
    if let Some(is_anonymous) = filter.is_anonymous {
        query = query.filter(opinions::is_anonymous.eq(is_anonymous));
    }
    if let Some(referred_to_org_unit_id) = filter.referred_to_org_unit_id {
        query = query.filter(opinions::referred_to_org_unit_id.eq(referred_to_org_unit_id));
    }
    match filter.is_overdue {
        Some(true) => query = query.filter(opinions::state.ne(OpinionState::Answered)).filter(opinions::answer_due_before.le(now)),
        Some(false) => {
            let has_time = opinions::answer_due_before.is_null().or(opinions::answer_due_before.assume_not_null().gt(now));
            query = query.filter(has_time.or(opinions::state.eq(OpinionState::Answered)));
        }
        None => {}
    }
    if let Some(text) = &filter.q {
        query = query.filter(opinions::tokens.contains(search_tokens(&[text])));
    }
    query
}

fn tokens(opinion: &Opinion) -> Vec<String> {
    search_tokens(&[&opinion.text, opinion.answer.as_deref().unwrap_or_default()])
}

/// Adds an opinion. The caller has checked that its body is in scope.
pub async fn insert(mut conn: &Conn, _: &Scope, opinion: &Opinion) -> Result<(), AppError> {
    diesel::insert_into(opinions::table).values((opinion, opinions::tokens.eq(tokens(opinion)))).execute(&mut conn).await?;
    Ok(())
}

/// Writes a locked opinion back as its next version.
pub async fn save(mut conn: &Conn, _: &Scope, mut opinion: Opinion, now: DateTime<Utc>) -> Result<Opinion, AppError> {
    opinion.version += 1;
    opinion.updated_at = now;
    let target = opinions::table.find((opinion.campaign_id, opinion.id));
    let change = diesel::update(target).set((&opinion, opinions::tokens.eq(tokens(&opinion))));
    Cached(change).execute(&mut conn).await?;
    Ok(opinion)
}

/// Deletes a locked opinion.
pub async fn delete(mut conn: &Conn, _: &Scope, opinion: &Opinion) -> Result<(), AppError> {
    diesel::delete(opinions::table.find((opinion.campaign_id, opinion.id))).execute(&mut conn).await?;
    Ok(())
}
