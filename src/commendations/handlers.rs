//! Commendations over HTTP.

use super::dto::{CommendationIn, CommendationOut, CommendationPatch, CommendationQuery};
use super::model::Commendation;
use super::queries;
use super::rules;
use crate::auth::Action;
use crate::call::Call;
use crate::campaigns;
use crate::error::AppError;
use crate::events::Event;
use crate::extract::{Body, Id, Query};
use crate::ids::CommendationId;
use crate::org_units;
use crate::pagination::{LAST_DAY, Page};
use crate::participants::rules::check_not_erased;
use crate::reply::Reply;
use crate::results::references::References;
use actix_web::{delete, get, patch, post};
use serde_json::json;
use uuid::Uuid;

/// A change of a commendation, for the change feed. Who is commended may be a person and stays out.
pub fn event(commendation: &Commendation, action: &'static str) -> Event<'static> {
    Event {
        campaign_id: Some(commendation.campaign_id),
        org_unit_id: commendation.org_unit_id,
        resource: "commendation",
        resource_id: commendation.id.into(),
        version: commendation.version,
        action,
        data: json!({ "awardee_kind": commendation.awardee_kind, "award_form": commendation.award_form, "award_level": commendation.award_level, "decision_number": commendation.decision_number }),
    }
}

/// List commendations
///
/// Those that the bodies in the caller's reach recorded.
#[utoipa::path(tag = "commendations", params(CommendationQuery), responses((status = 200, body = Page<CommendationOut>)))]
#[get("/commendations")]
pub async fn list_commendations(call: Call, query: Query<CommendationQuery>) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::ResultRead)?;
    let (filter, page) = query.parse_list(call.cursor_secret())?;
    let (rows, total) = call
        .read(async |conn| {
            let total = if page.with_total { Some(queries::count(conn, &scope, &filter).await?) } else { None };
            Ok((queries::list(conn, &scope, &filter, &page).await?, total))
        })
        .await?;
    let (rows, next) = page.finish(rows, |commendation, sort| {
        let key = match sort {
            "created_at" => json!(commendation.created_at),
            "updated_at" => json!(commendation.updated_at),
            "decided_on" => json!(commendation.decided_on.unwrap_or(LAST_DAY)),
            _ => json!(null),
        };
        (key, Uuid::from(commendation.id))
    });
    page.reply(rows.into_iter().map(CommendationOut::from).collect(), next, total)
}

/// Record a commendation
///
/// With who awards: a body, or in words (I.2).
#[utoipa::path(tag = "commendations", request_body = CommendationIn, responses((status = 201, body = CommendationOut)))]
#[post("/commendations")]
pub async fn create_commendation(call: Call, body: Body<CommendationIn>) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::ResultWrite)?;
    let campaign_scope = call.authorize(Action::CampaignRead)?;
    let references = References::of(&call)?;
    let CommendationIn {
        campaign_id,
        org_unit_id,
        awardee_kind,
        awardee_name,
        award_form,
        award_level,
        decision_number,
        decided_on,
        awarding_body,
        awarding_org_unit_id,
        reason,
        site_id,
        activity_id,
    } = body.parse()?;
    let now = call.now();
    let commendation = Commendation {
        campaign_id,
        id: CommendationId::new(),
        org_unit_id,
        awardee_kind,
        awardee_name: awardee_name.into_string(),
        award_form,
        award_level,
        decision_number: decision_number.map(String::from),
        decided_on,
        awarding_body: awarding_body.map(String::from),
        awarding_org_unit_id,
        reason: reason.into_string(),
        site_id,
        activity_id,
        version: 1,
        created_at: now,
        updated_at: now,
        erased_at: None,
    };
    rules::check(&commendation, call.clock().today())?;
    let me = call.clone();
    call.write(async move |conn| {
        campaigns::queries::hold_open_reference(conn, &campaign_scope, commendation.campaign_id, "/campaign_id").await?;
        org_units::queries::find_reference(conn, &scope, commendation.org_unit_id, "/org_unit_id").await?;
        references.check(conn, commendation.campaign_id, commendation.site_id, commendation.activity_id).await?;
        references.check_unit(conn, commendation.awarding_org_unit_id, "/awarding_org_unit_id").await?;
        queries::insert(conn, &scope, &commendation).await?;
        me.record(conn, event(&commendation, "created")).await?;
        Reply::created("commendations", commendation.id, &CommendationOut::from(commendation.clone()), commendation.version)
    })
    .await
}

