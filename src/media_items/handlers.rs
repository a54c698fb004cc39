//! Media items over HTTP.

use super::dto::{MediaItemIn, MediaItemOut, MediaItemPatch, MediaItemQuery};
use super::model::MediaItem;
use super::queries;
use super::rules;
use crate::auth::Action;
use crate::call::Call;
use crate::campaigns;
use crate::error::AppError;
use crate::events::Event;
use crate::extract::{Body, Id, Query};
use crate::ids::MediaItemId;
use crate::org_units;
use crate::pagination::Page;
use crate::reply::Reply;
use crate::results::references::References;
use actix_web::{delete, get, patch, post};
use serde_json::json;
use uuid::Uuid;

/// A change of a media item, for the change feed.
fn event(item: &MediaItem, action: &'static str) -> Event<'static> {
    Event {
        campaign_id: Some(item.campaign_id),
        org_unit_id: item.org_unit_id,
        resource: "media_item",
        resource_id: item.id.into(),
        version: item.version,
        action,
        data: json!({ "kind": item.kind, "published_on": item.published_on }),
    }
}

/// List media items
///
/// Those of the bodies in the caller's reach.
#[utoipa::path(tag = "media-items", params(MediaItemQuery), responses((status = 200, body = Page<MediaItemOut>)))]
#[get("/media-items")]
pub async fn list_media_items(call: Call, query: Query<MediaItemQuery>) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::ResultRead)?;
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
            "published_on" => json!(item.published_on),
            _ => json!(null),
        };
        (key, Uuid::from(item.id))
    });
    page.reply(rows.into_iter().map(MediaItemOut::from).collect(), next, total)
}

/// Record a media item
///
/// What was published about the festival (III.2).
#[utoipa::path(tag = "media-items", request_body = MediaItemIn, responses((status = 201, body = MediaItemOut)))]
#[post("/media-items")]
pub async fn create_media_item(call: Call, body: Body<MediaItemIn>) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::ResultWrite)?;
    let campaign_scope = call.authorize(Action::CampaignRead)?;
    let references = References::of(&call)?;
    let MediaItemIn { campaign_id, org_unit_id, outlet, kind, title, url, published_on, site_id } = body.parse()?;
    let now = call.now();
    let item = MediaItem {
        campaign_id,
        id: MediaItemId::new(),
        org_unit_id,
        outlet: outlet.into_string(),
        kind,
        title: title.into_string(),
        url: url.map(String::from),
        published_on,
        site_id,
        version: 1,
        created_at: now,
        updated_at: now,
    };
    rules::check(&item, call.clock().today())?;
    let me = call.clone();
    call.write(async move |conn| {
        campaigns::queries::hold_open_reference(conn, &campaign_scope, item.campaign_id, "/campaign_id").await?;
        org_units::queries::find_reference(conn, &scope, item.org_unit_id, "/org_unit_id").await?;
        references.check(conn, item.campaign_id, item.site_id, None).await?;
        queries::insert(conn, &scope, &item).await?;
        me.record(conn, event(&item, "created")).await?;
        Reply::created("media-items", item.id, &MediaItemOut::from(item.clone()), item.version)
    })
    .await
}

/// Read a media item
#[utoipa::path(tag = "media-items", params(("id" = MediaItemId, Path, description = "The media item")), responses((status = 200, body = MediaItemOut, headers(("ETag" = String)))))]
#[get("/media-items/{id}")]
pub async fn get_media_item(call: Call, id: Id<MediaItemId>) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::ResultRead)?;
    let item = call.read(async |conn| queries::find(conn, &scope, id.0).await).await?;
    let version = item.version;
    Reply::ok(&MediaItemOut::from(item), version)
}

/// Change a media item
///
/// While the campaign is open.
#[utoipa::path(tag = "media-items", params(("id" = MediaItemId, Path, description = "The media item")), request_body = MediaItemPatch, responses((status = 200, body = MediaItemOut)))]
#[patch("/media-items/{id}")]
pub async fn update_media_item(call: Call, id: Id<MediaItemId>, body: Body<MediaItemPatch>) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::ResultWrite)?;
    let if_match = call.if_match()?;
    let references = References::of(&call)?;
    let patch = body.parse()?;
    let me = call.clone();
    call.write(async move |conn| {
        let mut item = queries::lock(conn, &scope, id.0).await?;
        if_match.check(item.version)?;
        campaigns::queries::hold_open(conn, item.campaign_id).await?;
        apply(&mut item, patch.clone());
        rules::check(&item, me.clock().today())?;
        references.check(conn, item.campaign_id, item.site_id, None).await?;
        let item = queries::save(conn, &scope, item, me.now()).await?;
        me.record(conn, event(&item, "updated")).await?;
        let version = item.version;
        Reply::ok(&MediaItemOut::from(item), version)
    })
    .await
}

fn apply(item: &mut MediaItem, patch: MediaItemPatch) {
    let MediaItemPatch { outlet, kind, title, url, published_on, site_id } = patch;
    item.outlet = outlet.map(String::from).or_current(std::mem::take(&mut item.outlet));
    item.kind = kind.or_current(item.kind);
    item.title = title.map(String::from).or_current(std::mem::take(&mut item.title));
    item.url = url.map(String::from).or_keep(item.url.take());
    item.published_on = published_on.or_current(item.published_on);
    item.site_id = site_id.or_keep(item.site_id);
}

/// Delete a media item
///
/// While the campaign is open.
#[utoipa::path(tag = "media-items", params(("id" = MediaItemId, Path, description = "The media item")), responses((status = 204)))]
#[delete("/media-items/{id}")]
pub async fn delete_media_item(call: Call, id: Id<MediaItemId>) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::ResultWrite)?;
    let if_match = call.if_match()?;
    let me = call.clone();
    call.write(async move |conn| {
        let item = queries::lock(conn, &scope, id.0).await?;
        if_match.check(item.version)?;
        campaigns::queries::hold_open(conn, item.campaign_id).await?;
        queries::delete(conn, &scope, &item).await?;
        me.record(conn, event(&item, "deleted")).await?;
        Ok(Reply::no_content())
    })
    .await
}
