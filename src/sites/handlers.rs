//! Sites over HTTP.

use super::checklist;
use super::checklist::model::ChecklistProgress;
use super::dto::{SiteIn, SiteOut, SitePatch, SiteQuery};
use super::model::{PilotLevel, Site, SiteState};
use super::queries;
use super::quota;
use super::rules::{self, Step};
use crate::admin_units;
use crate::auth::Action;
use crate::call::Call;
use crate::campaigns;
use crate::error::{AppError, FieldError, message};
use crate::events::Event;
use crate::extract::{Body, Id, Query};
use crate::ids::SiteId;
use crate::org_units;
use crate::pagination::{LAST_INSTANT, Page};
use crate::reply::Reply;
use crate::warning::Warning;
use actix_web::{delete, get, patch, post};
use serde_json::json;
use uuid::Uuid;

/// Why an area has priority is for those whom the policy lets see it (S110): their reach for it is that for the site.
pub fn show(call: &Call, site: Site, checklist: ChecklistProgress, warnings: Vec<Warning>) -> SiteOut {
    SiteOut::new(site, call.actor().allows(Action::SitePriorityRead).is_some(), checklist, warnings)
}

/// A change of a site, for the change feed: not why an area has priority.
pub fn event(site: &Site, action: &'static str, from: Option<SiteState>) -> Event<'static> {
    Event {
        campaign_id: Some(site.campaign_id),
        org_unit_id: site.org_unit_id,
        resource: "site",
        resource_id: site.id.into(),
        version: site.version,
        action,
        data: json!({"from": from.map(SiteState::as_str), "to": site.state.as_str(), "pilot_level": site.pilot_level.as_str(), "reason": site.decision_reason}),
    }
}

/// List sites
///
/// The sites of the caller's subtree. A caller who may not see why an area has priority cannot ask for it either (403).
#[utoipa::path(tag = "sites", params(SiteQuery), responses((status = 200, body = Page<SiteOut>)))]
#[get("/sites")]
pub async fn list_sites(call: Call, query: Query<SiteQuery>) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::SiteRead)?;
    let (filter, page) = query.parse_list(call.cursor_secret())?;
    if filter.priority_reason.is_some() {
        call.authorize(Action::SitePriorityRead)?;
    }
    let (rows, total) = call
        .read(async |conn| {
            let total = if page.with_total { Some(queries::count(conn, &scope, &filter).await?) } else { None };
            Ok((queries::list(conn, &scope, &filter, &page).await?, total))
        })
        .await?;
    let (rows, next) = page.finish(rows, |(site, _), sort| {
        let key = match sort {
            "created_at" => json!(site.created_at),
            "updated_at" => json!(site.updated_at),
            "starts_at" => json!(site.starts_at.unwrap_or(LAST_INSTANT)),
            _ => json!(null),
        };
        (key, Uuid::from(site.id))
    });
    let shown = rows.into_iter().map(|(site, checklist)| show(&call, site, checklist, Vec::new()));
    page.reply(shown.collect(), next, total)
}

/// Create a site
///
/// A draft, organised by a body in the caller's subtree. As pilot site of a district or commune beyond the number that the
/// campaign's plan gives each, it is refused with rule and clause.
#[utoipa::path(tag = "sites", request_body = SiteIn, responses((status = 201, body = SiteOut)))]
#[post("/sites")]
pub async fn create_site(call: Call, body: Body<SiteIn>) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::SiteWrite)?;
    let campaign_scope = call.authorize(Action::CampaignRead)?;
    let SiteIn {
        campaign_id,
        org_unit_id,
        admin_unit_id,
        name,
        kind,
        pilot_level,
        address,
        lat,
        lon,
        priority_reasons,
        priority_note,
        suitability_note,
        capacity,
    } = body.parse()?;
    let now = call.now();
    let site = Site {
        campaign_id,
        id: SiteId::new(),
        org_unit_id,
        admin_unit_id,
        name: name.into_string(),
        kind,
        state: SiteState::Draft,
        pilot_level: pilot_level.map_or(PilotLevel::None, PilotLevel::from),
        address: address.map(String::from),
        lat,
        lon,
        priority_reasons: priority_reasons.iter().map(ToString::to_string).collect(),
        suitability_note: suitability_note.map(String::from),
        capacity,
        decision_reason: None,
        starts_at: None,
        ends_at: None,
        nominated_by: None,
        nominated_at: None,
        decided_at: None,
        held_at: None,
        closed_at: None,
        version: 1,
        created_at: now,
        updated_at: now,
        priority_note: priority_note.map(String::from),
    };
    rules::check_point(&site)?;
    rules::check_priority(&site)?;
    let me = call.clone();
    call.write(async move |conn| {
        campaigns::queries::hold_open_reference(conn, &campaign_scope, site.campaign_id, "/campaign_id").await?;
        org_units::queries::find_reference(conn, &scope, site.org_unit_id, "/org_unit_id").await?;
        admin_units::queries::check_reference(conn, site.admin_unit_id, "/admin_unit_id").await?;
        quota::check_marked(conn, &scope, &site).await?;
        queries::insert(conn, &scope, &site).await?;
        me.record(conn, event(&site, "created", None)).await?;
        let checklist = checklist::queries::progress_of(conn, &scope, site.id).await?;
        Reply::created("sites", site.id, &show(&me, site.clone(), checklist, Vec::new()), site.version)
    })
    .await
}

