//! Checklist items over HTTP.

use super::dto::{ChecklistItemIn, ChecklistItemOut, ChecklistItemPatch, ChecklistItemQuery};
use super::model::ChecklistItem;
use super::queries;
use crate::auth::Action;
use crate::call::Call;
use crate::campaigns;
use crate::campaigns::model::Campaign;
use crate::error::AppError;
use crate::events::Event;
use crate::extract::{Body, Id, Query};
use crate::ids::ChecklistItemId;
use crate::pagination::Page;
use crate::reply::Reply;
use actix_web::{get, patch, post};
use serde_json::json;
use uuid::Uuid;

fn event(campaign: &Campaign, item: &ChecklistItem, action: &'static str) -> Event<'static> {
    Event {
        campaign_id: Some(campaign.id),
        org_unit_id: campaign.org_unit_id,
        resource: "checklist_item",
        resource_id: item.id.into(),
        version: item.version,
        action,
        data: json!({"to": campaign.state.as_str(), "code": item.code, "is_required": item.is_required, "is_active": item.is_active}),
    }
}

/// List checklist items
///
/// What makes a place suit the festival (R9, III.3), campaign by campaign.
#[utoipa::path(tag = "checklist-items", params(ChecklistItemQuery), responses((status = 200, body = Page<ChecklistItemOut>)))]
#[get("/checklist-items")]
pub async fn list_checklist_items(call: Call, query: Query<ChecklistItemQuery>) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::CampaignRead)?;
    let (filter, page) = query.parse_list(call.cursor_secret())?;
    let (rows, total) = call
        .read(async |conn| {
            let total = if page.with_total { Some(queries::count(conn, &scope, &filter).await?) } else { None };
            Ok((queries::list(conn, &scope, &filter, &page).await?, total))
        })
        .await?;
    let (rows, next) = page.finish(rows, |item, sort| {
        let key = match sort {
            "created_at" => json!(item.created_at),
            "updated_at" => json!(item.updated_at),
            "no" => json!(item.no),
            _ => json!(null),
        };
        (key, Uuid::from(item.id))
    });
    page.reply(rows.into_iter().map(ChecklistItemOut::from).collect(), next, total)
}

/// Add a checklist item
///
/// The province asks something more of its sites; those that have answered the rest have this one open. The version of
/// every site of the campaign goes up with it, since its checklist changes.
#[utoipa::path(tag = "checklist-items", request_body = ChecklistItemIn, responses((status = 201, body = ChecklistItemOut)))]
#[post("/checklist-items")]
pub async fn create_checklist_item(call: Call, body: Body<ChecklistItemIn>) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::CampaignWrite)?;
    let ChecklistItemIn { campaign_id, code, no, name_vi, name_en, is_required } = body.parse()?;
    let now = call.now();
    let item = ChecklistItem {
        campaign_id,
        id: ChecklistItemId::new(),
        code,
        no,
        name_vi: name_vi.into_string(),
        name_en: name_en.into_string(),
        is_required,
        is_active: true,
        version: 1,
        created_at: now,
        updated_at: now,
    };
    let me = call.clone();
    call.write(async move |conn| {
        let campaign = campaigns::queries::hold_open_reference(conn, &scope, item.campaign_id, "/campaign_id").await?;
        queries::insert(conn, &scope, std::slice::from_ref(&item)).await?;
        queries::renew_sites(conn, &scope, campaign.id).await?;
        me.record(conn, event(&campaign, &item, "created")).await?;
        Reply::created("checklist-items", item.id, &ChecklistItemOut::from(item.clone()), item.version)
    })
    .await
}

/// Read a checklist item
#[utoipa::path(tag = "checklist-items", params(("id" = ChecklistItemId, Path, description = "The checklist item")), responses((status = 200, body = ChecklistItemOut, headers(("ETag" = String)))))]
#[get("/checklist-items/{id}")]
pub async fn get_checklist_item(call: Call, id: Id<ChecklistItemId>) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::CampaignRead)?;
    let item = call.read(async |conn| queries::find(conn, &scope, id.0).await).await?;
    let version = item.version;
    Reply::ok(&ChecklistItemOut::from(item), version)
}

/// Change a checklist item
///
/// Its words, its place, whether it is required, and whether it is still asked. What sites answered stays;
/// their versions go up, since their checklists change.
#[utoipa::path(tag = "checklist-items", params(("id" = ChecklistItemId, Path, description = "The checklist item")), request_body = ChecklistItemPatch, responses((status = 200, body = ChecklistItemOut)))]
#[patch("/checklist-items/{id}")]
pub async fn update_checklist_item(call: Call, id: Id<ChecklistItemId>, body: Body<ChecklistItemPatch>) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::CampaignWrite)?;
    let if_match = call.if_match()?;
    let patch = body.parse()?;
    let me = call.clone();
    call.write(async move |conn| {
        let mut item = queries::lock(conn, &scope, id.0).await?;
        if_match.check(item.version)?;
        let campaign = campaigns::queries::hold_open(conn, item.campaign_id).await?;
        apply(&mut item, patch.clone());
        let item = queries::save(conn, &scope, item, me.now()).await?;
        queries::renew_sites(conn, &scope, campaign.id).await?;
        me.record(conn, event(&campaign, &item, "updated")).await?;
        let version = item.version;
        Reply::ok(&ChecklistItemOut::from(item), version)
    })
    .await
}

fn apply(item: &mut ChecklistItem, patch: ChecklistItemPatch) {
    let ChecklistItemPatch { no, name_vi, name_en, is_required, is_active } = patch;
    item.no = no.or_current(item.no);
    item.name_vi = name_vi.map(String::from).or_current(std::mem::take(&mut item.name_vi));
    item.name_en = name_en.map(String::from).or_current(std::mem::take(&mut item.name_en));
    item.is_required = is_required.or_current(item.is_required);
    item.is_active = is_active.or_current(item.is_active);
}
