//! SQL of media items.

use super::dto::MediaItemQuery;
use super::model::MediaItem;
use crate::auth::Scope;
use crate::db::Conn;
use crate::db::cached::Cached;
use crate::db::in_scope::{in_scope, is_in_scope};
use crate::error::AppError;
use crate::ids::MediaItemId;
use crate::org_units::queries::units_under;
use crate::pagination::PageRequest;
use crate::schema::media_items;
use crate::text::search_tokens;
use chrono::{DateTime, NaiveDate, Utc};
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;

/// One media item in scope.
pub async fn find(mut conn: &Conn, scope: &Scope, id: MediaItemId) -> Result<MediaItem, AppError> {
    let query = media_items::table.filter(media_items::id.eq(id)).filter(is_in_scope(media_items::org_unit_id, scope));
    Ok(query.select(MediaItem::as_select()).first(&mut conn).await?)
}

/// One media item of a body in scope, locked until the end of the transaction.
pub async fn lock(mut conn: &Conn, scope: &Scope, id: MediaItemId) -> Result<MediaItem, AppError> {
    let query = media_items::table.filter(media_items::id.eq(id)).filter(is_in_scope(media_items::org_unit_id, scope));
    Ok(query.select(MediaItem::as_select()).for_no_key_update().first(&mut conn).await?)
}

/// A page of media items in scope, with one row more than it holds.
pub async fn list(mut conn: &Conn, scope: &Scope, filter: &MediaItemQuery, page: &PageRequest) -> Result<Vec<MediaItem>, AppError> {
    let query = crate::keyset!(filtered(scope, filter), page, media_items::id, {
        "created_at" => media_items::created_at => DateTime<Utc>,
        "updated_at" => media_items::updated_at => DateTime<Utc>,
        "published_on" => media_items::published_on => NaiveDate,
    });
    Ok(query.select(MediaItem::as_select()).load(&mut conn).await?)
}

/// How many media items a list has in all.
pub async fn count(mut conn: &Conn, scope: &Scope, filter: &MediaItemQuery) -> Result<i64, AppError> {
    Ok(filtered(scope, filter).count().get_result(&mut conn).await?)
}

fn filtered<'a>(scope: &'a Scope, filter: &'a MediaItemQuery) -> media_items::BoxedQuery<'a, Pg> {
    let mut query = media_items::table.filter(in_scope(media_items::org_unit_id, scope)).into_boxed();
    if let Some(campaign) = filter.campaign_id {
        query = query.filter(media_items::campaign_id.eq(campaign));
    }
    if let Some(unit) = filter.org_unit_id {
        query = query.filter(media_items::org_unit_id.eq(unit));
    }
    if let Some(unit) = filter.under_org_unit_id {
        query = query.filter(media_items::org_unit_id.eq_any(units_under(unit)));
    }
    if let Some(kind) = filter.kind {
        query = query.filter(media_items::kind.eq(kind));
    }
    if let Some(site_id) = filter.site_id {
        query = query.filter(media_items::site_id.eq(site_id));
    }
    if let Some(published_from) = filter.published_from {
        query = query.filter(media_items::published_on.ge(published_from));
    }
    if let Some(published_before) = filter.published_before {
        query = query.filter(media_items::published_on.lt(published_before));
    }
    if let Some(text) = &filter.q {
        query = query.filter(media_items::tokens.contains(search_tokens(&[text])));
    }
    query
}

fn tokens(item: &MediaItem) -> Vec<String> {
    search_tokens(&[&item.outlet, &item.title])
}

/// Adds a media item. The caller has checked that its body is in scope.
pub async fn insert(mut conn: &Conn, _: &Scope, item: &MediaItem) -> Result<(), AppError> {
    diesel::insert_into(media_items::table).values((item, media_items::tokens.eq(tokens(item)))).execute(&mut conn).await?;
    Ok(())
}

/// Writes a locked media item back as its next version.
pub async fn save(mut conn: &Conn, _: &Scope, mut item: MediaItem, now: DateTime<Utc>) -> Result<MediaItem, AppError> {
    item.version += 1;
    item.updated_at = now;
    let target = media_items::table.find((item.campaign_id, item.id));
    let change = diesel::update(target).set((&item, media_items::tokens.eq(tokens(&item))));
    Cached(change).execute(&mut conn).await?;
    Ok(item)
}

/// Deletes a locked media item.
pub async fn delete(mut conn: &Conn, _: &Scope, item: &MediaItem) -> Result<(), AppError> {
    diesel::delete(media_items::table.find((item.campaign_id, item.id))).execute(&mut conn).await?;
    Ok(())
}
