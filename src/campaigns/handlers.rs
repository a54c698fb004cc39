//! Campaigns over HTTP.

use super::dto::{CampaignIn, CampaignOut, CampaignPatch, CampaignQuery};
use super::model::{Campaign, CampaignState};
use super::queries;
use super::rules::{self, Recorded, Step};
use crate::activity_kinds;
use crate::auth::{Action, Scope};
use crate::call::Call;
use crate::checklist_items;
use crate::clock;
use crate::db::Conn;
use crate::error::{AppError, FieldError, message};
use crate::events::Event;
use crate::extract::{Body, Id, Query};
use crate::ids::{CampaignId, ReportObligationId};
use crate::pagination::Page;
use crate::processing_purposes;
use crate::reminder_stages;
use crate::reply::Reply;
use crate::reports::forms::content::FormContent;
use crate::reports::forms::model::ReportForm;
use crate::reports::{forms, obligations};
use crate::{activities, admin_units, sites};
use actix_web::{delete, get, patch, post};
use serde_json::json;
use uuid::Uuid;

/// A change of a campaign, for the feed.
pub fn event(campaign: &Campaign, action: &'static str, from: Option<CampaignState>) -> Event<'static> {
    Event {
        campaign_id: Some(campaign.id),
        org_unit_id: campaign.org_unit_id,
        resource: "campaign",
        resource_id: campaign.id.into(),
        version: campaign.version,
        action,
        data: json!({"from": from.map(CampaignState::as_str), "to": campaign.state.as_str()}),
    }
}

/// List campaigns
///
/// The campaigns of the caller's province, and those set going above the caller's unit.
#[utoipa::path(tag = "campaigns", params(CampaignQuery), responses((status = 200, body = Page<CampaignOut>)))]
#[get("/campaigns")]
pub async fn list_campaigns(call: Call, query: Query<CampaignQuery>) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::CampaignRead)?;
    let (filter, page) = query.parse_list(call.cursor_secret())?;
    let (rows, total) = call
        .read(async |conn| {
            let total = if page.with_total { Some(queries::count(conn, &scope, &filter).await?) } else { None };
            Ok((queries::list(conn, &scope, &filter, &page).await?, total))
        })
        .await?;
    let (rows, next) = page.finish(rows, |campaign, sort| {
        let key = match sort {
            "created_at" => json!(campaign.created_at),
            "updated_at" => json!(campaign.updated_at),
            "year" => json!(campaign.year),
            "event_from" => json!(campaign.event_from),
            _ => json!(null),
        };
        (key, Uuid::from(campaign.id))
    });
    page.reply(rows.into_iter().map(CampaignOut::from).collect(), next, total)
}

/// Create a campaign
///
/// A draft, owned by a body of the level province; one for each year. Its reports follow the first form (`get_campaign_report_form`) until
/// another one is published.
#[utoipa::path(tag = "campaigns", request_body = CampaignIn, responses((status = 201, body = CampaignOut)))]
#[post("/campaigns")]
pub async fn create_campaign(call: Call, body: Body<CampaignIn>) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::CampaignWrite)?;
    let CampaignIn {
        org_unit_id,
        admin_unit_id,
        name,
        year,
        event_from,
        event_to,
        report_due_before,
        provincial_pilot_count,
        min_district_nominations,
    } = body.parse()?;
    let now = call.now();
    let campaign = Campaign {
        id: CampaignId::new(),
        org_unit_id,
        admin_unit_id,
        name: name.into_string(),
        year,
        state: CampaignState::Draft,
        event_from,
        event_to,
        report_due_before,
        provincial_pilot_count,
        min_district_nominations,
        version: 1,
        created_at: now,
        updated_at: now,
    };
    rules::check_dates(&campaign)?;
    let me = call.clone();
    call.write(async move |conn| {
        check_owner(conn, &scope, &campaign).await?;
        admin_units::queries::check_reference(conn, campaign.admin_unit_id, "/admin_unit_id").await?;
        queries::insert(conn, &scope, &campaign).await?;
        checklist_items::queries::insert_defaults(conn, &scope, campaign.id, campaign.created_at).await?;
        activity_kinds::queries::insert_defaults(conn, &scope, campaign.id, campaign.created_at).await?;
        processing_purposes::queries::insert_defaults(conn, &scope, campaign.id, campaign.created_at).await?;
        reminder_stages::queries::insert_defaults(conn, &scope, campaign.id, campaign.created_at).await?;
        let form = ReportForm::first(campaign.id, FormContent::first().map_err(AppError::internal)?, me.now());
        forms::queries::insert(conn, &scope, &form).await?;
        me.record(conn, event(&campaign, "created", None)).await?;
        me.record(conn, forms::handlers::event(&form, campaign.org_unit_id, "created")).await?;
        Reply::created("campaigns", campaign.id, &CampaignOut::from(campaign.clone()), campaign.version)
    })
    .await
}

