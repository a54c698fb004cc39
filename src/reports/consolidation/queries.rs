//! SQL of the consolidation.

use crate::auth::Scope;
use crate::db::{Conn, starts_with};
use crate::error::AppError;
use crate::ids::{CampaignId, OrgUnitId, ReportId};
use crate::org_units::model::OrgLevel;
use crate::reports::figures::Figures;
use crate::reports::model::ReportState;
use crate::schema::{org_units, reports};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;

/// An accepted report, as far as it is added up.
#[derive(Debug, Clone, Queryable)]
#[allow(missing_docs)]
pub struct AcceptedReport {
    pub id: ReportId,
    pub org_unit_id: OrgUnitId,
    pub org_unit_name: String,
    pub org_unit_level: OrgLevel,
    pub figures: Figures,
    pub narrative: Option<String>,
}

/// The accepted reports in scope of a campaign, in the order of the tree.
pub async fn accepted(mut conn: &Conn, scope: &Scope, campaign: CampaignId) -> Result<Vec<AcceptedReport>, AppError> {
    let query = reports::table
        .inner_join(org_units::table)
        .filter(reports::campaign_id.eq(campaign))
        .filter(reports::state.eq(ReportState::Accepted))
        .filter(starts_with(org_units::path, scope.prefix()))
        .order_by((org_units::no, reports::id))
        .select((reports::id, reports::org_unit_id, org_units::name, org_units::level, reports::figures, reports::narrative));
    Ok(query.load(&mut conn).await?)
}
