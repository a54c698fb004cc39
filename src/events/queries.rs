//! SQL of the change feed.

use super::Event;
use crate::auth::Scope;
use crate::campaigns::model::CampaignState;
use crate::db::cached::Cached;
use crate::db::{Conn, starts_with};
use crate::error::AppError;
use crate::guidance_notes::model::GuidanceState;
use crate::ids::{CampaignId, OrgUnitId};
use crate::org_units::queries::units_drafted_by;
use crate::plans::model::PlanState;
use crate::plans::queries::PUBLISHED;
use crate::schema::{events, org_units};
use chrono::{DateTime, Utc};
use diesel::dsl;
use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Bool, Integer, Jsonb, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::{RunQueryDsl, SimpleAsyncConnection};
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

/// Writes many changes in one statement, in their order.
pub async fn insert_all(mut conn: &Conn, events: Vec<Event<'_>>, actor: Uuid, now: DateTime<Utc>) -> Result<(), AppError> {
    let query = diesel::sql_query(
        "INSERT INTO events (campaign_id, id, resource, resource_id, resource_version, org_unit_id, action, actor_id, occurred_at, data)
         SELECT e.campaign_id, e.id, e.resource, e.resource_id, e.version, e.org_unit_id, e.action, $1, $2, e.data
         FROM unnest($3, $4, $5, $6, $7, $8, $9, $10)
             WITH ORDINALITY AS e (campaign_id, id, resource, resource_id, version, org_unit_id, action, data, no)
         ORDER BY e.no",
    );
    let query = query
        .bind::<SqlUuid, _>(actor)
        .bind::<Timestamptz, _>(now)
        .bind::<Array<SqlUuid>, _>(column(&events, |event| event.campaign_id.map_or(Uuid::nil(), Uuid::from)))
        .bind::<Array<SqlUuid>, _>(column(&events, |_| Uuid::now_v7()))
        .bind::<Array<Text>, _>(column(&events, |event| event.resource))
        .bind::<Array<SqlUuid>, _>(column(&events, |event| event.resource_id))
        .bind::<Array<Integer>, _>(column(&events, |event| event.version))
        .bind::<Array<SqlUuid>, _>(column(&events, |event| event.org_unit_id))
        .bind::<Array<Text>, _>(column(&events, |event| event.action))
        .bind::<Array<Jsonb>, _>(column(&events, |event| event.data.clone()));
    Cached(query).execute(&mut conn).await?;
    Ok(())
}

