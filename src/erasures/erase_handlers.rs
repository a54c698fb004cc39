//! The erasure of one person over HTTP. In a closed campaign too: a person may ask at any time, and nothing that is counted changes.

use super::dto::ErasureIn;
use super::model::{Erasure, ErasureCause};
use super::queries::{self, Stamp};
use super::rules;
use crate::auth::{Action, Scope};
use crate::call::Call;
use crate::commendations;
use crate::commendations::dto::CommendationOut;
use crate::commendations::model::{AwardeeKind, Commendation};
use crate::db::Conn;
use crate::delegates;
use crate::delegates::dto::DelegateOut;
use crate::delegates::model::Delegate;
use crate::delegates::queries::Side;
use crate::error::AppError;
use crate::events::Event;
use crate::extract::{Body, Id};
use crate::idempotency;
use crate::ids::{CampaignId, CommendationId, DelegateId, ErasureId, OpinionId, OrgUnitId, ParticipantId};
use crate::opinions;
use crate::opinions::dto::OpinionOut;
use crate::opinions::model::Opinion;
use crate::participants;
use crate::participants::dto::ParticipantOut;
use crate::participants::model::Participant;
use crate::participants::rules::{check_not_erased, check_not_merged};
use crate::processing_purposes::model::DataKind;
use crate::reply::Reply;
use crate::sites;
use actix_web::post;
use serde_json::{Value, json};
use uuid::Uuid;

const CAUSE: ErasureCause = ErasureCause::Request;

/// Where an erased object is.
struct Object {
    campaign_id: CampaignId,
    org_unit_id: OrgUnitId,
    data_kind: DataKind,
    id: Uuid,
}

/// Writes the erasure into the log, and takes what was erased out of the answers that are kept for repeats.
async fn finish(conn: &Conn, scope: &Scope, call: &Call, object: Object, reason: &str, members: &[(&str, Value)]) -> Result<(), AppError> {
    let Object { campaign_id, org_unit_id, data_kind, id } = object;
    let erasure = Erasure {
        campaign_id,
        id: ErasureId::new(),
        org_unit_id,
        data_kind,
        cause: CAUSE,
        object_id: Some(id),
        row_count: 1,
        reason: Some(reason.to_owned()),
        erased_by: Some(call.actor().id),
        erased_at: call.now(),
    };
    queries::log(conn, scope, &erasure).await?;
    idempotency::redact(conn, id, members).await
}

/// Erase who a guest is
///
/// Because that person asked for it (law 91/2025/QH15): name, title, body, representative, what was said with the answer, contacts,
/// search tokens and what of them is kept elsewhere. For ever; the guest stays as a number, so no figure changes. Nothing is written
/// about the guest from then on. Guests who are merged into this one are erased with it; one who is merged is erased through the one it is merged into (409).
#[utoipa::path(tag = "participants", params(("id" = ParticipantId, Path, description = "The participant")), request_body = ErasureIn, responses((status = 200, body = ParticipantOut)))]
#[post("/participants/{id}/erase")]
pub async fn erase_participant(call: Call, id: Id<ParticipantId>, body: Body<ErasureIn>) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::PersonalDataErase)?;
    let if_match = call.if_match()?;
    let reason = body.parse()?.reason.into_string();
    let me = call.clone();
    call.write(async move |conn| {
        let guest = participants::queries::find(conn, &scope, id.0).await?;
        // Whoever merges locks the site: who is merged into the guest stays so.
        sites::queries::hold(conn, (guest.campaign_id, guest.site_id)).await?;
        let guest = participants::queries::lock(conn, &scope, id.0).await?;
        if_match.check(guest.version)?;
        check_not_erased(guest.erased_at)?;
        check_not_merged(&guest)?;
        let Participant { campaign_id, org_unit_id, .. } = guest;
        let merged = participants::merging::queries::merged_into(conn, &scope, &guest).await?;
        let ids: Vec<ParticipantId> = merged.iter().filter(|one| one.erased_at.is_none()).map(|one| one.id).chain([guest.id]).collect();
        queries::guests(conn, &scope, campaign_id, &ids, Stamp { cause: CAUSE, at: me.now() }).await?;
        for one in &merged {
            idempotency::redact(conn, one.id.into(), &rules::members_of_guest(CAUSE)).await?;
        }
        let object = Object { campaign_id, org_unit_id, data_kind: DataKind::Guests, id: guest.id.into() };
        finish(conn, &scope, &me, object, &reason, &rules::members_of_guest(CAUSE)).await?;
        let guest = participants::queries::find(conn, &scope, guest.id).await?;
        let merged = participants::merging::queries::merged_into(conn, &scope, &guest).await?;
        me.record_all(conn, merged.iter().filter(|one| ids.contains(&one.id)).chain([&guest]).map(erased).collect()).await?;
        let version = guest.version;
        Reply::ok(&ParticipantOut::new(guest, Vec::new()), version)
    })
    .await
}

fn erased(guest: &Participant) -> Event<'static> {
    Event {
        campaign_id: Some(guest.campaign_id),
        org_unit_id: guest.org_unit_id,
        resource: "participant",
        resource_id: guest.id.into(),
        version: guest.version,
        action: "erased",
        data: json!({"site_id": guest.site_id, "to": guest.state.as_str()}),
    }
}

