//! SQL of checklist items: they are seen by those who see their campaign, and changed by those who may change it.

use super::defaults;
use super::dto::ChecklistItemQuery;
use super::model::ChecklistItem;
use crate::auth::Scope;
use crate::campaigns::queries::visible_ids;
use crate::db::Conn;
use crate::db::cached::Cached;
use crate::db::in_scope::is_in_scope;
use crate::error::AppError;
use crate::ids::{CampaignId, ChecklistItemId};
use crate::pagination::PageRequest;
use crate::schema::{campaigns, checklist_items, sites};
use chrono::{DateTime, Utc};
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;

/// One item of a campaign that the caller can see.
pub async fn find(mut conn: &Conn, scope: &Scope, id: ChecklistItemId) -> Result<ChecklistItem, AppError> {
    let seen = visible_ids(conn, scope).await?;
    let query = checklist_items::table.filter(checklist_items::id.eq(id)).filter(checklist_items::campaign_id.eq_any(seen));
    Ok(query.select(ChecklistItem::as_select()).first(&mut conn).await?)
}

/// One item of a campaign in scope, locked until the end of the transaction.
pub async fn lock(mut conn: &Conn, scope: &Scope, id: ChecklistItemId) -> Result<ChecklistItem, AppError> {
    let own = campaigns::table.filter(is_in_scope(campaigns::org_unit_id, scope)).select(campaigns::id);
    let query = checklist_items::table.filter(checklist_items::id.eq(id)).filter(checklist_items::campaign_id.eq_any(own));
    Ok(query.select(ChecklistItem::as_select()).for_no_key_update().first(&mut conn).await?)
}

/// A page of items, with one row more than it holds.
pub async fn list(mut conn: &Conn, scope: &Scope, filter: &ChecklistItemQuery, page: &PageRequest) -> Result<Vec<ChecklistItem>, AppError> {
    let query = crate::keyset!(filtered(visible_ids(conn, scope).await?, filter), page, checklist_items::id, {
        "created_at" => checklist_items::created_at => DateTime<Utc>,
        "updated_at" => checklist_items::updated_at => DateTime<Utc>,
        "no" => checklist_items::no => i32,
    });
    Ok(query.select(ChecklistItem::as_select()).load(&mut conn).await?)
}

/// How many items a list has in all.
pub async fn count(mut conn: &Conn, scope: &Scope, filter: &ChecklistItemQuery) -> Result<i64, AppError> {
    Ok(filtered(visible_ids(conn, scope).await?, filter).count().get_result(&mut conn).await?)
}

fn filtered(seen: Vec<CampaignId>, filter: &ChecklistItemQuery) -> checklist_items::BoxedQuery<'static, Pg> {
    let mut query = checklist_items::table.filter(checklist_items::campaign_id.eq_any(seen)).into_boxed();
    if let Some(campaign) = filter.campaign_id {
        query = query.filter(checklist_items::campaign_id.eq(campaign));
    }
    if let Some(is_active) = filter.is_active {
        query = query.filter(checklist_items::is_active.eq(is_active));
    }
    if let Some(is_required) = filter.is_required {
        query = query.filter(checklist_items::is_required.eq(is_required));
    }
    query
}

/// The items of a campaign that are asked, in their order. The campaign, or what belongs to it, was found in scope.
pub async fn asked(mut conn: &Conn, campaign: CampaignId) -> Result<Vec<ChecklistItem>, AppError> {
    let query = checklist_items::table.filter(checklist_items::campaign_id.eq(campaign)).filter(checklist_items::is_active);
    Ok(query.order((checklist_items::no, checklist_items::id)).select(ChecklistItem::as_select()).load(&mut conn).await?)
}

/// Adds items to a campaign that was found in scope.
pub async fn insert(mut conn: &Conn, _: &Scope, items: &[ChecklistItem]) -> Result<(), AppError> {
    diesel::insert_into(checklist_items::table).values(items).execute(&mut conn).await?;
    Ok(())
}

/// Gives a new campaign the items that every campaign begins with.
pub async fn insert_defaults(conn: &Conn, scope: &Scope, campaign: CampaignId, now: DateTime<Utc>) -> Result<(), AppError> {
    insert(conn, scope, &defaults::items(campaign, now)).await
}

/// Gives a new campaign the items of another one, which was found in scope.
pub async fn copy(mut conn: &Conn, scope: &Scope, from: CampaignId, to: CampaignId, now: DateTime<Utc>) -> Result<(), AppError> {
    let query = checklist_items::table.filter(checklist_items::campaign_id.eq(from)).order((checklist_items::no, checklist_items::id));
    let items: Vec<ChecklistItem> = query.select(ChecklistItem::as_select()).load(&mut conn).await?;
    let copied = |item| ChecklistItem { campaign_id: to, id: ChecklistItemId::new(), version: 1, created_at: now, updated_at: now, ..item };
    insert(conn, scope, &items.into_iter().map(copied).collect::<Vec<_>>()).await
}

/// Writes a locked item back as its next version.
pub async fn save(mut conn: &Conn, _: &Scope, mut item: ChecklistItem, now: DateTime<Utc>) -> Result<ChecklistItem, AppError> {
    item.version += 1;
    item.updated_at = now;
    Cached(diesel::update(checklist_items::table.find((item.campaign_id, item.id))).set(&item)).execute(&mut conn).await?;
    Ok(item)
}

/// The checklist of every site of a campaign changes with what is asked: what was read of them before is out of date.
pub async fn renew_sites(mut conn: &Conn, _: &Scope, campaign: CampaignId) -> Result<(), AppError> {
    let of_campaign = sites::table.filter(sites::campaign_id.eq(campaign));
    diesel::update(of_campaign).set(sites::version.eq(sites::version + 1)).execute(&mut conn).await?;
    Ok(())
}
