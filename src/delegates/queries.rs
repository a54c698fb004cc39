//! SQL of delegates.

use super::dto::DelegateQuery;
use super::model::{Delegate, DelegateState, EXPECTED};
use super::rules::Clash;
use crate::auth::Scope;
use crate::db::Conn;
use crate::db::cached::Cached;
use crate::db::in_scope::{in_scope, is_in_scope};
use crate::error::AppError;
use crate::ids::DelegateId;
use crate::org_units::queries::units_under;
use crate::pagination::PageRequest;
use crate::schema::{delegates, org_units, sites};
use crate::sites::model::Site;
use crate::text::search_tokens;
use chrono::{DateTime, Utc};
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;

/// One delegate of a body in scope, or to a site that a body in scope organises.
pub async fn find(mut conn: &Conn, scope: &Scope, id: DelegateId) -> Result<Delegate, AppError> {
    let is_known = is_in_scope(delegates::org_unit_id, scope).or(is_in_scope(delegates::site_org_unit_id, scope));
    Ok(delegates::table.filter(delegates::id.eq(id)).filter(is_known).select(Delegate::as_select()).first(&mut conn).await?)
}

/// Whose scope a step is judged by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// The body the delegate comes from.
    Delegate,
    /// The body that organises the site.
    Site,
}

/// One delegate whose side is in scope, without a lock.
pub async fn find_for(mut conn: &Conn, scope: &Scope, id: DelegateId, side: Side) -> Result<Delegate, AppError> {
    let query = delegates::table.filter(delegates::id.eq(id)).select(Delegate::as_select());
    Ok(match side {
        Side::Delegate => query.filter(is_in_scope(delegates::org_unit_id, scope)).first(&mut conn).await?,
        Side::Site => query.filter(is_in_scope(delegates::site_org_unit_id, scope)).first(&mut conn).await?,
    })
}

/// The delegate that was found, locked until the end of the transaction together with all assignments of the same person, in
/// the order of their ids: of two approvals of one person at once, the second sees what the first did.
pub async fn lock_person(mut conn: &Conn, _: &Scope, found: &Delegate) -> Result<Delegate, AppError> {
    let query = delegates::table
        .filter(delegates::campaign_id.eq(found.campaign_id))
        .filter(delegates::org_unit_id.eq(found.org_unit_id))
        .filter(delegates::name_key.eq(&found.name_key).or(delegates::id.eq(found.id)))
        .order(delegates::id);
    let same: Vec<Delegate> = query.select(Delegate::as_select()).for_no_key_update().load(&mut conn).await?;
    same.into_iter().find(|one| one.id == found.id).ok_or_else(AppError::not_found)
}

/// The other sites at which the person is proposed or expected while the festival of this site goes on.
pub async fn clashes(mut conn: &Conn, _: &Scope, delegate: &Delegate, site: &Site) -> Result<Vec<Clash>, AppError> {
    let (Some(starts_at), Some(ends_at)) = (site.starts_at, site.ends_at) else { return Ok(Vec::new()) };
    let is_site = sites::campaign_id.eq(delegates::campaign_id).and(sites::id.eq(delegates::site_id));
    let mut states = EXPECTED.to_vec();
    states.push(DelegateState::Proposed);
    let query = delegates::table
        .inner_join(sites::table.on(is_site))
        .filter(delegates::campaign_id.eq(delegate.campaign_id))
        .filter(delegates::org_unit_id.eq(delegate.org_unit_id))
        .filter(delegates::name_key.eq(&delegate.name_key))
        .filter(delegates::id.ne(delegate.id))
        .filter(delegates::site_id.ne(site.id))
        .filter(delegates::state.eq_any(states))
        .filter(sites::starts_at.lt(ends_at))
        .filter(sites::ends_at.gt(starts_at))
        .order((sites::starts_at, delegates::id))
        .select((sites::name, sites::starts_at.assume_not_null(), delegates::state));
    let rows: Vec<(String, DateTime<Utc>, DelegateState)> = query.load(&mut conn).await?;
    let clash = |(site_name, starts_at, state)| Clash { site_name, starts_at, is_approved: state != DelegateState::Proposed };
    Ok(rows.into_iter().map(clash).collect())
}

