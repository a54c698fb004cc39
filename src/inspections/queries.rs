//! SQL of inspections.

use super::dto::InspectionQuery;
use super::model::Inspection;
use crate::auth::Scope;
use crate::db::Conn;
use crate::db::cached::Cached;
use crate::db::in_scope::{in_scope, is_in_scope};
use crate::error::AppError;
use crate::ids::InspectionId;
use crate::org_units::queries::units_under;
use crate::pagination::PageRequest;
use crate::schema::inspections;
use crate::text::search_tokens;
use chrono::{DateTime, NaiveDate, Utc};
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;

/// One inspection of or by a body in scope.
pub async fn find(mut conn: &Conn, scope: &Scope, id: InspectionId) -> Result<Inspection, AppError> {
    let is_known = is_in_scope(inspections::org_unit_id, scope).or(is_in_scope(inspections::inspector_org_unit_id, scope));
    Ok(inspections::table.filter(inspections::id.eq(id)).filter(is_known).select(Inspection::as_select()).first(&mut conn).await?)
}

/// One inspection by a body in scope, locked until the end of the transaction: only who inspects writes.
pub async fn lock(mut conn: &Conn, scope: &Scope, id: InspectionId) -> Result<Inspection, AppError> {
    let query = inspections::table.filter(inspections::id.eq(id)).filter(is_in_scope(inspections::inspector_org_unit_id, scope));
    Ok(query.select(Inspection::as_select()).for_no_key_update().first(&mut conn).await?)
}

/// A page of inspections of or by bodies in scope, with one row more than it holds.
pub async fn list(mut conn: &Conn, scope: &Scope, filter: &InspectionQuery, page: &PageRequest) -> Result<Vec<Inspection>, AppError> {
    let query = crate::keyset!(filtered(scope, filter), page, inspections::id, {
        "created_at" => inspections::created_at => DateTime<Utc>,
        "updated_at" => inspections::updated_at => DateTime<Utc>,
        "planned_on" => inspections::planned_on => NaiveDate,
    });
    Ok(query.select(Inspection::as_select()).load(&mut conn).await?)
}

/// How many inspections a list has in all.
pub async fn count(mut conn: &Conn, scope: &Scope, filter: &InspectionQuery) -> Result<i64, AppError> {
    Ok(filtered(scope, filter).count().get_result(&mut conn).await?)
}

fn filtered<'a>(scope: &'a Scope, filter: &'a InspectionQuery) -> inspections::BoxedQuery<'a, Pg> {
    let is_known = in_scope(inspections::org_unit_id, scope).or(in_scope(inspections::inspector_org_unit_id, scope));
    let mut query = inspections::table.filter(is_known).into_boxed();
    if let Some(campaign) = filter.campaign_id {
        query = query.filter(inspections::campaign_id.eq(campaign));
    }
    if let Some(unit) = filter.org_unit_id {
        query = query.filter(inspections::org_unit_id.eq(unit));
    }
    if let Some(unit) = filter.under_org_unit_id {
        query = query.filter(inspections::org_unit_id.eq_any(units_under(unit)));
    }
    if let Some(unit) = filter.inspector_org_unit_id {
        query = query.filter(inspections::inspector_org_unit_id.eq(unit));
    }
    if let Some(state) = filter.state {
        query = query.filter(inspections::state.eq(state));
    }
    if let Some(day) = filter.planned_from {
        query = query.filter(inspections::planned_on.ge(day));
    }
    if let Some(day) = filter.planned_before {
        query = query.filter(inspections::planned_on.lt(day));
    }
    if let Some(text) = &filter.q {
        query = query.filter(inspections::tokens.contains(search_tokens(&[text])));
    }
    query
}

fn tokens(inspection: &Inspection) -> Vec<String> {
    let Inspection { subject, findings, recommendations, .. } = inspection;
    search_tokens(&[subject, findings.as_deref().unwrap_or_default(), recommendations.as_deref().unwrap_or_default()])
}

/// Adds an inspection. The caller has checked that its bodies are in scope.
pub async fn insert(mut conn: &Conn, _: &Scope, inspection: &Inspection) -> Result<(), AppError> {
    let values = (inspection, inspections::tokens.eq(tokens(inspection)));
    diesel::insert_into(inspections::table).values(values).execute(&mut conn).await?;
    Ok(())
}

/// Writes a locked inspection back as its next version.
pub async fn save(mut conn: &Conn, _: &Scope, mut inspection: Inspection, now: DateTime<Utc>) -> Result<Inspection, AppError> {
    inspection.version += 1;
    inspection.updated_at = now;
    let target = inspections::table.find((inspection.campaign_id, inspection.id));
    let change = diesel::update(target).set((&inspection, inspections::tokens.eq(tokens(&inspection))));
    Cached(change).execute(&mut conn).await?;
    Ok(inspection)
}

/// Deletes a locked inspection.
pub async fn delete(mut conn: &Conn, _: &Scope, inspection: &Inspection) -> Result<(), AppError> {
    diesel::delete(inspections::table.find((inspection.campaign_id, inspection.id))).execute(&mut conn).await?;
    Ok(())
}
