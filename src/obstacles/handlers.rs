//! Obstacles over HTTP: list, create, read, change, delete.

use super::dto::{ObstacleIn, ObstacleOut, ObstaclePatch, ObstacleQuery};
use super::model::{Obstacle, ObstacleState};
use super::queries;
use super::rules::{self, Step};
use crate::auth::Action;
use crate::call::Call;
use crate::campaigns;
use crate::error::AppError;
use crate::events::Event;
use crate::extract::{Body, Id, Query};
use crate::ids::ObstacleId;
use crate::org_units;
use crate::pagination::Page;
use crate::reply::Reply;
use actix_web::{delete, get, patch, post};
use serde_json::json;
use uuid::Uuid;

/// A change of an obstacle, for the change feed.
pub fn event(obstacle: &Obstacle, action: &'static str, from: Option<ObstacleState>) -> Event<'static> {
    Event {
        campaign_id: Some(obstacle.campaign_id),
        org_unit_id: obstacle.org_unit_id,
        resource: "obstacle",
        resource_id: obstacle.id.into(),
        version: obstacle.version,
        action,
        data: json!({ "from": from.map(ObstacleState::as_str), "to": obstacle.state.as_str(), "receiver_org_unit_id": obstacle.receiver_org_unit_id, "through_org_unit_id": obstacle.through_org_unit_id }),
    }
}

/// List obstacles
///
/// Those raised by, to or through the bodies in the caller's reach.
#[utoipa::path(tag = "obstacles", params(ObstacleQuery), responses((status = 200, body = Page<ObstacleOut>)))]
#[get("/obstacles")]
pub async fn list_obstacles(call: Call, query: Query<ObstacleQuery>) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::ResultRead)?;
    let (filter, page) = query.parse_list(call.cursor_secret())?;
    let (rows, total) = call
        .read(async |conn| {
            let total = if page.with_total { Some(queries::count(conn, &scope, &filter).await?) } else { None };
            Ok((queries::list(conn, &scope, &filter, &page).await?, total))
        })
        .await?;
    let (rows, next) = page.finish(rows, |obstacle, sort| {
        let key = match sort {
            "created_at" => json!(obstacle.created_at),
            "updated_at" => json!(obstacle.updated_at),
            "raised_at" => json!(obstacle.raised_at),
            _ => json!(null),
        };
        (key, Uuid::from(obstacle.id))
    });
    page.reply(rows.into_iter().map(ObstacleOut::from).collect(), next, total)
}

/// Raise an obstacle
///
/// To the body that holds the campaign, through its provincial police (R20).
#[utoipa::path(tag = "obstacles", request_body = ObstacleIn, responses((status = 201, body = ObstacleOut)))]
#[post("/obstacles")]
pub async fn create_obstacle(call: Call, body: Body<ObstacleIn>) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::ResultWrite)?;
    let campaign_scope = call.authorize(Action::CampaignRead)?;
    let ObstacleIn { campaign_id, org_unit_id, title, description, proposal } = body.parse()?;
    let now = call.now();
    let obstacle = Obstacle {
        campaign_id,
        id: ObstacleId::new(),
        org_unit_id,
        title: title.into_string(),
        description: description.into_string(),
        proposal: proposal.map(String::from),
        receiver_org_unit_id: org_unit_id,
        through_org_unit_id: None,
        state: ObstacleState::Raised,
        raised_at: now,
        started_at: None,
        answer: None,
        answered_at: None,
        closed_at: None,
        version: 1,
        created_at: now,
        updated_at: now,
    };
    rules::check(&obstacle, call.clock().today())?;
    let me = call.clone();
    call.write(async move |conn| {
        let campaign = campaigns::queries::hold_open_reference(conn, &campaign_scope, obstacle.campaign_id, "/campaign_id").await?;
        org_units::queries::find_reference(conn, &scope, obstacle.org_unit_id, "/org_unit_id").await?;
        let through_org_unit_id = queries::police_of(conn, campaign.org_unit_id).await?;
        let obstacle = Obstacle { receiver_org_unit_id: campaign.org_unit_id, through_org_unit_id, ..obstacle.clone() };
        queries::insert(conn, &scope, &obstacle).await?;
        me.record(conn, event(&obstacle, "created", None)).await?;
        Reply::created("obstacles", obstacle.id, &ObstacleOut::from(obstacle.clone()), obstacle.version)
    })
    .await
}

/// Read an obstacle
#[utoipa::path(tag = "obstacles", params(("id" = ObstacleId, Path, description = "The obstacle")), responses((status = 200, body = ObstacleOut, headers(("ETag" = String)))))]
#[get("/obstacles/{id}")]
pub async fn get_obstacle(call: Call, id: Id<ObstacleId>) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::ResultRead)?;
    let obstacle = call.read(async |conn| queries::find(conn, &scope, id.0).await).await?;
    let version = obstacle.version;
    Reply::ok(&ObstacleOut::from(obstacle), version)
}

/// Change an obstacle
///
/// By the body that raised it, while nobody works on it.
#[utoipa::path(tag = "obstacles", params(("id" = ObstacleId, Path, description = "The obstacle")), request_body = ObstaclePatch, responses((status = 200, body = ObstacleOut)))]
#[patch("/obstacles/{id}")]
pub async fn update_obstacle(call: Call, id: Id<ObstacleId>, body: Body<ObstaclePatch>) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::ResultWrite)?;
    let if_match = call.if_match()?;
    let patch = body.parse()?;
    super::steps::step(call, scope, if_match, id.0, Step::Change, async move |_, me, mut obstacle| {
        apply(&mut obstacle, patch.clone());
        rules::check(&obstacle, me.clock().today())?;
        Ok(obstacle)
    })
    .await
}

fn apply(obstacle: &mut Obstacle, patch: ObstaclePatch) {
    let ObstaclePatch { title, description, proposal } = patch;
    obstacle.title = title.map(String::from).or_current(std::mem::take(&mut obstacle.title));
    obstacle.description = description.map(String::from).or_current(std::mem::take(&mut obstacle.description));
    obstacle.proposal = proposal.map(String::from).or_keep(obstacle.proposal.take());
}

/// Delete an obstacle
///
/// By the body that raised it, while nobody works on it.
#[utoipa::path(tag = "obstacles", params(("id" = ObstacleId, Path, description = "The obstacle")), responses((status = 204)))]
#[delete("/obstacles/{id}")]
pub async fn delete_obstacle(call: Call, id: Id<ObstacleId>) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::ResultWrite)?;
    let if_match = call.if_match()?;
    let me = call.clone();
    call.write(async move |conn| {
        let obstacle = queries::lock(conn, &scope, id.0).await?;
        if_match.check(obstacle.version)?;
        campaigns::queries::hold_open(conn, obstacle.campaign_id).await?;
        rules::check_step(&obstacle, Step::Delete)?;
        queries::delete(conn, &scope, &obstacle).await?;
        me.record(conn, event(&obstacle, Step::Delete.done(), Some(obstacle.state))).await?;
        Ok(Reply::no_content())
    })
    .await
}
