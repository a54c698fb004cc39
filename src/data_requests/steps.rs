//! The transitions of a request over HTTP.

use super::dto::{DataRequestExtendIn, DataRequestNoteIn, DataRequestOut, DataRequestRefuseIn};
use super::handlers::{entry, event};
use super::model::{DataRequest, DataRequestKind, DataRequestState};
use super::queries;
use super::rules::{self, Step};
use crate::auth::{Action, Scope};
use crate::call::Call;
use crate::db::Conn;
use crate::error::AppError;
use crate::etag::IfMatch;
use crate::extract::{Body, Id};
use crate::ids::DataRequestId;
use crate::participants;
use crate::reply::Reply;
use actix_web::post;

/// One step: lock, compare the version, check the state, change, save, log, record. A closed campaign does not stop it: the right of the
/// person goes on, and nothing of the campaign's figures changes.
pub async fn step(
    call: Call,
    scope: Scope,
    if_match: IfMatch,
    id: DataRequestId,
    step: Step,
    change: impl AsyncFn(&Conn, &Call, DataRequest) -> Result<(DataRequest, Option<String>), AppError> + 'static,
) -> Result<Reply, AppError> {
    let me = call.clone();
    call.write(async move |conn| {
        let request = queries::lock(conn, &scope, id).await?;
        if_match.check(request.version)?;
        rules::check_step(&request, step)?;
        let from = Some(request.state);
        let (request, note) = change(conn, &me, request).await?;
        let request = queries::save(conn, &scope, request, me.now()).await?;
        queries::log(conn, &scope, &entry(&request, step.done(), from, note, &me)).await?;
        me.record(conn, event(&request, step.done(), from)).await?;
        let version = request.version;
        Reply::ok(&DataRequestOut::from(request), version)
    })
    .await
}

/// Answer a request
///
/// The person was told what will be done.
#[utoipa::path(tag = "personal-data", params(("id" = DataRequestId, Path, description = "The request")), request_body = DataRequestNoteIn, responses((status = 200, body = DataRequestOut)))]
#[post("/data-requests/{id}/answer")]
pub async fn answer_data_request(call: Call, id: Id<DataRequestId>, body: Body<DataRequestNoteIn>) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::DataRequestWrite)?;
    let if_match = call.if_match()?;
    let note = body.parse()?.note.into_string();
    step(call, scope, if_match, id.0, Step::Answer, async move |_, me, mut request| {
        request.state = DataRequestState::Answered;
        request.answered_at = Some(me.now());
        Ok((request, Some(note.clone())))
    })
    .await
}

/// Complete a request
///
/// What was asked for is done. An erasure of a guest is done once the guest is erased (`erase_participant`).
#[utoipa::path(tag = "personal-data", params(("id" = DataRequestId, Path, description = "The request")), request_body = DataRequestNoteIn, responses((status = 200, body = DataRequestOut)))]
#[post("/data-requests/{id}/complete")]
pub async fn complete_data_request(call: Call, id: Id<DataRequestId>, body: Body<DataRequestNoteIn>) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::DataRequestWrite)?;
    let guests = call.authorize(Action::ParticipantRead)?;
    let if_match = call.if_match()?;
    let note = body.parse()?.note.into_string();
    step(call, scope, if_match, id.0, Step::Complete, async move |conn, me, mut request| {
        if let (DataRequestKind::Erasure, Some(guest)) = (request.kind, request.participant_id) {
            rules::check_erased(participants::queries::is_erased(conn, &guests, request.campaign_id, guest).await?)?;
        }
        request.state = DataRequestState::Done;
        request.done_at = Some(me.now());
        Ok((request, Some(note.clone())))
    })
    .await
}

/// Refuse a request
///
/// With the reason, before or after it was answered.
#[utoipa::path(tag = "personal-data", params(("id" = DataRequestId, Path, description = "The request")), request_body = DataRequestRefuseIn, responses((status = 200, body = DataRequestOut)))]
#[post("/data-requests/{id}/refuse")]
pub async fn refuse_data_request(call: Call, id: Id<DataRequestId>, body: Body<DataRequestRefuseIn>) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::DataRequestWrite)?;
    let if_match = call.if_match()?;
    let reason = body.parse()?.reason.into_string();
    step(call, scope, if_match, id.0, Step::Refuse, async move |_, me, mut request| {
        request.state = DataRequestState::Refused;
        request.refused_at = Some(me.now());
        request.refuse_reason = Some(reason.clone());
        Ok((request, Some(reason.clone())))
    })
    .await
}

/// Put off the limit of a request
///
/// Only where the processing is to be stopped, once, by 15 days at the most, with the reason (decree 356/2025/NĐ-CP).
#[utoipa::path(tag = "personal-data", params(("id" = DataRequestId, Path, description = "The request")), request_body = DataRequestExtendIn, responses((status = 200, body = DataRequestOut)))]
#[post("/data-requests/{id}/extend")]
pub async fn extend_data_request(call: Call, id: Id<DataRequestId>, body: Body<DataRequestExtendIn>) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::DataRequestWrite)?;
    let if_match = call.if_match()?;
    let DataRequestExtendIn { days, reason } = body.parse()?;
    let reason = reason.into_string();
    step(call, scope, if_match, id.0, Step::Extend, async move |_, _, mut request| {
        rules::check_extends(&request)?;
        request.extended_days = Some(days);
        request.done_due_before = rules::done_due_before(&request);
        Ok((request, Some(reason.clone())))
    })
    .await
}
