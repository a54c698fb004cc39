//! SQL of campaigns.

use super::dto::CampaignQuery;
use super::model::{Campaign, CampaignState};
use super::rules;
use crate::auth::Scope;
use crate::db::cached::Cached;
use crate::db::in_scope::is_in_scope;
use crate::db::{Conn, starts_with};
use crate::error::AppError;
use crate::ids::{CampaignId, OrgUnitId};
use crate::org_units::queries::{existing, units_drafted_by, units_under};
use crate::pagination::PageRequest;
use crate::schema::{campaigns, org_units, report_forms};
use crate::text::search_tokens;
use chrono::{DateTime, NaiveDate, Utc};
use diesel::dsl::Select;
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::sql_types::Bool;
use diesel_async::RunQueryDsl;

/// That the caller can see a campaign: it is in scope or set going above the caller's own unit, and no longer a
/// draft; or a draft of those the caller works on.
fn visible(scope: &Scope) -> Box<dyn BoxableExpression<campaigns::table, Pg, SqlType = Bool> + '_> {
    let above = org_units::path.eq_any(scope.ancestor_paths());
    let readable = org_units::table.filter(starts_with(org_units::path, scope.prefix()).or(above)).select(org_units::id);
    Box::new(
        campaigns::state
            .ne(CampaignState::Draft)
            .and(campaigns::org_unit_id.eq_any(readable))
            .or(campaigns::org_unit_id.eq_any(units_drafted_by(scope))),
    )
}

/// The campaigns that the caller can see, for a query of what belongs to them.
pub fn visible_campaigns(scope: &Scope) -> diesel::helper_types::IntoBoxed<'_, Select<campaigns::table, campaigns::id>, Pg> {
    campaigns::table.select(campaigns::id).filter(visible(scope)).into_boxed()
}

/// Whether the body that owns a campaign is in scope.
pub async fn is_owner_in_scope(mut conn: &Conn, scope: &Scope, campaign: &Campaign) -> Result<bool, AppError> {
    let found = campaigns::table.filter(campaigns::id.eq(campaign.id)).filter(is_in_scope(campaigns::org_unit_id, scope));
    Ok(diesel::select(diesel::dsl::exists(found)).get_result(&mut conn).await?)
}

/// One campaign that the caller can see.
pub async fn find(mut conn: &Conn, scope: &Scope, id: CampaignId) -> Result<Campaign, AppError> {
    let query = campaigns::table.filter(campaigns::id.eq(id)).filter(visible(scope));
    Ok(query.select(Campaign::as_select()).first(&mut conn).await?)
}

/// The campaigns that the caller can see: a handful, one a year and province.
pub async fn visible_ids(mut conn: &Conn, scope: &Scope) -> Result<Vec<CampaignId>, AppError> {
    Ok(campaigns::table.filter(visible(scope)).select(campaigns::id).load(&mut conn).await?)
}

/// A campaign that stays open, with its parameters, until the end of the transaction; 409 when it is closed. Every
/// write of what a campaign owns begins so: a closing or a change of the window waits, and then finds what was
/// recorded. The caller has checked the scope, by the campaign or by what belongs to it.
pub async fn hold_open(mut conn: &Conn, id: CampaignId) -> Result<Campaign, AppError> {
    let campaign = campaigns::table.find(id).select(Campaign::as_select()).for_share().first(&mut conn).await?;
    rules::check_open(&campaign)?;
    Ok(campaign)
}

/// The same for a campaign that a body names; 422 at `pointer` when the caller cannot see it.
pub async fn hold_open_reference(conn: &Conn, scope: &Scope, id: CampaignId, pointer: &str) -> Result<Campaign, AppError> {
    find(conn, scope, id).await.map_err(|error| error.into_unknown_reference(pointer))?;
    hold_open(conn, id).await
}

/// One campaign in scope, locked until the end of the transaction: for decisions that count.
pub async fn lock(mut conn: &Conn, scope: &Scope, id: CampaignId) -> Result<Campaign, AppError> {
    let query = campaigns::table.filter(campaigns::id.eq(id)).filter(is_in_scope(campaigns::org_unit_id, scope));
    Ok(query.select(Campaign::as_select()).for_no_key_update().first(&mut conn).await?)
}

/// The same, open: for decisions that count over the campaign. Whoever needs it does not hold the campaign before,
/// or two of them would wait for each other.
pub async fn lock_open(conn: &Conn, scope: &Scope, id: CampaignId) -> Result<Campaign, AppError> {
    let campaign = lock(conn, scope, id).await?;
    rules::check_open(&campaign)?;
    Ok(campaign)
}

