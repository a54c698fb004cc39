//! The transitions of a grassroots model over HTTP.

use super::dto::{GrassrootsModelOut, ModelEndIn};
use super::handlers::event;
use super::model::{GrassrootsModel, GrassrootsModelState};
use super::queries;
use super::rules::{self, Step};
use crate::auth::{Action, Scope};
use crate::call::Call;
use crate::campaigns;
use crate::db::Conn;
use crate::error::AppError;
use crate::etag::IfMatch;
use crate::extract::{Body, Id};
use crate::ids::GrassrootsModelId;
use crate::reply::Reply;
use actix_web::post;

/// One step: lock, compare the version, check that the campaign is open and the state, change, save, record.
pub async fn step(
    call: Call,
    scope: Scope,
    if_match: IfMatch,
    id: GrassrootsModelId,
    step: Step,
    change: impl AsyncFn(&Conn, &Call, GrassrootsModel) -> Result<GrassrootsModel, AppError> + 'static,
) -> Result<Reply, AppError> {
    let me = call.clone();
    call.write(async move |conn| {
        let model = queries::lock(conn, &scope, id).await?;
        if_match.check(model.version)?;
        campaigns::queries::hold_open(conn, model.campaign_id).await?;
        rules::check_step(&model, step)?;
        let from = model.state;
        let model = change(conn, &me, model).await?;
        let model = queries::save(conn, &scope, model, me.now()).await?;
        me.record(conn, event(&model, step.done(), Some(from))).await?;
        let version = model.version;
        Reply::ok(&GrassrootsModelOut::from(model), version)
    })
    .await
}

/// End a grassroots model
///
/// With the day and the reason; it is not replicated any more.
#[utoipa::path(tag = "grassroots-models", params(("id" = GrassrootsModelId, Path, description = "The grassroots model")), request_body = ModelEndIn, responses((status = 200, body = GrassrootsModelOut)))]
#[post("/grassroots-models/{id}/end")]
pub async fn end_grassroots_model(call: Call, id: Id<GrassrootsModelId>, body: Body<ModelEndIn>) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::ResultWrite)?;
    let if_match = call.if_match()?;
    let ModelEndIn { ended_on, reason } = body.parse()?;
    let reason = reason.into_string();
    step(call, scope, if_match, id.0, Step::End, async move |_, me, mut model| {
        rules::check_day(&model, ended_on, me.clock().today(), "/ended_on")?;
        model.ended_on = Some(ended_on);
        model.end_reason = Some(reason.clone());
        model.state = GrassrootsModelState::Ended;
        Ok(model)
    })
    .await
}
