//! SQL of sites.

use super::checklist::model::ChecklistProgress;
use super::checklist::queries::{COUNTS, IS_COMPLETE, counted};
use super::dto::SiteQuery;
use super::model::{PilotLevel, Site, SiteKind, SiteState, SiteStep};
use crate::activities::model::ActivityState;
use crate::auth::Scope;
use crate::db::Conn;
use crate::db::cached::Cached;
use crate::db::in_scope::{in_scope, is_in_scope};
use crate::error::{AppError, FieldError};
use crate::ids::{CampaignId, OrgUnitId, SiteId};
use crate::org_units::queries::units_under;
use crate::pagination::{LAST_INSTANT, PageRequest, or_last};
use crate::schema::{activities, site_counters, site_steps, sites};
use crate::text::search_tokens;
use chrono::{DateTime, Utc};
use diesel::dsl::{not, sql};
use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Bool, Timestamptz};
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

/// The same for those of some sites that are in scope, in the order of their ids.
pub async fn hold_all(mut conn: &Conn, scope: &Scope, ids: &[SiteId]) -> Result<Vec<Site>, AppError> {
    let query = sites::table.filter(sites::id.eq_any(ids)).filter(is_in_scope(sites::org_unit_id, scope)).order(sites::id);
    Ok(query.select(Site::as_select()).for_share().load(&mut conn).await?)
}

/// The same for the site of something whose own scope has been checked.
pub async fn hold(mut conn: &Conn, key: (CampaignId, SiteId)) -> Result<Site, AppError> {
    Ok(sites::table.find(key).select(Site::as_select()).for_share().first(&mut conn).await?)
}

/// The same for a site that a body names; 422 at `pointer` when it is not in scope.
pub async fn hold_still_reference(conn: &Conn, scope: &Scope, id: SiteId, pointer: &str) -> Result<Site, AppError> {
    hold_still(conn, scope, id).await.map_err(|error| error.into_unknown_reference(pointer))
}

/// One site in scope as it is shown, with how far its checklist is.
pub async fn find_shown(mut conn: &Conn, scope: &Scope, id: SiteId) -> Result<(Site, ChecklistProgress), AppError> {
    let query = sites::table.filter(sites::id.eq(id)).filter(is_in_scope(sites::org_unit_id, scope));
    let (site, counts): (Site, Vec<i64>) =
        Cached(query.select((Site::as_select(), sql::<Array<BigInt>>(COUNTS))).limit(1)).get_result(&mut conn).await?;
    let progress = counted(&site, &counts);
    Ok((site, progress))
}

/// A page of sites in scope with how far their checklists are, with one row more than it holds.
pub async fn list(
    mut conn: &Conn,
    scope: &Scope,
    filter: &SiteQuery,
    page: &PageRequest,
) -> Result<Vec<(Site, ChecklistProgress)>, AppError> {
    let query = crate::keyset!(filtered(scope, filter)?, page, sites::id, {
        "created_at" => sites::created_at => DateTime<Utc>,
        "updated_at" => sites::updated_at => DateTime<Utc>,
        "starts_at" => or_last(sites::starts_at, LAST_INSTANT) => DateTime<Utc>,
    });
    let rows: Vec<(Site, Vec<i64>)> = Cached(query.select((Site::as_select(), sql::<Array<BigInt>>(COUNTS)))).load(&mut conn).await?;
    let shown = |(site, counts): (Site, Vec<i64>)| {
        let progress = counted(&site, &counts);
        (site, progress)
    };
    Ok(rows.into_iter().map(shown).collect())
}

/// How many sites a list has in all.
pub async fn count(mut conn: &Conn, scope: &Scope, filter: &SiteQuery) -> Result<i64, AppError> {
    Ok(filtered(scope, filter)?.count().get_result(&mut conn).await?)
}

/// That the organiser of a scheduled site has another one, or an activity elsewhere, at an overlapping time.
const HAS_CLASH: &str = "(sites.state = 'scheduled' AND (EXISTS (SELECT FROM sites o WHERE o.campaign_id = sites.campaign_id
    AND o.org_unit_id = sites.org_unit_id AND o.id <> sites.id AND o.state = 'scheduled' AND o.starts_at < sites.ends_at AND o.ends_at > sites.starts_at)
    OR EXISTS (SELECT FROM activities o WHERE o.campaign_id = sites.campaign_id AND o.org_unit_id = sites.org_unit_id
    AND o.site_id IS DISTINCT FROM sites.id AND o.state <> 'cancelled' AND o.starts_at < sites.ends_at
    AND coalesce(o.ends_at, o.starts_at + interval '1 hour') > sites.starts_at)))";

