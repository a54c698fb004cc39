//! SQL of devices.

use super::dto::DeviceQuery;
use super::model::{Device, DeviceSite, DeviceState};
use crate::auth::Scope;
use crate::db::Conn;
use crate::db::cached::Cached;
use crate::db::in_scope::{in_scope, is_in_scope};
use crate::error::{AppError, FieldError};
use crate::ids::{DeviceId, SiteId};
use crate::org_units::queries::units_under;
use crate::pagination::PageRequest;
use crate::schema::{device_sites, devices, org_units, sites};
use crate::text::search_tokens;
use chrono::{DateTime, Utc};
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use std::collections::HashMap;

/// One device in scope.
pub async fn find(mut conn: &Conn, scope: &Scope, id: DeviceId) -> Result<Device, AppError> {
    let query = devices::table.filter(devices::id.eq(id)).filter(is_in_scope(devices::org_unit_id, scope));
    Ok(query.select(Device::as_select()).first(&mut conn).await?)
}

/// One device in scope, locked until the end of the transaction.
pub async fn lock(mut conn: &Conn, scope: &Scope, id: DeviceId) -> Result<Device, AppError> {
    let query = devices::table.filter(devices::id.eq(id)).filter(is_in_scope(devices::org_unit_id, scope));
    Ok(query.select(Device::as_select()).for_no_key_update().first(&mut conn).await?)
}

/// The device that a code enrols, if any has it, locked until the end of the transaction: of two who use the code, the
/// second finds it used. Who has the code needs no scope.
pub async fn lock_by_code(mut conn: &Conn, code_hash: &[u8]) -> Result<Option<Device>, AppError> {
    let query = devices::table.filter(devices::code_hash.eq(code_hash)).select(Device::as_select()).for_no_key_update();
    Ok(query.first(&mut conn).await.optional()?)
}

/// A page of devices in scope, with one row more than it holds.
pub async fn list(mut conn: &Conn, scope: &Scope, filter: &DeviceQuery, page: &PageRequest) -> Result<Vec<Device>, AppError> {
    let query = crate::keyset!(filtered(scope, filter), page, devices::id, {
        "created_at" => devices::created_at => DateTime<Utc>,
        "updated_at" => devices::updated_at => DateTime<Utc>,
    });
    Ok(query.select(Device::as_select()).load(&mut conn).await?)
}

/// How many devices a list has in all.
pub async fn count(mut conn: &Conn, scope: &Scope, filter: &DeviceQuery) -> Result<i64, AppError> {
    Ok(filtered(scope, filter).count().get_result(&mut conn).await?)
}

fn filtered<'a>(scope: &'a Scope, filter: &'a DeviceQuery) -> devices::BoxedQuery<'a, Pg> {
    let mut query = devices::table.filter(in_scope(devices::org_unit_id, scope)).into_boxed();
    if let Some(campaign) = filter.campaign_id {
        query = query.filter(devices::campaign_id.eq(campaign));
    }
    if let Some(unit) = filter.org_unit_id {
        query = query.filter(devices::org_unit_id.eq(unit));
    }
    if let Some(unit) = filter.under_org_unit_id {
        query = query.filter(devices::org_unit_id.eq_any(units_under(unit)));
    }
    if let Some(site) = filter.site_id {
        query =
            query.filter(devices::id.eq_any(device_sites::table.filter(device_sites::site_id.eq(site)).select(device_sites::device_id)));
    }
    query = match filter.state {
        Some(DeviceState::Waiting) => query.filter(devices::revoked_at.is_null()).filter(devices::secret_hash.is_null()),
        Some(DeviceState::Enrolled) => query.filter(devices::secret_hash.is_not_null()),
        Some(DeviceState::Revoked) => query.filter(devices::revoked_at.is_not_null()),
        None => query,
    };
    if let Some(at) = filter.unseen_since {
        query = query.filter(devices::last_seen_at.lt(at).or(devices::last_seen_at.is_null()));
    }
    if let Some(text) = &filter.q {
        query = query.filter(devices::tokens.contains(search_tokens(&[text])));
    }
    query
}

