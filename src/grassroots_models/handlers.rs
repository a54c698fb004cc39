//! Grassroots models over HTTP: list, create, read, change, delete.

use super::dto::{GrassrootsModelIn, GrassrootsModelOut, GrassrootsModelPatch, GrassrootsModelQuery};
use super::model::{GrassrootsModel, GrassrootsModelState};
use super::queries;
use super::rules::{self, Step};
use crate::auth::Action;
use crate::call::Call;
use crate::campaigns;
use crate::error::AppError;
use crate::events::Event;
use crate::extract::{Body, Id, Query};
use crate::ids::GrassrootsModelId;
use crate::org_units;
use crate::pagination::Page;
use crate::reply::Reply;
use crate::results::references::References;
use actix_web::{delete, get, patch, post};
use serde_json::json;
use uuid::Uuid;

/// A change of a grassroots model, for the change feed.
pub fn event(model: &GrassrootsModel, action: &'static str, from: Option<GrassrootsModelState>) -> Event<'static> {
    Event {
        campaign_id: Some(model.campaign_id),
        org_unit_id: model.org_unit_id,
        resource: "grassroots_model",
        resource_id: model.id.into(),
        version: model.version,
        action,
        data: json!({ "from": from.map(GrassrootsModelState::as_str), "to": model.state.as_str(), "kind": model.kind, "replication_count": model.replication_count }),
    }
}

/// List grassroots models
///
/// Those of the bodies in the caller's reach.
#[utoipa::path(tag = "grassroots-models", params(GrassrootsModelQuery), responses((status = 200, body = Page<GrassrootsModelOut>)))]
#[get("/grassroots-models")]
pub async fn list_grassroots_models(call: Call, query: Query<GrassrootsModelQuery>) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::ResultRead)?;
    let (filter, page) = query.parse_list(call.cursor_secret())?;
    let (rows, total) = call
        .read(async |conn| {
            let total = if page.with_total { Some(queries::count(conn, &scope, &filter).await?) } else { None };
            Ok((queries::list(conn, &scope, &filter, &page).await?, total))
        })
        .await?;
    let (rows, next) = page.finish(rows, |model, sort| {
        let key = match sort {
            "created_at" => json!(model.created_at),
            "updated_at" => json!(model.updated_at),
            "launched_on" => json!(model.launched_on),
            "replication_count" => json!(model.replication_count),
            _ => json!(null),
        };
        (key, Uuid::from(model.id))
    });
    page.reply(rows.into_iter().map(GrassrootsModelOut::from).collect(), next, total)
}

/// Record a grassroots model
///
/// As it is piloted (II.1).
#[utoipa::path(tag = "grassroots-models", request_body = GrassrootsModelIn, responses((status = 201, body = GrassrootsModelOut)))]
#[post("/grassroots-models")]
pub async fn create_grassroots_model(call: Call, body: Body<GrassrootsModelIn>) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::ResultWrite)?;
    let campaign_scope = call.authorize(Action::CampaignRead)?;
    let references = References::of(&call)?;
    let GrassrootsModelIn { campaign_id, org_unit_id, name, kind, description, launched_on, site_id } = body.parse()?;
    let now = call.now();
    let model = GrassrootsModel {
        campaign_id,
        id: GrassrootsModelId::new(),
        org_unit_id,
        name: name.into_string(),
        kind,
        description: description.map(String::from),
        launched_on,
        site_id,
        state: GrassrootsModelState::Piloted,
        replication_count: 0,
        ended_on: None,
        end_reason: None,
        version: 1,
        created_at: now,
        updated_at: now,
    };
    rules::check(&model, call.clock().today())?;
    let me = call.clone();
    call.write(async move |conn| {
        campaigns::queries::hold_open_reference(conn, &campaign_scope, model.campaign_id, "/campaign_id").await?;
        org_units::queries::find_reference(conn, &scope, model.org_unit_id, "/org_unit_id").await?;
        references.check(conn, model.campaign_id, model.site_id, None).await?;
        queries::insert(conn, &scope, &model).await?;
        me.record(conn, event(&model, "created", None)).await?;
        Reply::created("grassroots-models", model.id, &GrassrootsModelOut::from(model.clone()), model.version)
    })
    .await
}

/// Read a grassroots model
#[utoipa::path(tag = "grassroots-models", params(("id" = GrassrootsModelId, Path, description = "The grassroots model")), responses((status = 200, body = GrassrootsModelOut, headers(("ETag" = String)))))]
#[get("/grassroots-models/{id}")]
pub async fn get_grassroots_model(call: Call, id: Id<GrassrootsModelId>) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::ResultRead)?;
    let model = call.read(async |conn| queries::find(conn, &scope, id.0).await).await?;
    let version = model.version;
    Reply::ok(&GrassrootsModelOut::from(model), version)
}

/// Change a grassroots model
///
/// Until it has ended.
#[utoipa::path(tag = "grassroots-models", params(("id" = GrassrootsModelId, Path, description = "The grassroots model")), request_body = GrassrootsModelPatch, responses((status = 200, body = GrassrootsModelOut)))]
#[patch("/grassroots-models/{id}")]
pub async fn update_grassroots_model(call: Call, id: Id<GrassrootsModelId>, body: Body<GrassrootsModelPatch>) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::ResultWrite)?;
    let if_match = call.if_match()?;
    let references = References::of(&call)?;
    let patch = body.parse()?;
    super::steps::step(call, scope, if_match, id.0, Step::Change, async move |conn, me, mut model| {
        apply(&mut model, patch.clone());
        rules::check(&model, me.clock().today())?;
        references.check(conn, model.campaign_id, model.site_id, None).await?;
        Ok(model)
    })
    .await
}

fn apply(model: &mut GrassrootsModel, patch: GrassrootsModelPatch) {
    let GrassrootsModelPatch { name, kind, description, launched_on, site_id } = patch;
    model.name = name.map(String::from).or_current(std::mem::take(&mut model.name));
    model.kind = kind.or_current(model.kind);
    model.description = description.map(String::from).or_keep(model.description.take());
    model.launched_on = launched_on.or_current(model.launched_on);
    model.site_id = site_id.or_keep(model.site_id);
}

/// Delete a grassroots model
///
/// While it is piloted; what was replicated or has ended is history.
#[utoipa::path(tag = "grassroots-models", params(("id" = GrassrootsModelId, Path, description = "The grassroots model")), responses((status = 204)))]
#[delete("/grassroots-models/{id}")]
pub async fn delete_grassroots_model(call: Call, id: Id<GrassrootsModelId>) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::ResultWrite)?;
    let if_match = call.if_match()?;
    let me = call.clone();
    call.write(async move |conn| {
        let model = queries::lock(conn, &scope, id.0).await?;
        if_match.check(model.version)?;
        campaigns::queries::hold_open(conn, model.campaign_id).await?;
        rules::check_step(&model, Step::Delete)?;
        queries::delete(conn, &scope, &model).await?;
        me.record(conn, event(&model, Step::Delete.done(), Some(model.state))).await?;
        Ok(Reply::no_content())
    })
    .await
}
