//! SQL of pledges.

use super::dto::PledgeQuery;
use super::model::Pledge;
use crate::auth::Scope;
use crate::db::Conn;
use crate::db::cached::Cached;
use crate::db::in_scope::{in_scope, is_in_scope};
use crate::error::AppError;
use crate::ids::PledgeId;
use crate::org_units::queries::units_under;
use crate::pagination::PageRequest;
use crate::schema::pledges;
use crate::text::search_tokens;
use chrono::{DateTime, NaiveDate, Utc};
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;

/// One pledge in scope.
pub async fn find(mut conn: &Conn, scope: &Scope, id: PledgeId) -> Result<Pledge, AppError> {
    let query = pledges::table.filter(pledges::id.eq(id)).filter(is_in_scope(pledges::org_unit_id, scope));
    Ok(query.select(Pledge::as_select()).first(&mut conn).await?)
}

/// One pledge of a body in scope, locked until the end of the transaction.
pub async fn lock(mut conn: &Conn, scope: &Scope, id: PledgeId) -> Result<Pledge, AppError> {
    let query = pledges::table.filter(pledges::id.eq(id)).filter(is_in_scope(pledges::org_unit_id, scope));
    Ok(query.select(Pledge::as_select()).for_no_key_update().first(&mut conn).await?)
}

/// A page of pledges in scope, with one row more than it holds.
pub async fn list(mut conn: &Conn, scope: &Scope, filter: &PledgeQuery, page: &PageRequest) -> Result<Vec<Pledge>, AppError> {
    let query = crate::keyset!(filtered(scope, filter), page, pledges::id, {
        "created_at" => pledges::created_at => DateTime<Utc>,
        "updated_at" => pledges::updated_at => DateTime<Utc>,
        "signed_on" => pledges::signed_on => NaiveDate,
    });
    Ok(query.select(Pledge::as_select()).load(&mut conn).await?)
}

/// How many pledges a list has in all.
pub async fn count(mut conn: &Conn, scope: &Scope, filter: &PledgeQuery) -> Result<i64, AppError> {
    Ok(filtered(scope, filter).count().get_result(&mut conn).await?)
}

fn filtered<'a>(scope: &'a Scope, filter: &'a PledgeQuery) -> pledges::BoxedQuery<'a, Pg> {
    let mut query = pledges::table.filter(in_scope(pledges::org_unit_id, scope)).into_boxed();
    if let Some(campaign) = filter.campaign_id {
        query = query.filter(pledges::campaign_id.eq(campaign));
    }
    if let Some(unit) = filter.org_unit_id {
        query = query.filter(pledges::org_unit_id.eq(unit));
    }
    if let Some(unit) = filter.under_org_unit_id {
        query = query.filter(pledges::org_unit_id.eq_any(units_under(unit)));
    }
    if let Some(site_id) = filter.site_id {
        query = query.filter(pledges::site_id.eq(site_id));
    }
    if let Some(signed_from) = filter.signed_from {
        query = query.filter(pledges::signed_on.ge(signed_from));
    }
    if let Some(signed_before) = filter.signed_before {
        query = query.filter(pledges::signed_on.lt(signed_before));
    }
    if let Some(text) = &filter.q {
        query = query.filter(pledges::tokens.contains(search_tokens(&[text])));
    }
    query
}

fn tokens(pledge: &Pledge) -> Vec<String> {
    search_tokens(&[&pledge.topic])
}

/// Adds a pledge. The caller has checked that its body is in scope.
pub async fn insert(mut conn: &Conn, _: &Scope, pledge: &Pledge) -> Result<(), AppError> {
    diesel::insert_into(pledges::table).values((pledge, pledges::tokens.eq(tokens(pledge)))).execute(&mut conn).await?;
    Ok(())
}

/// Writes a locked pledge back as its next version.
pub async fn save(mut conn: &Conn, _: &Scope, mut pledge: Pledge, now: DateTime<Utc>) -> Result<Pledge, AppError> {
    pledge.version += 1;
    pledge.updated_at = now;
    let target = pledges::table.find((pledge.campaign_id, pledge.id));
    let change = diesel::update(target).set((&pledge, pledges::tokens.eq(tokens(&pledge))));
    Cached(change).execute(&mut conn).await?;
    Ok(pledge)
}

/// Deletes a locked pledge.
pub async fn delete(mut conn: &Conn, _: &Scope, pledge: &Pledge) -> Result<(), AppError> {
    diesel::delete(pledges::table.find((pledge.campaign_id, pledge.id))).execute(&mut conn).await?;
    Ok(())
}
