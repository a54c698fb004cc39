//! Activities over HTTP.

use super::dto::{ActivityCancelIn, ActivityIn, ActivityOut, ActivityPatch, ActivityQuery, ActivityResultIn};
use super::model::{Activity, ActivityPhase, ActivityState};
use super::queries;
use super::rules::{self, Step};
use crate::activity_kinds;
use crate::activity_kinds::results::ActivityResults;
use crate::auth::{Action, Scope};
use crate::call::Call;
use crate::campaigns;
use crate::campaigns::model::Campaign;
use crate::clock;
use crate::db::Conn;
use crate::error::{AppError, message};
use crate::etag::IfMatch;
use crate::events::Event;
use crate::extract::{Body, Id, Query};
use crate::ids::ActivityId;
use crate::org_units;
use crate::pagination::Page;
use crate::plans;
use crate::plans::parameters::Cited;
use crate::reply::Reply;
use crate::sites;
use crate::warning::Warning;
use actix_web::{delete, get, patch, post};
use serde_json::json;
use uuid::Uuid;

/// A change of an activity, for the change feed.
pub fn event(activity: &Activity, action: &'static str, from: Option<ActivityState>) -> Event<'static> {
    Event {
        campaign_id: Some(activity.campaign_id),
        org_unit_id: activity.org_unit_id,
        resource: "activity",
        resource_id: activity.id.into(),
        version: activity.version,
        action,
        data: json!({
            "from": from.map(ActivityState::as_str), "to": activity.state.as_str(), "kind": activity.kind,
            "phase": activity.phase.as_str(), "site_id": activity.site_id, "reason": activity.cancel_reason,
        }),
    }
}

/// List activities
///
/// The activities of the caller's subtree.
#[utoipa::path(tag = "activities", params(ActivityQuery), responses((status = 200, body = Page<ActivityOut>)))]
#[get("/activities")]
pub async fn list_activities(call: Call, query: Query<ActivityQuery>) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::ActivityRead)?;
    let (filter, page) = query.parse_list(call.cursor_secret())?;
    let (rows, total) = call
        .read(async |conn| {
            let total = if page.with_total { Some(queries::count(conn, &scope, &filter).await?) } else { None };
            Ok((queries::list(conn, &scope, &filter, &page).await?, total))
        })
        .await?;
    let (rows, next) = page.finish(rows, |activity, sort| {
        let key = match sort {
            "created_at" => json!(activity.created_at),
            "updated_at" => json!(activity.updated_at),
            "starts_at" => json!(activity.starts_at),
            _ => json!(null),
        };
        (key, Uuid::from(activity.id))
    });
    page.reply(rows.into_iter().map(|activity| ActivityOut::new(activity, Vec::new())).collect(), next, total)
}

/// Plan an activity
///
/// An activity of phase `during` lies within the campaign's window (R1, II.2.2.3); one of phase `before` may lie
/// before the window, but not after its end (II.1); one of phase `after` not before its begin. Another activity of
/// the same organiser at the same hour, or a site of it elsewhere, gives a warning, and so does an activity of another
/// body at the same site; one without an end counts as an hour.
#[utoipa::path(tag = "activities", request_body = ActivityIn, responses((status = 201, body = ActivityOut)))]
#[post("/activities")]
pub async fn create_activity(call: Call, body: Body<ActivityIn>) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::ActivityWrite)?;
    let campaign_scope = call.authorize(Action::CampaignRead)?;
    let site_scope = call.authorize(Action::SiteRead)?;
    let ActivityIn { campaign_id, org_unit_id, site_id, kind, phase, title, place, starts_at, ends_at, emulation_drive } = body.parse()?;
    let now = call.now();
    let activity = Activity {
        campaign_id,
        id: ActivityId::new(),
        org_unit_id,
        site_id,
        kind,
        phase,
        state: ActivityState::Planned,
        title: title.into_string(),
        place: place.map(String::from),
        starts_at: clock::to_micros(starts_at),
        ends_at: ends_at.map(clock::to_micros),
        attendance_count: None,
        cost_vnd: None,
        funding_source: None,
        cancel_reason: None,
        held_at: None,
        cancelled_at: None,
        version: 1,
        created_at: now,
        updated_at: now,
        results: ActivityResults::default(),
        emulation_drive: emulation_drive.map(String::from),
    };
    rules::check_times(activity.starts_at, activity.ends_at)?;
    let me = call.clone();
    call.write(async move |conn| {
        let campaign = campaigns::queries::hold_open_reference(conn, &campaign_scope, activity.campaign_id, "/campaign_id").await?;
        org_units::queries::find_reference(conn, &scope, activity.org_unit_id, "/org_unit_id").await?;
        check_site(conn, &site_scope, &activity).await?;
        check_kind(conn, &activity).await?;
        check_phase(conn, &campaign, &activity).await?;
        let warnings = hour_warnings(conn, &me, &scope, &activity).await?;
        queries::insert(conn, &scope, &activity).await?;
        me.record(conn, event(&activity, "created", None)).await?;
        Reply::created("activities", activity.id, &ActivityOut::new(activity.clone(), warnings), activity.version)
    })
    .await
}

