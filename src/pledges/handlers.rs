//! Pledges over HTTP.

use super::dto::{PledgeIn, PledgeOut, PledgePatch, PledgeQuery};
use super::model::Pledge;
use super::queries;
use super::rules;
use crate::auth::Action;
use crate::call::Call;
use crate::campaigns;
use crate::error::AppError;
use crate::events::Event;
use crate::extract::{Body, Id, Query};
use crate::ids::PledgeId;
use crate::org_units;
use crate::pagination::Page;
use crate::reply::Reply;
use crate::results::references::References;
use actix_web::{delete, get, patch, post};
use serde_json::json;
use uuid::Uuid;

/// A change of a pledge, for the change feed.
fn event(pledge: &Pledge, action: &'static str) -> Event<'static> {
    Event {
        campaign_id: Some(pledge.campaign_id),
        org_unit_id: pledge.org_unit_id,
        resource: "pledge",
        resource_id: pledge.id.into(),
        version: pledge.version,
        action,
        data: json!({ "household_count": pledge.household_count, "person_count": pledge.person_count, "collective_count": pledge.collective_count, "signed_on": pledge.signed_on }),
    }
}

/// List pledges
///
/// Those of the bodies in the caller's reach.
#[utoipa::path(tag = "pledges", params(PledgeQuery), responses((status = 200, body = Page<PledgeOut>)))]
#[get("/pledges")]
pub async fn list_pledges(call: Call, query: Query<PledgeQuery>) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::ResultRead)?;
    let (filter, page) = query.parse_list(call.cursor_secret())?;
    let (rows, total) = call
        .read(async |conn| {
            let total = if page.with_total { Some(queries::count(conn, &scope, &filter).await?) } else { None };
            Ok((queries::list(conn, &scope, &filter, &page).await?, total))
        })
        .await?;
    let (rows, next) = page.finish(rows, |pledge, sort| {
        let key = match sort {
            "created_at" => json!(pledge.created_at),
            "updated_at" => json!(pledge.updated_at),
            "signed_on" => json!(pledge.signed_on),
            _ => json!(null),
        };
        (key, Uuid::from(pledge.id))
    });
    page.reply(rows.into_iter().map(PledgeOut::from).collect(), next, total)
}

/// Record a pledge
///
/// One signing of one pledge; counts, no names.
#[utoipa::path(tag = "pledges", request_body = PledgeIn, responses((status = 201, body = PledgeOut)))]
#[post("/pledges")]
pub async fn create_pledge(call: Call, body: Body<PledgeIn>) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::ResultWrite)?;
    let campaign_scope = call.authorize(Action::CampaignRead)?;
    let references = References::of(&call)?;
    let PledgeIn { campaign_id, org_unit_id, topic, household_count, person_count, collective_count, signed_on, site_id } = body.parse()?;
    let now = call.now();
    let pledge = Pledge {
        campaign_id,
        id: PledgeId::new(),
        org_unit_id,
        topic: topic.into_string(),
        household_count,
        person_count,
        collective_count,
        signed_on,
        site_id,
        version: 1,
        created_at: now,
        updated_at: now,
    };
    rules::check(&pledge, call.clock().today())?;
    let me = call.clone();
    call.write(async move |conn| {
        campaigns::queries::hold_open_reference(conn, &campaign_scope, pledge.campaign_id, "/campaign_id").await?;
        org_units::queries::find_reference(conn, &scope, pledge.org_unit_id, "/org_unit_id").await?;
        references.check(conn, pledge.campaign_id, pledge.site_id, None).await?;
        queries::insert(conn, &scope, &pledge).await?;
        me.record(conn, event(&pledge, "created")).await?;
        Reply::created("pledges", pledge.id, &PledgeOut::from(pledge.clone()), pledge.version)
    })
    .await
}

/// Read a pledge
#[utoipa::path(tag = "pledges", params(("id" = PledgeId, Path, description = "The pledge")), responses((status = 200, body = PledgeOut, headers(("ETag" = String)))))]
#[get("/pledges/{id}")]
pub async fn get_pledge(call: Call, id: Id<PledgeId>) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::ResultRead)?;
    let pledge = call.read(async |conn| queries::find(conn, &scope, id.0).await).await?;
    let version = pledge.version;
    Reply::ok(&PledgeOut::from(pledge), version)
}

/// Change a pledge
///
/// While the campaign is open.
#[utoipa::path(tag = "pledges", params(("id" = PledgeId, Path, description = "The pledge")), request_body = PledgePatch, responses((status = 200, body = PledgeOut)))]
#[patch("/pledges/{id}")]
pub async fn update_pledge(call: Call, id: Id<PledgeId>, body: Body<PledgePatch>) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::ResultWrite)?;
    let if_match = call.if_match()?;
    let references = References::of(&call)?;
    let patch = body.parse()?;
    let me = call.clone();
    call.write(async move |conn| {
        let mut pledge = queries::lock(conn, &scope, id.0).await?;
        if_match.check(pledge.version)?;
        campaigns::queries::hold_open(conn, pledge.campaign_id).await?;
        apply(&mut pledge, patch.clone());
        rules::check(&pledge, me.clock().today())?;
        references.check(conn, pledge.campaign_id, pledge.site_id, None).await?;
        let pledge = queries::save(conn, &scope, pledge, me.now()).await?;
        me.record(conn, event(&pledge, "updated")).await?;
        let version = pledge.version;
        Reply::ok(&PledgeOut::from(pledge), version)
    })
    .await
}

fn apply(pledge: &mut Pledge, patch: PledgePatch) {
    let PledgePatch { topic, household_count, person_count, collective_count, signed_on, site_id } = patch;
    pledge.topic = topic.map(String::from).or_current(std::mem::take(&mut pledge.topic));
    pledge.household_count = household_count.or_current(pledge.household_count);
    pledge.person_count = person_count.or_current(pledge.person_count);
    pledge.collective_count = collective_count.or_current(pledge.collective_count);
    pledge.signed_on = signed_on.or_current(pledge.signed_on);
    pledge.site_id = site_id.or_keep(pledge.site_id);
}

/// Delete a pledge
///
/// While the campaign is open.
#[utoipa::path(tag = "pledges", params(("id" = PledgeId, Path, description = "The pledge")), responses((status = 204)))]
#[delete("/pledges/{id}")]
pub async fn delete_pledge(call: Call, id: Id<PledgeId>) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::ResultWrite)?;
    let if_match = call.if_match()?;
    let me = call.clone();
    call.write(async move |conn| {
        let pledge = queries::lock(conn, &scope, id.0).await?;
        if_match.check(pledge.version)?;
        campaigns::queries::hold_open(conn, pledge.campaign_id).await?;
        queries::delete(conn, &scope, &pledge).await?;
        me.record(conn, event(&pledge, "deleted")).await?;
        Ok(Reply::no_content())
    })
    .await
}
