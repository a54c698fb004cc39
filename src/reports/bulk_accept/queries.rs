//! SQL of a bulk acceptance.

use super::dto::BulkAcceptFilter;
use crate::auth::Scope;
use crate::db::Conn;
use crate::db::in_scope::in_scope;
use crate::error::AppError;
use crate::ids::{CampaignId, OrgUnitId, ReportId};
use crate::org_units::queries::units_under;
use crate::reports::model::{Report, ReportState};
use crate::schema::{org_units, report_obligations, report_versions, reports};
use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use std::collections::HashSet;
use uuid::Uuid;

/// The submitted reports of a campaign in scope that are owed to a body in scope and match, each with its body, by their ids.
pub async fn matching(
    mut conn: &Conn,
    scope: &Scope,
    campaign: CampaignId,
    filter: &BulkAcceptFilter,
) -> Result<Vec<(ReportId, OrgUnitId)>, AppError> {
    let mut received = report_obligations::table
        .filter(report_obligations::campaign_id.eq(campaign))
        .filter(in_scope(report_obligations::to_org_unit_id, scope))
        .select(report_obligations::id)
        .into_boxed();
    if let Some(unit) = filter.to_org_unit_id {
        received = received.filter(report_obligations::to_org_unit_id.eq(unit));
    }
    let mut query = reports::table
        .filter(reports::campaign_id.eq(campaign))
        .filter(reports::state.eq(ReportState::Submitted))
        .filter(in_scope(reports::org_unit_id, scope))
        .filter(reports::obligation_id.eq_any(received))
        .into_boxed();
    if let Some(unit) = filter.under_org_unit_id {
        query = query.filter(reports::org_unit_id.eq_any(units_under(unit)));
    }
    if let Some(kind) = filter.org_unit_kind {
        let of_kind = org_units::table.filter(org_units::kind.eq(kind.as_str())).select(org_units::id);
        query = query.filter(reports::org_unit_id.eq_any(of_kind));
    }
    if let Some(is_late) = filter.is_late {
        query = query.filter(reports::is_late.eq(is_late));
    }
    if let Some(at) = filter.submitted_before {
        query = query.filter(reports::submitted_at.lt(at));
    }
    if let Some(ids) = &filter.ids {
        query = query.filter(reports::id.eq_any(ids));
    }
    Ok(query.order_by(reports::id.asc()).select((reports::id, reports::org_unit_id)).load(&mut conn).await?)
}

/// Which of these ids are reports of a campaign in scope.
pub async fn visible(mut conn: &Conn, scope: &Scope, campaign: CampaignId, ids: &[ReportId]) -> Result<Vec<ReportId>, AppError> {
    let query = reports::table
        .filter(reports::campaign_id.eq(campaign))
        .filter(reports::id.eq_any(ids))
        .filter(in_scope(reports::org_unit_id, scope));
    Ok(query.select(reports::id).load(&mut conn).await?)
}

/// The reports of a campaign that an account submitted, at any time.
pub async fn submitted_by(mut conn: &Conn, _: &Scope, campaign: CampaignId, account: Uuid) -> Result<HashSet<ReportId>, AppError> {
    let query = report_versions::table
        .filter(report_versions::campaign_id.eq(campaign))
        .filter(report_versions::submitted_by.eq(account))
        .select(report_versions::report_id)
        .distinct();
    Ok(query.load(&mut conn).await?.into_iter().collect())
}

/// Those of these reports that are still submitted, locked until the end of the transaction in the order of their ids:
/// of two acceptances that meet, the second finds what the first has left.
pub async fn lock_submitted(mut conn: &Conn, _: &Scope, campaign: CampaignId, ids: &[ReportId]) -> Result<Vec<ReportId>, AppError> {
    let query = reports::table
        .filter(reports::campaign_id.eq(campaign))
        .filter(reports::id.eq_any(ids))
        .filter(reports::state.eq(ReportState::Submitted))
        .order(reports::id)
        .select(reports::id);
    Ok(query.for_no_key_update().load(&mut conn).await?)
}

/// Accepts locked reports in one statement and gives them as they are then, by their ids.
pub async fn accept(
    mut conn: &Conn,
    _: &Scope,
    campaign: CampaignId,
    locked: &[ReportId],
    now: DateTime<Utc>,
) -> Result<Vec<Report>, AppError> {
    let target = reports::table.filter(reports::campaign_id.eq(campaign)).filter(reports::id.eq_any(locked));
    let change = diesel::update(target).set((
        reports::state.eq(ReportState::Accepted),
        reports::accepted_at.eq(now),
        reports::version.eq(reports::version + 1),
        reports::updated_at.eq(now),
    ));
    let mut accepted: Vec<Report> = change.returning(Report::as_returning()).get_results(&mut conn).await?;
    accepted.sort_by_key(|report| report.id);
    Ok(accepted)
}
