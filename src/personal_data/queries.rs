//! SQL of all that is held of one guest, who was found in scope.

use crate::auth::Scope;
use crate::check_ins::model::CheckIn;
use crate::db::Conn;
use crate::erasures::model::Erasure;
use crate::error::AppError;
use crate::ids::{CampaignId, ParticipantId};
use crate::participant_contacts::model::ContactReading;
use crate::participants::model::Participant;
use crate::participants::reminders::InvitationReminder;
use crate::processing_purposes::model::{DataKind, ProcessingPurpose};
use crate::schema::{check_ins, contact_readings, erasures, invitation_reminders, processing_purposes};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use uuid::Uuid;

/// Lines of a log at the most, as the schema of the answer says: more than one guest ever has.
const MOST: i64 = 10_000;

/// The guest and who is merged into it.
type Guests<'a> = &'a [ParticipantId];

/// Reminders of the invitations, oldest first.
pub async fn reminders(mut conn: &Conn, _: &Scope, campaign: CampaignId, guests: Guests<'_>) -> Result<Vec<InvitationReminder>, AppError> {
    let query = invitation_reminders::table
        .filter(invitation_reminders::campaign_id.eq(campaign))
        .filter(invitation_reminders::participant_id.eq_any(guests))
        .order(invitation_reminders::id)
        .limit(MOST);
    Ok(query.select(InvitationReminder::as_select()).load(&mut conn).await?)
}

/// Entries, exits and refusals, oldest first.
pub async fn check_ins(mut conn: &Conn, _: &Scope, campaign: CampaignId, guests: Guests<'_>) -> Result<Vec<CheckIn>, AppError> {
    let query = check_ins::table
        .filter(check_ins::campaign_id.eq(campaign))
        .filter(check_ins::participant_id.eq_any(guests))
        .order((check_ins::received_at, check_ins::id))
        .limit(MOST);
    Ok(query.select(CheckIn::as_select()).load(&mut conn).await?)
}

/// Who read the contacts, oldest first.
pub async fn readings(mut conn: &Conn, _: &Scope, campaign: CampaignId, guests: Guests<'_>) -> Result<Vec<ContactReading>, AppError> {
    let query = contact_readings::table
        .filter(contact_readings::campaign_id.eq(campaign))
        .filter(contact_readings::participant_id.eq_any(guests))
        .order(contact_readings::id)
        .limit(MOST);
    Ok(query.select(ContactReading::as_select()).load(&mut conn).await?)
}

/// What was erased by request.
pub async fn erasures(mut conn: &Conn, _: &Scope, guest: &Participant) -> Result<Vec<Erasure>, AppError> {
    let query = erasures::table
        .filter(erasures::campaign_id.eq(guest.campaign_id))
        .filter(erasures::object_id.eq(Uuid::from(guest.id)))
        .order(erasures::id)
        .limit(MOST);
    Ok(query.select(Erasure::as_select()).load(&mut conn).await?)
}

/// What data of guests are for.
pub async fn purposes(mut conn: &Conn, _: &Scope, guest: &Participant) -> Result<Vec<ProcessingPurpose>, AppError> {
    let kinds = [DataKind::Guests, DataKind::Contacts, DataKind::CheckIns, DataKind::ContactReadings];
    let query = processing_purposes::table
        .filter(processing_purposes::campaign_id.eq(guest.campaign_id))
        .filter(processing_purposes::data_kind.eq_any(kinds))
        .order(processing_purposes::id);
    Ok(query.select(ProcessingPurpose::as_select()).load(&mut conn).await?)
}
