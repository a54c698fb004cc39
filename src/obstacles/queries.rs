//! SQL of obstacles.

use super::dto::ObstacleQuery;
use super::model::Obstacle;
use crate::auth::Scope;
use crate::db::Conn;
use crate::db::cached::Cached;
use crate::db::in_scope::{in_scope, is_in_scope};
use crate::error::AppError;
use crate::ids::{ObstacleId, OrgUnitId};
use crate::org_units::queries::units_under;
use crate::pagination::PageRequest;
use crate::schema::{obstacles, org_units};
use crate::text::search_tokens;
use chrono::{DateTime, Utc};
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;

/// One obstacle raised by, to or through a body in scope.
pub async fn find(mut conn: &Conn, scope: &Scope, id: ObstacleId) -> Result<Obstacle, AppError> {
    let query = obstacles::table.filter(obstacles::id.eq(id)).filter(
        is_in_scope(obstacles::org_unit_id, scope)
            .or(is_in_scope(obstacles::receiver_org_unit_id, scope))
            .or(is_in_scope(obstacles::through_org_unit_id, scope)),
    );
    Ok(query.select(Obstacle::as_select()).first(&mut conn).await?)
}

/// One obstacle of a body in scope, locked until the end of the transaction.
pub async fn lock(mut conn: &Conn, scope: &Scope, id: ObstacleId) -> Result<Obstacle, AppError> {
    let query = obstacles::table.filter(obstacles::id.eq(id)).filter(is_in_scope(obstacles::org_unit_id, scope));
    Ok(query.select(Obstacle::as_select()).for_no_key_update().first(&mut conn).await?)
}

/// One obstacle raised to or through a body in scope, locked until the end of the transaction: who receives answers.
pub async fn lock_received(mut conn: &Conn, scope: &Scope, id: ObstacleId) -> Result<Obstacle, AppError> {
    let is_mine = is_in_scope(obstacles::receiver_org_unit_id, scope).or(is_in_scope(obstacles::through_org_unit_id, scope));
    let query = obstacles::table.filter(obstacles::id.eq(id)).filter(is_mine);
    Ok(query.select(Obstacle::as_select()).for_no_key_update().first(&mut conn).await?)
}

/// The provincial police below the body that holds a campaign.
pub async fn police_of(mut conn: &Conn, holder: OrgUnitId) -> Result<Option<OrgUnitId>, AppError> {
    let query = org_units::table.filter(org_units::kind.eq("provincial_police")).filter(org_units::id.eq_any(units_under(holder)));
    Ok(query.order(org_units::path).select(org_units::id).first(&mut conn).await.optional()?)
}

/// A page of obstacles raised by, to or through a body in scope, with one row more than it holds.
pub async fn list(mut conn: &Conn, scope: &Scope, filter: &ObstacleQuery, page: &PageRequest) -> Result<Vec<Obstacle>, AppError> {
    let query = crate::keyset!(filtered(scope, filter), page, obstacles::id, {
        "created_at" => obstacles::created_at => DateTime<Utc>,
        "updated_at" => obstacles::updated_at => DateTime<Utc>,
        "raised_at" => obstacles::raised_at => DateTime<Utc>,
    });
    Ok(query.select(Obstacle::as_select()).load(&mut conn).await?)
}

/// How many obstacles a list has in all.
pub async fn count(mut conn: &Conn, scope: &Scope, filter: &ObstacleQuery) -> Result<i64, AppError> {
    Ok(filtered(scope, filter).count().get_result(&mut conn).await?)
}

fn filtered<'a>(scope: &'a Scope, filter: &'a ObstacleQuery) -> obstacles::BoxedQuery<'a, Pg> {
    let mut query = obstacles::table
        .filter(
            in_scope(obstacles::org_unit_id, scope)
                .or(in_scope(obstacles::receiver_org_unit_id, scope))
                .or(in_scope(obstacles::through_org_unit_id, scope)),
        )
        .into_boxed();
    if let Some(campaign) = filter.campaign_id {
        query = query.filter(obstacles::campaign_id.eq(campaign));
    }
    if let Some(unit) = filter.org_unit_id {
        query = query.filter(obstacles::org_unit_id.eq(unit));
    }
    if let Some(unit) = filter.under_org_unit_id {
        query = query.filter(obstacles::org_unit_id.eq_any(units_under(unit)));
    }
    if let Some(state) = filter.state {
        query = query.filter(obstacles::state.eq(state));
    }
    if let Some(receiver_org_unit_id) = filter.receiver_org_unit_id {
        query = query.filter(obstacles::receiver_org_unit_id.eq(receiver_org_unit_id));
    }
    if let Some(through_org_unit_id) = filter.through_org_unit_id {
        query = query.filter(obstacles::through_org_unit_id.eq(through_org_unit_id));
    }
    if let Some(text) = &filter.q {
        query = query.filter(obstacles::tokens.contains(search_tokens(&[text])));
    }
    query
}

fn tokens(obstacle: &Obstacle) -> Vec<String> {
    search_tokens(&[&obstacle.title, &obstacle.description, obstacle.answer.as_deref().unwrap_or_default()])
}

/// Adds an obstacle. The caller has checked that its body is in scope.
pub async fn insert(mut conn: &Conn, _: &Scope, obstacle: &Obstacle) -> Result<(), AppError> {
    diesel::insert_into(obstacles::table).values((obstacle, obstacles::tokens.eq(tokens(obstacle)))).execute(&mut conn).await?;
    Ok(())
}

/// Writes a locked obstacle back as its next version.
pub async fn save(mut conn: &Conn, _: &Scope, mut obstacle: Obstacle, now: DateTime<Utc>) -> Result<Obstacle, AppError> {
    obstacle.version += 1;
    obstacle.updated_at = now;
    let target = obstacles::table.find((obstacle.campaign_id, obstacle.id));
    let change = diesel::update(target).set((&obstacle, obstacles::tokens.eq(tokens(&obstacle))));
    Cached(change).execute(&mut conn).await?;
    Ok(obstacle)
}

/// Deletes a locked obstacle.
pub async fn delete(mut conn: &Conn, _: &Scope, obstacle: &Obstacle) -> Result<(), AppError> {
    diesel::delete(obstacles::table.find((obstacle.campaign_id, obstacle.id))).execute(&mut conn).await?;
    Ok(())
}