/// Read an activity
#[utoipa::path(tag = "activities", params(("id" = ActivityId, Path, description = "The activity")), responses((status = 200, body = ActivityOut, headers(("ETag" = String)))))]
#[get("/activities/{id}")]
pub async fn get_activity(call: Call, id: Id<ActivityId>) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::ActivityRead)?;
    let activity = call.read(async |conn| queries::find(conn, &scope, id.0).await).await?;
    let version = activity.version;
    Reply::ok(&ActivityOut::new(activity, Vec::new()), version)
}

/// Change an activity
///
/// Only while it is planned; the rules of planning hold for the new time and phase.
#[utoipa::path(tag = "activities", params(("id" = ActivityId, Path, description = "The activity")), request_body = ActivityPatch, responses((status = 200, body = ActivityOut)))]
#[patch("/activities/{id}")]
pub async fn update_activity(call: Call, id: Id<ActivityId>, body: Body<ActivityPatch>) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::ActivityWrite)?;
    let site_scope = call.authorize(Action::SiteRead)?;
    let if_match = call.if_match()?;
    let patch = body.parse()?;
    let own = scope.clone();
    step(call, scope, if_match, id.0, Step::Change, async move |conn, me, campaign, mut activity| {
        let before = activity.clone();
        apply(&mut activity, patch.clone());
        if before.site_id != activity.site_id {
            check_site(conn, &site_scope, &activity).await?;
        }
        if before.kind != activity.kind || before.phase != activity.phase {
            check_kind(conn, &activity).await?;
        }
        let has_moved = (before.starts_at, before.ends_at) != (activity.starts_at, activity.ends_at);
        if !has_moved && before.phase == activity.phase && before.site_id == activity.site_id {
            return Ok((activity, Vec::new()));
        }
        rules::check_times(activity.starts_at, activity.ends_at)?;
        check_phase(conn, campaign, &activity).await?;
        let warnings = hour_warnings(conn, me, &own, &activity).await?;
        Ok((activity, warnings))
    })
    .await
}

fn apply(activity: &mut Activity, patch: ActivityPatch) {
    let ActivityPatch { site_id, kind, phase, title, place, starts_at, ends_at, emulation_drive } = patch;
    activity.site_id = site_id.or_keep(activity.site_id);
    activity.kind = kind.or_current(std::mem::take(&mut activity.kind));
    activity.phase = phase.or_current(activity.phase);
    activity.title = title.map(String::from).or_current(std::mem::take(&mut activity.title));
    activity.place = place.map(String::from).or_keep(activity.place.take());
    activity.starts_at = starts_at.map(clock::to_micros).or_current(activity.starts_at);
    activity.ends_at = ends_at.map(clock::to_micros).or_keep(activity.ends_at);
    activity.emulation_drive = emulation_drive.map(String::from).or_keep(activity.emulation_drive.take());
}

/// Delete an activity
///
/// Only while it is planned; what was held or cancelled is history.
#[utoipa::path(tag = "activities", params(("id" = ActivityId, Path, description = "The activity")), responses((status = 204)))]
#[delete("/activities/{id}")]
pub async fn delete_activity(call: Call, id: Id<ActivityId>) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::ActivityWrite)?;
    let if_match = call.if_match()?;
    let me = call.clone();
    call.write(async move |conn| {
        let activity = queries::lock(conn, &scope, id.0).await?;
        if_match.check(activity.version)?;
        campaigns::queries::hold_open(conn, activity.campaign_id).await?;
        rules::check_step(&activity, Step::Delete)?;
        queries::delete(conn, &scope, &activity).await?;
        me.record(conn, event(&activity, Step::Delete.done(), Some(activity.state))).await?;
        Ok(Reply::no_content())
    })
    .await
}

