//! SQL of frozen consolidations.

use super::dto::ConsolidationListQuery;
use super::model::{Addressee, Consolidation};
use crate::auth::Scope;
use crate::db::cached::Cached;
use crate::db::in_scope::{in_scope, is_in_scope};
use crate::db::{Conn, starts_with};
use crate::error::AppError;
use crate::ids::{CampaignId, ConsolidationId, OrgUnitId};
use crate::org_units::model::{OrgUnit, OrgUnitKind};
use crate::org_units::queries::units_under;
use crate::pagination::PageRequest;
use crate::schema::{consolidation_addressees, consolidations, org_units};
use chrono::{DateTime, NaiveDate, Utc};
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;

/// One consolidation in scope.
pub async fn find(mut conn: &Conn, scope: &Scope, id: ConsolidationId) -> Result<Consolidation, AppError> {
    let query = consolidations::table.filter(consolidations::id.eq(id)).filter(is_in_scope(consolidations::org_unit_id, scope));
    Ok(query.select(Consolidation::as_select()).first(&mut conn).await?)
}

/// The content of one that was found in scope.
pub async fn content(mut conn: &Conn, _: &Scope, row: &Consolidation) -> Result<String, AppError> {
    Ok(consolidations::table.find((row.campaign_id, row.id)).select(consolidations::content).first(&mut conn).await?)
}

/// To whom one that was found in scope was sent, in the order of the list.
pub async fn addressees(mut conn: &Conn, _: &Scope, row: &Consolidation) -> Result<Vec<Addressee>, AppError> {
    let query = consolidation_addressees::table
        .filter(consolidation_addressees::campaign_id.eq(row.campaign_id))
        .filter(consolidation_addressees::consolidation_id.eq(row.id))
        .order(consolidation_addressees::no);
    Ok(query.select(Addressee::as_select()).load(&mut conn).await?)
}

/// One consolidation in scope, locked until the end of the transaction.
pub async fn lock(mut conn: &Conn, scope: &Scope, id: ConsolidationId) -> Result<Consolidation, AppError> {
    let query = consolidations::table.filter(consolidations::id.eq(id)).filter(is_in_scope(consolidations::org_unit_id, scope));
    Ok(query.select(Consolidation::as_select()).for_no_key_update().first(&mut conn).await?)
}

/// A page of consolidations in scope, with one row more than it holds.
pub async fn list(
    mut conn: &Conn,
    scope: &Scope,
    filter: &ConsolidationListQuery,
    page: &PageRequest,
) -> Result<Vec<Consolidation>, AppError> {
    let query = crate::keyset!(filtered(scope, filter), page, consolidations::id, {
        "created_at" => consolidations::created_at => DateTime<Utc>,
        "updated_at" => consolidations::updated_at => DateTime<Utc>,
        "as_of" => consolidations::as_of => DateTime<Utc>,
    });
    Ok(query.select(Consolidation::as_select()).load(&mut conn).await?)
}

/// How many consolidations a list has in all.
pub async fn count(mut conn: &Conn, scope: &Scope, filter: &ConsolidationListQuery) -> Result<i64, AppError> {
    Ok(filtered(scope, filter).count().get_result(&mut conn).await?)
}

fn filtered<'a>(scope: &'a Scope, filter: &'a ConsolidationListQuery) -> consolidations::BoxedQuery<'a, Pg> {
    let mut query = consolidations::table.filter(in_scope(consolidations::org_unit_id, scope)).into_boxed();
    if let Some(campaign) = filter.campaign_id {
        query = query.filter(consolidations::campaign_id.eq(campaign));
    }
    if let Some(unit) = filter.org_unit_id {
        query = query.filter(consolidations::org_unit_id.eq(unit));
    }
    if let Some(unit) = filter.under_org_unit_id {
        query = query.filter(consolidations::org_unit_id.eq_any(units_under(unit)));
    }
    if let Some(state) = filter.state {
        query = query.filter(consolidations::state.eq(state));
    }
    query
}

/// The next running number of a locked body in a campaign.
pub async fn next_no(mut conn: &Conn, _: &Scope, campaign: CampaignId, unit: OrgUnitId) -> Result<i32, AppError> {
    let last: Option<i32> = consolidations::table
        .filter(consolidations::campaign_id.eq(campaign))
        .filter(consolidations::org_unit_id.eq(unit))
        .select(diesel::dsl::max(consolidations::no))
        .first(&mut conn)
        .await?;
    Ok(last.unwrap_or(0) + 1)
}

/// Adds a consolidation with its content. The caller has checked that its body is in scope.
pub async fn insert(mut conn: &Conn, _: &Scope, row: &Consolidation, content: &str) -> Result<(), AppError> {
    diesel::insert_into(consolidations::table).values((row, consolidations::content.eq(content))).execute(&mut conn).await?;
    Ok(())
}

/// Writes a locked consolidation back as its next version; its content stays.
pub async fn save(mut conn: &Conn, _: &Scope, mut row: Consolidation, now: DateTime<Utc>) -> Result<Consolidation, AppError> {
    row.version += 1;
    row.updated_at = now;
    let change = diesel::update(consolidations::table.find((row.campaign_id, row.id))).set(&row);
    Cached(change).execute(&mut conn).await?;
    Ok(row)
}

/// Adds those to whom a locked consolidation goes.
pub async fn insert_addressees(mut conn: &Conn, _: &Scope, rows: &[Addressee]) -> Result<(), AppError> {
    diesel::insert_into(consolidation_addressees::table).values(rows).execute(&mut conn).await?;
    Ok(())
}

/// Writes an addressee of a locked consolidation back.
pub async fn save_addressee(mut conn: &Conn, _: &Scope, row: &Addressee) -> Result<(), AppError> {
    let target = consolidation_addressees::table.find((row.campaign_id, row.consolidation_id, row.no));
    diesel::update(target).set(row).execute(&mut conn).await?;
    Ok(())
}

/// The committee of the centre and the People's Committee within a province (III.1); fewer where one is not known.
pub async fn addressees_by_plan(mut conn: &Conn, _: &Scope, province_path: &str, on: NaiveDate) -> Result<Vec<OrgUnit>, AppError> {
    let is_named = org_units::kind
        .eq(OrgUnitKind::CentralCommittee)
        .or(org_units::kind.eq(OrgUnitKind::PeoplesCommittee).and(starts_with(org_units::path, province_path)));
    let query = org_units::table
        .filter(is_named)
        .filter(org_units::valid_from.le(on))
        .filter(org_units::valid_to.is_null().or(org_units::valid_to.ge(on)))
        .order(org_units::no);
    let named: Vec<OrgUnit> = query.select(OrgUnit::as_select()).load(&mut conn).await?;
    let first = |kind: OrgUnitKind| named.iter().find(|unit| unit.kind == kind).cloned();
    Ok([OrgUnitKind::CentralCommittee, OrgUnitKind::PeoplesCommittee].into_iter().filter_map(first).collect())
}
