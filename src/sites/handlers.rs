//! Sites over HTTP.

use super::dto::{DecisionIn, ScheduleIn, SiteIn, SiteOut, SitePatch, SiteQuery};
use super::model::{PilotLevel, Site, SiteState};
use super::queries;
use super::rules::{self, Step};
use crate::admin_units;
use crate::auth::{Action, Scope};
use crate::call::Call;
use crate::campaigns;
use crate::campaigns::model::Campaign;
use crate::clock;
use crate::db::Conn;
use crate::error::{AppError, FieldError, message};
use crate::events::Event;
use crate::extract::{Body, Id, Query};
use crate::ids::SiteId;
use crate::org_units;
use crate::pagination::{LAST_INSTANT, Page};
use crate::plans;
use crate::plans::parameters::Cited;
use crate::reply::Reply;
use crate::warning::Warning;
use actix_web::{delete, get, patch, post};
use serde_json::json;
use uuid::Uuid;

fn show(call: &Call, site: Site, warnings: Vec<Warning>) -> SiteOut {
    SiteOut::new(site, call.actor().allows(Action::SitePriorityRead).is_some(), warnings)
}

fn event(site: &Site, action: &'static str, from: Option<SiteState>) -> Event<'static> {
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
/// The sites of the caller's subtree.
#[utoipa::path(tag = "sites", params(SiteQuery), responses((status = 200, body = Page<SiteOut>)))]
#[get("/sites")]
pub async fn list_sites(call: Call, query: Query<SiteQuery>) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::SiteRead)?;
    let (filter, page) = query.parse_list(call.cursor_secret())?;
    let (rows, total) = call
        .read(async |conn| {
            let total = if page.with_total { Some(queries::count(conn, &scope, &filter).await?) } else { None };
            Ok((queries::list(conn, &scope, &filter, &page).await?, total))
        })
        .await?;
    let (rows, next) = page.finish(rows, |site, sort| {
        let key = match sort {
            "created_at" => json!(site.created_at),
            "updated_at" => json!(site.updated_at),
            "starts_at" => json!(site.starts_at.unwrap_or(LAST_INSTANT)),
            _ => json!(null),
        };
        (key, Uuid::from(site.id))
    });
    page.reply(rows.into_iter().map(|site| show(&call, site, Vec::new())).collect(), next, total)
}

/// Create a site
///
/// A draft, organised by a body in the caller's subtree.
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
    };
    rules::check_point(&site)?;
    let me = call.clone();
    call.write(async move |conn| {
        campaigns::queries::hold_open_reference(conn, &campaign_scope, site.campaign_id, "/campaign_id").await?;
        org_units::queries::find_reference(conn, &scope, site.org_unit_id, "/org_unit_id").await?;
        admin_units::queries::check_reference(conn, site.admin_unit_id, "/admin_unit_id").await?;
        queries::insert(conn, &scope, &site).await?;
        me.record(conn, event(&site, "created", None)).await?;
        Reply::created("sites", site.id, &show(&me, site.clone(), Vec::new()), site.version)
    })
    .await
}

/// Read a site
#[utoipa::path(tag = "sites", params(("id" = SiteId, Path, description = "The site")), responses((status = 200, body = SiteOut, headers(("ETag" = String)))))]
#[get("/sites/{id}")]
pub async fn get_site(call: Call, id: Id<SiteId>) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::SiteRead)?;
    let site = call.read(async |conn| queries::find(conn, &scope, id.0).await).await?;
    let version = site.version;
    Reply::ok(&show(&call, site, Vec::new()), version)
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
        let from = site.state;
        apply(&mut site, patch.clone())?;
        rules::check_capacity(&site, queries::accepted(conn, &scope, &site).await?)?;
        admin_units::queries::check_reference(conn, site.admin_unit_id, "/admin_unit_id").await?;
        let site = queries::save(conn, &scope, site, me.now()).await?;
        me.record(conn, event(&site, "updated", Some(from))).await?;
        let version = site.version;
        Reply::ok(&show(&me, site, Vec::new()), version)
    })
    .await
}