/// 422 unless the owner of a campaign is a body in scope of the level province.
pub async fn check_owner(conn: &Conn, scope: &Scope, campaign: &Campaign) -> Result<(), AppError> {
    match queries::level_of(conn, scope, campaign.org_unit_id).await?.as_deref() {
        Some("province") => Ok(()),
        Some(_) => Err(AppError::field(FieldError::new(
            "/org_unit_id",
            "not_a_province",
            message("Đợt Ngày hội thuộc về một đơn vị cấp tỉnh.", "A campaign is owned by a body of the level province."),
        ))),
        None => Err(AppError::field(FieldError::unknown_reference("/org_unit_id"))),
    }
}

/// Read a campaign
#[utoipa::path(tag = "campaigns", params(("id" = CampaignId, Path, description = "The campaign")), responses((status = 200, body = CampaignOut, headers(("ETag" = String)))))]
#[get("/campaigns/{id}")]
pub async fn get_campaign(call: Call, id: Id<CampaignId>) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::CampaignRead)?;
    let campaign = call.read(async |conn| queries::find(conn, &scope, id.0).await).await?;
    let version = campaign.version;
    Reply::ok(&CampaignOut::from(campaign), version)
}

/// Change a campaign
///
/// Until it is closed. A window, limit or quota that contradicts what is recorded is refused, with the field.
/// When the report limit moves, the obligations that stand at it move with it; one with a limit of its own keeps it.
#[utoipa::path(tag = "campaigns", params(("id" = CampaignId, Path, description = "The campaign")), request_body = CampaignPatch, responses((status = 200, body = CampaignOut)))]
#[patch("/campaigns/{id}")]
pub async fn update_campaign(call: Call, id: Id<CampaignId>, body: Body<CampaignPatch>) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::CampaignWrite)?;
    let if_match = call.if_match()?;
    let patch = body.parse()?;
    let me = call.clone();
    call.write(async move |conn| {
        let before = queries::lock(conn, &scope, id.0).await?;
        if_match.check(before.version)?;
        rules::check_step(&before, Step::Change)?;
        let after = apply(before.clone(), patch.clone());
        admin_units::queries::check_reference(conn, after.admin_unit_id, "/admin_unit_id").await?;
        let after = change(conn, &me, &scope, &before, after).await?;
        let version = after.version;
        Reply::ok(&CampaignOut::from(after), version)
    })
    .await
}

/// Writes the new parameters of a locked campaign, unless they contradict what is recorded; obligations at its limit move with it.
pub async fn change(conn: &Conn, me: &Call, scope: &Scope, before: &Campaign, after: Campaign) -> Result<Campaign, AppError> {
    let is_moved = after.report_due_before != before.report_due_before;
    let moving = if is_moved { obligations::expected::lock_at_limit(conn, scope, before).await? } else { Vec::new() };
    rules::check_parameters(before, &after, &recorded(conn, scope, &after, &moving).await?)?;
    let after = queries::save(conn, scope, after, me.now()).await?;
    me.record(conn, event(&after, "updated", Some(before.state))).await?;
    for moved in obligations::expected::move_limit(conn, scope, &after, &moving, (me.actor().id, me.now())).await? {
        me.record(conn, obligations::handlers::event(&moved, "updated")).await?;
    }
    Ok(after)
}

fn apply(mut campaign: Campaign, patch: CampaignPatch) -> Campaign {
    let CampaignPatch { name, admin_unit_id, event_from, event_to, report_due_before, provincial_pilot_count, min_district_nominations } =
        patch;
    campaign.name = name.map(String::from).or_current(campaign.name);
    campaign.admin_unit_id = admin_unit_id.or_keep(campaign.admin_unit_id);
    campaign.event_from = event_from.or_current(campaign.event_from);
    campaign.event_to = event_to.or_current(campaign.event_to);
    campaign.report_due_before = report_due_before.or_current(campaign.report_due_before);
    campaign.provincial_pilot_count = provincial_pilot_count.or_current(campaign.provincial_pilot_count);
    campaign.min_district_nominations = min_district_nominations.or_current(campaign.min_district_nominations);
    campaign
}