/// Erase who a delegate is
///
/// Because that person asked for it (law 91/2025/QH15): name, title, and why the body declined or the assignment was withdrawn. By the
/// body the delegate comes from, or one above it. Site, role, state and every figure stay. For ever: nothing is written about the
/// delegate from then on, so an assignment that will not be kept is withdrawn before.
#[utoipa::path(tag = "delegates", params(("id" = DelegateId, Path, description = "The delegate")), request_body = ErasureIn, responses((status = 200, body = DelegateOut)))]
#[post("/delegates/{id}/erase")]
pub async fn erase_delegate(call: Call, id: Id<DelegateId>, body: Body<ErasureIn>) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::PersonalDataErase)?;
    let if_match = call.if_match()?;
    let reason = body.parse()?.reason.into_string();
    let me = call.clone();
    call.write(async move |conn| {
        let found = delegates::queries::find_for(conn, &scope, id.0, Side::Delegate).await?;
        let delegate = delegates::queries::lock_person(conn, &scope, &found).await?;
        if_match.check(delegate.version)?;
        check_not_erased(delegate.erased_at)?;
        let Delegate { campaign_id, org_unit_id, .. } = delegate;
        queries::delegates(conn, &scope, campaign_id, &[delegate.id], Stamp { cause: CAUSE, at: me.now() }).await?;
        let object = Object { campaign_id, org_unit_id, data_kind: DataKind::Delegates, id: delegate.id.into() };
        let members = [("full_name", json!(CAUSE.pseudonym())), ("title", json!(null)), ("reason", json!(CAUSE.pseudonym()))];
        finish(conn, &scope, &me, object, &reason, &members).await?;
        let delegate = delegates::queries::find_for(conn, &scope, delegate.id, Side::Delegate).await?;
        me.record(conn, delegates::handlers::erased(&delegate)).await?;
        let version = delegate.version;
        Reply::ok(&DelegateOut::new(delegate, Vec::new()), version)
    })
    .await
}

/// Erase who raised an opinion
///
/// Because that person asked for it (law 91/2025/QH15). What was said and answered stays, and every figure. For ever; 409 where no
/// name is kept.
#[utoipa::path(tag = "opinions", params(("id" = OpinionId, Path, description = "The opinion")), request_body = ErasureIn, responses((status = 200, body = OpinionOut)))]
#[post("/opinions/{id}/erase")]
pub async fn erase_opinion(call: Call, id: Id<OpinionId>, body: Body<ErasureIn>) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::PersonalDataErase)?;
    let if_match = call.if_match()?;
    let reason = body.parse()?.reason.into_string();
    let me = call.clone();
    call.write(async move |conn| {
        let opinion = opinions::queries::lock(conn, &scope, id.0).await?;
        if_match.check(opinion.version)?;
        check_not_erased(opinion.erased_at)?;
        rules::check_has_name(opinion.raised_by_name.is_some())?;
        let Opinion { campaign_id, org_unit_id, state, .. } = opinion;
        queries::opinions(conn, &scope, campaign_id, &[opinion.id], Stamp { cause: CAUSE, at: me.now() }).await?;
        let object = Object { campaign_id, org_unit_id, data_kind: DataKind::Opinions, id: opinion.id.into() };
        finish(conn, &scope, &me, object, &reason, &[("raised_by_name", json!(CAUSE.pseudonym()))]).await?;
        let opinion = opinions::queries::find(conn, &scope, opinion.id).await?;
        me.record(conn, opinions::handlers::event(&opinion, "erased", Some(state))).await?;
        let version = opinion.version;
        Reply::ok(&OpinionOut::from(opinion), version)
    })
    .await
}

/// Erase who was commended
///
/// Because that person asked for it (law 91/2025/QH15): the name, and the reason, which may tell who it was. Form, level and decision
/// stay, and every figure. For ever; 409 for a collective, which is no person.
#[utoipa::path(tag = "commendations", params(("id" = CommendationId, Path, description = "The commendation")), request_body = ErasureIn, responses((status = 200, body = CommendationOut)))]
#[post("/commendations/{id}/erase")]
pub async fn erase_commendation(call: Call, id: Id<CommendationId>, body: Body<ErasureIn>) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::PersonalDataErase)?;
    let if_match = call.if_match()?;
    let reason = body.parse()?.reason.into_string();
    let me = call.clone();
    call.write(async move |conn| {
        let commendation = commendations::queries::lock(conn, &scope, id.0).await?;
        if_match.check(commendation.version)?;
        check_not_erased(commendation.erased_at)?;
        rules::check_has_name(commendation.awardee_kind == AwardeeKind::Individual)?;
        let Commendation { campaign_id, org_unit_id, .. } = commendation;
        queries::commendations(conn, &scope, campaign_id, &[commendation.id], Stamp { cause: CAUSE, at: me.now() }).await?;
        let object = Object { campaign_id, org_unit_id, data_kind: DataKind::Commendations, id: commendation.id.into() };
        let members = [("awardee_name", json!(CAUSE.pseudonym())), ("reason", json!(CAUSE.pseudonym()))];
        finish(conn, &scope, &me, object, &reason, &members).await?;
        let commendation = commendations::queries::find(conn, &scope, commendation.id).await?;
        me.record(conn, commendations::handlers::event(&commendation, "erased")).await?;
        let version = commendation.version;
        Reply::ok(&CommendationOut::from(commendation), version)
    })
    .await
}
