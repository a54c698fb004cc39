//! SQL of reminder stages: they are seen by those who see their campaign, and changed by those who may change it.

use super::defaults;
use super::dto::ReminderStageQuery;
use super::model::{ReminderStage, ReminderSubject};
use crate::auth::Scope;
use crate::campaigns::queries::visible_ids;
use crate::db::Conn;
use crate::db::cached::Cached;
use crate::db::in_scope::is_in_scope;
use crate::error::{AppError, ErrorCode, message};
use crate::ids::{CampaignId, ReminderStageId};
use crate::pagination::PageRequest;
use crate::schema::{campaigns, reminder_stages};
use chrono::{DateTime, Utc};
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;

/// One stage of a campaign that the caller can see.
pub async fn find(mut conn: &Conn, scope: &Scope, id: ReminderStageId) -> Result<ReminderStage, AppError> {
    let seen = visible_ids(conn, scope).await?;
    let query = reminder_stages::table.filter(reminder_stages::id.eq(id)).filter(reminder_stages::campaign_id.eq_any(seen));
    Ok(query.select(ReminderStage::as_select()).first(&mut conn).await?)
}

/// One stage of a campaign in scope, locked until the end of the transaction.
pub async fn lock(mut conn: &Conn, scope: &Scope, id: ReminderStageId) -> Result<ReminderStage, AppError> {
    let own = campaigns::table.filter(is_in_scope(campaigns::org_unit_id, scope)).select(campaigns::id);
    let query = reminder_stages::table.filter(reminder_stages::id.eq(id)).filter(reminder_stages::campaign_id.eq_any(own));
    Ok(query.select(ReminderStage::as_select()).for_no_key_update().first(&mut conn).await?)
}

/// A page of stages, with one row more than it holds.
pub async fn list(mut conn: &Conn, scope: &Scope, filter: &ReminderStageQuery, page: &PageRequest) -> Result<Vec<ReminderStage>, AppError> {
    let query = crate::keyset!(filtered(visible_ids(conn, scope).await?, filter), page, reminder_stages::id, {
        "created_at" => reminder_stages::created_at => DateTime<Utc>,
        "updated_at" => reminder_stages::updated_at => DateTime<Utc>,
        "days" => reminder_stages::days => i32,
    });
    Ok(query.select(ReminderStage::as_select()).load(&mut conn).await?)
}

/// How many stages a list has in all.
pub async fn count(mut conn: &Conn, scope: &Scope, filter: &ReminderStageQuery) -> Result<i64, AppError> {
    Ok(filtered(visible_ids(conn, scope).await?, filter).count().get_result(&mut conn).await?)
}

fn filtered(seen: Vec<CampaignId>, filter: &ReminderStageQuery) -> reminder_stages::BoxedQuery<'static, Pg> {
    let mut query = reminder_stages::table.filter(reminder_stages::campaign_id.eq_any(seen)).into_boxed();
    if let Some(campaign) = filter.campaign_id {
        query = query.filter(reminder_stages::campaign_id.eq(campaign));
    }
    if let Some(subject) = filter.subject {
        query = query.filter(reminder_stages::subject.eq(subject));
    }
    if let Some(kind) = filter.kind {
        query = query.filter(reminder_stages::kind.eq(kind));
    }
    if let Some(is_active) = filter.is_active {
        query = query.filter(reminder_stages::is_active.eq(is_active));
    }
    query
}

/// The active stages of a campaign for one subject, in the order of the calendar. The campaign, or what belongs to it, was
/// found in scope.
pub async fn active(mut conn: &Conn, campaign: CampaignId, subject: ReminderSubject) -> Result<Vec<ReminderStage>, AppError> {
    let query = reminder_stages::table
        .filter(reminder_stages::campaign_id.eq(campaign))
        .filter(reminder_stages::subject.eq(subject))
        .filter(reminder_stages::is_active)
        .order((reminder_stages::days, reminder_stages::local_time, reminder_stages::id));
    Ok(query.select(ReminderStage::as_select()).load(&mut conn).await?)
}

/// Adds stages to a campaign that was found in scope.
pub async fn insert(mut conn: &Conn, _: &Scope, stages: &[ReminderStage]) -> Result<(), AppError> {
    diesel::insert_into(reminder_stages::table).values(stages).execute(&mut conn).await?;
    Ok(())
}

/// Gives a new campaign the stages that every campaign begins with.
pub async fn insert_defaults(conn: &Conn, scope: &Scope, campaign: CampaignId, now: DateTime<Utc>) -> Result<(), AppError> {
    insert(conn, scope, &defaults::stages(campaign, now)).await
}

/// Gives a new campaign the stages of another one, which was found in scope.
pub async fn copy(mut conn: &Conn, scope: &Scope, from: CampaignId, to: CampaignId, now: DateTime<Utc>) -> Result<(), AppError> {
    let query = reminder_stages::table.filter(reminder_stages::campaign_id.eq(from)).order((reminder_stages::days, reminder_stages::id));
    let stages: Vec<ReminderStage> = query.select(ReminderStage::as_select()).load(&mut conn).await?;
    let copied =
        |stage| ReminderStage { campaign_id: to, id: ReminderStageId::new(), version: 1, created_at: now, updated_at: now, ..stage };
    insert(conn, scope, &stages.into_iter().map(copied).collect::<Vec<_>>()).await
}

/// Writes a locked stage back as its next version.
pub async fn save(mut conn: &Conn, _: &Scope, mut stage: ReminderStage, now: DateTime<Utc>) -> Result<ReminderStage, AppError> {
    stage.version += 1;
    stage.updated_at = now;
    Cached(diesel::update(reminder_stages::table.find((stage.campaign_id, stage.id))).set(&stage)).execute(&mut conn).await?;
    Ok(stage)
}

/// Deletes a locked stage; 409 when something was sent under it.
pub async fn delete(mut conn: &Conn, _: &Scope, stage: &ReminderStage) -> Result<(), AppError> {
    let row = reminder_stages::table.find((stage.campaign_id, stage.id));
    diesel::delete(row).execute(&mut conn).await.map(|_| ()).map_err(|error| match AppError::from(error) {
        error if error.code == ErrorCode::InUse => error.because(message(
            "Đã gửi nhắc việc theo mốc này: hãy ngừng dùng thay vì xóa.",
            "Reminders were sent under this stage: make it inactive instead.",
        )),
        error => error,
    })
}