/// Read a commendation
#[utoipa::path(tag = "commendations", params(("id" = CommendationId, Path, description = "The commendation")), responses((status = 200, body = CommendationOut, headers(("ETag" = String)))))]
#[get("/commendations/{id}")]
pub async fn get_commendation(call: Call, id: Id<CommendationId>) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::ResultRead)?;
    let commendation = call.read(async |conn| queries::find(conn, &scope, id.0).await).await?;
    let version = commendation.version;
    Reply::ok(&CommendationOut::from(commendation), version)
}

/// Change a commendation
///
/// While the campaign is open.
#[utoipa::path(tag = "commendations", params(("id" = CommendationId, Path, description = "The commendation")), request_body = CommendationPatch, responses((status = 200, body = CommendationOut)))]
#[patch("/commendations/{id}")]
pub async fn update_commendation(call: Call, id: Id<CommendationId>, body: Body<CommendationPatch>) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::ResultWrite)?;
    let if_match = call.if_match()?;
    let references = References::of(&call)?;
    let patch = body.parse()?;
    let me = call.clone();
    call.write(async move |conn| {
        let mut commendation = queries::lock(conn, &scope, id.0).await?;
        if_match.check(commendation.version)?;
        campaigns::queries::hold_open(conn, commendation.campaign_id).await?;
        check_not_erased(commendation.erased_at)?;
        apply(&mut commendation, patch.clone());
        rules::check(&commendation, me.clock().today())?;
        references.check(conn, commendation.campaign_id, commendation.site_id, commendation.activity_id).await?;
        references.check_unit(conn, commendation.awarding_org_unit_id, "/awarding_org_unit_id").await?;
        let commendation = queries::save(conn, &scope, commendation, me.now()).await?;
        me.record(conn, event(&commendation, "updated")).await?;
        let version = commendation.version;
        Reply::ok(&CommendationOut::from(commendation), version)
    })
    .await
}

fn apply(commendation: &mut Commendation, patch: CommendationPatch) {
    let CommendationPatch {
        awardee_kind,
        awardee_name,
        award_form,
        award_level,
        decision_number,
        decided_on,
        awarding_body,
        awarding_org_unit_id,
        reason,
        site_id,
        activity_id,
    } = patch;
    commendation.awardee_kind = awardee_kind.or_current(commendation.awardee_kind);
    commendation.awardee_name = awardee_name.map(String::from).or_current(std::mem::take(&mut commendation.awardee_name));
    commendation.award_form = award_form.or_current(commendation.award_form);
    commendation.award_level = award_level.or_current(commendation.award_level);
    commendation.decision_number = decision_number.map(String::from).or_keep(commendation.decision_number.take());
    commendation.decided_on = decided_on.or_keep(commendation.decided_on);
    commendation.awarding_body = awarding_body.map(String::from).or_keep(commendation.awarding_body.take());
    commendation.awarding_org_unit_id = awarding_org_unit_id.or_keep(commendation.awarding_org_unit_id);
    commendation.reason = reason.map(String::from).or_current(std::mem::take(&mut commendation.reason));
    commendation.site_id = site_id.or_keep(commendation.site_id);
    commendation.activity_id = activity_id.or_keep(commendation.activity_id);
}

/// Delete a commendation
///
/// While the campaign is open.
#[utoipa::path(tag = "commendations", params(("id" = CommendationId, Path, description = "The commendation")), responses((status = 204)))]
#[delete("/commendations/{id}")]
pub async fn delete_commendation(call: Call, id: Id<CommendationId>) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::ResultWrite)?;
    let if_match = call.if_match()?;
    let me = call.clone();
    call.write(async move |conn| {
        let commendation = queries::lock(conn, &scope, id.0).await?;
        if_match.check(commendation.version)?;
        campaigns::queries::hold_open(conn, commendation.campaign_id).await?;
        queries::delete(conn, &scope, &commendation).await?;
        me.record(conn, event(&commendation, "deleted")).await?;
        Ok(Reply::no_content())
    })
    .await
}
