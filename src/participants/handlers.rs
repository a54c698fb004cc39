//! Participants over HTTP. Personal data: only for callers who may read participants, and never in events.

use super::dto::{ParticipantIn, ParticipantOut, ParticipantPatch, ParticipantQuery};
use super::merging::queries::merged_into;
use super::merging::rules::check_nobody_merged_in;
use super::model::{Participant, ParticipantOrigin, ParticipantState};
use super::queries;
use super::rules::{self, Step, Tally};
use super::steps::{lock, step, template_warnings};
use crate::auth::Action;
use crate::call::Call;
use crate::campaigns;
use crate::error::AppError;
use crate::events::Event;
use crate::extract::{Body, Id, Query};
use crate::ids::ParticipantId;
use crate::pagination::Page;
use crate::reply::Reply;
use crate::sites;
use crate::sites::model::Site;
use crate::warning::Warning;
use actix_web::{delete, get, patch, post};
use serde_json::json;
use uuid::Uuid;

/// What the feed says of a participant: no name, no reason, which the guest gave in confidence.
pub(crate) fn event(participant: &Participant, step: Step, from: Option<ParticipantState>) -> Event<'static> {
    Event {
        campaign_id: Some(participant.campaign_id),
        org_unit_id: participant.org_unit_id,
        resource: "participant",
        resource_id: participant.id.into(),
        version: participant.version,
        action: step.done(),
        data: json!({
            "from": from.map(ParticipantState::as_str), "to": participant.state.as_str(),
            "kind": participant.kind.as_str(), "category": participant.category.as_str(), "site_id": participant.site_id,
        }),
    }
}

/// List participants
///
/// The guests of the sites in the caller's subtree. Personal data.
#[utoipa::path(tag = "participants", params(ParticipantQuery), responses((status = 200, body = Page<ParticipantOut>)))]
#[get("/participants")]
pub async fn list_participants(call: Call, query: Query<ParticipantQuery>) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::ParticipantRead)?;
    let (filter, page) = query.parse_list(call.cursor_secret())?;
    let (rows, total) = call
        .read(async |conn| {
            let total = if page.with_total { Some(queries::count(conn, &scope, &filter).await?) } else { None };
            Ok((queries::list(conn, &scope, &filter, &page).await?, total))
        })
        .await?;
    let (rows, next) = page.finish(rows, |participant, sort| {
        let key = match sort {
            "created_at" => json!(participant.created_at),
            "updated_at" => json!(participant.updated_at),
            "invitation_no" => json!(participant.invitation_no.unwrap_or(i32::MAX)),
            _ => json!(null),
        };
        (key, Uuid::from(participant.id))
    });
    page.reply(rows.into_iter().map(|participant| ParticipantOut::new(participant, Vec::new())).collect(), next, total)
}

/// List a guest
///
/// A guest of a site that has not been held yet; invited by a step of its own. A category that the plan's template
/// for the site, or the site's own list, does not name gives a warning with rule and clause (R10, R11, II.2.2.2), never a refusal;
/// so do more guests than the site has seats.
#[utoipa::path(tag = "participants", request_body = ParticipantIn, responses((status = 201, body = ParticipantOut)))]
#[post("/participants")]
pub async fn create_participant(call: Call, body: Body<ParticipantIn>) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::ParticipantWrite)?;
    let fields = body.parse()?;
    rules::check_representative(fields.kind, fields.representative_name.is_some())?;
    rules::check_age_band(fields.kind, fields.age_band.is_some())?;
    let me = call.clone();
    call.write(async move |conn| {
        let site = sites::queries::hold_still_reference(conn, &scope, fields.site_id, "/site_id").await?;
        campaigns::queries::hold_open(conn, site.campaign_id).await?;
        rules::check_site(&site, Step::List)?;
        let participant = new(&me, &site, fields.clone());
        queries::insert(conn, &scope, &participant).await?;
        let counted = queries::add_to_counters(conn, &scope, (site.campaign_id, site.id), Tally::of(Some(participant.state))).await?;
        me.record(conn, event(&participant, Step::List, None)).await?;
        let mut warnings = template_warnings(conn, &me, &site, participant.category).await?;
        let full = rules::more_than_seats(&site, counted.listed);
        warnings.extend(full.map(|text| Warning::new("more_guests_than_seats", &text, None, me.language())));
        let (id, version) = (participant.id, participant.version);
        Reply::created("participants", id, &ParticipantOut::new(participant, warnings), version)
    })
    .await
}

