//! SQL of mergers of guests.

use crate::auth::Scope;
use crate::db::Conn;
use crate::error::AppError;
use crate::ids::ParticipantId;
use crate::participants::model::Participant;
use crate::schema::participants;
use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_types::{Nullable, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use uuid::Uuid;

/// The guests who are merged into this one, in the order of their ids.
pub async fn merged_into(mut conn: &Conn, _: &Scope, guest: &Participant) -> Result<Vec<Participant>, AppError> {
    let query = participants::table
        .filter(participants::campaign_id.eq(guest.campaign_id))
        .filter(participants::merged_into_id.eq(guest.id))
        .order(participants::id);
    Ok(query.select(Participant::as_select()).load(&mut conn).await?)
}

/// By whom and why two guests are one.
#[derive(Debug, Clone)]
#[allow(missing_docs)]
pub struct Merger {
    pub by: Uuid,
    pub reason: Option<String>,
}

const RECOUNT: &str = include_str!("recount.sql");

/// Merges a guest into the other one, or takes it out again where there is no merger, and counts both from the log. Lock the site and both before.
pub async fn recount(
    mut conn: &Conn,
    _: &Scope,
    guest: &Participant,
    other: ParticipantId,
    merger: Option<Merger>,
    now: DateTime<Utc>,
) -> Result<(), AppError> {
    let into = merger.as_ref().map(|_| other);
    let (by, reason) = merger.map_or((None, None), |merger| (Some(merger.by), merger.reason));
    let query = diesel::sql_query(RECOUNT)
        .bind::<SqlUuid, _>(guest.campaign_id)
        .bind::<SqlUuid, _>(guest.id)
        .bind::<SqlUuid, _>(other)
        .bind::<Nullable<SqlUuid>, _>(into)
        .bind::<Nullable<SqlUuid>, _>(by)
        .bind::<Nullable<Text>, _>(reason)
        .bind::<Timestamptz, _>(now);
    query.execute(&mut conn).await?;
    Ok(())
}
