//! Duplicates over HTTP. Personal data, as with participants; only for those who keep the lists.

use super::dto::{DuplicateOut, DuplicateQuery, ParticipantDistinctionOut, ParticipantDistinguishIn};
use super::queries::{self, Distinction};
use crate::auth::Action;
use crate::call::Call;
use crate::campaigns;
use crate::error::{AppError, FieldError, message};
use crate::events::Event;
use crate::extract::{Body, Id, Query};
use crate::ids::{ParticipantDistinctionId, ParticipantId};
use crate::pagination::Page;
use crate::participants;
use crate::participants::model::Participant;
use crate::participants::rules;
use crate::reply::Reply;
use crate::sites;
use actix_web::{get, post};
use serde_json::json;
use uuid::Uuid;

/// List guests who may be duplicates
///
/// Guests of sites in the caller's subtree for whom the same site lists another guest who may be the same, with a score and its
/// reasons. It proposes and changes nothing: people merge two guests, or tell them apart. Guests of two sites are never compared: who
/// goes where is nobody's business. Personal data.
#[utoipa::path(tag = "participants", params(DuplicateQuery), responses((status = 200, body = Page<DuplicateOut>)))]
#[get("/participants/duplicates")]
pub async fn list_participant_duplicates(call: Call, query: Query<DuplicateQuery>) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::ParticipantWrite)?;
    let (filter, page) = query.parse_list(call.cursor_secret())?;
    let (rows, total) = call
        .read(async |conn| {
            let total = if page.with_total { Some(queries::count(conn, &scope, &filter).await?) } else { None };
            Ok((queries::list(conn, &scope, &filter, &page).await?, total))
        })
        .await?;
    let (rows, next) = page.finish(rows, |row, _| (json!(null), Uuid::from(row.id)));
    let items = rows.into_iter().map(DuplicateOut::try_from).collect::<Result<Vec<_>, _>>()?;
    page.reply(items, next, total)
}

/// Tell two guests apart
///
/// They are two, whatever their names say: they are not proposed as duplicates of each other any more. Once for each pair; 409
/// `duplicate` after that.
#[utoipa::path(tag = "participants", params(("id" = ParticipantId, Path, description = "One of the two")), request_body = ParticipantDistinguishIn, responses((status = 200, body = ParticipantDistinctionOut)))]
#[post("/participants/{id}/distinguish")]
pub async fn distinguish_participant(call: Call, id: Id<ParticipantId>, body: Body<ParticipantDistinguishIn>) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::ParticipantWrite)?;
    let ParticipantDistinguishIn { other_participant_id } = body.parse()?;
    let me = call.clone();
    call.write(async move |conn| {
        let guest = participants::queries::find(conn, &scope, id.0).await?;
        let other = participants::queries::find_reference(conn, &scope, other_participant_id, "/other_participant_id").await?;
        let site = sites::queries::hold_still(conn, &scope, guest.site_id).await?;
        campaigns::queries::hold_open(conn, site.campaign_id).await?;
        check_pair(&guest, &other)?;
        rules::check_not_erased(guest.erased_at.or(other.erased_at))?;
        let distinction = Distinction {
            campaign_id: guest.campaign_id,
            id: ParticipantDistinctionId::new(),
            participant_id: guest.id.min(other.id),
            other_participant_id: guest.id.max(other.id),
            actor_id: me.actor().id,
            occurred_at: me.now(),
        };
        queries::insert(conn, &scope, &distinction).await?;
        let event = Event {
            campaign_id: Some(guest.campaign_id),
            org_unit_id: guest.org_unit_id,
            resource: "participant",
            resource_id: guest.id.into(),
            version: guest.version,
            action: "distinguished",
            data: json!({"site_id": guest.site_id, "other_participant_id": other.id}),
        };
        me.record(conn, event).await?;
        Reply::plain(&ParticipantDistinctionOut::from(distinction))
    })
    .await
}

/// 422 unless the two are two guests of one site.
fn check_pair(guest: &Participant, other: &Participant) -> Result<(), AppError> {
    let refused =
        |code, vi: &'static str, en: &'static str| Err(AppError::field(FieldError::new("/other_participant_id", code, message(vi, en))));
    if guest.id == other.id {
        return refused("same_guest", "Đây là cùng một khách.", "It is the same guest.");
    }
    if (guest.campaign_id, guest.site_id) != (other.campaign_id, other.site_id) {
        return refused("other_site", "Hai khách phải của cùng một địa bàn.", "The two must be guests of one site.");
    }
    Ok(())
}
