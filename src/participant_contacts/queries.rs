//! SQL of contacts. A guest is found in scope before: no list is ever made of contacts.

use super::model::Contacts;
use crate::auth::Scope;
use crate::db::Conn;
use crate::error::AppError;
use crate::participants::model::Participant;
use crate::schema::participant_contacts;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;

/// The contacts of a guest who was found in scope; none where none were ever kept.
pub async fn find(mut conn: &Conn, _: &Scope, guest: &Participant) -> Result<Option<Contacts>, AppError> {
    let query = participant_contacts::table.find((guest.campaign_id, guest.id)).select(Contacts::as_select());
    Ok(query.first(&mut conn).await.optional()?)
}

/// Writes the contacts of a locked guest.
pub async fn put(mut conn: &Conn, _: &Scope, contacts: &Contacts) -> Result<(), AppError> {
    diesel::insert_into(participant_contacts::table)
        .values(contacts)
        .on_conflict((participant_contacts::campaign_id, participant_contacts::participant_id))
        .do_update()
        .set(contacts)
        .execute(&mut conn)
        .await?;
    Ok(())
}