/// A page of the campaigns that the caller can see, with one row more than it holds.
pub async fn list(mut conn: &Conn, scope: &Scope, filter: &CampaignQuery, page: &PageRequest) -> Result<Vec<Campaign>, AppError> {
    let query = crate::keyset!(filtered(scope, filter), page, campaigns::id, {
        "created_at" => campaigns::created_at => DateTime<Utc>,
        "updated_at" => campaigns::updated_at => DateTime<Utc>,
        "year" => campaigns::year => i32,
        "event_from" => campaigns::event_from => NaiveDate,
    });
    Ok(query.select(Campaign::as_select()).load(&mut conn).await?)
}

/// How many campaigns a list has in all.
pub async fn count(mut conn: &Conn, scope: &Scope, filter: &CampaignQuery) -> Result<i64, AppError> {
    Ok(filtered(scope, filter).count().get_result(&mut conn).await?)
}

fn filtered<'a>(scope: &'a Scope, filter: &'a CampaignQuery) -> campaigns::BoxedQuery<'a, Pg> {
    let mut query = campaigns::table.filter(visible(scope)).into_boxed();
    if let Some(year) = filter.year {
        query = query.filter(campaigns::year.eq(year));
    }
    if let Some(state) = filter.state {
        query = query.filter(campaigns::state.eq(state));
    }
    if let Some(unit) = filter.org_unit_id {
        query = query.filter(campaigns::org_unit_id.eq(unit));
    }
    if let Some(text) = &filter.q {
        query = query.filter(campaigns::tokens.contains(search_tokens(&[text])));
    }
    query
}

/// The level of a body in scope; none when it is not in scope.
pub async fn level_of(mut conn: &Conn, scope: &Scope, unit: OrgUnitId) -> Result<Option<String>, AppError> {
    let query = org_units::table.filter(org_units::id.eq(unit)).filter(starts_with(org_units::path, scope.prefix()));
    Ok(query.select(org_units::level).first(&mut conn).await.optional()?)
}

/// The district committees of a campaign that are in scope, and below a unit, by name: those that exist in its window.
pub async fn district_committees(
    mut conn: &Conn,
    scope: &Scope,
    campaign: &Campaign,
    under: Option<OrgUnitId>,
) -> Result<Vec<(OrgUnitId, String)>, AppError> {
    let mut query = org_units::table
        .filter(org_units::kind.eq("district_committee"))
        .filter(starts_with(org_units::path, scope.prefix()))
        .filter(org_units::id.eq_any(units_under(campaign.org_unit_id)))
        .filter(existing(campaign.event_from, campaign.event_to))
        .into_boxed();
    if let Some(unit) = under {
        query = query.filter(org_units::id.eq_any(units_under(unit)));
    }
    Ok(query.order((org_units::name, org_units::id)).select((org_units::id, org_units::name)).load(&mut conn).await?)
}

fn tokens(campaign: &Campaign) -> Vec<String> {
    search_tokens(&[&campaign.name])
}

/// Adds a campaign. The caller has checked that its unit is in scope.
pub async fn insert(mut conn: &Conn, _: &Scope, campaign: &Campaign) -> Result<(), AppError> {
    diesel::insert_into(campaigns::table).values((campaign, campaigns::tokens.eq(tokens(campaign)))).execute(&mut conn).await?;
    Ok(())
}

/// Writes a locked campaign back as its next version.
pub async fn save(mut conn: &Conn, _: &Scope, mut campaign: Campaign, now: DateTime<Utc>) -> Result<Campaign, AppError> {
    campaign.version += 1;
    campaign.updated_at = now;
    let change = diesel::update(campaigns::table.find(campaign.id)).set((&campaign, campaigns::tokens.eq(tokens(&campaign))));
    Cached(change).execute(&mut conn).await?;
    Ok(campaign)
}

/// Deletes a locked campaign, with its report forms: it was made with one.
pub async fn delete(mut conn: &Conn, _: &Scope, campaign: &Campaign) -> Result<(), AppError> {
    diesel::delete(report_forms::table.filter(report_forms::campaign_id.eq(campaign.id))).execute(&mut conn).await?;
    diesel::delete(campaigns::table.find(campaign.id)).execute(&mut conn).await?;
    Ok(())
}
