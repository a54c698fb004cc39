//! SQL of guests whom nobody had listed.

use crate::auth::Scope;
use crate::db::Conn;
use crate::error::AppError;
use crate::ids::{CampaignId, ParticipantId};
use crate::participants::model::Participant;
use crate::participants::queries::{keys, tokens};
use crate::schema::{participants, site_counters};
use crate::sites::model::Site;
use diesel::prelude::*;
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
