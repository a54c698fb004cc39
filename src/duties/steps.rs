//! The transitions of a duty over HTTP.

use super::dto::{DutyCancelIn, DutyNoteIn, DutyReopenIn, DutyStartIn};
use super::handlers::{entry, event};
use super::model::{Duty, DutyState};
use super::out::DutyOut;
use super::queries::{self, Side};
use super::rules::{self, Step};
use crate::auth::{Action, Scope};
use crate::call::Call;
use crate::campaigns;
use crate::error::AppError;
use crate::etag::IfMatch;
use crate::extract::{Body, Id, OptionalBody};
use crate::ids::DutyId;
use crate::reply::Reply;
use actix_web::post;

/// Start a duty
///
/// By the body charged or one above it.
#[utoipa::path(tag = "duties", params(("id" = DutyId, Path, description = "The duty")), request_body = Option<DutyStartIn>, responses((status = 200, body = DutyOut)))]
#[post("/duties/{id}/start")]
pub async fn start_duty(call: Call, id: Id<DutyId>, body: OptionalBody<DutyStartIn>) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::DutyWrite)?;
    let if_match = call.if_match()?;
    let note = body.parse()?.note.map(String::from);
    step(call, scope, if_match, id.0, (Side::Charged, Step::Start), async move |me, mut duty| {
        duty.state = DutyState::InProgress;
        duty.started_at = Some(me.now());
        if note.is_some() {
            duty.progress_note.clone_from(&note);
        }
        (duty, note.clone())
    })
    .await
}

/// Tell how far a duty is
///
/// By the body charged or one above it, while it is in progress. The notes before stay in the log of its steps.
#[utoipa::path(tag = "duties", params(("id" = DutyId, Path, description = "The duty")), request_body = DutyNoteIn, responses((status = 200, body = DutyOut)))]
#[post("/duties/{id}/progress")]
pub async fn report_duty_progress(call: Call, id: Id<DutyId>, body: Body<DutyNoteIn>) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::DutyWrite)?;
    let if_match = call.if_match()?;
    let note = body.parse()?.note.into_string();
    step(call, scope, if_match, id.0, (Side::Charged, Step::Progress), async move |_, mut duty| {
        duty.progress_note = Some(note.clone());
        (duty, Some(note.clone()))
    })
    .await
}

/// Complete a duty
///
/// By the body charged or one above it, with what was done.
#[utoipa::path(tag = "duties", params(("id" = DutyId, Path, description = "The duty")), request_body = DutyNoteIn, responses((status = 200, body = DutyOut)))]
#[post("/duties/{id}/complete")]
pub async fn complete_duty(call: Call, id: Id<DutyId>, body: Body<DutyNoteIn>) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::DutyWrite)?;
    let if_match = call.if_match()?;
    let note = body.parse()?.note.into_string();
    step(call, scope, if_match, id.0, (Side::Charged, Step::Complete), async move |me, mut duty| {
        duty.state = DutyState::Done;
        duty.progress_note = Some(note.clone());
        duty.done_at = Some(me.now());
        duty.done_by = Some(me.actor().id);
        (duty, Some(note.clone()))
    })
    .await
}

/// Cancel a duty
///
/// By the issuer of the plan, with the reason.
#[utoipa::path(tag = "duties", params(("id" = DutyId, Path, description = "The duty")), request_body = DutyCancelIn, responses((status = 200, body = DutyOut)))]
#[post("/duties/{id}/cancel")]
pub async fn cancel_duty(call: Call, id: Id<DutyId>, body: Body<DutyCancelIn>) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::DutyAssign)?;
    let if_match = call.if_match()?;
    let reason = body.parse()?.reason.into_string();
    step(call, scope, if_match, id.0, (Side::Issuer, Step::Cancel), async move |me, mut duty| {
        duty.state = DutyState::Cancelled;
        duty.cancel_reason = Some(reason.clone());
        duty.cancelled_at = Some(me.now());
        (duty, Some(reason.clone()))
    })
    .await
}

/// Reopen a duty
///
/// By the issuer of the plan, with what is missing: a duty that was done or cancelled is in progress again.
#[utoipa::path(tag = "duties", params(("id" = DutyId, Path, description = "The duty")), request_body = DutyReopenIn, responses((status = 200, body = DutyOut)))]
#[post("/duties/{id}/reopen")]
pub async fn reopen_duty(call: Call, id: Id<DutyId>, body: Body<DutyReopenIn>) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::DutyAssign)?;
    let if_match = call.if_match()?;
    let comment = body.parse()?.comment.into_string();
    step(call, scope, if_match, id.0, (Side::Issuer, Step::Reopen), async move |me, mut duty| {
        duty.state = DutyState::InProgress;
        duty.reopen_comment = Some(comment.clone());
        duty.started_at = duty.started_at.or(Some(me.now()));
        // What was, is in the log.
        duty.done_at = None;
        duty.done_by = None;
        duty.cancelled_at = None;
        duty.cancel_reason = None;
        (duty, Some(comment.clone()))
    })
    .await
}

/// One step: lock, compare the version, check that the campaign is open and the state, change, save, log, record.
pub async fn step(
    call: Call,
    scope: Scope,
    if_match: IfMatch,
    id: DutyId,
    (side, step): (Side, Step),
    change: impl AsyncFn(&Call, Duty) -> (Duty, Option<String>) + 'static,
) -> Result<Reply, AppError> {
    let me = call.clone();
    call.write(async move |conn| {
        let duty = queries::lock(conn, &scope, id, side).await?;
        if_match.check(duty.version)?;
        campaigns::queries::hold_open(conn, duty.campaign_id).await?;
        rules::check_step(&duty, step)?;
        let from = Some(duty.state);
        let (duty, note) = change(&me, duty).await;
        let duty = queries::save(conn, &scope, duty, me.now()).await?;
        queries::log(conn, &scope, &[entry(&duty, step.done(), from, note, &me)]).await?;
        me.record(conn, event(&duty, step.done(), from)).await?;
        let version = duty.version;
        Reply::ok(&DutyOut::from(duty), version)
    })
    .await
}