fn apply(site: &mut Site, patch: SitePatch) -> Result<(), AppError> {
    let SitePatch { name, kind, pilot_level, admin_unit_id, address, lat, lon, priority_reasons, suitability_note, capacity } = patch;
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
    site.suitability_note = suitability_note.map(String::from).or_keep(site.suitability_note.take());
    site.capacity = capacity.or_keep(site.capacity);
    rules::check_point(site)
}

/// Delete a site
///
/// Only a draft without participants and activities; anything later is history.
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

/// Nominate a site
///
/// The district committee proposes it to the province (R4, III.3).
#[utoipa::path(tag = "sites", params(("id" = SiteId, Path, description = "The site")), responses((status = 200, body = SiteOut)))]
#[post("/sites/{id}/nominate")]
pub async fn nominate_site(call: Call, id: Id<SiteId>) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::SiteNominate)?;
    step(call, scope, id.0, Step::Nominate, "nominated", async |conn, me, _, mut site| {
        site.nominated_by = Some(org_units::queries::nominator_of(conn, site.org_unit_id).await?);
        site.nominated_at = Some(me.now());
        site.state = SiteState::Nominated;
        Ok((site, Vec::new()))
    })
    .await
}

/// Select a site as provincial pilot site
///
/// The provincial committee takes it; the campaign's quota is exact (R3, II.2.2.1). Of two officials who take
/// the last place at once, one gets 409 with the clause.
#[utoipa::path(tag = "sites", params(("id" = SiteId, Path, description = "The site")), request_body = DecisionIn, responses((status = 200, body = SiteOut)))]
#[post("/sites/{id}/select")]
pub async fn select_site(call: Call, id: Id<SiteId>, body: Body<DecisionIn>) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::SiteDecide)?;
    let DecisionIn { reason } = body.parse()?;
    let decider = scope.clone();
    step(call, scope, id.0, Step::Select, "selected", async move |conn, me, campaign, mut site| {
        let selected = queries::count_provincial(conn, &decider, site.campaign_id).await?;
        if let Err(error) = rules::check_quota(campaign, selected) {
            return Err(error.under_rule(plans::queries::rule_ref(conn, site.campaign_id, Cited::ProvincialPilots).await?));
        }
        site.pilot_level = PilotLevel::Province;
        site.state = SiteState::Selected;
        site.decision_reason = Some(reason.as_str().to_owned());
        site.decided_at = Some(me.now());
        Ok((site, Vec::new()))
    })
    .await
}

/// Decline a nomination
///
/// The site stays with its district, which can hold its own festival there.
#[utoipa::path(tag = "sites", params(("id" = SiteId, Path, description = "The site")), request_body = DecisionIn, responses((status = 200, body = SiteOut)))]
#[post("/sites/{id}/decline")]
pub async fn decline_site(call: Call, id: Id<SiteId>, body: Body<DecisionIn>) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::SiteDecide)?;
    let DecisionIn { reason } = body.parse()?;
    step(call, scope, id.0, Step::Decline, "declined", async move |_, me, _, mut site| {
        site.state = SiteState::NotSelected;
        site.decision_reason = Some(reason.as_str().to_owned());
        site.decided_at = Some(me.now());
        Ok((site, Vec::new()))
    })
    .await
}

