//! SQL of the snapshot.

use super::cursor::Cursor;
use super::dto::{SnapshotGoneGuestOut, SnapshotGuestGone, SnapshotGuestOut, SnapshotSiteOut};
use crate::auth::Scope;
use crate::campaigns::model::CampaignState;
use crate::db::Conn;
use crate::db::cached::Cached;
use crate::db::in_scope::is_in_scope;
use crate::error::AppError;
use crate::ids::{CampaignId, ParticipantId, SiteId};
use crate::participants::model::{ParticipantCategory, ParticipantKind, ParticipantOrigin, ParticipantState};
use crate::schema::{campaigns, sites};
use crate::sites::model::SiteState;
use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Bool, Integer, Nullable, Text, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use std::collections::BTreeSet;

/// A site, and where its campaign stands.
#[derive(Debug, Clone, Queryable)]
#[allow(missing_docs)]
pub struct SiteRow {
    pub campaign_id: CampaignId,
    pub id: SiteId,
    pub name: String,
    pub state: SiteState,
    pub starts_at: Option<DateTime<Utc>>,
    pub ends_at: Option<DateTime<Utc>>,
    pub capacity: Option<i32>,
    pub version: i32,
    pub campaign_state: CampaignState,
}

impl From<SiteRow> for SnapshotSiteOut {
    fn from(row: SiteRow) -> Self {
        let SiteRow { campaign_id, id, name, state, starts_at, ends_at, capacity, version, campaign_state: _ } = row;
        Self { id, campaign_id, name, state, starts_at, ends_at, capacity, version }
    }
}

/// Those of the sites that are in scope, in the order of their ids.
pub async fn sites(mut conn: &Conn, scope: &Scope, ids: &[SiteId]) -> Result<Vec<SiteRow>, AppError> {
    let query = sites::table
        .inner_join(campaigns::table.on(campaigns::id.eq(sites::campaign_id)))
        .filter(sites::id.eq_any(ids))
        .filter(is_in_scope(sites::org_unit_id, scope))
        .order(sites::id)
        .select((
            sites::campaign_id,
            sites::id,
            sites::name,
            sites::state,
            sites::starts_at,
            sites::ends_at,
            sites::capacity,
            sites::version,
            campaigns::state,
        ));
    Ok(query.load(&mut conn).await?)
}

#[derive(QueryableByName)]
struct GuestRow {
    #[diesel(sql_type = SqlUuid)]
    id: ParticipantId,
    #[diesel(sql_type = SqlUuid)]
    site_id: SiteId,
    #[diesel(sql_type = Nullable<Text>)]
    full_name: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    kind: Option<ParticipantKind>,
    #[diesel(sql_type = Nullable<Text>)]
    category: Option<ParticipantCategory>,
    #[diesel(sql_type = Nullable<Text>)]
    state: Option<ParticipantState>,
    #[diesel(sql_type = Nullable<Text>)]
    origin: Option<ParticipantOrigin>,
    #[diesel(sql_type = Nullable<Text>)]
    organisation: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    representative_name: Option<String>,
    #[diesel(sql_type = Nullable<Integer>)]
    invitation_no: Option<i32>,
    #[diesel(sql_type = Nullable<Bool>)]
    is_present: Option<bool>,
    #[diesel(sql_type = Nullable<Integer>)]
    version: Option<i32>,
    #[diesel(sql_type = Nullable<SqlUuid>)]
    merged_into_id: Option<ParticipantId>,
    #[diesel(sql_type = Nullable<Text>)]
    gone: Option<SnapshotGuestGone>,
}

/// A page of guests, those to keep and those to drop.
#[derive(Debug, Default)]
pub struct Guests {
    /// To keep, as they are now.
    pub kept: Vec<SnapshotGuestOut>,
    /// To drop.
    pub gone: Vec<SnapshotGoneGuestOut>,
    /// The last of the page, where there are more behind.
    pub more_behind: Option<ParticipantId>,
}

/// The next page for a cursor that has entered its stretch, of sites that were found in scope. One statement: nobody is in it twice.
pub async fn guests(mut conn: &Conn, _: &Scope, sites: &[SiteRow], cursor: &Cursor, limit: u32) -> Result<Guests, AppError> {
    let campaigns: BTreeSet<CampaignId> = sites.iter().map(|site| site.campaign_id).collect();
    let query = diesel::sql_query(include_str!("guests.sql"))
        .bind::<Array<SqlUuid>, _>(campaigns.into_iter().collect::<Vec<_>>())
        .bind::<Array<SqlUuid>, _>(cursor.known().to_vec())
        .bind::<Array<SqlUuid>, _>(cursor.fresh().to_vec())
        .bind::<Nullable<BigInt>, _>(cursor.from())
        .bind::<Nullable<SqlUuid>, _>(cursor.after())
        .bind::<BigInt, _>(i64::from(limit) + 1);
    let mut rows: Vec<GuestRow> = Cached(query).load(&mut conn).await?;
    let most = usize::try_from(limit).unwrap_or(usize::MAX);
    let has_more = rows.len() > most;
    rows.truncate(most);
    let mut page = Guests { more_behind: rows.last().filter(|_| has_more).map(|row| row.id), ..Guests::default() };
    for row in rows {
        match row.gone {
            Some(reason) => page.gone.push(gone(&row, reason)),
            None => page.kept.push(kept(row).ok_or_else(|| AppError::internal("a guest lacks what every guest has"))?),
        }
    }
    Ok(page)
}

fn gone(row: &GuestRow, reason: SnapshotGuestGone) -> SnapshotGoneGuestOut {
    SnapshotGoneGuestOut { participant_id: row.id, site_id: row.site_id, reason, merged_into_id: row.merged_into_id }
}

fn kept(row: GuestRow) -> Option<SnapshotGuestOut> {
    Some(SnapshotGuestOut {
        id: row.id,
        site_id: row.site_id,
        full_name: row.full_name?,
        kind: row.kind?,
        category: row.category?,
        state: row.state?,
        origin: row.origin?,
        organisation: row.organisation,
        representative_name: row.representative_name,
        invitation_no: row.invitation_no,
        is_present: row.is_present?,
        version: row.version?,
    })
}
