//! All that is held of one person, over HTTP.

use super::dto::PersonalDataOut;
use super::queries;
use crate::auth::Action;
use crate::call::Call;
use crate::check_ins::dto::CheckInOut;
use crate::erasures::dto::ErasureOut;
use crate::error::AppError;
use crate::extract::{Id, Query};
use crate::ids::ParticipantId;
use crate::participant_contacts;
use crate::participant_contacts::dto::{ContactReadingOut, ParticipantContactsOut, ReadingReasonQuery};
use crate::participant_contacts::model::ReadContent;
use crate::participant_contacts::readings;
use crate::participants;
use crate::participants::dto::ParticipantOut;
use crate::participants::site_dto::InvitationReminderOut;
use crate::processing_purposes::dto::ProcessingPurposeOut;
use crate::reply::Reply;
use actix_web::get;

/// Read all that is held of a guest
///
/// To be handed to that person (law 91/2025/QH15): the guest, contacts, invitation, check-ins, who read the contacts, and what all of it
/// is for. A reading like that of the contacts: logged with its reason before it is answered. Corrections go through
/// `update_participant` and `set_participant_contacts`.
#[utoipa::path(tag = "personal-data", params(("id" = ParticipantId, Path, description = "The participant"), ReadingReasonQuery), responses((status = 200, body = PersonalDataOut)))]
#[get("/participants/{id}/personal-data")]
pub async fn get_participant_personal_data(call: Call, id: Id<ParticipantId>, query: Query<ReadingReasonQuery>) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::ContactRead)?;
    let reason = query.parse()?.into_reason()?;
    let me = call.clone();
    call.write(async move |conn| {
        let guest = participants::queries::find(conn, &scope, id.0).await?;
        readings::log(conn, &scope, &me, &guest, ReadContent::PersonalData, &reason).await?;
        let contacts = participant_contacts::queries::find(conn, &scope, &guest).await?;
        let merged = participants::merging::queries::merged_into(conn, &scope, &guest).await?;
        let ids: Vec<ParticipantId> = merged.iter().chain([&guest]).map(|one| one.id).collect();
        let mut merged_contacts = Vec::new();
        for one in &merged {
            let contacts = participant_contacts::queries::find(conn, &scope, one).await?;
            merged_contacts.push(ParticipantContactsOut::new(one.id, contacts, false));
        }
        let reminders = queries::reminders(conn, &scope, guest.campaign_id, &ids).await?;
        let check_ins = queries::check_ins(conn, &scope, guest.campaign_id, &ids).await?;
        let readings = queries::readings(conn, &scope, guest.campaign_id, &ids).await?;
        let erasures = queries::erasures(conn, &scope, &guest).await?;
        let purposes = queries::purposes(conn, &scope, &guest).await?;
        Reply::plain(&PersonalDataOut {
            as_of: me.now(),
            contacts: ParticipantContactsOut::new(guest.id, contacts, false),
            participant: ParticipantOut::new(guest, Vec::new()),
            merged_contacts,
            merged: merged.into_iter().map(|guest| ParticipantOut::new(guest, Vec::new())).collect(),
            invitation_reminders: reminders.into_iter().map(InvitationReminderOut::from).collect(),
            check_ins: check_ins.into_iter().map(|row| CheckInOut::new(row, Vec::new())).collect(),
            contact_readings: readings.into_iter().map(ContactReadingOut::from).collect(),
            erasures: erasures.into_iter().map(ErasureOut::from).collect(),
            purposes: purposes.into_iter().map(ProcessingPurposeOut::from).collect(),
        })
    })
    .await
}