/// Schedule a site
///
/// Gives it a time, or moves it. Outside the campaign's window, or the window of a plan of the organiser or of a body above it, it
/// is refused (R1, II.2.2.3); on the last day
/// it carries a warning (S112), and so does another site of the same organiser at the same hour.
#[utoipa::path(tag = "sites", params(("id" = SiteId, Path, description = "The site")), request_body = ScheduleIn, responses((status = 200, body = SiteOut)))]
#[post("/sites/{id}/schedule")]
pub async fn schedule_site(call: Call, id: Id<SiteId>, body: Body<ScheduleIn>) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::SiteWrite)?;
    let ScheduleIn { starts_at, ends_at } = body.parse()?;
    let (starts_at, ends_at) = (clock::to_micros(starts_at), clock::to_micros(ends_at));
    let own = scope.clone();
    step(call, scope, id.0, Step::Schedule, "scheduled", async move |conn, me, campaign, mut site| {
        if let Err(error) = rules::check_window(campaign, starts_at, ends_at) {
            return Err(error.under_rule(plans::queries::rule_ref(conn, site.campaign_id, Cited::EventWindow).await?));
        }
        plans::inheritance::check_windows(conn, campaign, site.org_unit_id, starts_at, Some(ends_at)).await?;
        site.starts_at = Some(starts_at);
        site.ends_at = Some(ends_at);
        site.state = SiteState::Scheduled;
        let mut warnings = Vec::new();
        if let Some(text) = rules::last_day_warning(campaign, ends_at) {
            let rule = plans::queries::rule_ref(conn, site.campaign_id, Cited::ReportLimit).await?;
            warnings.push(Warning::new("last_day_report_due_same_day", &text, rule, me.language()));
        }
        let others = queries::overlapping(conn, &own, &site).await?;
        if !others.is_empty() {
            let names = others.join(", ");
            let text = message(format!("Cùng giờ với: {names}."), format!("At the same hour as: {names}."));
            warnings.push(Warning::new("same_organiser_same_hour", &text, None, me.language()));
        }
        Ok((site, warnings))
    })
    .await
}

/// Record that the festival was held
#[utoipa::path(tag = "sites", params(("id" = SiteId, Path, description = "The site")), responses((status = 200, body = SiteOut)))]
#[post("/sites/{id}/hold")]
pub async fn hold_site(call: Call, id: Id<SiteId>) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::SiteWrite)?;
    step(call, scope, id.0, Step::Hold, "held", async |_, me, _, mut site| {
        rules::check_begun(&site, me.now())?;
        site.held_at = Some(me.now());
        site.state = SiteState::Held;
        Ok((site, Vec::new()))
    })
    .await
}

/// Close a site
///
/// Its figures are final.
#[utoipa::path(tag = "sites", params(("id" = SiteId, Path, description = "The site")), responses((status = 200, body = SiteOut)))]
#[post("/sites/{id}/close")]
pub async fn close_site(call: Call, id: Id<SiteId>) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::SiteWrite)?;
    step(call, scope, id.0, Step::Close, "closed", async |_, me, _, mut site| {
        site.closed_at = Some(me.now());
        site.state = SiteState::Closed;
        Ok((site, Vec::new()))
    })
    .await
}

/// One transition: lock, compare the version, check that the campaign is open and the state, change, save, record.
async fn step(
    call: Call,
    scope: Scope,
    id: SiteId,
    step: Step,
    action: &'static str,
    change: impl AsyncFn(&Conn, &Call, &Campaign, Site) -> Result<(Site, Vec<Warning>), AppError> + 'static,
) -> Result<Reply, AppError> {
    let if_match = call.if_match()?;
    let me = call.clone();
    call.write(async move |conn| {
        let site = queries::lock(conn, &scope, id).await?;
        if_match.check(site.version)?;
        let campaign = match step {
            Step::Select => campaigns::queries::lock_open(conn, &scope, site.campaign_id).await?,
            _ => campaigns::queries::hold_open(conn, site.campaign_id).await?,
        };
        rules::check_step(&site, step)?;
        let from = site.state;
        let (site, warnings) = change(conn, &me, &campaign, site).await?;
        let site = queries::save(conn, &scope, site, me.now()).await?;
        me.record(conn, event(&site, action, Some(from))).await?;
        let version = site.version;
        Reply::ok(&show(&me, site, warnings), version)
    })
    .await
}
