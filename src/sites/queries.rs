//! SQL of sites.

use super::dto::SiteQuery;
use super::model::{PilotLevel, Site, SiteState};
use crate::auth::Scope;
use crate::db::Conn;
use crate::db::cached::Cached;
use crate::db::in_scope::{in_scope, is_in_scope};
use crate::error::{AppError, ErrorCode, FieldError};
use crate::ids::{CampaignId, SiteId};
use crate::org_units::queries::units_under;
use crate::pagination::{LAST_INSTANT, PageRequest, or_last};
use crate::schema::{site_counters, sites};
use crate::text::search_tokens;
use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;

/// One site in scope.
pub async fn find(mut conn: &Conn, scope: &Scope, id: SiteId) -> Result<Site, AppError> {
    let query = sites::table.filter(sites::id.eq(id)).filter(is_in_scope(sites::org_unit_id, scope));
    Ok(query.select(Site::as_select()).first(&mut conn).await?)
}

/// One site in scope, locked until the end of the transaction.
pub async fn lock(mut conn: &Conn, scope: &Scope, id: SiteId) -> Result<Site, AppError> {
    let query = sites::table.filter(sites::id.eq(id)).filter(is_in_scope(sites::org_unit_id, scope));
    Ok(query.select(Site::as_select()).for_no_key_update().first(&mut conn).await?)
}

/// A site of a campaign that a body names; 422 at `pointer` when it is not in scope.
pub async fn find_reference(mut conn: &Conn, scope: &Scope, campaign: CampaignId, id: SiteId, pointer: &str) -> Result<(), AppError> {
    let query = sites::table.find((campaign, id)).filter(is_in_scope(sites::org_unit_id, scope));
    let found: Option<SiteId> = query.select(sites::id).first(&mut conn).await.optional()?;
    found.map(|_| ()).ok_or_else(|| AppError::field(FieldError::unknown_reference(pointer)))
}

/// One site in scope that keeps its state until the end of the transaction, while others may read it so too:
/// for what depends on the state without changing it.
pub async fn hold_still(mut conn: &Conn, scope: &Scope, id: SiteId) -> Result<Site, AppError> {
    let query = sites::table.filter(sites::id.eq(id)).filter(is_in_scope(sites::org_unit_id, scope));
    Ok(query.select(Site::as_select()).for_share().first(&mut conn).await?)
}

/// The same for the site of something whose own scope has been checked.
pub async fn hold(mut conn: &Conn, key: (CampaignId, SiteId)) -> Result<Site, AppError> {
    Ok(sites::table.find(key).select(Site::as_select()).for_share().first(&mut conn).await?)
}

/// The same for a site that a body names; 422 at `pointer` when it is not in scope.
pub async fn hold_still_reference(conn: &Conn, scope: &Scope, id: SiteId, pointer: &str) -> Result<Site, AppError> {
    hold_still(conn, scope, id)
        .await
        .map_err(|error| if error.code == ErrorCode::NotFound { AppError::field(FieldError::unknown_reference(pointer)) } else { error })
}

/// A page of sites in scope, with one row more than it holds.
pub async fn list(mut conn: &Conn, scope: &Scope, filter: &SiteQuery, page: &PageRequest) -> Result<Vec<Site>, AppError> {
    let query = crate::keyset!(filtered(scope, filter), page, sites::id, {
        "created_at" => sites::created_at => DateTime<Utc>,
        "updated_at" => sites::updated_at => DateTime<Utc>,
        "starts_at" => or_last(sites::starts_at, LAST_INSTANT) => DateTime<Utc>,
    });
    Ok(query.select(Site::as_select()).load(&mut conn).await?)
}

/// How many sites a list has in all.
pub async fn count(mut conn: &Conn, scope: &Scope, filter: &SiteQuery) -> Result<i64, AppError> {
    Ok(filtered(scope, filter).count().get_result(&mut conn).await?)
}

fn filtered<'a>(scope: &'a Scope, filter: &'a SiteQuery) -> sites::BoxedQuery<'a, diesel::pg::Pg> {
    let mut query = sites::table.filter(in_scope(sites::org_unit_id, scope)).into_boxed();
    if let Some(campaign) = filter.campaign_id {
        query = query.filter(sites::campaign_id.eq(campaign));
    }
    if let Some(unit) = filter.org_unit_id {
        query = query.filter(sites::org_unit_id.eq(unit));
    }
    if let Some(unit) = filter.under_org_unit_id {
        query = query.filter(sites::org_unit_id.eq_any(units_under(unit)));
    }
    if let Some(state) = filter.state {
        query = query.filter(sites::state.eq(state));
    }
    if let Some(kind) = filter.kind {
        query = query.filter(sites::kind.eq(kind));
    }
    if let Some(level) = filter.pilot_level {
        query = query.filter(sites::pilot_level.eq(level));
    }
    match filter.is_scheduled {
        Some(true) => query = query.filter(sites::starts_at.is_not_null()),
        Some(false) => query = query.filter(sites::starts_at.is_null()),
        None => {}
    }
    if let Some(at) = filter.starts_from {
        query = query.filter(sites::starts_at.ge(at));
    }
    if let Some(at) = filter.starts_before {
        query = query.filter(sites::starts_at.lt(at));
    }
    if let Some(text) = &filter.q {
        query = query.filter(sites::tokens.contains(search_tokens(&[text])));
    }
    query
}

