//! Opinions over HTTP: list, create, read, change, delete.

use super::dto::{OpinionIn, OpinionOut, OpinionPatch, OpinionQuery};
use super::model::{Opinion, OpinionState};
use super::queries;
use super::rules::{self, Step};
use crate::auth::Action;
use crate::call::Call;
use crate::campaigns;
use crate::clock;
use crate::error::AppError;
use crate::events::Event;
use crate::extract::{Body, Id, Query};
use crate::ids::OpinionId;
use crate::org_units;
use crate::pagination::{LAST_INSTANT, Page};
use crate::reply::Reply;
use crate::results::references::References;
use actix_web::{delete, get, patch, post};
use serde_json::json;
use uuid::Uuid;

/// A change of an opinion, for the change feed. What was said and by whom stays out.
pub fn event(opinion: &Opinion, action: &'static str, from: Option<OpinionState>) -> Event<'static> {
    Event {
        campaign_id: Some(opinion.campaign_id),
        org_unit_id: opinion.org_unit_id,
        resource: "opinion",
        resource_id: opinion.id.into(),
        version: opinion.version,
        action,
        data: json!({ "from": from.map(OpinionState::as_str), "to": opinion.state.as_str(), "is_anonymous": opinion.is_anonymous, "referred_to_org_unit_id": opinion.referred_to_org_unit_id, "answered_by_org_unit_id": opinion.answered_by_org_unit_id }),
    }
}

/// List opinions
///
/// Those of the bodies in the caller's reach, and those referred to them.
#[utoipa::path(tag = "opinions", params(OpinionQuery), responses((status = 200, body = Page<OpinionOut>)))]
#[get("/opinions")]
pub async fn list_opinions(call: Call, query: Query<OpinionQuery>) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::ResultRead)?;
    let (filter, page) = query.parse_list(call.cursor_secret())?;
    let now = call.now();
    let (rows, total) = call
        .read(async |conn| {
            let total = if page.with_total { Some(queries::count(conn, &scope, &filter, now).await?) } else { None };
            Ok((queries::list(conn, &scope, &filter, &page, now).await?, total))
        })
        .await?;
    let (rows, next) = page.finish(rows, |opinion, sort| {
        let key = match sort {
            "created_at" => json!(opinion.created_at),
            "updated_at" => json!(opinion.updated_at),
            "raised_at" => json!(opinion.raised_at),
            "answer_due_before" => json!(opinion.answer_due_before.unwrap_or(LAST_INSTANT)),
            _ => json!(null),
        };
        (key, Uuid::from(opinion.id))
    });
    page.reply(rows.into_iter().map(OpinionOut::from).collect(), next, total)
}

/// Record an opinion
///
/// Raised at a forum (III.3). An anonymous one keeps no name.
#[utoipa::path(tag = "opinions", request_body = OpinionIn, responses((status = 201, body = OpinionOut)))]
#[post("/opinions")]
pub async fn create_opinion(call: Call, body: Body<OpinionIn>) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::ResultWrite)?;
    let campaign_scope = call.authorize(Action::CampaignRead)?;
    let references = References::of(&call)?;
    let OpinionIn { campaign_id, org_unit_id, activity_id, text, raised_at, is_anonymous, raised_by_name, answer_due_before } =
        body.parse()?;
    let now = call.now();
    let opinion = Opinion {
        campaign_id,
        id: OpinionId::new(),
        org_unit_id,
        activity_id,
        text: text.into_string(),
        raised_at: clock::to_micros(raised_at),
        is_anonymous,
        raised_by_name: raised_by_name.map(String::from),
        answer_due_before: answer_due_before.map(clock::to_micros),
        state: OpinionState::Raised,
        referred_to_org_unit_id: None,
        refer_note: None,
        referred_at: None,
        answer: None,
        answered_by_org_unit_id: None,
        answered_at: None,
        version: 1,
        created_at: now,
        updated_at: now,
        erased_at: None,
    };
    rules::check(&opinion, call.clock().today())?;
    let me = call.clone();
    call.write(async move |conn| {
        campaigns::queries::hold_open_reference(conn, &campaign_scope, opinion.campaign_id, "/campaign_id").await?;
        org_units::queries::find_reference(conn, &scope, opinion.org_unit_id, "/org_unit_id").await?;
        references.check(conn, opinion.campaign_id, None, opinion.activity_id).await?;
        queries::insert(conn, &scope, &opinion).await?;
        me.record(conn, event(&opinion, "created", None)).await?;
        Reply::created("opinions", opinion.id, &OpinionOut::from(opinion.clone()), opinion.version)
    })
    .await
}

/// Read an opinion
#[utoipa::path(tag = "opinions", params(("id" = OpinionId, Path, description = "The opinion")), responses((status = 200, body = OpinionOut, headers(("ETag" = String)))))]
#[get("/opinions/{id}")]
pub async fn get_opinion(call: Call, id: Id<OpinionId>) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::ResultRead)?;
    let opinion = call.read(async |conn| queries::find(conn, &scope, id.0).await).await?;
    let version = opinion.version;
    Reply::ok(&OpinionOut::from(opinion), version)
}

/// Change an opinion
///
/// While it is neither answered nor referred.
#[utoipa::path(tag = "opinions", params(("id" = OpinionId, Path, description = "The opinion")), request_body = OpinionPatch, responses((status = 200, body = OpinionOut)))]
#[patch("/opinions/{id}")]
pub async fn update_opinion(call: Call, id: Id<OpinionId>, body: Body<OpinionPatch>) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::ResultWrite)?;
    let if_match = call.if_match()?;
    let references = References::of(&call)?;
    let patch = body.parse()?;
    super::steps::step(call, scope, if_match, id.0, Step::Change, async move |conn, me, mut opinion| {
        apply(&mut opinion, patch.clone());
        rules::check(&opinion, me.clock().today())?;
        references.check(conn, opinion.campaign_id, None, opinion.activity_id).await?;
        Ok(opinion)
    })
    .await
}

fn apply(opinion: &mut Opinion, patch: OpinionPatch) {
    let OpinionPatch { activity_id, text, raised_at, is_anonymous, raised_by_name, answer_due_before } = patch;
    opinion.activity_id = activity_id.or_keep(opinion.activity_id);
    opinion.text = text.map(String::from).or_current(std::mem::take(&mut opinion.text));
    opinion.raised_at = raised_at.map(clock::to_micros).or_current(opinion.raised_at);
    opinion.is_anonymous = is_anonymous.or_current(opinion.is_anonymous);
    opinion.raised_by_name = raised_by_name.map(String::from).or_keep(opinion.raised_by_name.take());
    opinion.answer_due_before = answer_due_before.map(clock::to_micros).or_keep(opinion.answer_due_before);
}

/// Delete an opinion
///
/// While it is neither answered nor referred.
#[utoipa::path(tag = "opinions", params(("id" = OpinionId, Path, description = "The opinion")), responses((status = 204)))]
#[delete("/opinions/{id}")]
pub async fn delete_opinion(call: Call, id: Id<OpinionId>) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::ResultWrite)?;
    let if_match = call.if_match()?;
    let me = call.clone();
    call.write(async move |conn| {
        let opinion = queries::lock(conn, &scope, id.0).await?;
        if_match.check(opinion.version)?;
        campaigns::queries::hold_open(conn, opinion.campaign_id).await?;
        rules::check_step(&opinion, Step::Delete)?;
        queries::delete(conn, &scope, &opinion).await?;
        me.record(conn, event(&opinion, Step::Delete.done(), Some(opinion.state))).await?;
        Ok(Reply::no_content())
    })
    .await
}
