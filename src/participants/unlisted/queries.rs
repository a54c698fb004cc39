//! SQL of guests whom nobody had listed, and of who they were.

use crate::auth::Scope;
use crate::db::Conn;
use crate::error::AppError;
use crate::ids::{CampaignId, ParticipantId};
use crate::participants::model::Participant;
use crate::participants::queries::{keys, tokens};
use crate::schema::{participants, site_counters};
use crate::sites::model::Site;
use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_types;
use diesel_async::RunQueryDsl;

/// Adds those of some guests that are not there yet, in the order of their ids, so that nobody waits in a circle; gives whom it added.
/// The caller has checked that their sites are in scope.
pub async fn insert_new(mut conn: &Conn, _: &Scope, guests: &[Participant]) -> Result<Vec<ParticipantId>, AppError> {
    let mut guests: Vec<&Participant> = guests.iter().collect();
    guests.sort_by_key(|guest| guest.id.0);
    let rows: Vec<_> = guests
        .into_iter()
        .map(|guest| {
            let (identity, name_key) = keys(guest);
            (guest, (participants::tokens.eq(tokens(guest)), participants::identity.eq(identity), participants::name_key.eq(name_key)))
        })
        .collect();
    let insert = diesel::insert_into(participants::table).values(rows).on_conflict_do_nothing().returning(participants::id);
    Ok(insert.get_results(&mut conn).await?)
}

/// Takes back guests that were added in this transaction, and about whom nothing was written.
pub async fn delete_new(mut conn: &Conn, _: &Scope, guests: &[(CampaignId, ParticipantId)]) -> Result<(), AppError> {
    let (campaigns, ids): (Vec<CampaignId>, Vec<ParticipantId>) = guests.iter().copied().unzip();
    let rows = participants::table.filter(participants::campaign_id.eq_any(campaigns)).filter(participants::id.eq_any(ids));
    diesel::delete(rows).execute(&mut conn).await?;
    Ok(())
}

/// How many are there at a site at this moment.
pub async fn count_present(mut conn: &Conn, _: &Scope, site: &Site) -> Result<i32, AppError> {
    Ok(site_counters::table.find((site.campaign_id, site.id)).select(site_counters::present).first(&mut conn).await?)
}

/// The provisional guests who were this one, in the order of their ids.
pub async fn matched_to(mut conn: &Conn, _: &Scope, guest: &Participant) -> Result<Vec<Participant>, AppError> {
    let query = participants::table
        .filter(participants::campaign_id.eq(guest.campaign_id))
        .filter(participants::matched_to_id.eq(guest.id))
        .order(participants::id);
    Ok(query.select(Participant::as_select()).load(&mut conn).await?)
}

/// Whoever was matched to a provisional guest is matched to who that one was; gives them as they are then.
pub async fn match_on(
    mut conn: &Conn,
    _: &Scope,
    from: &Participant,
    to: ParticipantId,
    now: DateTime<Utc>,
) -> Result<Vec<Participant>, AppError> {
    let rows = participants::table.filter(participants::campaign_id.eq(from.campaign_id)).filter(participants::matched_to_id.eq(from.id));
    let changes =
        (participants::matched_to_id.eq(to), participants::version.eq(participants::version + 1), participants::updated_at.eq(now));
    Ok(diesel::update(rows).set(changes).returning(Participant::as_returning()).get_results(&mut conn).await?)
}

const MATCH: &str = include_str!("match.sql");

/// What the log has of a provisional guest counts for another guest from now on. Lock the site and both before.
pub async fn match_to(mut conn: &Conn, _: &Scope, from: &Participant, to: ParticipantId, now: DateTime<Utc>) -> Result<(), AppError> {
    let query = diesel::sql_query(MATCH)
        .bind::<sql_types::Uuid, _>(from.campaign_id)
        .bind::<sql_types::Uuid, _>(from.id)
        .bind::<sql_types::Uuid, _>(to)
        .bind::<sql_types::Timestamptz, _>(now);
    query.execute(&mut conn).await?;
    Ok(())
}
