//! Reminder stages over HTTP.

use super::dto::{ReminderStageIn, ReminderStageOut, ReminderStagePatch, ReminderStageQuery};
use super::model::ReminderStage;
use super::{queries, rules};
use crate::auth::Action;
use crate::call::Call;
use crate::campaigns;
use crate::campaigns::model::Campaign;
use crate::error::{AppError, FieldError};
use crate::events::Event;
use crate::extract::{Body, Id, Query};
use crate::ids::ReminderStageId;
use crate::pagination::Page;
use crate::reply::Reply;
use actix_web::{delete, get, patch, post};
use serde_json::json;
use uuid::Uuid;

fn event(campaign: &Campaign, stage: &ReminderStage, action: &'static str) -> Event<'static> {
    Event {
        campaign_id: Some(campaign.id),
        org_unit_id: campaign.org_unit_id,
        resource: "reminder_stage",
        resource_id: stage.id.into(),
        version: stage.version,
        action,
        data: json!({
            "code": stage.code, "subject": stage.subject.as_str(), "kind": stage.kind.as_str(), "days": stage.days,
            "local_time": stage.local_time, "levels": stage.levels, "is_active": stage.is_active,
        }),
    }
}

/// List reminder stages
///
/// When bodies are reminded of what they owe, campaign by campaign.
#[utoipa::path(tag = "reminders", params(ReminderStageQuery), responses((status = 200, body = Page<ReminderStageOut>)))]
#[get("/reminder-stages")]
pub async fn list_reminder_stages(call: Call, query: Query<ReminderStageQuery>) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::CampaignRead)?;
    let (filter, page) = query.parse_list(call.cursor_secret())?;
    let (rows, total) = call
        .read(async |conn| {
            let total = if page.with_total { Some(queries::count(conn, &scope, &filter).await?) } else { None };
            Ok((queries::list(conn, &scope, &filter, &page).await?, total))
        })
        .await?;
    let (rows, next) = page.finish(rows, |stage, sort| {
        let key = match sort {
            "created_at" => json!(stage.created_at),
            "updated_at" => json!(stage.updated_at),
            "days" => json!(stage.days),
            _ => json!(null),
        };
        (key, Uuid::from(stage.id))
    });
    page.reply(rows.into_iter().map(ReminderStageOut::from).collect(), next, total)
}

/// Add a reminder stage
///
/// By the body that owns the campaign. A stage whose moment has passed for a limit is sent at once when nothing later was sent.
#[utoipa::path(tag = "reminders", request_body = ReminderStageIn, responses((status = 201, body = ReminderStageOut)))]
#[post("/reminder-stages")]
pub async fn create_reminder_stage(call: Call, body: Body<ReminderStageIn>) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::CampaignWrite)?;
    let ReminderStageIn { campaign_id, code, subject, kind, days, local_time, levels } = body.parse()?;
    let now = call.now();
    let stage = ReminderStage {
        campaign_id,
        id: ReminderStageId::new(),
        code,
        subject,
        kind,
        days,
        local_time,
        levels,
        is_active: true,
        version: 1,
        created_at: now,
        updated_at: now,
    };
    rules::check(&stage)?;
    let me = call.clone();
    call.write(async move |conn| {
        let campaign = campaigns::queries::hold_open_reference(conn, &scope, stage.campaign_id, "/campaign_id").await?;
        if !campaigns::queries::is_owner_in_scope(conn, &scope, &campaign).await? {
            return Err(AppError::field(FieldError::unknown_reference("/campaign_id")));
        }
        queries::insert(conn, &scope, std::slice::from_ref(&stage)).await?;
        me.record(conn, event(&campaign, &stage, "created")).await?;
        Reply::created("reminder-stages", stage.id, &ReminderStageOut::from(stage.clone()), stage.version)
    })
    .await
}

/// Read a reminder stage
#[utoipa::path(tag = "reminders", params(("id" = ReminderStageId, Path, description = "The stage")), responses((status = 200, body = ReminderStageOut, headers(("ETag" = String)))))]
#[get("/reminder-stages/{id}")]
pub async fn get_reminder_stage(call: Call, id: Id<ReminderStageId>) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::CampaignRead)?;
    let stage = call.read(async |conn| queries::find(conn, &scope, id.0).await).await?;
    let version = stage.version;
    Reply::ok(&ReminderStageOut::from(stage), version)
}

/// Change a reminder stage
///
/// Its day, its hour, how far it climbs, and whether it is sent. What was sent under it is not sent again.
#[utoipa::path(tag = "reminders", params(("id" = ReminderStageId, Path, description = "The stage")), request_body = ReminderStagePatch, responses((status = 200, body = ReminderStageOut)))]
#[patch("/reminder-stages/{id}")]
pub async fn update_reminder_stage(call: Call, id: Id<ReminderStageId>, body: Body<ReminderStagePatch>) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::CampaignWrite)?;
    let if_match = call.if_match()?;
    let patch = body.parse()?;
    let me = call.clone();
    call.write(async move |conn| {
        let mut stage = queries::lock(conn, &scope, id.0).await?;
        if_match.check(stage.version)?;
        let campaign = campaigns::queries::hold_open(conn, stage.campaign_id).await?;
        apply(&mut stage, patch.clone());
        rules::check(&stage)?;
        let stage = queries::save(conn, &scope, stage, me.now()).await?;
        me.record(conn, event(&campaign, &stage, "updated")).await?;
        let version = stage.version;
        Reply::ok(&ReminderStageOut::from(stage), version)
    })
    .await
}

fn apply(stage: &mut ReminderStage, patch: ReminderStagePatch) {
    let ReminderStagePatch { days, local_time, levels, is_active } = patch;
    stage.days = days.or_current(stage.days);
    stage.local_time = local_time.or_current(std::mem::take(&mut stage.local_time));
    stage.levels = levels.or_keep(stage.levels);
    stage.is_active = is_active.or_current(stage.is_active);
}

/// Delete a reminder stage
///
/// Only one under which nothing was sent: what was sent is history.
#[utoipa::path(tag = "reminders", params(("id" = ReminderStageId, Path, description = "The stage")), responses((status = 204)))]
#[delete("/reminder-stages/{id}")]
pub async fn delete_reminder_stage(call: Call, id: Id<ReminderStageId>) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::CampaignWrite)?;
    let if_match = call.if_match()?;
    let me = call.clone();
    call.write(async move |conn| {
        let stage = queries::lock(conn, &scope, id.0).await?;
        if_match.check(stage.version)?;
        let campaign = campaigns::queries::hold_open(conn, stage.campaign_id).await?;
        queries::delete(conn, &scope, &stage).await?;
        me.record(conn, event(&campaign, &stage, "deleted")).await?;
        Ok(Reply::no_content())
    })
    .await
}
