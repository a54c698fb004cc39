//! SQL of purposes: they are seen by those who see their campaign, and changed by those who may change it.

use super::defaults;
use super::dto::{ProcessingPurposeChangeQuery, ProcessingPurposeQuery};
use super::model::{ProcessingPurpose, PurposeChange};
use crate::auth::Scope;
use crate::campaigns::model::{Campaign, CampaignState};
use crate::campaigns::queries::visible_ids;
use crate::db::Conn;
use crate::db::cached::Cached;
use crate::db::in_scope::is_in_scope;
use crate::error::AppError;
use crate::ids::{CampaignId, ProcessingPurposeId};
use crate::pagination::PageRequest;
use crate::schema::{campaigns, processing_purpose_changes, processing_purposes};
use chrono::{DateTime, Utc};
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;

/// One purpose of a campaign that the caller can see.
pub async fn find(mut conn: &Conn, scope: &Scope, id: ProcessingPurposeId) -> Result<ProcessingPurpose, AppError> {
    let seen = visible_ids(conn, scope).await?;
    let query = processing_purposes::table.filter(processing_purposes::id.eq(id)).filter(processing_purposes::campaign_id.eq_any(seen));
    Ok(query.select(ProcessingPurpose::as_select()).first(&mut conn).await?)
}

/// One purpose of a campaign in scope, locked until the end of the transaction.
pub async fn lock(mut conn: &Conn, scope: &Scope, id: ProcessingPurposeId) -> Result<ProcessingPurpose, AppError> {
    let own = campaigns::table.filter(is_in_scope(campaigns::org_unit_id, scope)).select(campaigns::id);
    let query = processing_purposes::table.filter(processing_purposes::id.eq(id)).filter(processing_purposes::campaign_id.eq_any(own));
    Ok(query.select(ProcessingPurpose::as_select()).for_no_key_update().first(&mut conn).await?)
}

/// A page of purposes, with one row more than it holds.
pub async fn list(
    mut conn: &Conn,
    scope: &Scope,
    filter: &ProcessingPurposeQuery,
    page: &PageRequest,
) -> Result<Vec<ProcessingPurpose>, AppError> {
    let query = crate::keyset!(filtered(visible_ids(conn, scope).await?, filter), page, processing_purposes::id, {
        "created_at" => processing_purposes::created_at => DateTime<Utc>,
        "updated_at" => processing_purposes::updated_at => DateTime<Utc>,
    });
    Ok(query.select(ProcessingPurpose::as_select()).load(&mut conn).await?)
}

/// How many purposes a list has in all.
pub async fn count(mut conn: &Conn, scope: &Scope, filter: &ProcessingPurposeQuery) -> Result<i64, AppError> {
    Ok(filtered(visible_ids(conn, scope).await?, filter).count().get_result(&mut conn).await?)
}

fn filtered(seen: Vec<CampaignId>, filter: &ProcessingPurposeQuery) -> processing_purposes::BoxedQuery<'static, Pg> {
    let mut query = processing_purposes::table.filter(processing_purposes::campaign_id.eq_any(seen)).into_boxed();
    if let Some(campaign) = filter.campaign_id {
        query = query.filter(processing_purposes::campaign_id.eq(campaign));
    }
    if let Some(kind) = filter.data_kind {
        query = query.filter(processing_purposes::data_kind.eq(kind));
    }
    match filter.has_retention {
        Some(true) => query = query.filter(processing_purposes::retention_days.is_not_null()),
        Some(false) => query = query.filter(processing_purposes::retention_days.is_null()),
        None => {}
    }
    query
}

/// A page of the versions of a purpose that was found in scope, with one row more than it holds.
pub async fn changes(
    mut conn: &Conn,
    _: &Scope,
    purpose: &ProcessingPurpose,
    filter: &ProcessingPurposeChangeQuery,
    page: &PageRequest,
) -> Result<Vec<PurposeChange>, AppError> {
    let query = crate::keyset!(of_purpose(purpose, filter), page, processing_purpose_changes::id, {
        "changed_at" => processing_purpose_changes::changed_at => DateTime<Utc>,
    });
    Ok(query.select(PurposeChange::as_select()).load(&mut conn).await?)
}

