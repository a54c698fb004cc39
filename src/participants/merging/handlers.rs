//! Two guests who are one person, over HTTP.

use super::dto::ParticipantMergeIn;
use super::queries::{Merger, merged_into, recount};
use super::rules::{check_nobody_merged_in, check_pair, check_two};
use crate::auth::{Action, Scope};
use crate::call::Call;
use crate::campaigns;
use crate::db::Conn;
use crate::error::AppError;
use crate::events::Event;
use crate::extract::{Body, Id};
use crate::ids::ParticipantId;
use crate::participants::dto::ParticipantOut;
use crate::participants::handlers::event;
use crate::participants::model::Participant;
use crate::participants::queries;
use crate::participants::rules::{self, Step, Tally};
use crate::reply::Reply;
use crate::sites;
use actix_web::post;
use serde_json::json;

/// Merge a guest into another
///
/// Two guests of one site who are one person: one listed twice, or one whom a device without signal named. What the log has of the one,
/// and what is still logged of it, counts for the other; its pass works on. The person counts once, entries stay what they are, and the
/// merged guest stands in no figure and in no list any more, unless it is asked for. The log, contacts and invitation stay as they are
/// and come back with `unmerge_participant`. One level deep; until the site is closed.
#[utoipa::path(tag = "participants", params(("id" = ParticipantId, Path, description = "The guest who is the other one")), request_body = ParticipantMergeIn, responses((status = 200, body = ParticipantOut)))]
#[post("/participants/{id}/merge")]
pub async fn merge_participant(call: Call, id: Id<ParticipantId>, body: Body<ParticipantMergeIn>) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::ParticipantWrite)?;
    let if_match = call.if_match()?;
    let ParticipantMergeIn { into_participant_id, reason } = body.parse()?;
    let me = call.clone();
    call.write(async move |conn| {
        let site_id = queries::find(conn, &scope, id.0).await?.site_id;
        // Check-ins hold the site: those under way are waited for, and later ones see the merger.
        let site = sites::queries::lock(conn, &scope, site_id).await?;
        let (guest, into) = lock_both(conn, &scope, id.0, into_participant_id).await?;
        if_match.check(guest.version)?;
        campaigns::queries::hold_open(conn, site.campaign_id).await?;
        rules::check_site(&site, Step::Merge)?;
        rules::check_step(&guest, Step::Merge)?;
        check_two(guest.id, into_participant_id)?;
        let into = into?;
        check_pair(&guest, &into)?;
        check_nobody_merged_in(&merged_into(conn, &scope, &guest).await?)?;
        let merger = Merger { by: me.actor().id, reason: reason.clone().map(String::from) };
        recount(conn, &scope, &guest, into.id, Some(merger), me.now()).await?;
        let tally = Tally::step(Some(guest.state), None);
        queries::add_to_counters(conn, &scope, (site.campaign_id, site.id), tally).await?;
        finish(conn, &scope, &me, (guest.id, into.id), Step::Merge).await
    })
    .await
}

/// Un-merge a guest
///
/// The two are two persons after all: both are counted again from the log, each from its own lines, and all is as if they had never
/// been merged. 409 when a guest who accepted has no seat any more.
#[utoipa::path(tag = "participants", params(("id" = ParticipantId, Path, description = "The guest who was merged")), responses((status = 200, body = ParticipantOut)))]
#[post("/participants/{id}/unmerge")]
pub async fn unmerge_participant(call: Call, id: Id<ParticipantId>) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::ParticipantWrite)?;
    let if_match = call.if_match()?;
    let me = call.clone();
    call.write(async move |conn| {
        let site_id = queries::find(conn, &scope, id.0).await?.site_id;
        let site = sites::queries::lock(conn, &scope, site_id).await?;
        // Whoever merges holds the site, so what is read now stays.
        let other = queries::find(conn, &scope, id.0).await?.merged_into_id.unwrap_or(id.0);
        let (guest, into) = lock_both(conn, &scope, id.0, other).await?;
        if_match.check(guest.version)?;
        campaigns::queries::hold_open(conn, site.campaign_id).await?;
        rules::check_site(&site, Step::Unmerge)?;
        rules::check_step(&guest, Step::Unmerge)?;
        let into = into?;
        recount(conn, &scope, &guest, into.id, None, me.now()).await?;
        let tally = Tally::of(Some(guest.state));
        let counted = queries::add_to_counters(conn, &scope, (site.campaign_id, site.id), tally).await?;
        if tally.accepted > 0 {
            sites::rules::check_capacity(&site, counted.accepted)?;
        }
        finish(conn, &scope, &me, (guest.id, into.id), Step::Unmerge).await
    })
    .await
}

/// Locks both in the order of their ids, as check-ins do. That the other one is not there is told after what forbids the step.
async fn lock_both(
    conn: &Conn,
    scope: &Scope,
    id: ParticipantId,
    other: ParticipantId,
) -> Result<(Participant, Result<Participant, AppError>), AppError> {
    let lock_other = async || queries::lock(conn, scope, other).await.map_err(|error| error.into_unknown_reference("/into_participant_id"));
    if other.0 < id.0 {
        let other = lock_other().await;
        Ok((queries::lock(conn, scope, id).await?, other))
    } else {
        let guest = queries::lock(conn, scope, id).await?;
        Ok((guest, lock_other().await))
    }
}

/// Tells the feed of both, and shows the one that was merged or un-merged.
async fn finish(conn: &Conn, scope: &Scope, me: &Call, pair: (ParticipantId, ParticipantId), step: Step) -> Result<Reply, AppError> {
    let guest = queries::find(conn, scope, pair.0).await?;
    let into = queries::find(conn, scope, pair.1).await?;
    let data = json!({"site_id": guest.site_id, "into_participant_id": into.id});
    let told = Event { data, ..event(&guest, step, Some(guest.state)) };
    me.record_all(conn, vec![told, event(&into, Step::Change, Some(into.state))]).await?;
    let version = guest.version;
    Reply::ok(&ParticipantOut::new(guest, Vec::new()), version)
}
