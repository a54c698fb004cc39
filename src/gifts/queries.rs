//! SQL of gifts.

use super::dto::GiftQuery;
use super::model::Gift;
use crate::auth::Scope;
use crate::db::Conn;
use crate::db::cached::Cached;
use crate::db::in_scope::{in_scope, is_in_scope};
use crate::error::AppError;
use crate::ids::GiftId;
use crate::org_units::queries::units_under;
use crate::pagination::PageRequest;
use crate::schema::gifts;
use crate::text::search_tokens;
use chrono::{DateTime, NaiveDate, Utc};
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;

/// One gift in scope.
pub async fn find(mut conn: &Conn, scope: &Scope, id: GiftId) -> Result<Gift, AppError> {
    let query = gifts::table.filter(gifts::id.eq(id)).filter(is_in_scope(gifts::org_unit_id, scope));
    Ok(query.select(Gift::as_select()).first(&mut conn).await?)
}

/// One gift of a body in scope, locked until the end of the transaction.
pub async fn lock(mut conn: &Conn, scope: &Scope, id: GiftId) -> Result<Gift, AppError> {
    let query = gifts::table.filter(gifts::id.eq(id)).filter(is_in_scope(gifts::org_unit_id, scope));
    Ok(query.select(Gift::as_select()).for_no_key_update().first(&mut conn).await?)
}

/// A page of gifts in scope, with one row more than it holds.
pub async fn list(mut conn: &Conn, scope: &Scope, filter: &GiftQuery, page: &PageRequest) -> Result<Vec<Gift>, AppError> {
    let query = crate::keyset!(filtered(scope, filter), page, gifts::id, {
        "created_at" => gifts::created_at => DateTime<Utc>,
        "updated_at" => gifts::updated_at => DateTime<Utc>,
        "given_on" => gifts::given_on => NaiveDate,
        "value_vnd" => gifts::value_vnd => i64,
    });
    Ok(query.select(Gift::as_select()).load(&mut conn).await?)
}

/// How many gifts a list has in all.
pub async fn count(mut conn: &Conn, scope: &Scope, filter: &GiftQuery) -> Result<i64, AppError> {
    Ok(filtered(scope, filter).count().get_result(&mut conn).await?)
}

fn filtered<'a>(scope: &'a Scope, filter: &'a GiftQuery) -> gifts::BoxedQuery<'a, Pg> {
    let mut query = gifts::table.filter(in_scope(gifts::org_unit_id, scope)).into_boxed();
    if let Some(campaign) = filter.campaign_id {
        query = query.filter(gifts::campaign_id.eq(campaign));
    }
    if let Some(unit) = filter.org_unit_id {
        query = query.filter(gifts::org_unit_id.eq(unit));
    }
    if let Some(unit) = filter.under_org_unit_id {
        query = query.filter(gifts::org_unit_id.eq_any(units_under(unit)));
    }
    if let Some(recipient_category) = filter.recipient_category {
        query = query.filter(gifts::recipient_category.eq(recipient_category));
    }
    if let Some(site_id) = filter.site_id {
        query = query.filter(gifts::site_id.eq(site_id));
    }
    if let Some(activity_id) = filter.activity_id {
        query = query.filter(gifts::activity_id.eq(activity_id));
    }
    if let Some(given_from) = filter.given_from {
        query = query.filter(gifts::given_on.ge(given_from));
    }
    if let Some(given_before) = filter.given_before {
        query = query.filter(gifts::given_on.lt(given_before));
    }
    if let Some(text) = &filter.q {
        query = query.filter(gifts::tokens.contains(search_tokens(&[text])));
    }
    query
}

fn tokens(gift: &Gift) -> Vec<String> {
    search_tokens(&[&gift.giver, gift.content.as_deref().unwrap_or_default()])
}

/// Adds a gift. The caller has checked that its body is in scope.
pub async fn insert(mut conn: &Conn, _: &Scope, gift: &Gift) -> Result<(), AppError> {
    diesel::insert_into(gifts::table).values((gift, gifts::tokens.eq(tokens(gift)))).execute(&mut conn).await?;
    Ok(())
}

/// Writes a locked gift back as its next version.
pub async fn save(mut conn: &Conn, _: &Scope, mut gift: Gift, now: DateTime<Utc>) -> Result<Gift, AppError> {
    gift.version += 1;
    gift.updated_at = now;
    let target = gifts::table.find((gift.campaign_id, gift.id));
    let change = diesel::update(target).set((&gift, gifts::tokens.eq(tokens(&gift))));
    Cached(change).execute(&mut conn).await?;
    Ok(gift)
}

/// Deletes a locked gift.
pub async fn delete(mut conn: &Conn, _: &Scope, gift: &Gift) -> Result<(), AppError> {
    diesel::delete(gifts::table.find((gift.campaign_id, gift.id))).execute(&mut conn).await?;
    Ok(())
}
