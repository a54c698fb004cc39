//! Kinds of activity over HTTP.

use super::dto::{ActivityKindIn, ActivityKindOut, ActivityKindPatch, ActivityKindQuery};
use super::model::ActivityKind;
use super::model::ResultFields;
use super::{queries, rules};
use crate::auth::Action;
use crate::call::Call;
use crate::campaigns;
use crate::campaigns::model::Campaign;
use crate::error::{AppError, ErrorCode, message};
use crate::events::Event;
use crate::extract::{Body, Id, Query};
use crate::ids::ActivityKindId;
use crate::pagination::Page;
use crate::reply::Reply;
use actix_web::{get, patch, post};
use serde_json::json;
use uuid::Uuid;

fn event(campaign: &Campaign, kind: &ActivityKind, action: &'static str) -> Event<'static> {
    Event {
        campaign_id: Some(campaign.id),
        org_unit_id: campaign.org_unit_id,
        resource: "activity_kind",
        resource_id: kind.id.into(),
        version: kind.version,
        action,
        data: json!({"to": campaign.state.as_str(), "code": kind.code, "is_active": kind.is_active}),
    }
}

/// List kinds of activity
///
/// The catalogue of activities, campaign by campaign: the phases that each kind is meant for, and what it is asked as results.
#[utoipa::path(tag = "activity-kinds", params(ActivityKindQuery), responses((status = 200, body = Page<ActivityKindOut>)))]
#[get("/activity-kinds")]
pub async fn list_activity_kinds(call: Call, query: Query<ActivityKindQuery>) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::CampaignRead)?;
    let (filter, page) = query.parse_list(call.cursor_secret())?;
    let (rows, total) = call
        .read(async |conn| {
            let total = if page.with_total { Some(queries::count(conn, &scope, &filter).await?) } else { None };
            Ok((queries::list(conn, &scope, &filter, &page).await?, total))
        })
        .await?;
    let (rows, next) = page.finish(rows, |kind, sort| {
        let key = match sort {
            "created_at" => json!(kind.created_at),
            "updated_at" => json!(kind.updated_at),
            "code" => json!(kind.code),
            _ => json!(null),
        };
        (key, Uuid::from(kind.id))
    });
    page.reply(rows.into_iter().map(ActivityKindOut::from).collect(), next, total)
}

/// Add a kind of activity
///
/// The province extends the catalogue.
#[utoipa::path(tag = "activity-kinds", request_body = ActivityKindIn, responses((status = 201, body = ActivityKindOut)))]
#[post("/activity-kinds")]
pub async fn create_activity_kind(call: Call, body: Body<ActivityKindIn>) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::CampaignWrite)?;
    let ActivityKindIn { campaign_id, code, name_vi, name_en, phases, result_fields } = body.parse()?;
    let now = call.now();
    let kind = ActivityKind {
        campaign_id,
        id: ActivityKindId::new(),
        code,
        name_vi: name_vi.into_string(),
        name_en: name_en.into_string(),
        phases,
        result_fields: ResultFields(rules::normal(result_fields)?),
        is_builtin: false,
        is_active: true,
        version: 1,
        created_at: now,
        updated_at: now,
    };
    rules::check_kind(&kind)?;
    let me = call.clone();
    call.write(async move |conn| {
        let campaign = campaigns::queries::hold_open_reference(conn, &scope, kind.campaign_id, "/campaign_id").await?;
        queries::insert(conn, &scope, std::slice::from_ref(&kind)).await?;
        me.record(conn, event(&campaign, &kind, "created")).await?;
        Reply::created("activity-kinds", kind.id, &ActivityKindOut::from(kind.clone()), kind.version)
    })
    .await
}

/// Read a kind of activity
#[utoipa::path(tag = "activity-kinds", params(("id" = ActivityKindId, Path, description = "The kind of activity")), responses((status = 200, body = ActivityKindOut, headers(("ETag" = String)))))]
#[get("/activity-kinds/{id}")]
pub async fn get_activity_kind(call: Call, id: Id<ActivityKindId>) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::CampaignRead)?;
    let kind = call.read(async |conn| queries::find(conn, &scope, id.0).await).await?;
    let version = kind.version;
    Reply::ok(&ActivityKindOut::from(kind), version)
}

/// Change a kind of activity
///
/// A kind is never deleted, since activities are of it: one that is no longer used is inactive. A result that some activity has
/// can neither be taken away nor become something else (409).
#[utoipa::path(tag = "activity-kinds", params(("id" = ActivityKindId, Path, description = "The kind of activity")), request_body = ActivityKindPatch, responses((status = 200, body = ActivityKindOut)))]
#[patch("/activity-kinds/{id}")]
pub async fn update_activity_kind(call: Call, id: Id<ActivityKindId>, body: Body<ActivityKindPatch>) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::CampaignWrite)?;
    let if_match = call.if_match()?;
    let patch = body.parse()?;
    let me = call.clone();
    call.write(async move |conn| {
        let mut kind = queries::lock(conn, &scope, id.0).await?;
        if_match.check(kind.version)?;
        let campaign = campaigns::queries::hold_open(conn, kind.campaign_id).await?;
        let before = kind.clone();
        apply(&mut kind, patch.clone())?;
        rules::check_kind(&kind)?;
        let lost = rules::lost(&before, &kind);
        if !lost.is_empty() && queries::has_results(conn, &kind, lost).await? {
            return Err(AppError::new(ErrorCode::InUse)
                .because(message("Đã có hoạt động ghi kết quả này.", "Some activity has this result recorded.")));
        }
        let kind = queries::save(conn, &scope, kind, me.now()).await?;
        me.record(conn, event(&campaign, &kind, "updated")).await?;
        let version = kind.version;
        Reply::ok(&ActivityKindOut::from(kind), version)
    })
    .await
}

fn apply(kind: &mut ActivityKind, patch: ActivityKindPatch) -> Result<(), AppError> {
    let ActivityKindPatch { name_vi, name_en, phases, result_fields, is_active } = patch;
    kind.name_vi = name_vi.map(String::from).or_current(std::mem::take(&mut kind.name_vi));
    kind.name_en = name_en.map(String::from).or_current(std::mem::take(&mut kind.name_en));
    kind.phases = phases.or_current(std::mem::take(&mut kind.phases));
    kind.result_fields = ResultFields(rules::normal(result_fields.or_current(std::mem::take(&mut kind.result_fields.0)))?);
    kind.is_active = is_active.or_current(kind.is_active);
    Ok(())
}
