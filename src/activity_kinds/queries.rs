//! SQL of kinds of activity: they are seen by those who see their campaign, and changed by those who may change it.

use super::defaults;
use super::dto::ActivityKindQuery;
use super::model::ActivityKind;
use crate::auth::Scope;
use crate::campaigns::queries::visible_ids;
use crate::db::Conn;
use crate::db::cached::Cached;
use crate::db::in_scope::is_in_scope;
use crate::error::AppError;
use crate::ids::{ActivityKindId, CampaignId};
use crate::pagination::PageRequest;
use crate::schema::{activities, activity_kinds, campaigns};
use chrono::{DateTime, Utc};
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;

/// One kind of a campaign that the caller can see.
pub async fn find(mut conn: &Conn, scope: &Scope, id: ActivityKindId) -> Result<ActivityKind, AppError> {
    let seen = visible_ids(conn, scope).await?;
    let query = activity_kinds::table.filter(activity_kinds::id.eq(id)).filter(activity_kinds::campaign_id.eq_any(seen));
    Ok(query.select(ActivityKind::as_select()).first(&mut conn).await?)
}

/// One kind of a campaign in scope, locked until the end of the transaction.
pub async fn lock(mut conn: &Conn, scope: &Scope, id: ActivityKindId) -> Result<ActivityKind, AppError> {
    let own = campaigns::table.filter(is_in_scope(campaigns::org_unit_id, scope)).select(campaigns::id);
    let query = activity_kinds::table.filter(activity_kinds::id.eq(id)).filter(activity_kinds::campaign_id.eq_any(own));
    Ok(query.select(ActivityKind::as_select()).for_no_key_update().first(&mut conn).await?)
}

/// A page of kinds, with one row more than it holds.
pub async fn list(mut conn: &Conn, scope: &Scope, filter: &ActivityKindQuery, page: &PageRequest) -> Result<Vec<ActivityKind>, AppError> {
    let query = crate::keyset!(filtered(visible_ids(conn, scope).await?, filter), page, activity_kinds::id, {
        "created_at" => activity_kinds::created_at => DateTime<Utc>,
        "updated_at" => activity_kinds::updated_at => DateTime<Utc>,
        "code" => activity_kinds::code => String,
    });
    Ok(query.select(ActivityKind::as_select()).load(&mut conn).await?)
}

/// How many kinds a list has in all.
pub async fn count(mut conn: &Conn, scope: &Scope, filter: &ActivityKindQuery) -> Result<i64, AppError> {
    Ok(filtered(visible_ids(conn, scope).await?, filter).count().get_result(&mut conn).await?)
}

fn filtered(seen: Vec<CampaignId>, filter: &ActivityKindQuery) -> activity_kinds::BoxedQuery<'static, Pg> {
    let mut query = activity_kinds::table.filter(activity_kinds::campaign_id.eq_any(seen)).into_boxed();
    if let Some(campaign) = filter.campaign_id {
        query = query.filter(activity_kinds::campaign_id.eq(campaign));
    }
    if let Some(is_active) = filter.is_active {
        query = query.filter(activity_kinds::is_active.eq(is_active));
    }
    if let Some(phase) = filter.phase {
        query = query.filter(activity_kinds::phases.contains(vec![phase]));
    }
    if let Some(code) = &filter.code {
        query = query.filter(activity_kinds::code.eq(code.clone()));
    }
    query
}

/// Adds kinds to a campaign that was found in scope.
pub async fn insert(mut conn: &Conn, _: &Scope, kinds: &[ActivityKind]) -> Result<(), AppError> {
    diesel::insert_into(activity_kinds::table).values(kinds).execute(&mut conn).await?;
    Ok(())
}

/// Gives a new campaign the kinds that every campaign begins with.
pub async fn insert_defaults(conn: &Conn, scope: &Scope, campaign: CampaignId, now: DateTime<Utc>) -> Result<(), AppError> {
    insert(conn, scope, &defaults::kinds(campaign, now)?).await
}

/// Gives a new campaign the kinds of another one, which was found in scope.
pub async fn copy(mut conn: &Conn, scope: &Scope, from: CampaignId, to: CampaignId, now: DateTime<Utc>) -> Result<(), AppError> {
    let query = activity_kinds::table.filter(activity_kinds::campaign_id.eq(from)).order(activity_kinds::id);
    let kinds: Vec<ActivityKind> = query.select(ActivityKind::as_select()).load(&mut conn).await?;
    let copied = |kind| ActivityKind { campaign_id: to, id: ActivityKindId::new(), version: 1, created_at: now, updated_at: now, ..kind };
    insert(conn, scope, &kinds.into_iter().map(copied).collect::<Vec<_>>()).await
}

/// Writes a locked kind back as its next version.
pub async fn save(mut conn: &Conn, _: &Scope, mut kind: ActivityKind, now: DateTime<Utc>) -> Result<ActivityKind, AppError> {
    kind.version += 1;
    kind.updated_at = now;
    Cached(diesel::update(activity_kinds::table.find((kind.campaign_id, kind.id))).set(&kind)).execute(&mut conn).await?;
    Ok(kind)
}

/// The kind of a code in a campaign that was found in scope, held as it is until the end of the transaction.
pub async fn hold(mut conn: &Conn, campaign: CampaignId, code: &str) -> Result<Option<ActivityKind>, AppError> {
    let query = activity_kinds::table.filter(activity_kinds::campaign_id.eq(campaign)).filter(activity_kinds::code.eq(code));
    Ok(query.select(ActivityKind::as_select()).for_share().first(&mut conn).await.optional()?)
}

/// Whether an activity of a kind has a result of one of these codes.
pub async fn has_results(mut conn: &Conn, kind: &ActivityKind, codes: Vec<String>) -> Result<bool, AppError> {
    let with = activities::table
        .filter(activities::campaign_id.eq(kind.campaign_id))
        .filter(activities::kind.eq(&kind.code))
        .filter(activities::results.has_any_key(codes));
    Ok(diesel::select(diesel::dsl::exists(with)).get_result(&mut conn).await?)
}

/// All kinds of a campaign that was found in scope.
pub async fn of_campaign(mut conn: &Conn, campaign: CampaignId) -> Result<Vec<ActivityKind>, AppError> {
    let query = activity_kinds::table.filter(activity_kinds::campaign_id.eq(campaign));
    Ok(query.select(ActivityKind::as_select()).load(&mut conn).await?)
}
