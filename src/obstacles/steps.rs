//! The transitions of an obstacle over HTTP.

use super::dto::{ObstacleAnswerIn, ObstacleOut};
use super::handlers::event;
use super::model::{Obstacle, ObstacleState};
use super::queries;
use super::rules::{self, Step};
use crate::auth::{Action, Scope};
use crate::call::Call;
use crate::campaigns;
use crate::db::Conn;
use crate::error::AppError;
use crate::etag::IfMatch;
use crate::extract::{Body, Id};
use crate::ids::ObstacleId;
use crate::reply::Reply;
use actix_web::post;

/// One step: lock, compare the version, check that the campaign is open and the state, change, save, record.
pub async fn step(
    call: Call,
    scope: Scope,
    if_match: IfMatch,
    id: ObstacleId,
    step: Step,
    change: impl AsyncFn(&Conn, &Call, Obstacle) -> Result<Obstacle, AppError> + 'static,
) -> Result<Reply, AppError> {
    let me = call.clone();
    call.write(async move |conn| {
        let obstacle =
            if step.is_of_raiser() { queries::lock(conn, &scope, id).await? } else { queries::lock_received(conn, &scope, id).await? };
        if_match.check(obstacle.version)?;
        campaigns::queries::hold_open(conn, obstacle.campaign_id).await?;
        rules::check_step(&obstacle, step)?;
        let from = obstacle.state;
        let obstacle = change(conn, &me, obstacle).await?;
        let obstacle = queries::save(conn, &scope, obstacle, me.now()).await?;
        me.record(conn, event(&obstacle, step.done(), Some(from))).await?;
        let version = obstacle.version;
        Reply::ok(&ObstacleOut::from(obstacle), version)
    })
    .await
}

/// Begin to work on an obstacle
///
/// By the body it is raised to or through.
#[utoipa::path(tag = "obstacles", params(("id" = ObstacleId, Path, description = "The obstacle")), responses((status = 200, body = ObstacleOut)))]
#[post("/obstacles/{id}/start")]
pub async fn start_obstacle(call: Call, id: Id<ObstacleId>) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::ResultWrite)?;
    let if_match = call.if_match()?;
    step(call, scope, if_match, id.0, Step::Start, async move |_, me, mut obstacle| {
        obstacle.started_at = Some(me.now());
        obstacle.state = ObstacleState::InProgress;
        Ok(obstacle)
    })
    .await
}

/// Answer an obstacle
///
/// By the body it is raised to or through (R20).
#[utoipa::path(tag = "obstacles", params(("id" = ObstacleId, Path, description = "The obstacle")), request_body = ObstacleAnswerIn, responses((status = 200, body = ObstacleOut)))]
#[post("/obstacles/{id}/answer")]
pub async fn answer_obstacle(call: Call, id: Id<ObstacleId>, body: Body<ObstacleAnswerIn>) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::ResultWrite)?;
    let if_match = call.if_match()?;
    let answer = body.parse()?.answer.into_string();
    step(call, scope, if_match, id.0, Step::Answer, async move |_, me, mut obstacle| {
        obstacle.answer = Some(answer.clone());
        obstacle.answered_at = Some(me.now());
        obstacle.state = ObstacleState::Answered;
        Ok(obstacle)
    })
    .await
}

/// Close an obstacle
///
/// By the body it was raised to or through, after its answer.
#[utoipa::path(tag = "obstacles", params(("id" = ObstacleId, Path, description = "The obstacle")), responses((status = 200, body = ObstacleOut)))]
#[post("/obstacles/{id}/close")]
pub async fn close_obstacle(call: Call, id: Id<ObstacleId>) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::ResultWrite)?;
    let if_match = call.if_match()?;
    step(call, scope, if_match, id.0, Step::Close, async move |_, me, mut obstacle| {
        obstacle.closed_at = Some(me.now());
        obstacle.state = ObstacleState::Closed;
        Ok(obstacle)
    })
    .await
}
