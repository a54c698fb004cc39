//! Head counts over HTTP.

use super::dto::{HeadCountIn, HeadCountOut, HeadCountQuery};
use super::model::HeadCount;
use super::queries;
use super::rules;
use crate::auth::Action;
use crate::call::Call;
use crate::campaigns;
use crate::check_ins;
use crate::clock::to_micros;
use crate::error::AppError;
use crate::events::Event;
use crate::extract::{Body, Id, Query};
use crate::ids::HeadCountId;
use crate::pagination::Page;
use crate::reply::Reply;
use crate::sites;
use actix_web::{get, post};
use serde_json::json;
use uuid::Uuid;

/// List head counts
///
/// Those of the sites in the caller's subtree. Nothing in the list changes.
#[utoipa::path(tag = "check-ins", params(HeadCountQuery), responses((status = 200, body = Page<HeadCountOut>)))]
#[get("/head-counts")]
pub async fn list_head_counts(call: Call, query: Query<HeadCountQuery>) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::CheckInRead)?;
    let (filter, page) = query.parse_list(call.cursor_secret())?;
    let (rows, total) = call
        .read(async |conn| {
            let total = if page.with_total { Some(queries::count(conn, &scope, &filter).await?) } else { None };
            Ok((queries::list(conn, &scope, &filter, &page).await?, total))
        })
        .await?;
    let (rows, next) = page.finish(rows, |row: &HeadCount, sort| {
        let key = match sort {
            "counted_at" => json!(row.counted_at),
            "received_at" => json!(row.received_at),
            "head_count" => json!(row.head_count),
            _ => json!(null),
        };
        (key, Uuid::from(row.id))
    });
    page.reply(rows.into_iter().map(HeadCountOut::from).collect(), next, total)
}

/// Count heads at a site
///
/// For events where nobody should be listed: how many people are there at that moment, no names. Several counts of one site are several
/// moments and are never added up, nor added to the guests who were checked in; the site's attendance shows the highest one that holds.
/// A count that was wrong is put right by another one (`supersedes_id`).
#[utoipa::path(tag = "check-ins", request_body = HeadCountIn, responses((status = 201, body = HeadCountOut)))]
#[post("/head-counts")]
pub async fn create_head_count(call: Call, body: Body<HeadCountIn>) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::CheckInWrite)?;
    let HeadCountIn { site_id, head_count, counted_at, supersedes_id } = body.parse()?;
    let received_at = call.now();
    let counted_at = counted_at.map_or(received_at, to_micros);
    rules::check_own_site(call.actor(), site_id)?;
    check_ins::rules::check_clock("/counted_at", counted_at, received_at)?;
    let me = call.clone();
    call.write(async move |conn| {
        let site = sites::queries::hold_still_reference(conn, &scope, site_id, "/site_id").await?;
        campaigns::queries::hold_open(conn, site.campaign_id).await?;
        rules::check_site(&site)?;
        if let Some(id) = supersedes_id {
            let corrected = queries::find_reference(conn, &scope, id, "/supersedes_id").await?;
            rules::check_same_site((site.id, site.org_unit_id), (corrected.site_id, corrected.org_unit_id))?;
        }
        let count = HeadCount {
            campaign_id: site.campaign_id,
            id: HeadCountId::new(),
            site_id: site.id,
            org_unit_id: site.org_unit_id,
            head_count,
            counted_at,
            received_at,
            actor_id: me.actor().id,
            supersedes_id,
        };
        queries::insert(conn, &scope, &count).await?;
        me.record(conn, event(&count)).await?;
        Reply::created("head-counts", count.id, &HeadCountOut::from(count), 1)
    })
    .await
}

fn event(count: &HeadCount) -> Event<'static> {
    Event {
        campaign_id: Some(count.campaign_id),
        org_unit_id: count.org_unit_id,
        resource: "head_count",
        resource_id: count.id.into(),
        version: 1,
        action: "created",
        data: json!({
            "site_id": count.site_id, "head_count": count.head_count, "counted_at": count.counted_at, "supersedes_id": count.supersedes_id,
        }),
    }
}

/// Read a head count
#[utoipa::path(tag = "check-ins", params(("id" = HeadCountId, Path, description = "The count")), responses((status = 200, body = HeadCountOut, headers(("ETag" = String)))))]
#[get("/head-counts/{id}")]
pub async fn get_head_count(call: Call, id: Id<HeadCountId>) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::CheckInRead)?;
    let count = call.read(async |conn| queries::find(conn, &scope, id.0).await).await?;
    // A count never changes: version 1 for ever.
    Reply::ok(&HeadCountOut::from(count), 1)
}
