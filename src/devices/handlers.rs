//! Devices over HTTP, as an organiser sees them.

use super::dto::{DeviceCodeOut, DeviceIn, DeviceItemOut, DeviceOut, DevicePatch, DeviceQuery};
use super::model::Device;
use super::{queries, rules};
use crate::auth::Action;
use crate::auth::actor::Actors;
use crate::call::Call;
use crate::campaigns;
use crate::error::AppError;
use crate::events::Event;
use crate::extract::{Body, Id, Query};
use crate::ids::{DeviceId, SiteId};
use crate::org_units;
use crate::pagination::Page;
use crate::reply::Reply;
use actix_web::web::Data;
use actix_web::{delete, get, patch, post};
use serde_json::json;
use std::collections::BTreeSet;
use uuid::Uuid;

/// A change of a device, for the change feed.
pub(super) fn event(device: &Device, action: &'static str) -> Event<'static> {
    Event {
        campaign_id: Some(device.campaign_id),
        org_unit_id: device.org_unit_id,
        resource: "device",
        resource_id: device.id.into(),
        version: device.version,
        action,
        data: json!({"to": device.state()}),
    }
}

/// Each site once, in the order of the ids.
fn distinct(site_ids: Vec<SiteId>) -> Vec<SiteId> {
    site_ids.into_iter().collect::<BTreeSet<_>>().into_iter().collect()
}

/// List devices
///
/// Those for sites of the bodies in the caller's reach, with when each was last heard of and how far its clock is off.
#[utoipa::path(tag = "devices", params(DeviceQuery), responses((status = 200, body = Page<DeviceItemOut>)))]
#[get("/devices")]
pub async fn list_devices(call: Call, query: Query<DeviceQuery>) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::DeviceRead)?;
    let (filter, page) = query.parse_list(call.cursor_secret())?;
    let (rows, mut sites, total) = call
        .read(async |conn| {
            let total = if page.with_total { Some(queries::count(conn, &scope, &filter).await?) } else { None };
            let rows = queries::list(conn, &scope, &filter, &page).await?;
            let ids: Vec<DeviceId> = rows.iter().map(|device| device.id).collect();
            Ok((rows, queries::sites_of(conn, &ids).await?, total))
        })
        .await?;
    let (rows, next) = page.finish(rows, |device, sort| {
        let key = match sort {
            "created_at" => json!(device.created_at),
            "updated_at" => json!(device.updated_at),
            _ => json!(null),
        };
        (key, Uuid::from(device.id))
    });
    page.reply(rows.iter().map(|device| DeviceItemOut::new(device, sites.remove(&device.id).unwrap_or_default())).collect(), next, total)
}

/// Create a device
///
/// For sites of one body. The answer shows this once the code that enrols it (`POST /devices/enrol`), good for 48 hours.
/// A repeat with the same idempotency key shows the device without it.
#[utoipa::path(tag = "devices", request_body = DeviceIn, responses((status = 201, body = DeviceCodeOut)))]
#[post("/devices")]
pub async fn create_device(call: Call, body: Body<DeviceIn>) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::DeviceWrite)?;
    let campaign_scope = call.authorize(Action::CampaignRead)?;
    let DeviceIn { campaign_id, org_unit_id, name, site_ids } = body.parse()?;
    let site_ids = distinct(site_ids);
    let now = call.now();
    let code = rules::new_code();
    let mut device = Device {
        campaign_id,
        id: DeviceId::new(),
        org_unit_id,
        name: name.into_string(),
        code_hash: None,
        code_expires_at: None,
        enrolment_id: None,
        secret_hash: None,
        enrolled_at: None,
        revoked_at: None,
        last_seen_at: None,
        clock_skew_ms: None,
        version: 1,
        created_at: now,
        updated_at: now,
    };
    rules::await_enrolment(&mut device, rules::code_hash(call.keys().cursor_secret(), &code)?, now);
    let me = call.clone();
    call.write(async move |conn| {
        campaigns::queries::hold_open_reference(conn, &campaign_scope, device.campaign_id, "/campaign_id").await?;
        org_units::queries::hold_reference(conn, &scope, device.org_unit_id, "/org_unit_id").await?;
        queries::check_sites(conn, &scope, &device, &site_ids, rules::site_of_another_body).await?;
        queries::insert(conn, &scope, &device).await?;
        queries::set_sites(conn, &scope, &device, &site_ids).await?;
        me.record(conn, event(&device, "created")).await?;
        let shown = DeviceCodeOut::new(&device, site_ids.clone(), Some(code.clone()));
        let kept = DeviceCodeOut::new(&device, site_ids.clone(), None);
        Reply::created("devices", device.id, &shown, device.version)?.once(&kept)
    })
    .await
}