/// A page of delegates in scope, with one row more than it holds.
pub async fn list(mut conn: &Conn, scope: &Scope, filter: &DelegateQuery, page: &PageRequest) -> Result<Vec<Delegate>, AppError> {
    let query = crate::keyset!(filtered(scope, filter), page, delegates::id, {
        "created_at" => delegates::created_at => DateTime<Utc>,
        "updated_at" => delegates::updated_at => DateTime<Utc>,
    });
    Ok(query.select(Delegate::as_select()).load(&mut conn).await?)
}

/// How many delegates a list has in all.
pub async fn count(mut conn: &Conn, scope: &Scope, filter: &DelegateQuery) -> Result<i64, AppError> {
    Ok(filtered(scope, filter).count().get_result(&mut conn).await?)
}

fn filtered<'a>(scope: &'a Scope, filter: &'a DelegateQuery) -> delegates::BoxedQuery<'a, Pg> {
    let is_known = in_scope(delegates::org_unit_id, scope).or(in_scope(delegates::site_org_unit_id, scope));
    let mut query = delegates::table.filter(is_known).into_boxed();
    if let Some(campaign) = filter.campaign_id {
        query = query.filter(delegates::campaign_id.eq(campaign));
    }
    if let Some(site) = filter.site_id {
        query = query.filter(delegates::site_id.eq(site));
    }
    if let Some(unit) = filter.org_unit_id {
        query = query.filter(delegates::org_unit_id.eq(unit));
    }
    if let Some(unit) = filter.under_org_unit_id {
        query = query.filter(delegates::org_unit_id.eq_any(units_under(unit)));
    }
    if let Some(unit) = filter.site_org_unit_id {
        query = query.filter(delegates::site_org_unit_id.eq(unit));
    }
    if let Some(state) = filter.state {
        query = query.filter(delegates::state.eq(state));
    }
    if let Some(role) = filter.delegate_role {
        query = query.filter(delegates::delegate_role.eq(role));
    }
    if let Some(level) = filter.pilot_level {
        let of_level = sites::table.filter(sites::pilot_level.eq(level)).select(sites::id);
        query = query.filter(delegates::site_id.eq_any(of_level));
    }
    if let Some(at) = filter.starts_from {
        query = query.filter(delegates::site_id.eq_any(sites::table.filter(sites::starts_at.ge(at)).select(sites::id)));
    }
    if let Some(at) = filter.starts_before {
        query = query.filter(delegates::site_id.eq_any(sites::table.filter(sites::starts_at.lt(at)).select(sites::id)));
    }
    if let Some(text) = &filter.q {
        query = query.filter(delegates::tokens.contains(search_tokens(&[text])));
    }
    query
}

/// The delegates of a site that are not withdrawn, with the names of their bodies: the head of the delegation first.
pub async fn of_site(mut conn: &Conn, scope: &Scope, site: &Site) -> Result<Vec<(Delegate, String)>, AppError> {
    let is_known = in_scope(delegates::org_unit_id, scope).or(in_scope(delegates::site_org_unit_id, scope));
    let query = delegates::table
        .inner_join(org_units::table.on(org_units::id.eq(delegates::org_unit_id)))
        .filter(delegates::campaign_id.eq(site.campaign_id))
        .filter(delegates::site_id.eq(site.id))
        .filter(delegates::state.ne(DelegateState::Withdrawn))
        .filter(is_known)
        .order((delegates::delegate_role, org_units::no, delegates::id));
    Ok(query.select((Delegate::as_select(), org_units::name)).load(&mut conn).await?)
}

fn tokens(delegate: &Delegate) -> Vec<String> {
    search_tokens(&[&delegate.full_name, delegate.title.as_deref().unwrap_or_default()])
}

/// Adds a delegate. The caller has checked that its site and its body are in scope.
pub async fn insert(mut conn: &Conn, _: &Scope, delegate: &Delegate) -> Result<(), AppError> {
    let row = (delegate, delegates::tokens.eq(tokens(delegate)));
    diesel::insert_into(delegates::table).values(row).execute(&mut conn).await?;
    Ok(())
}

/// Writes a locked delegate back as its next version.
pub async fn save(mut conn: &Conn, _: &Scope, mut delegate: Delegate, now: DateTime<Utc>) -> Result<Delegate, AppError> {
    delegate.version += 1;
    delegate.updated_at = now;
    let target = delegates::table.find((delegate.campaign_id, delegate.id));
    let change = diesel::update(target).set((&delegate, delegates::tokens.eq(tokens(&delegate))));
    Cached(change).execute(&mut conn).await?;
    Ok(delegate)
}