pub(super) fn new(call: &Call, site: &Site, fields: ParticipantIn) -> Participant {
    let ParticipantIn { site_id, kind, category, full_name, title, organisation, representative_name, age_band } = fields;
    let now = call.now();
    Participant {
        campaign_id: site.campaign_id,
        id: ParticipantId::new(),
        site_id,
        org_unit_id: site.org_unit_id,
        kind,
        category,
        state: ParticipantState::Listed,
        full_name: full_name.into_string(),
        title: title.map(String::from),
        organisation: organisation.map(String::from),
        representative_name: representative_name.map(String::from),
        invited_at: None,
        responded_at: None,
        decline_reason: None,
        entry_count: 0,
        is_present: false,
        first_entered_at: None,
        version: 1,
        created_at: now,
        updated_at: now,
        age_band,
        invitation_no: None,
        sent_channel: None,
        sent_at: None,
        sent_by: None,
        answered_by: None,
        erased_at: None,
        origin: ParticipantOrigin::Listed,
        merged_into_id: None,
        merged_at: None,
        merged_by: None,
        merge_reason: None,
    }
}

/// Read a participant
///
/// Personal data.
#[utoipa::path(tag = "participants", params(("id" = ParticipantId, Path, description = "The participant")), responses((status = 200, body = ParticipantOut, headers(("ETag" = String)))))]
#[get("/participants/{id}")]
pub async fn get_participant(call: Call, id: Id<ParticipantId>) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::ParticipantRead)?;
    let participant = call.read(async |conn| queries::find(conn, &scope, id.0).await).await?;
    let version = participant.version;
    Reply::ok(&ParticipantOut::new(participant, Vec::new()), version)
}

/// Change a participant
///
/// Until the site is closed, so that a name can be corrected after the festival.
#[utoipa::path(tag = "participants", params(("id" = ParticipantId, Path, description = "The participant")), request_body = ParticipantPatch, responses((status = 200, body = ParticipantOut)))]
#[patch("/participants/{id}")]
pub async fn update_participant(call: Call, id: Id<ParticipantId>, body: Body<ParticipantPatch>) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::ParticipantWrite)?;
    let if_match = call.if_match()?;
    let patch = body.parse()?;
    step(call, scope, if_match, id.0, Step::Change, async move |_, _, _, mut participant| {
        let ParticipantPatch { category, full_name, title, organisation, representative_name, age_band } = patch.clone();
        participant.category = category.or_current(participant.category);
        participant.full_name = full_name.map(String::from).or_current(std::mem::take(&mut participant.full_name));
        participant.title = title.map(String::from).or_keep(participant.title.take());
        participant.organisation = organisation.map(String::from).or_keep(participant.organisation.take());
        participant.representative_name = representative_name.map(String::from).or_keep(participant.representative_name.take());
        participant.age_band = age_band.or_keep(participant.age_band);
        rules::check_representative(participant.kind, participant.representative_name.is_some())?;
        rules::check_age_band(participant.kind, participant.age_band.is_some())?;
        Ok(participant)
    })
    .await
}

/// Take a guest off the list
///
/// Only before the invitation, when nothing was checked in and nobody is merged into the guest.
#[utoipa::path(tag = "participants", params(("id" = ParticipantId, Path, description = "The participant")), responses((status = 204)))]
#[delete("/participants/{id}")]
pub async fn delete_participant(call: Call, id: Id<ParticipantId>) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::ParticipantWrite)?;
    let if_match = call.if_match()?;
    let me = call.clone();
    call.write(async move |conn| {
        let (site, participant) = lock(conn, &scope, &if_match, id.0, Step::Delete).await?;
        rules::check_never_entered(&participant)?;
        check_nobody_merged_in(&merged_into(conn, &scope, &participant).await?)?;
        queries::delete(conn, &scope, &participant).await?;
        queries::add_to_counters(conn, &scope, (site.campaign_id, site.id), Tally::step(Some(participant.state), None)).await?;
        me.record(conn, event(&participant, Step::Delete, Some(participant.state))).await?;
        Ok(Reply::no_content())
    })
    .await
}