fn column<'e, T>(events: &'e [Event<'e>], value: impl Fn(&'e Event<'e>) -> T) -> Vec<T> {
    events.iter().map(value).collect()
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
pub struct Stretch {
    /// Position of the last change read: transaction and sequence number.
    pub after: (i64, i64),
    /// Below which transaction to read: the [`horizon`].
    pub below: i64,
    /// Kinds of objects that the caller may read.
    pub readable: Vec<&'static str>,
    /// Campaign, if only one.
    pub campaign_id: Option<CampaignId>,
    /// Rows at the most.
    pub rows: i64,
}

/// The oldest transaction that still runs and may write here. One that is known to run in another database of the
/// server cannot: a long one over there (another service, a restore) does not hold our feed back.
const HORIZON: &str = "SELECT base, base + COALESCE(min(running.xid::text::bigint), pg_snapshot_xmax(pg_current_snapshot())::text::bigint) AS xid \
     FROM feed_epoch LEFT JOIN pg_snapshot_xip(pg_current_snapshot()) AS running (xid) \
     ON NOT EXISTS (SELECT FROM pg_stat_activity a WHERE a.backend_xid = running.xid::xid AND a.datname <> current_database()) \
     GROUP BY base";

/// How far the feed is complete, and from where it counts since the last restore.
#[derive(Debug, Clone, Copy, QueryableByName)]
pub struct Horizon {
    /// The oldest transaction that still runs: what is below it is there.
    #[diesel(sql_type = BigInt)]
    pub xid: i64,
    /// What is added to the numbers of PostgreSQL; nothing since the last restore is below it.
    #[diesel(sql_type = BigInt)]
    pub base: i64,
}

/// How far the feed is complete. A transaction that is still running may commit rows with a smaller sequence number:
/// its rows have its number, so everything below the oldest running one is there, for whoever reads after this.
pub async fn horizon(conn: &Conn, scope: &Scope) -> Result<i64, AppError> {
    Ok(horizon_and_base(conn, scope).await?.xid)
}

/// The same, with the base of the numbers.
pub async fn horizon_and_base(mut conn: &Conn, _: &Scope) -> Result<Horizon, AppError> {
    Ok(Cached(diesel::sql_query(HORIZON)).get_result(&mut conn).await?)
}

/// Changes behind a position that the caller may know of, oldest first. What drafts of campaigns, plans and guidance notes go through
/// is told to those who can read them; the state after the change decides, so that the feed never changes afterwards.
pub async fn after(mut conn: &Conn, scope: &Scope, stretch: Stretch) -> Result<Vec<EventRow>, AppError> {
    let (xid, seq) = stretch.after;
    let state = || events::data.retrieve_as_text("to");
    let is_draft_of_plan = events::resource.eq("plan").and(state().is_null().or(state().ne_all(PUBLISHED.map(PlanState::as_str))));
    let is_draft_of_campaign = events::resource.eq("campaign").and(state().is_null().or(state().eq(CampaignState::Draft.as_str())));
    let is_draft_of_guidance = events::resource.eq("guidance_note").and(state().is_null().or(state().eq(GuidanceState::Draft.as_str())));
    let mut query = events::table
        .inner_join(org_units::table.on(org_units::id.eq(events::org_unit_id)))
        .filter(starts_with(org_units::path, scope.prefix()))
        .filter(events::resource.eq_any(stretch.readable))
        .filter(
            dsl::not(is_draft_of_plan.or(is_draft_of_campaign).or(is_draft_of_guidance))
                .or(events::org_unit_id.eq_any(units_drafted_by(scope))),
        )
        .filter(events::xid.lt(stretch.below))
        .filter(events::xid.ge(xid))
        .filter(events::xid.gt(xid).or(events::seq.gt(seq)))
        .order_by((events::xid, events::seq))
        .limit(stretch.rows)
        .select(EventRow::as_select())
        .into_boxed();
    if let Some(campaign) = stretch.campaign_id {
        query = query.filter(events::campaign_id.eq(Uuid::from(campaign)));
    }
    Ok(query.load(&mut conn).await?)
}

const IS_OF_ELSEWHERE: &str = "SELECT EXISTS (SELECT FROM feed_epoch, pg_control_system() WHERE cluster <> system_identifier \
     OR (SELECT max(xid) FROM events) >= base + pg_snapshot_xmax(pg_current_snapshot())::text::bigint) AS yes";

/// 2³² above the last event: nobody holds a cursor from up there, even of a feed that went on after the dump was made.
const RAISE: &str = "LOCK TABLE feed_epoch IN ACCESS EXCLUSIVE MODE; \
     UPDATE feed_epoch SET cluster = system_identifier, base = GREATEST(base, (SELECT max(xid) FROM events)) + 4294967296 \
     FROM pg_control_system()";

#[derive(QueryableByName)]
struct IsOfElsewhere {
    #[diesel(sql_type = Bool)]
    yes: bool,
}

/// Raises the base of the feed's transaction numbers when the data were restored from a dump of another server, so that
/// everything new comes behind everything old. The lock waits for those who write with the old base.
pub async fn renew_epoch(mut conn: &Conn) -> QueryResult<()> {
    let answer: IsOfElsewhere = diesel::sql_query(IS_OF_ELSEWHERE).get_result(&mut conn).await?;
    if answer.yes { (&mut conn).batch_execute(RAISE).await } else { Ok(()) }
}
