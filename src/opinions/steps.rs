//! The transitions of an opinion over HTTP.

use super::dto::{OpinionAnswerIn, OpinionOut, OpinionReferIn};
use super::handlers::event;
use super::model::{Opinion, OpinionState};
use super::queries;
use super::rules::{self, Step};
use crate::auth::{Action, Scope};
use crate::call::Call;
use crate::campaigns;
use crate::clock;
use crate::db::Conn;
use crate::error::AppError;
use crate::etag::IfMatch;
use crate::extract::{Body, Id};
use crate::ids::OpinionId;
use crate::reply::Reply;
use crate::results::references::References;
use actix_web::post;

/// One step: lock, compare the version, check that the campaign is open and the state, change, save, record.
pub async fn step(
    call: Call,
    scope: Scope,
    if_match: IfMatch,
    id: OpinionId,
    step: Step,
    change: impl AsyncFn(&Conn, &Call, Opinion) -> Result<Opinion, AppError> + 'static,
) -> Result<Reply, AppError> {
    let me = call.clone();
    call.write(async move |conn| {
        let opinion = match step {
            Step::Answer => queries::lock_to_answer(conn, &scope, id).await?,
            Step::Change | Step::Delete | Step::Refer => queries::lock(conn, &scope, id).await?,
        };
        if_match.check(opinion.version)?;
        campaigns::queries::hold_open(conn, opinion.campaign_id).await?;
        rules::check_step(&opinion, step)?;
        let from = opinion.state;
        let opinion = change(conn, &me, opinion).await?;
        let opinion = queries::save(conn, &scope, opinion, me.now()).await?;
        me.record(conn, event(&opinion, step.done(), Some(from))).await?;
        let version = opinion.version;
        Reply::ok(&OpinionOut::from(opinion), version)
    })
    .await
}

/// Answer an opinion
///
/// By the body it was referred to, else by the organiser. The answer is final.
#[utoipa::path(tag = "opinions", params(("id" = OpinionId, Path, description = "The opinion")), request_body = OpinionAnswerIn, responses((status = 200, body = OpinionOut)))]
#[post("/opinions/{id}/answer")]
pub async fn answer_opinion(call: Call, id: Id<OpinionId>, body: Body<OpinionAnswerIn>) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::ResultWrite)?;
    let if_match = call.if_match()?;
    let answer = body.parse()?.answer.into_string();
    step(call, scope, if_match, id.0, Step::Answer, async move |_, me, mut opinion| {
        opinion.answer = Some(answer.clone());
        opinion.answered_by_org_unit_id = Some(opinion.referred_to_org_unit_id.unwrap_or(opinion.org_unit_id));
        opinion.answered_at = Some(me.now());
        opinion.state = OpinionState::Answered;
        Ok(opinion)
    })
    .await
}

/// Refer an opinion
///
/// To another body of the province, which reads it from then on and answers it. The clock goes on.
#[utoipa::path(tag = "opinions", params(("id" = OpinionId, Path, description = "The opinion")), request_body = OpinionReferIn, responses((status = 200, body = OpinionOut)))]
#[post("/opinions/{id}/refer")]
pub async fn refer_opinion(call: Call, id: Id<OpinionId>, body: Body<OpinionReferIn>) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::ResultWrite)?;
    let references = References::of(&call)?;
    let if_match = call.if_match()?;
    let OpinionReferIn { to_org_unit_id, note, answer_due_before } = body.parse()?;
    let (note, due) = (note.map(String::from), answer_due_before.map(clock::to_micros));
    step(call, scope, if_match, id.0, Step::Refer, async move |conn, me, mut opinion| {
        rules::check_referred(opinion.org_unit_id, to_org_unit_id)?;
        references.check_unit(conn, Some(to_org_unit_id), "/to_org_unit_id").await?;
        opinion.referred_to_org_unit_id = Some(to_org_unit_id);
        opinion.refer_note.clone_from(&note);
        opinion.referred_at = Some(me.now());
        opinion.answer_due_before = due.or(opinion.answer_due_before);
        opinion.state = OpinionState::Referred;
        rules::check(&opinion, me.clock().today())?;
        Ok(opinion)
    })
    .await
}
