//! SQL of dashboards and maps.

use crate::auth::Scope;
use crate::campaigns::model::{Campaign, CampaignState};
use crate::db::cached::Cached;
use crate::db::in_scope::in_scope;
use crate::db::{Conn, starts_with};
use crate::error::AppError;
use crate::ids::{AdminUnitId, CampaignId, OrgUnitId, SiteId};
use crate::org_units::queries::units_under;
use crate::schema::{admin_units, campaigns, org_units, site_counters, sites};
use crate::sites::model::{PilotLevel, SiteKind, SiteState};
use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Date, Integer, Jsonb, Nullable, Text, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;

/// The latest campaign that the caller can see.
pub async fn latest_campaign(mut conn: &Conn, scope: &Scope) -> Result<Campaign, AppError> {
    let above = org_units::path.eq_any(scope.ancestor_paths());
    let query = campaigns::table
        .inner_join(org_units::table)
        .filter(campaigns::state.ne(CampaignState::Draft))
        .filter(starts_with(org_units::path, scope.prefix()).or(above))
        .order((campaigns::year.desc(), campaigns::id.desc()));
    Ok(query.select(Campaign::as_select()).first(&mut conn).await?)
}

/// The figures of an overview.
#[derive(Debug, QueryableByName)]
#[allow(missing_docs)]
pub struct OverviewRow {
    #[diesel(sql_type = BigInt)]
    pub total: i64,
    #[diesel(sql_type = BigInt)]
    pub draft: i64,
    #[diesel(sql_type = BigInt)]
    pub nominated: i64,
    #[diesel(sql_type = BigInt)]
    pub shortlisted: i64,
    #[diesel(sql_type = BigInt)]
    pub selected: i64,
    #[diesel(sql_type = BigInt)]
    pub not_selected: i64,
    #[diesel(sql_type = BigInt)]
    pub scheduled: i64,
    #[diesel(sql_type = BigInt)]
    pub held: i64,
    #[diesel(sql_type = BigInt)]
    pub closed: i64,
    #[diesel(sql_type = BigInt)]
    pub provincial_pilots: i64,
    #[diesel(sql_type = BigInt)]
    pub listed: i64,
    #[diesel(sql_type = BigInt)]
    pub invited: i64,
    #[diesel(sql_type = BigInt)]
    pub accepted: i64,
    #[diesel(sql_type = BigInt)]
    pub declined: i64,
    #[diesel(sql_type = BigInt)]
    pub entries: i64,
    #[diesel(sql_type = BigInt)]
    pub persons: i64,
    #[diesel(sql_type = BigInt)]
    pub present: i64,
    #[diesel(sql_type = BigInt)]
    pub counted_sites: i64,
    #[diesel(sql_type = BigInt)]
    pub highest_sum: i64,
    #[diesel(sql_type = BigInt)]
    pub activities: i64,
    #[diesel(sql_type = BigInt)]
    pub activities_planned: i64,
    #[diesel(sql_type = BigInt)]
    pub activities_held: i64,
    #[diesel(sql_type = BigInt)]
    pub activities_cancelled: i64,
    #[diesel(sql_type = BigInt)]
    pub expected: i64,
    #[diesel(sql_type = BigInt)]
    pub submitted: i64,
    #[diesel(sql_type = BigInt)]
    pub in_time: i64,
    #[diesel(sql_type = BigInt)]
    pub late: i64,
    #[diesel(sql_type = BigInt)]
    pub waiting: i64,
    #[diesel(sql_type = BigInt)]
    pub returned: i64,
    #[diesel(sql_type = BigInt)]
    pub reports_accepted: i64,
    #[diesel(sql_type = Jsonb)]
    pub districts: serde_json::Value,
    #[diesel(sql_type = Text)]
    pub snapshot: String,
}

#[derive(QueryableByName)]
struct SnapshotRow {
    #[diesel(sql_type = Text)]
    snapshot: String,
}

/// What transactions are visible at this moment. Two equal snapshots see the same data: a commit in between would
/// have taken its number out of the running ones or raised the upper bound.
pub async fn snapshot(mut conn: &Conn) -> Result<String, AppError> {
    let query = diesel::sql_query("SELECT pg_current_snapshot()::text AS snapshot");
    let row: SnapshotRow = Cached(query).get_result(&mut conn).await?;
    Ok(row.snapshot)
}

/// All figures of an overview, of one snapshot.
pub async fn overview(mut conn: &Conn, scope: &Scope, campaign: &Campaign, unit: Option<OrgUnitId>) -> Result<OverviewRow, AppError> {
    let query = diesel::sql_query(include_str!("overview.sql"))
        .bind::<SqlUuid, _>(campaign.id)
        .bind::<Text, _>(scope.prefix())
        .bind::<Nullable<SqlUuid>, _>(unit)
        .bind::<Integer, _>(campaign.min_district_nominations)
        .bind::<Date, _>(campaign.event_from)
        .bind::<Date, _>(campaign.event_to);
    Ok(Cached(query).get_result(&mut conn).await?)
}

/// A site on the map.
#[derive(Debug, Queryable)]
#[allow(missing_docs)]
pub struct MapRow {
    pub id: SiteId,
    pub name: String,
    pub kind: SiteKind,
    pub state: SiteState,
    pub pilot_level: PilotLevel,
    pub org_unit_id: OrgUnitId,
    pub admin_unit_id: Option<AdminUnitId>,
    pub starts_at: Option<DateTime<Utc>>,
    pub point: (Option<f64>, Option<f64>),
    pub unit_point: (Option<f64>, Option<f64>),
    pub invited: i32,
    pub entries: i32,
    pub persons: i32,
    pub present: i32,
}

/// Sites of a campaign with their figures, for a map.
pub async fn map(
    mut conn: &Conn,
    scope: &Scope,
    campaign: CampaignId,
    unit: Option<OrgUnitId>,
    state: Option<SiteState>,
    rows: i64,
) -> Result<Vec<MapRow>, AppError> {
    let counters = site_counters::campaign_id.eq(sites::campaign_id).and(site_counters::site_id.eq(sites::id));
    let mut query = sites::table
        .inner_join(site_counters::table.on(counters))
        .left_join(admin_units::table.on(sites::admin_unit_id.eq(admin_units::id.nullable())))
        .filter(sites::campaign_id.eq(campaign))
        .filter(in_scope(sites::org_unit_id, scope))
        .order(sites::id)
        .limit(rows)
        .select((
            sites::id,
            sites::name,
            sites::kind,
            sites::state,
            sites::pilot_level,
            sites::org_unit_id,
            sites::admin_unit_id,
            sites::starts_at,
            (sites::lat, sites::lon),
            (admin_units::lat.nullable(), admin_units::lon.nullable()),
            site_counters::invited,
            site_counters::entries,
            site_counters::persons,
            site_counters::present,
        ))
        .into_boxed();
    if let Some(unit) = unit {
        query = query.filter(sites::org_unit_id.eq_any(units_under(unit)));
    }
    if let Some(state) = state {
        query = query.filter(sites::state.eq(state));
    }
    Ok(query.load(&mut conn).await?)
}