/// Read a device
///
/// When it was last heard of stands in the list.
#[utoipa::path(tag = "devices", params(("id" = DeviceId, Path, description = "The device")), responses((status = 200, body = DeviceOut, headers(("ETag" = String)))))]
#[get("/devices/{id}")]
pub async fn get_device(call: Call, id: Id<DeviceId>) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::DeviceRead)?;
    let (device, mut sites) = call
        .read(async |conn| {
            let device = queries::find(conn, &scope, id.0).await?;
            let sites = queries::sites_of(conn, &[device.id]).await?;
            Ok((device, sites))
        })
        .await?;
    let site_ids = sites.remove(&device.id).unwrap_or_default();
    Reply::ok(&DeviceOut::new(&device, site_ids), device.version)
}

/// Change a device
///
/// Its name and its sites; while it is not revoked.
#[utoipa::path(tag = "devices", params(("id" = DeviceId, Path, description = "The device")), request_body = DevicePatch, responses((status = 200, body = DeviceOut)))]
#[patch("/devices/{id}")]
pub async fn update_device(call: Call, actors: Data<Actors>, id: Id<DeviceId>, body: Body<DevicePatch>) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::DeviceWrite)?;
    let if_match = call.if_match()?;
    let DevicePatch { name, site_ids } = body.parse()?;
    let site_ids = site_ids.map(distinct);
    let me = call.clone();
    let answer = call.write(async move |conn| {
        let mut device = queries::lock(conn, &scope, id.0).await?;
        if_match.check(device.version)?;
        campaigns::queries::hold_open(conn, device.campaign_id).await?;
        rules::check_not_revoked(&device, "update")?;
        device.name = name.clone().map(String::from).or_current(device.name);
        if let Some(site_ids) = site_ids.value() {
            queries::check_sites(conn, &scope, &device, site_ids, rules::site_of_another_body).await?;
            queries::set_sites(conn, &scope, &device, site_ids).await?;
        }
        let device = queries::save(conn, device, me.now()).await?;
        let sites = queries::sites_of(conn, &[device.id]).await?.remove(&device.id).unwrap_or_default();
        me.record(conn, event(&device, "updated")).await?;
        Reply::ok(&DeviceOut::new(&device, sites), device.version)
    });
    let answer = answer.await?;
    actors.forget();
    Ok(answer)
}

/// Revoke a device
///
/// It is out within a second and for good: its code, its secret and its access tokens are void. It stays listed as revoked, because the
/// log names it.
#[utoipa::path(tag = "devices", params(("id" = DeviceId, Path, description = "The device")), responses((status = 204)))]
#[delete("/devices/{id}")]
pub async fn revoke_device(call: Call, actors: Data<Actors>, id: Id<DeviceId>) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::DeviceWrite)?;
    let if_match = call.if_match()?;
    let me = call.clone();
    let answer = call.write(async move |conn| {
        let mut device = queries::lock(conn, &scope, id.0).await?;
        if_match.check(device.version)?;
        campaigns::queries::hold_open(conn, device.campaign_id).await?;
        rules::check_not_revoked(&device, "revoke")?;
        rules::revoke(&mut device, me.now());
        let device = queries::save(conn, device, me.now()).await?;
        me.record(conn, event(&device, "revoked")).await?;
        Ok(Reply::no_content())
    });
    let answer = answer.await?;
    actors.forget();
    Ok(answer)
}