fn filtered<'a>(scope: &'a Scope, filter: &'a SiteQuery) -> Result<sites::BoxedQuery<'a, diesel::pg::Pg>, AppError> {
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
    if let Some(states) = filter.states()? {
        query = query.filter(sites::state.eq_any(states));
    }
    if let Some(kind) = filter.kind {
        query = query.filter(sites::kind.eq(kind));
    }
    if let Some(unit) = filter.nominated_by {
        query = query.filter(sites::nominated_by.eq(unit));
    }
    if let Some(unit) = filter.admin_unit_id {
        query = query.filter(sites::admin_unit_id.eq(unit));
    }
    if let Some(reason) = filter.priority_reason {
        query = query.filter(sites::priority_reasons.contains(vec![reason.to_string()]));
    }
    if let Some(is_complete) = filter.is_checklist_complete {
        let complete = sql::<Bool>(IS_COMPLETE);
        query = if is_complete { query.filter(complete) } else { query.filter(not(complete)) };
    }
    if let Some(has_clash) = filter.has_clash {
        let clash = sql::<Bool>(HAS_CLASH);
        query = if has_clash { query.filter(clash) } else { query.filter(not(clash)) };
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
    Ok(query)
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

/// How many other pilot sites of a site's level there are below a committee, also only those of one kind. Ask with the
/// committee locked.
pub async fn count_marked(mut conn: &Conn, _: &Scope, site: &Site, committee: OrgUnitId, kind: Option<SiteKind>) -> Result<i64, AppError> {
    let mut query = sites::table
        .filter(sites::campaign_id.eq(site.campaign_id))
        .filter(sites::pilot_level.eq(site.pilot_level))
        .filter(sites::org_unit_id.eq_any(units_under(committee)))
        .filter(sites::id.ne(site.id))
        .into_boxed();
    if let Some(kind) = kind {
        query = query.filter(sites::kind.eq(kind));
    }
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

/// Activities of the same organiser at an overlapping time that are not held at the site, by title. One without an end
/// counts as an hour.
pub async fn overlapping_activities(mut conn: &Conn, _: &Scope, site: &Site) -> Result<Vec<String>, AppError> {
    let (Some(starts_at), Some(ends_at)) = (site.starts_at, site.ends_at) else { return Ok(Vec::new()) };
    let query = activities::table
        .filter(activities::campaign_id.eq(site.campaign_id))
        .filter(activities::org_unit_id.eq(site.org_unit_id))
        .filter(activities::site_id.is_distinct_from(site.id))
        .filter(activities::state.ne(ActivityState::Cancelled))
        .filter(activities::starts_at.lt(ends_at))
        .filter(sql::<Timestamptz>("coalesce(activities.ends_at, activities.starts_at + interval '1 hour')").gt(starts_at));
    Ok(query.order(activities::starts_at).select(activities::title).limit(5).load(&mut conn).await?)
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

/// Adds a step to the history of a locked site.
pub async fn add_step(mut conn: &Conn, _: &Scope, step: &SiteStep) -> Result<(), AppError> {
    Cached(diesel::insert_into(site_steps::table).values(step)).execute(&mut conn).await?;
    Ok(())
}

/// A page of the steps of a site that was found in scope, with one row more than it holds.
pub async fn steps(mut conn: &Conn, site: &Site, page: &PageRequest) -> Result<Vec<SiteStep>, AppError> {
    let of_site = site_steps::table.filter(site_steps::campaign_id.eq(site.campaign_id)).filter(site_steps::site_id.eq(site.id));
    let query = crate::keyset!(of_site.into_boxed(), page, site_steps::id, {
        "occurred_at" => site_steps::occurred_at => DateTime<Utc>,
    });
    Ok(query.select(SiteStep::as_select()).load(&mut conn).await?)
}

/// How many steps a site has taken.
pub async fn count_steps(mut conn: &Conn, site: &Site) -> Result<i64, AppError> {
    let of_site = site_steps::table.filter(site_steps::campaign_id.eq(site.campaign_id)).filter(site_steps::site_id.eq(site.id));
    Ok(of_site.count().get_result(&mut conn).await?)
}

/// The pilot level that a locked site had before the province selected it.
pub async fn level_before_selection(mut conn: &Conn, site: &Site) -> Result<PilotLevel, AppError> {
    let query = site_steps::table
        .filter(site_steps::campaign_id.eq(site.campaign_id))
        .filter(site_steps::site_id.eq(site.id))
        .filter(site_steps::to_pilot_level.eq(PilotLevel::Province))
        .filter(site_steps::from_pilot_level.ne(PilotLevel::Province));
    let level = query.order(site_steps::id.desc()).select(site_steps::from_pilot_level).first(&mut conn).await.optional()?;
    Ok(level.unwrap_or(PilotLevel::None))
}