/// Read a site
#[utoipa::path(tag = "sites", params(("id" = SiteId, Path, description = "The site")), responses((status = 200, body = SiteOut, headers(("ETag" = String)))))]
#[get("/sites/{id}")]
pub async fn get_site(call: Call, id: Id<SiteId>) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::SiteRead)?;
    let (site, checklist) = call.read(async |conn| queries::find_shown(conn, &scope, id.0).await).await?;
    let version = site.version;
    Reply::ok(&show(&call, site, checklist, Vec::new()), version)
}

/// Change a site
#[utoipa::path(tag = "sites", params(("id" = SiteId, Path, description = "The site")), request_body = SitePatch, responses((status = 200, body = SiteOut)))]
#[patch("/sites/{id}")]
pub async fn update_site(call: Call, id: Id<SiteId>, body: Body<SitePatch>) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::SiteWrite)?;
    let if_match = call.if_match()?;
    let patch = body.parse()?;
    let me = call.clone();
    call.write(async move |conn| {
        let mut site = queries::lock(conn, &scope, id.0).await?;
        if_match.check(site.version)?;
        campaigns::queries::hold_open(conn, site.campaign_id).await?;
        rules::check_step(&site, Step::Change)?;
        let (from, counted_as) = (site.state, (site.pilot_level, site.kind));
        apply(&mut site, patch.clone())?;
        if (site.pilot_level, site.kind) != counted_as {
            quota::check_marked(conn, &scope, &site).await?;
        }
        rules::check_capacity(&site, queries::accepted(conn, &scope, &site).await?)?;
        admin_units::queries::check_reference(conn, site.admin_unit_id, "/admin_unit_id").await?;
        let site = queries::save(conn, &scope, site, me.now()).await?;
        me.record(conn, event(&site, "updated", Some(from))).await?;
        let checklist = checklist::queries::progress_of(conn, &scope, site.id).await?;
        let version = site.version;
        Reply::ok(&show(&me, site, checklist, Vec::new()), version)
    })
    .await
}

fn apply(site: &mut Site, patch: SitePatch) -> Result<(), AppError> {
    let SitePatch {
        name,
        kind,
        pilot_level,
        admin_unit_id,
        address,
        lat,
        lon,
        priority_reasons,
        priority_note,
        suitability_note,
        capacity,
    } = patch;
    if let Some(level) = pilot_level.value() {
        if site.pilot_level == PilotLevel::Province {
            return Err(AppError::field(FieldError::new(
                "/pilot_level",
                "selected_by_province",
                message("Điểm do tỉnh chọn không đổi cấp được.", "A pilot site that the province selected keeps its level."),
            )));
        }
        site.pilot_level = (*level).into();
    }
    site.name = name.map(String::from).or_current(std::mem::take(&mut site.name));
    site.kind = kind.or_current(site.kind);
    site.admin_unit_id = admin_unit_id.or_keep(site.admin_unit_id);
    site.address = address.map(String::from).or_keep(site.address.take());
    site.lat = lat.or_keep(site.lat);
    site.lon = lon.or_keep(site.lon);
    site.priority_reasons = priority_reasons
        .map(|reasons| reasons.iter().map(ToString::to_string).collect())
        .or_current(std::mem::take(&mut site.priority_reasons));
    site.priority_note = priority_note.map(String::from).or_keep(site.priority_note.take());
    site.suitability_note = suitability_note.map(String::from).or_keep(site.suitability_note.take());
    site.capacity = capacity.or_keep(site.capacity);
    rules::check_priority(site)?;
    rules::check_point(site)
}

/// Delete a site
///
/// Only a draft without participants and activities that was never nominated; anything later is history.
#[utoipa::path(tag = "sites", params(("id" = SiteId, Path, description = "The site")), responses((status = 204)))]
#[delete("/sites/{id}")]
pub async fn delete_site(call: Call, id: Id<SiteId>) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::SiteWrite)?;
    let if_match = call.if_match()?;
    let me = call.clone();
    call.write(async move |conn| {
        let site = queries::lock(conn, &scope, id.0).await?;
        if_match.check(site.version)?;
        campaigns::queries::hold_open(conn, site.campaign_id).await?;
        rules::check_step(&site, Step::Delete)?;
        queries::delete(conn, &scope, &site).await?;
        me.record(conn, event(&site, "deleted", Some(site.state))).await?;
        Ok(Reply::no_content())
    })
    .await
}
