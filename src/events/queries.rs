//! SQL of the change feed.

use super::Event;
use crate::auth::Scope;
use crate::db::{Conn, starts_with};
use crate::error::AppError;
use crate::ids::{CampaignId, OrgUnitId};
use crate::schema::{events, org_units};
use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use uuid::Uuid;

/// Writes one change.
pub async fn insert(mut conn: &Conn, event: Event<'_>, actor: Uuid, now: DateTime<Utc>) -> Result<(), AppError> {
    diesel::insert_into(events::table)
        .values((
            events::campaign_id.eq(event.campaign_id.map_or(Uuid::nil(), Uuid::from)),
            events::id.eq(Uuid::now_v7()),
            events::resource.eq(event.resource),
            events::resource_id.eq(event.resource_id),
            events::resource_version.eq(event.version),
            events::org_unit_id.eq(event.org_unit_id),
            events::action.eq(event.action),
            events::actor_id.eq(actor),
            events::occurred_at.eq(now),
            events::data.eq(event.data),
        ))
        .execute(&mut conn)
        .await?;
    Ok(())
}

/// A change as stored.
#[derive(Debug, Queryable, Selectable)]
#[diesel(table_name = events)]
#[allow(missing_docs)]
pub struct EventRow {
    pub campaign_id: Uuid,
    pub id: Uuid,
    pub xid: i64,
    pub seq: i64,
    pub resource: String,
    pub resource_id: Uuid,
    pub resource_version: i32,
    pub org_unit_id: OrgUnitId,
    pub action: String,
    pub occurred_at: DateTime<Utc>,
    pub data: serde_json::Value,
}

/// What to read of the feed.
#[derive(Debug)]
pub struct Stretch<'a> {
    /// Position of the last change read: transaction and sequence number.
    pub after: (i64, i64),
    /// Campaign, if only one.
    pub campaign_id: Option<CampaignId>,
    /// Kind of object, if only one.
    pub resource: Option<&'a str>,
    /// Rows at the most.
    pub rows: i64,
}

/// Changes behind a position, oldest first, as far as no older transaction can still add one before them.
pub async fn after(mut conn: &Conn, scope: &Scope, stretch: Stretch<'_>) -> Result<Vec<EventRow>, AppError> {
    // A transaction that is still running may commit rows with a smaller sequence number: its rows have its
    // number, so everything below the oldest running transaction is complete.
    let horizon = diesel::dsl::sql::<diesel::sql_types::BigInt>("pg_snapshot_xmin(pg_current_snapshot())::text::bigint");
    let (xid, seq) = stretch.after;
    let mut query = events::table
        .inner_join(org_units::table.on(org_units::id.eq(events::org_unit_id)))
        .filter(starts_with(org_units::path, scope.prefix()))
        .filter(events::xid.lt(horizon))
        .filter(events::xid.ge(xid))
        .filter(events::xid.gt(xid).or(events::seq.gt(seq)))
        .order_by((events::xid, events::seq))
        .limit(stretch.rows)
        .select(EventRow::as_select())
        .into_boxed();
    if let Some(campaign) = stretch.campaign_id {
        query = query.filter(events::campaign_id.eq(Uuid::from(campaign)));
    }
    if let Some(resource) = stretch.resource {
        query = query.filter(events::resource.eq(resource));
    }
    Ok(query.load(&mut conn).await?)
}
