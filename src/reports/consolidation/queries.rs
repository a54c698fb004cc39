//! SQL of the consolidation.

use crate::auth::Scope;
use crate::db::{Conn, starts_with};
use crate::error::AppError;
use crate::ids::{CampaignId, OrgUnitId, ReportId};
use crate::org_units::model::OrgLevel;
use crate::reports::coverage;
use crate::reports::figures::Figures;
use crate::reports::model::ReportState;
use crate::reports::prefill::model::ReportCoverage;
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

/// The accepted reports in scope of a campaign, in the order of the tree: those that add up, and how many do not because an accepted report
/// in scope of a body above speaks for theirs.
pub async fn accepted(mut conn: &Conn, scope: &Scope, campaign: CampaignId) -> Result<(Vec<AcceptedReport>, usize), AppError> {
    let query = reports::table
        .inner_join(org_units::table)
        .filter(reports::campaign_id.eq(campaign))
        .filter(reports::state.eq(ReportState::Accepted))
        .filter(starts_with(org_units::path, scope.prefix()))
        .order_by((org_units::no, reports::id))
        .select((
            (reports::id, reports::org_unit_id, org_units::name, org_units::level, reports::figures, reports::narrative),
            org_units::path,
            reports::coverage,
        ));
    let rows: Vec<(AcceptedReport, String, ReportCoverage)> = query.load(&mut conn).await?;
    let told = rows.iter().map(|(_, path, coverage)| (path.as_str(), *coverage));
    let is_spoken_for = coverage::spoken_for(told);
    let count = rows.len();
    let adding: Vec<AcceptedReport> =
        rows.into_iter().zip(is_spoken_for).filter(|(_, is_spoken_for)| !is_spoken_for).map(|((report, ..), _)| report).collect();
    let spoken_for = count - adding.len();
    Ok((adding, spoken_for))
}
