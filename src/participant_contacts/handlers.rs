//! Contacts of a guest over HTTP. Personal data: in no event, log or list.

use super::dto::{ParticipantContactsIn, ParticipantContactsOut, ReadingReasonQuery};
use super::model::{Contacts, ReadContent};
use super::{queries, readings, rules};
use crate::auth::{Action, Scope};
use crate::call::Call;
use crate::campaigns;
use crate::db::Conn;
use crate::error::{AppError, ErrorCode};
use crate::events::Event;
use crate::extract::{Body, Id, Query};
use crate::ids::ParticipantId;
use crate::participants;
use crate::participants::model::Participant;
use crate::reply::Reply;
use actix_web::{delete, get, put};
use serde_json::json;

/// That contacts changed, for the change feed: no value, nor which of them.
fn event(guest: &Participant, action: &'static str) -> Event<'static> {
    Event {
        campaign_id: Some(guest.campaign_id),
        org_unit_id: guest.org_unit_id,
        resource: "participant",
        resource_id: guest.id.into(),
        version: guest.version,
        action,
        data: json!({"site_id": guest.site_id}),
    }
}

/// Whether a guest lies where the caller may read contacts in full.
async fn reaches(conn: &Conn, scope: Option<&Scope>, id: ParticipantId) -> Result<bool, AppError> {
    let Some(scope) = scope else { return Ok(false) };
    match participants::queries::find(conn, scope, id).await {
        Ok(_) => Ok(true),
        Err(error) if error.code == ErrorCode::NotFound => Ok(false),
        Err(error) => Err(error),
    }
}

/// Read how to reach a guest
///
/// In full for the bodies that organise (`contact_read`); others who see the guest see masked values. Every reading, masked or not, is
/// logged with its reason before the answer is given (law 91/2025/QH15).
#[utoipa::path(tag = "participants", params(("id" = ParticipantId, Path, description = "The participant"), ReadingReasonQuery), responses((status = 200, body = ParticipantContactsOut, headers(("ETag" = String)))))]
#[get("/participants/{id}/contacts")]
pub async fn get_participant_contacts(call: Call, id: Id<ParticipantId>, query: Query<ReadingReasonQuery>) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::ParticipantRead)?;
    let full = call.actor().allows(Action::ContactRead);
    let reason = query.parse()?.into_reason()?;
    let me = call.clone();
    call.write(async move |conn| {
        let guest = participants::queries::find(conn, &scope, id.0).await?;
        let is_masked = !reaches(conn, full.as_ref(), guest.id).await?;
        let content = if is_masked { ReadContent::MaskedContacts } else { ReadContent::Contacts };
        readings::log(conn, &scope, &me, &guest, content, &reason).await?;
        let shown = ParticipantContactsOut::new(guest.id, queries::find(conn, &scope, &guest).await?, is_masked);
        Reply::ok(&shown, shown.version)
    })
    .await
}

/// Record how to reach a guest
///
/// Puts these values in the place of those before. A phone number in the national form is kept as E.164. `If-Match` is the `ETag` of the
/// contacts, `"0"` where there were never any.
#[utoipa::path(tag = "participants", params(("id" = ParticipantId, Path, description = "The participant")), request_body = ParticipantContactsIn, responses((status = 200, body = ParticipantContactsOut)))]
#[put("/participants/{id}/contacts")]
pub async fn set_participant_contacts(call: Call, id: Id<ParticipantId>, body: Body<ParticipantContactsIn>) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::ParticipantWrite)?;
    let if_match = call.if_match()?;
    let body = body.parse()?;
    let me = call.clone();
    call.write(async move |conn| {
        let guest = participants::queries::lock(conn, &scope, id.0).await?;
        let before = queries::find(conn, &scope, &guest).await?;
        if_match.check(before.as_ref().map_or(0, |before| before.version))?;
        campaigns::queries::hold_open(conn, guest.campaign_id).await?;
        participants::rules::check_not_erased(guest.erased_at)?;
        participants::rules::check_not_merged(&guest)?;
        let contacts = rules::parse((guest.campaign_id, guest.id), &body, before.as_ref(), me.now())?;
        queries::put(conn, &scope, &contacts).await?;
        me.record(conn, event(&guest, "contacts_changed")).await?;
        let version = contacts.version;
        Reply::ok(&ParticipantContactsOut::new(guest.id, Some(contacts), false), version)
    })
    .await
}

/// Delete how to reach a guest
///
/// When it is not needed any more; in a closed campaign too, since nothing that is counted changes. 404 where there is nothing.
#[utoipa::path(tag = "participants", params(("id" = ParticipantId, Path, description = "The participant")), responses((status = 204)))]
#[delete("/participants/{id}/contacts")]
pub async fn delete_participant_contacts(call: Call, id: Id<ParticipantId>) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::ParticipantWrite)?;
    let if_match = call.if_match()?;
    let me = call.clone();
    call.write(async move |conn| {
        let guest = participants::queries::lock(conn, &scope, id.0).await?;
        let before = queries::find(conn, &scope, &guest).await?.filter(rules::has_any).ok_or_else(AppError::not_found)?;
        if_match.check(before.version)?;
        let empty = Contacts { phone: None, email: None, version: before.version + 1, updated_at: me.now(), ..before };
        queries::put(conn, &scope, &empty).await?;
        me.record(conn, event(&guest, "contacts_deleted")).await?;
        Ok(Reply::no_content())
    })
    .await
}