fn tokens(site: &Site) -> Vec<String> {
    search_tokens(&[&site.name, site.address.as_deref().unwrap_or_default()])
}

/// Adds a site and the row of its figures. The caller has checked that its unit is in scope.
pub async fn insert(mut conn: &Conn, _: &Scope, site: &Site) -> Result<(), AppError> {
    diesel::insert_into(sites::table).values((site, sites::tokens.eq(tokens(site)))).execute(&mut conn).await?;
    diesel::insert_into(site_counters::table)
        .values((site_counters::campaign_id.eq(site.campaign_id), site_counters::site_id.eq(site.id)))
        .execute(&mut conn)
        .await?;
    Ok(())
}

/// Writes a locked site back as its next version.
pub async fn save(mut conn: &Conn, _: &Scope, mut site: Site, now: DateTime<Utc>) -> Result<Site, AppError> {
    site.version += 1;
    site.updated_at = now;
    let change = diesel::update(sites::table.find((site.campaign_id, site.id))).set((&site, sites::tokens.eq(tokens(&site))));
    Cached(change).execute(&mut conn).await?;
    Ok(site)
}

/// Deletes a locked site.
pub async fn delete(mut conn: &Conn, _: &Scope, site: &Site) -> Result<(), AppError> {
    diesel::delete(sites::table.find((site.campaign_id, site.id))).execute(&mut conn).await?;
    Ok(())
}

/// How many guests of a locked site have accepted.
pub async fn accepted(mut conn: &Conn, _: &Scope, site: &Site) -> Result<i32, AppError> {
    Ok(site_counters::table.find((site.campaign_id, site.id)).select(site_counters::accepted).first(&mut conn).await?)
}

/// How many provincial pilot sites the campaign has (R3). Ask with the campaign locked.
pub async fn count_provincial(mut conn: &Conn, _: &Scope, campaign: CampaignId) -> Result<i64, AppError> {
    let query = sites::table.filter(sites::campaign_id.eq(campaign)).filter(sites::pilot_level.eq(PilotLevel::Province));
    Ok(query.count().get_result(&mut conn).await?)
}

/// Other sites of the same organiser at an overlapping time, by name.
pub async fn overlapping(mut conn: &Conn, _: &Scope, site: &Site) -> Result<Vec<String>, AppError> {
    let (Some(starts_at), Some(ends_at)) = (site.starts_at, site.ends_at) else { return Ok(Vec::new()) };
    let query = sites::table
        .filter(sites::campaign_id.eq(site.campaign_id))
        .filter(sites::org_unit_id.eq(site.org_unit_id))
        .filter(sites::id.ne(site.id))
        .filter(sites::state.eq(SiteState::Scheduled))
        .filter(sites::starts_at.lt(ends_at))
        .filter(sites::ends_at.gt(starts_at));
    Ok(query.select(sites::name).limit(5).load(&mut conn).await?)
}

/// Begin of the earliest and end of the latest site of a campaign that has a time.
pub async fn time_span(
    mut conn: &Conn,
    _: &Scope,
    campaign: CampaignId,
) -> Result<(Option<DateTime<Utc>>, Option<DateTime<Utc>>), AppError> {
    let query = sites::table.filter(sites::campaign_id.eq(campaign));
    Ok(query.select((diesel::dsl::min(sites::starts_at), diesel::dsl::max(sites::ends_at))).first(&mut conn).await?)
}

/// The sites in scope that were nominated to the province (R4), in the order of nomination.
pub async fn nominated(mut conn: &Conn, scope: &Scope, campaign: CampaignId) -> Result<Vec<Site>, AppError> {
    let query = sites::table
        .filter(sites::campaign_id.eq(campaign))
        .filter(sites::nominated_by.is_not_null())
        .filter(in_scope(sites::org_unit_id, scope));
    Ok(query.order((sites::nominated_at, sites::id)).select(Site::as_select()).load(&mut conn).await?)
}