/// The sites of devices that were found in scope, each list in the order of the ids.
pub async fn sites_of(mut conn: &Conn, devices: &[DeviceId]) -> Result<HashMap<DeviceId, Vec<SiteId>>, AppError> {
    let query = device_sites::table
        .inner_join(devices::table.on(devices::campaign_id.eq(device_sites::campaign_id).and(devices::id.eq(device_sites::device_id))))
        .filter(devices::id.eq_any(devices))
        .order(device_sites::site_id);
    let rows: Vec<(DeviceId, SiteId)> = query.select((device_sites::device_id, device_sites::site_id)).load(&mut conn).await?;
    let mut found: HashMap<DeviceId, Vec<SiteId>> = HashMap::new();
    for (device, site) in rows {
        found.entry(device).or_default().push(site);
    }
    Ok(found)
}

/// What is wrong with the sites of a device: those that are not in the caller's scope and the campaign, and those that
/// `wrong_body` tells, because a body that is not below the device's organises them.
pub async fn check_sites(
    mut conn: &Conn,
    scope: &Scope,
    device: &Device,
    site_ids: &[SiteId],
    wrong_body: fn(usize) -> FieldError,
) -> Result<(), AppError> {
    let query = sites::table
        .inner_join(org_units::table.on(org_units::id.eq(sites::org_unit_id)))
        .filter(sites::campaign_id.eq(device.campaign_id))
        .filter(sites::id.eq_any(site_ids))
        .filter(is_in_scope(sites::org_unit_id, scope));
    let found: HashMap<SiteId, String> =
        query.select((sites::id, org_units::path)).load::<(SiteId, String)>(&mut conn).await?.into_iter().collect();
    let body: String = org_units::table.find(device.org_unit_id).select(org_units::path).first(&mut conn).await?;
    let errors: Vec<FieldError> = site_ids
        .iter()
        .enumerate()
        .filter_map(|(index, site)| match found.get(site) {
            None => Some(FieldError::unknown_reference(format!("/site_ids/{index}"))),
            Some(path) if !path.starts_with(&body) => Some(wrong_body(index)),
            Some(_) => None,
        })
        .collect();
    if errors.is_empty() { Ok(()) } else { Err(AppError::validation(errors)) }
}

fn tokens(device: &Device) -> Vec<String> {
    search_tokens(&[&device.name])
}

/// Adds a device. The caller has checked that its body is in scope.
pub async fn insert(mut conn: &Conn, _: &Scope, device: &Device) -> Result<(), AppError> {
    diesel::insert_into(devices::table).values((device, devices::tokens.eq(tokens(device)))).execute(&mut conn).await?;
    Ok(())
}

/// Gives a device these sites and no others. The caller has checked them.
pub async fn set_sites(mut conn: &Conn, _: &Scope, device: &Device, site_ids: &[SiteId]) -> Result<(), AppError> {
    let own = device_sites::table.filter(device_sites::campaign_id.eq(device.campaign_id)).filter(device_sites::device_id.eq(device.id));
    diesel::delete(own).execute(&mut conn).await?;
    let row = |site_id: &SiteId| DeviceSite { campaign_id: device.campaign_id, device_id: device.id, site_id: *site_id };
    diesel::insert_into(device_sites::table).values(site_ids.iter().map(row).collect::<Vec<_>>()).execute(&mut conn).await?;
    Ok(())
}

/// Writes a locked device back as its next version.
pub async fn save(mut conn: &Conn, mut device: Device, now: DateTime<Utc>) -> Result<Device, AppError> {
    device.version += 1;
    device.updated_at = now;
    let target = devices::table.find((device.campaign_id, device.id));
    let change = diesel::update(target).set((&device, devices::tokens.eq(tokens(&device))));
    Cached(change).execute(&mut conn).await?;
    Ok(device)
}

/// Notes that a device was heard of, and how far its clock is behind where it told its time; no new version.
pub async fn saw(mut conn: &Conn, device: DeviceId, now: DateTime<Utc>, skew_ms: Option<i64>) -> Result<(), AppError> {
    // Without a campaign it is found by the unique index of its id.
    let target = devices::table.filter(devices::id.eq(device));
    match skew_ms {
        Some(skew) => {
            let change = (devices::last_seen_at.eq(now), devices::clock_skew_ms.eq(skew));
            diesel::update(target).set(change).execute(&mut conn).await?
        }
        None => diesel::update(target).set(devices::last_seen_at.eq(now)).execute(&mut conn).await?,
    };
    Ok(())
}
