//! SQL of findings: what was reported, what is recorded, and what was settled.

use super::dto::FindingKind;
use crate::auth::Scope;
use crate::db::Conn;
use crate::error::AppError;
use crate::ids::{CampaignId, OrgUnitId, ReportId};
use crate::reports::prefill::model::ReportCoverage;
use crate::schema::consolidation_settlements;
use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Jsonb, Text, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use uuid::Uuid;

/// A submitted or accepted report beside what is recorded of the bodies that it speaks for.
#[derive(Debug, Clone, QueryableByName)]
#[allow(missing_docs)]
pub struct Reported {
    #[diesel(sql_type = SqlUuid)]
    pub report_id: ReportId,
    #[diesel(sql_type = SqlUuid)]
    pub org_unit_id: OrgUnitId,
    #[diesel(sql_type = Text)]
    pub org_unit_name: String,
    #[diesel(sql_type = Text)]
    pub org_unit_kind: String,
    #[diesel(sql_type = Jsonb)]
    pub figures: serde_json::Value,
    #[diesel(sql_type = BigInt)]
    pub sites_held: i64,
    #[diesel(sql_type = BigInt)]
    pub entries: i64,
    #[diesel(sql_type = Text)]
    pub path: String,
    #[diesel(sql_type = Text)]
    pub coverage: ReportCoverage,
}

/// One event in two reports: a site of one body at the place and the time of a site of another.
#[derive(Debug, Clone, QueryableByName)]
#[allow(missing_docs)]
pub struct Shared {
    #[diesel(sql_type = SqlUuid)]
    pub report_id: ReportId,
    #[diesel(sql_type = SqlUuid)]
    pub other_report_id: ReportId,
    #[diesel(sql_type = Text)]
    pub other_name: String,
    #[diesel(sql_type = BigInt)]
    pub events: i64,
}

const REPORTED: &str = "
WITH told AS (
    SELECT r.id, r.org_unit_id, u.name, u.kind, u.path, u.no, r.figures, r.coverage
    FROM reports r JOIN org_units u ON u.id = r.org_unit_id
    WHERE r.campaign_id = $1 AND r.state NOT IN ('draft', 'returned') AND starts_with(u.path, $2)
), other AS (
    SELECT o.org_unit_id, u.path FROM report_obligations o JOIN org_units u ON u.id = o.org_unit_id WHERE o.campaign_id = $1 AND starts_with(u.path, $2)
), held AS (
    SELECT u.path, count(*) FILTER (WHERE s.state IN ('held', 'closed')) AS sites, coalesce(sum(c.entries), 0) AS entries
    FROM sites s JOIN org_units u ON u.id = s.org_unit_id LEFT JOIN site_counters c ON c.campaign_id = s.campaign_id AND c.site_id = s.id
    WHERE s.campaign_id = $1 AND starts_with(u.path, $2) GROUP BY u.path
)
SELECT t.id AS report_id, t.org_unit_id, t.name AS org_unit_name, t.kind AS org_unit_kind, t.figures, t.path, t.coverage,
       coalesce((SELECT sum(h.sites) FROM held h WHERE starts_with(h.path, t.path) AND (t.coverage = 'subtree' OR NOT EXISTS (
           SELECT FROM other o WHERE o.org_unit_id <> t.org_unit_id AND starts_with(o.path, t.path) AND starts_with(h.path, o.path)))), 0)::bigint AS sites_held,
       coalesce((SELECT sum(h.entries) FROM held h WHERE starts_with(h.path, t.path) AND (t.coverage = 'subtree' OR NOT EXISTS (
           SELECT FROM other o WHERE o.org_unit_id <> t.org_unit_id AND starts_with(o.path, t.path) AND starts_with(h.path, o.path)))), 0)::bigint AS entries
FROM told t ORDER BY t.no, t.id";

/// The reports of a scope that are submitted or accepted, in the order of the tree.
pub async fn reported(mut conn: &Conn, scope: &Scope, campaign: CampaignId) -> Result<Vec<Reported>, AppError> {
    let query = diesel::sql_query(REPORTED).bind::<SqlUuid, _>(campaign).bind::<Text, _>(scope.prefix());
    Ok(query.load(&mut conn).await?)
}

const SHARED: &str = "
WITH held AS (
    SELECT s.id, s.admin_unit_id, s.starts_at, s.ends_at, u.path
    FROM sites s JOIN org_units u ON u.id = s.org_unit_id
    WHERE s.campaign_id = $1 AND s.state IN ('held', 'closed') AND s.starts_at IS NOT NULL AND starts_with(u.path, $2)
), told AS (
    SELECT r.id, u.path, u.name FROM reports r JOIN org_units u ON u.id = r.org_unit_id
    WHERE r.campaign_id = $1 AND r.state NOT IN ('draft', 'returned') AND starts_with(u.path, $2)
)
SELECT a.id AS report_id, b.id AS other_report_id, b.name AS other_name, count(DISTINCT x.id)::bigint AS events
FROM held x
JOIN held y ON y.admin_unit_id = x.admin_unit_id AND y.id <> x.id AND y.starts_at < x.ends_at AND x.starts_at < y.ends_at
JOIN told a ON starts_with(x.path, a.path)
JOIN told b ON starts_with(y.path, b.path)
WHERE NOT starts_with(a.path, b.path) AND NOT starts_with(b.path, a.path)
GROUP BY a.id, b.id, b.name ORDER BY a.id, b.id";

/// Events that two reports of a scope count: sites of two bodies in one place at one time.
pub async fn shared(mut conn: &Conn, scope: &Scope, campaign: CampaignId) -> Result<Vec<Shared>, AppError> {
    let query = diesel::sql_query(SHARED).bind::<SqlUuid, _>(campaign).bind::<Text, _>(scope.prefix());
    Ok(query.load(&mut conn).await?)
}

/// How a finding was settled, as stored.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = consolidation_settlements)]
#[allow(missing_docs)]
pub struct Settlement {
    pub campaign_id: CampaignId,
    pub id: Uuid,
    pub report_id: ReportId,
    pub kind: FindingKind,
    pub indicator: String,
    pub reported: i64,
    pub compared: i64,
    pub reason: String,
    pub settled_by: Uuid,
    pub settled_at: DateTime<Utc>,
}

/// What was settled in a campaign; only that of reports in scope is shown.
pub async fn settlements(mut conn: &Conn, _: &Scope, campaign: CampaignId) -> Result<Vec<Settlement>, AppError> {
    let query = consolidation_settlements::table.filter(consolidation_settlements::campaign_id.eq(campaign));
    Ok(query.select(Settlement::as_select()).load(&mut conn).await?)
}

/// Keeps how a finding of a report in scope was settled.
pub async fn settle(mut conn: &Conn, _: &Scope, settlement: &Settlement) -> Result<(), AppError> {
    diesel::insert_into(consolidation_settlements::table).values(settlement).execute(&mut conn).await?;
    Ok(())
}