/// What the new parameters are compared with. The campaign and the obligations that would move are locked.
async fn recorded(conn: &Conn, scope: &Scope, after: &Campaign, moving: &[ReportObligationId]) -> Result<Recorded, AppError> {
    let of_sites = sites::queries::time_span(conn, scope, after.id).await?;
    let of_activities = activities::queries::time_span(conn, scope, after.id).await?;
    let first_start = [of_sites.0, of_activities.0].into_iter().flatten().min();
    let last_end = [of_sites.1, of_activities.1].into_iter().flatten().max();
    let selected_count = sites::queries::count_provincial(conn, scope, after.id).await?;
    let limit = (after.id, clock::start_of_day(after.report_due_before));
    let changes_verdict = obligations::expected::changes_verdict(conn, scope, limit, moving).await?;
    Ok(Recorded { first_start, last_end, selected_count, changes_verdict })
}

/// Delete a campaign
///
/// Only a draft to which nothing belongs yet.
#[utoipa::path(tag = "campaigns", params(("id" = CampaignId, Path, description = "The campaign")), responses((status = 204)))]
#[delete("/campaigns/{id}")]
pub async fn delete_campaign(call: Call, id: Id<CampaignId>) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::CampaignWrite)?;
    let if_match = call.if_match()?;
    let me = call.clone();
    call.write(async move |conn| {
        let campaign = queries::lock(conn, &scope, id.0).await?;
        if_match.check(campaign.version)?;
        rules::check_step(&campaign, Step::Delete)?;
        queries::delete(conn, &scope, &campaign).await?;
        me.record(conn, event(&campaign, "deleted", Some(campaign.state))).await?;
        Ok(Reply::no_content())
    })
    .await
}

/// Issue a campaign
///
/// From now on it can be read by all below. Issuing the campaign's plan does the same.
#[utoipa::path(tag = "campaigns", params(("id" = CampaignId, Path, description = "The campaign")), responses((status = 200, body = CampaignOut)))]
#[post("/campaigns/{id}/issue")]
pub async fn issue_campaign(call: Call, id: Id<CampaignId>) -> Result<Reply, AppError> {
    step(call, id.0, Step::Issue, CampaignState::Issued, "issued").await
}

/// Start a campaign
///
/// The festival is being prepared and held.
#[utoipa::path(tag = "campaigns", params(("id" = CampaignId, Path, description = "The campaign")), responses((status = 200, body = CampaignOut)))]
#[post("/campaigns/{id}/start")]
pub async fn start_campaign(call: Call, id: Id<CampaignId>) -> Result<Reply, AppError> {
    step(call, id.0, Step::Start, CampaignState::Running, "started").await
}

/// Open the reporting of a campaign
#[utoipa::path(tag = "campaigns", params(("id" = CampaignId, Path, description = "The campaign")), responses((status = 200, body = CampaignOut)))]
#[post("/campaigns/{id}/open-reporting")]
pub async fn open_campaign_reporting(call: Call, id: Id<CampaignId>) -> Result<Reply, AppError> {
    step(call, id.0, Step::OpenReporting, CampaignState::Reporting, "reporting_opened").await
}

/// Close a campaign
///
/// Its parameters and figures are final.
#[utoipa::path(tag = "campaigns", params(("id" = CampaignId, Path, description = "The campaign")), responses((status = 200, body = CampaignOut)))]
#[post("/campaigns/{id}/close")]
pub async fn close_campaign(call: Call, id: Id<CampaignId>) -> Result<Reply, AppError> {
    step(call, id.0, Step::Close, CampaignState::Closed, "closed").await
}

/// One transition: lock, compare the version, check the state, change, save, record.
async fn step(call: Call, id: CampaignId, step: Step, to: CampaignState, action: &'static str) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::CampaignWrite)?;
    let if_match = call.if_match()?;
    let me = call.clone();
    call.write(async move |conn| {
        let mut campaign = queries::lock(conn, &scope, id).await?;
        if_match.check(campaign.version)?;
        rules::check_step(&campaign, step)?;
        let from = campaign.state;
        campaign.state = to;
        let campaign = queries::save(conn, &scope, campaign, me.now()).await?;
        me.record(conn, event(&campaign, action, Some(from))).await?;
        let version = campaign.version;
        Reply::ok(&CampaignOut::from(campaign), version)
    })
    .await
}
