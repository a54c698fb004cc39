//! The transitions of an inspection over HTTP.

use super::dto::{InspectionCancelIn, InspectionCompleteIn, InspectionFollowUpIn, InspectionOut};
use super::handlers::event;
use super::model::{Inspection, InspectionState};
use super::queries;
use super::rules::{self, Step};
use crate::auth::{Action, Scope};
use crate::call::Call;
use crate::campaigns;
use crate::error::AppError;
use crate::etag::IfMatch;
use crate::extract::{Body, Id};
use crate::ids::InspectionId;
use crate::reply::Reply;
use actix_web::post;

/// Record what an inspection found
///
/// With its day, findings and advice.
#[utoipa::path(tag = "inspections", params(("id" = InspectionId, Path, description = "The inspection")), request_body = InspectionCompleteIn, responses((status = 200, body = InspectionOut)))]
#[post("/inspections/{id}/complete")]
pub async fn complete_inspection(call: Call, id: Id<InspectionId>, body: Body<InspectionCompleteIn>) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::InspectionWrite)?;
    let if_match = call.if_match()?;
    let InspectionCompleteIn { inspected_on, findings, recommendations } = body.parse()?;
    let (findings, recommendations) = (findings.into_string(), recommendations.map(String::from));
    step(call, scope, if_match, id.0, Step::Complete, async move |me, mut inspection| {
        let today = me.clock().today();
        let inspected_on = inspected_on.unwrap_or(today);
        rules::check_day(inspected_on, today)?;
        inspection.inspected_on = Some(inspected_on);
        inspection.findings = Some(findings.clone());
        inspection.recommendations.clone_from(&recommendations);
        inspection.done_at = Some(me.now());
        inspection.state = InspectionState::Done;
        Ok(inspection)
    })
    .await
}

/// Record what came of an inspection's advice
#[utoipa::path(tag = "inspections", params(("id" = InspectionId, Path, description = "The inspection")), request_body = InspectionFollowUpIn, responses((status = 200, body = InspectionOut)))]
#[post("/inspections/{id}/follow-up")]
pub async fn follow_up_inspection(call: Call, id: Id<InspectionId>, body: Body<InspectionFollowUpIn>) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::InspectionWrite)?;
    let if_match = call.if_match()?;
    let note = body.parse()?.note.into_string();
    step(call, scope, if_match, id.0, Step::FollowUp, async move |me, mut inspection| {
        inspection.follow_up_note = Some(note.clone());
        inspection.followed_up_at = Some(me.now());
        inspection.state = InspectionState::FollowedUp;
        Ok(inspection)
    })
    .await
}

/// Cancel an inspection
///
/// While it is planned, with the reason.
#[utoipa::path(tag = "inspections", params(("id" = InspectionId, Path, description = "The inspection")), request_body = InspectionCancelIn, responses((status = 200, body = InspectionOut)))]
#[post("/inspections/{id}/cancel")]
pub async fn cancel_inspection(call: Call, id: Id<InspectionId>, body: Body<InspectionCancelIn>) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::InspectionWrite)?;
    let if_match = call.if_match()?;
    let reason = body.parse()?.reason.into_string();
    step(call, scope, if_match, id.0, Step::Cancel, async move |me, mut inspection| {
        inspection.cancel_reason = Some(reason.clone());
        inspection.cancelled_at = Some(me.now());
        inspection.state = InspectionState::Cancelled;
        Ok(inspection)
    })
    .await
}

/// One step: lock, compare the version, check that the campaign is open and the state, change, save, record.
pub async fn step(
    call: Call,
    scope: Scope,
    if_match: IfMatch,
    id: InspectionId,
    step: Step,
    change: impl AsyncFn(&Call, Inspection) -> Result<Inspection, AppError> + 'static,
) -> Result<Reply, AppError> {
    let me = call.clone();
    call.write(async move |conn| {
        let inspection = queries::lock(conn, &scope, id).await?;
        if_match.check(inspection.version)?;
        campaigns::queries::hold_open(conn, inspection.campaign_id).await?;
        rules::check_step(&inspection, step)?;
        let from = inspection.state;
        let inspection = change(&me, inspection).await?;
        let inspection = queries::save(conn, &scope, inspection, me.now()).await?;
        me.record(conn, event(&inspection, step.done(), Some(from))).await?;
        let version = inspection.version;
        Reply::ok(&InspectionOut::from(inspection), version)
    })
    .await
}