/// Record that an activity was held
///
/// With its figures, as far as they are known. Not before it began. A cost without its source gives a warning (R21, II.4).
#[utoipa::path(tag = "activities", params(("id" = ActivityId, Path, description = "The activity")), request_body = ActivityResultIn, responses((status = 200, body = ActivityOut)))]
#[post("/activities/{id}/hold")]
pub async fn hold_activity(call: Call, id: Id<ActivityId>, body: Body<ActivityResultIn>) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::ActivityWrite)?;
    let if_match = call.if_match()?;
    let ActivityResultIn { attendance_count, cost_vnd, funding_source } = body.parse()?;
    step(call, scope, if_match, id.0, Step::Hold, async move |conn, me, _, mut activity| {
        rules::check_begun(&activity, me.now())?;
        activity.attendance_count = attendance_count;
        activity.cost_vnd = cost_vnd;
        activity.funding_source = funding_source;
        activity.held_at = Some(me.now());
        activity.state = ActivityState::Held;
        let mut warnings = Vec::new();
        if let Some(text) = rules::funding_warning(&activity) {
            let rule = plans::queries::rule_ref(conn, activity.campaign_id, Cited::FundingSources).await?;
            warnings.push(Warning::new("cost_without_funding_source", &text, rule, me.language()));
        }
        Ok((activity, warnings))
    })
    .await
}

/// Cancel an activity
///
/// With the reason.
#[utoipa::path(tag = "activities", params(("id" = ActivityId, Path, description = "The activity")), request_body = ActivityCancelIn, responses((status = 200, body = ActivityOut)))]
#[post("/activities/{id}/cancel")]
pub async fn cancel_activity(call: Call, id: Id<ActivityId>, body: Body<ActivityCancelIn>) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::ActivityWrite)?;
    let if_match = call.if_match()?;
    let ActivityCancelIn { reason } = body.parse()?;
    step(call, scope, if_match, id.0, Step::Cancel, async move |_, me, _, mut activity| {
        activity.cancel_reason = Some(reason.as_str().to_owned());
        activity.cancelled_at = Some(me.now());
        activity.state = ActivityState::Cancelled;
        Ok((activity, Vec::new()))
    })
    .await
}

async fn check_site(conn: &Conn, scope: &Scope, activity: &Activity) -> Result<(), AppError> {
    match activity.site_id {
        Some(id) => sites::queries::find_reference(conn, scope, activity.campaign_id, id, "/site_id").await,
        None => Ok(()),
    }
}

async fn check_kind(conn: &Conn, activity: &Activity) -> Result<(), AppError> {
    let kind = activity_kinds::queries::hold(conn, activity.campaign_id, &activity.kind).await?;
    activity_kinds::rules::check_activity(kind.as_ref(), activity.phase)
}

async fn check_phase(conn: &Conn, campaign: &Campaign, activity: &Activity) -> Result<(), AppError> {
    if let Err(error) = rules::check_phase(campaign, activity) {
        return Err(error.under_rule(plans::queries::rule_ref(conn, campaign.id, Cited::EventWindow).await?));
    }
    match activity.phase {
        ActivityPhase::During => {
            plans::inheritance::check_windows(conn, campaign, activity.org_unit_id, activity.starts_at, activity.ends_at).await
        }
        ActivityPhase::Before | ActivityPhase::After => Ok(()),
    }
}

async fn hour_warnings(conn: &Conn, call: &Call, scope: &Scope, activity: &Activity) -> Result<Vec<Warning>, AppError> {
    let mut own = queries::overlapping(conn, scope, activity).await?;
    own.extend(queries::overlapping_sites(conn, scope, activity).await?);
    let there = queries::overlapping_at_site(conn, scope, activity).await?;
    let warning = |code: &str, others: Vec<String>| {
        let titles = others.join(", ");
        let text = message(format!("Cùng giờ với: {titles}."), format!("At the same hour as: {titles}."));
        Warning::new(code, &text, None, call.language())
    };
    let mut warnings = Vec::new();
    if !own.is_empty() {
        warnings.push(warning("same_organiser_same_hour", own));
    }
    if !there.is_empty() {
        warnings.push(warning("same_site_same_hour", there));
    }
    Ok(warnings)
}

/// One step: lock, compare the version, check that the campaign is open and the state, change, save, record.
async fn step(
    call: Call,
    scope: Scope,
    if_match: IfMatch,
    id: ActivityId,
    step: Step,
    change: impl AsyncFn(&Conn, &Call, &Campaign, Activity) -> Result<(Activity, Vec<Warning>), AppError> + 'static,
) -> Result<Reply, AppError> {
    let me = call.clone();
    call.write(async move |conn| {
        let activity = queries::lock(conn, &scope, id).await?;
        if_match.check(activity.version)?;
        let campaign = campaigns::queries::hold_open(conn, activity.campaign_id).await?;
        rules::check_step(&activity, step)?;
        let from = activity.state;
        let (activity, warnings) = change(conn, &me, &campaign, activity).await?;
        let activity = queries::save(conn, &scope, activity, me.now()).await?;
        me.record(conn, event(&activity, step.done(), Some(from))).await?;
        let version = activity.version;
        Reply::ok(&ActivityOut::new(activity, warnings), version)
    })
    .await
}
