//! Gifts over HTTP.

use super::dto::{GiftIn, GiftOut, GiftPatch, GiftQuery};
use super::model::Gift;
use super::queries;
use super::rules;
use crate::auth::Action;
use crate::call::Call;
use crate::campaigns;
use crate::error::AppError;
use crate::events::Event;
use crate::extract::{Body, Id, Query};
use crate::ids::GiftId;
use crate::org_units;
use crate::pagination::Page;
use crate::reply::Reply;
use crate::results::references::References;
use actix_web::{delete, get, patch, post};
use serde_json::json;
use uuid::Uuid;

/// A change of a gift, for the change feed.
fn event(gift: &Gift, action: &'static str) -> Event<'static> {
    Event {
        campaign_id: Some(gift.campaign_id),
        org_unit_id: gift.org_unit_id,
        resource: "gift",
        resource_id: gift.id.into(),
        version: gift.version,
        action,
        data: json!({ "recipient_category": gift.recipient_category, "recipient_count": gift.recipient_count, "value_vnd": gift.value_vnd, "given_on": gift.given_on }),
    }
}

/// List gifts
///
/// Those of the bodies in the caller's reach.
#[utoipa::path(tag = "gifts", params(GiftQuery), responses((status = 200, body = Page<GiftOut>)))]
#[get("/gifts")]
pub async fn list_gifts(call: Call, query: Query<GiftQuery>) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::ResultRead)?;
    let (filter, page) = query.parse_list(call.cursor_secret())?;
    let (rows, total) = call
        .read(async |conn| {
            let total = if page.with_total { Some(queries::count(conn, &scope, &filter).await?) } else { None };
            Ok((queries::list(conn, &scope, &filter, &page).await?, total))
        })
        .await?;
    let (rows, next) = page.finish(rows, |gift, sort| {
        let key = match sort {
            "created_at" => json!(gift.created_at),
            "updated_at" => json!(gift.updated_at),
            "given_on" => json!(gift.given_on),
            "value_vnd" => json!(gift.value_vnd),
            _ => json!(null),
        };
        (key, Uuid::from(gift.id))
    });
    page.reply(rows.into_iter().map(GiftOut::from).collect(), next, total)
}

/// Record a gift
///
/// One visit to one category of recipients.
#[utoipa::path(tag = "gifts", request_body = GiftIn, responses((status = 201, body = GiftOut)))]
#[post("/gifts")]
pub async fn create_gift(call: Call, body: Body<GiftIn>) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::ResultWrite)?;
    let campaign_scope = call.authorize(Action::CampaignRead)?;
    let references = References::of(&call)?;
    let GiftIn { campaign_id, org_unit_id, recipient_category, recipient_count, value_vnd, giver, content, given_on, site_id, activity_id } =
        body.parse()?;
    let now = call.now();
    let gift = Gift {
        campaign_id,
        id: GiftId::new(),
        org_unit_id,
        recipient_category,
        recipient_count,
        value_vnd,
        giver: giver.into_string(),
        content: content.map(String::from),
        given_on,
        site_id,
        activity_id,
        version: 1,
        created_at: now,
        updated_at: now,
    };
    rules::check(&gift, call.clock().today())?;
    let me = call.clone();
    call.write(async move |conn| {
        campaigns::queries::hold_open_reference(conn, &campaign_scope, gift.campaign_id, "/campaign_id").await?;
        org_units::queries::find_reference(conn, &scope, gift.org_unit_id, "/org_unit_id").await?;
        references.check(conn, gift.campaign_id, gift.site_id, gift.activity_id).await?;
        queries::insert(conn, &scope, &gift).await?;
        me.record(conn, event(&gift, "created")).await?;
        Reply::created("gifts", gift.id, &GiftOut::from(gift.clone()), gift.version)
    })
    .await
}

/// Read a gift
#[utoipa::path(tag = "gifts", params(("id" = GiftId, Path, description = "The gift")), responses((status = 200, body = GiftOut, headers(("ETag" = String)))))]
#[get("/gifts/{id}")]
pub async fn get_gift(call: Call, id: Id<GiftId>) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::ResultRead)?;
    let gift = call.read(async |conn| queries::find(conn, &scope, id.0).await).await?;
    let version = gift.version;
    Reply::ok(&GiftOut::from(gift), version)
}

/// Change a gift
///
/// While the campaign is open.
#[utoipa::path(tag = "gifts", params(("id" = GiftId, Path, description = "The gift")), request_body = GiftPatch, responses((status = 200, body = GiftOut)))]
#[patch("/gifts/{id}")]
pub async fn update_gift(call: Call, id: Id<GiftId>, body: Body<GiftPatch>) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::ResultWrite)?;
    let if_match = call.if_match()?;
    let references = References::of(&call)?;
    let patch = body.parse()?;
    let me = call.clone();
    call.write(async move |conn| {
        let mut gift = queries::lock(conn, &scope, id.0).await?;
        if_match.check(gift.version)?;
        campaigns::queries::hold_open(conn, gift.campaign_id).await?;
        apply(&mut gift, patch.clone());
        rules::check(&gift, me.clock().today())?;
        references.check(conn, gift.campaign_id, gift.site_id, gift.activity_id).await?;
        let gift = queries::save(conn, &scope, gift, me.now()).await?;
        me.record(conn, event(&gift, "updated")).await?;
        let version = gift.version;
        Reply::ok(&GiftOut::from(gift), version)
    })
    .await
}

fn apply(gift: &mut Gift, patch: GiftPatch) {
    let GiftPatch { recipient_category, recipient_count, value_vnd, giver, content, given_on, site_id, activity_id } = patch;
    gift.recipient_category = recipient_category.or_current(gift.recipient_category);
    gift.recipient_count = recipient_count.or_current(gift.recipient_count);
    gift.value_vnd = value_vnd.or_current(gift.value_vnd);
    gift.giver = giver.map(String::from).or_current(std::mem::take(&mut gift.giver));
    gift.content = content.map(String::from).or_keep(gift.content.take());
    gift.given_on = given_on.or_current(gift.given_on);
    gift.site_id = site_id.or_keep(gift.site_id);
    gift.activity_id = activity_id.or_keep(gift.activity_id);
}

/// Delete a gift
///
/// While the campaign is open.
#[utoipa::path(tag = "gifts", params(("id" = GiftId, Path, description = "The gift")), responses((status = 204)))]
#[delete("/gifts/{id}")]
pub async fn delete_gift(call: Call, id: Id<GiftId>) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::ResultWrite)?;
    let if_match = call.if_match()?;
    let me = call.clone();
    call.write(async move |conn| {
        let gift = queries::lock(conn, &scope, id.0).await?;
        if_match.check(gift.version)?;
        campaigns::queries::hold_open(conn, gift.campaign_id).await?;
        queries::delete(conn, &scope, &gift).await?;
        me.record(conn, event(&gift, "deleted")).await?;
        Ok(Reply::no_content())
    })
    .await
}
