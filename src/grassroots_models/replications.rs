//! The replications of a grassroots model over HTTP: each is recorded once and never changed.

use super::dto::{GrassrootsModelOut, ModelReplicateIn, ModelReplicationOut, ModelReplicationQuery};
use super::model::{GrassrootsModelState, ModelReplication};
use super::queries;
use super::rules::{self, Step};
use crate::auth::Action;
use crate::call::Call;
use crate::error::AppError;
use crate::extract::{Body, Id, Query};
use crate::ids::{GrassrootsModelId, ModelReplicationId};
use crate::pagination::Page;
use crate::reply::Reply;
use crate::results::references::References;
use actix_web::{get, post};
use serde_json::json;
use uuid::Uuid;

/// Record the replication of a grassroots model
///
/// By another place: any body of the province, each once. `replication_count` of the model is their number (II.1).
#[utoipa::path(tag = "grassroots-models", params(("id" = GrassrootsModelId, Path, description = "The grassroots model")), request_body = ModelReplicateIn, responses((status = 200, body = GrassrootsModelOut)))]
#[post("/grassroots-models/{id}/replicate")]
pub async fn replicate_grassroots_model(call: Call, id: Id<GrassrootsModelId>, body: Body<ModelReplicateIn>) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::ResultWrite)?;
    let references = References::of(&call)?;
    let if_match = call.if_match()?;
    let ModelReplicateIn { org_unit_id, replicated_on } = body.parse()?;
    super::steps::step(call, scope, if_match, id.0, Step::Replicate, async move |conn, me, mut model| {
        rules::check_day(&model, replicated_on, me.clock().today(), "/replicated_on")?;
        references.check_unit(conn, Some(org_unit_id), "/org_unit_id").await?;
        let replication = ModelReplication {
            campaign_id: model.campaign_id,
            id: ModelReplicationId::new(),
            grassroots_model_id: model.id,
            org_unit_id,
            replicated_on,
            recorded_by: me.actor().id,
            recorded_at: me.now(),
        };
        queries::insert_replication(conn, &replication).await?;
        model.replication_count += 1;
        model.state = GrassrootsModelState::Replicated;
        Ok(model)
    })
    .await
}

/// List the replications of a grassroots model
///
/// Nothing in the list changes; its length is `replication_count` of the model.
#[utoipa::path(tag = "grassroots-models", params(("id" = GrassrootsModelId, Path, description = "The grassroots model"), ModelReplicationQuery), responses((status = 200, body = Page<ModelReplicationOut>)))]
#[get("/grassroots-models/{id}/replications")]
pub async fn list_model_replications(
    call: Call,
    id: Id<GrassrootsModelId>,
    query: Query<ModelReplicationQuery>,
) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::ResultRead)?;
    let (_, page) = query.parse_list(call.cursor_secret())?;
    let (rows, total) = call
        .read(async |conn| {
            let model = queries::find(conn, &scope, id.0).await?;
            let total = if page.with_total { Some(queries::count_replications(conn, &model).await?) } else { None };
            Ok((queries::list_replications(conn, &model, &page).await?, total))
        })
        .await?;
    let (rows, next) = page.finish(rows, |row, sort| {
        let key = match sort {
            "replicated_on" => json!(row.replicated_on),
            "recorded_at" => json!(row.recorded_at),
            _ => json!(null),
        };
        (key, Uuid::from(row.id))
    });
    page.reply(rows.into_iter().map(ModelReplicationOut::from).collect(), next, total)
}