/// How many versions the list has in all.
pub async fn count_changes(
    mut conn: &Conn,
    _: &Scope,
    purpose: &ProcessingPurpose,
    filter: &ProcessingPurposeChangeQuery,
) -> Result<i64, AppError> {
    Ok(of_purpose(purpose, filter).count().get_result(&mut conn).await?)
}

fn of_purpose(purpose: &ProcessingPurpose, filter: &ProcessingPurposeChangeQuery) -> processing_purpose_changes::BoxedQuery<'static, Pg> {
    let mut query = processing_purpose_changes::table
        .filter(processing_purpose_changes::campaign_id.eq(purpose.campaign_id))
        .filter(processing_purpose_changes::processing_purpose_id.eq(purpose.id))
        .into_boxed();
    if let Some(account) = filter.changed_by {
        query = query.filter(processing_purpose_changes::changed_by.eq(account));
    }
    query
}

/// Gives a new campaign the purposes that every campaign begins with.
pub async fn insert_defaults(conn: &Conn, scope: &Scope, campaign: CampaignId, now: DateTime<Utc>) -> Result<(), AppError> {
    insert(conn, scope, defaults::purposes(campaign, now)).await
}

/// Gives a new campaign the purposes of another one, which was found in scope.
pub async fn copy(mut conn: &Conn, scope: &Scope, from: CampaignId, to: CampaignId, now: DateTime<Utc>) -> Result<(), AppError> {
    let query = processing_purposes::table.filter(processing_purposes::campaign_id.eq(from)).order(processing_purposes::id);
    let purposes: Vec<ProcessingPurpose> = query.select(ProcessingPurpose::as_select()).load(&mut conn).await?;
    let copied = |purpose| {
        let purpose =
            ProcessingPurpose { campaign_id: to, id: ProcessingPurposeId::new(), version: 1, created_at: now, updated_at: now, ..purpose };
        let first = defaults::first(&purpose);
        (purpose, first)
    };
    insert(conn, scope, purposes.into_iter().map(copied).collect()).await
}

async fn insert(mut conn: &Conn, _: &Scope, purposes: Vec<(ProcessingPurpose, PurposeChange)>) -> Result<(), AppError> {
    let (purposes, changes): (Vec<_>, Vec<_>) = purposes.into_iter().unzip();
    diesel::insert_into(processing_purposes::table).values(&purposes).execute(&mut conn).await?;
    diesel::insert_into(processing_purpose_changes::table).values(&changes).execute(&mut conn).await?;
    Ok(())
}

/// Writes a locked purpose back as its next version, and the version into the log.
pub async fn save(mut conn: &Conn, _: &Scope, purpose: &ProcessingPurpose, change: &PurposeChange) -> Result<(), AppError> {
    let row = processing_purposes::table.find((purpose.campaign_id, purpose.id));
    Cached(diesel::update(row).set(purpose)).execute(&mut conn).await?;
    diesel::insert_into(processing_purpose_changes::table).values(change).execute(&mut conn).await?;
    Ok(())
}

/// The purposes with an end of keeping of the campaigns that are closed, each with its campaign.
pub async fn of_closed(mut conn: &Conn, scope: &Scope) -> Result<Vec<(Campaign, ProcessingPurpose)>, AppError> {
    let query = campaigns::table
        .inner_join(processing_purposes::table)
        .filter(campaigns::state.eq(CampaignState::Closed))
        .filter(processing_purposes::retention_days.is_not_null())
        .filter(is_in_scope(campaigns::org_unit_id, scope))
        .order((campaigns::id, processing_purposes::id));
    Ok(query.select((Campaign::as_select(), ProcessingPurpose::as_select())).load(&mut conn).await?)
}
