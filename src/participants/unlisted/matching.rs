//! Who a provisional guest was, over HTTP.

use super::dto::ParticipantMatchIn;
use super::queries::{match_on, match_to};
use super::rules::check_match;
use crate::auth::{Action, Scope};
use crate::call::Call;
use crate::campaigns;
use crate::db::Conn;
use crate::error::{AppError, ErrorCode, FieldError};
use crate::events::Event;
use crate::extract::{Body, Id};
use crate::ids::ParticipantId;
use crate::participants::dto::ParticipantOut;
use crate::participants::handlers::event;
use crate::participants::model::Participant;
use crate::participants::queries;
use crate::participants::rules::{self, Step};
use crate::reply::Reply;
use crate::sites;
use actix_web::post;
use serde_json::json;

/// Match a provisional guest
///
/// To the guest of the same site who it was: what the log has of the one, and what devices still send of it, counts for the other.
/// The person counts once, entries stay what they are, and the provisional guest stands in no figure and in no list any more, unless it
/// is asked for. The log stays as it is. Who was matched to the provisional guest follows. For ever; until the site is closed.
#[utoipa::path(tag = "participants", params(("id" = ParticipantId, Path, description = "The provisional guest")), request_body = ParticipantMatchIn, responses((status = 200, body = ParticipantOut)))]
#[post("/participants/{id}/match")]
pub async fn match_participant(call: Call, id: Id<ParticipantId>, body: Body<ParticipantMatchIn>) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::ParticipantWrite)?;
    let if_match = call.if_match()?;
    let other = body.parse()?.participant_id;
    let me = call.clone();
    call.write(async move |conn| {
        let site_id = queries::find(conn, &scope, id.0).await?.site_id;
        // Check-ins hold the site: those under way are waited for, and later ones see the match.
        let site = sites::queries::lock(conn, &scope, site_id).await?;
        let (provisional, other) = lock_both(conn, &scope, id.0, other).await?;
        if_match.check(provisional.version)?;
        campaigns::queries::hold_open(conn, site.campaign_id).await?;
        rules::check_site(&site, Step::Match)?;
        rules::check_step(&provisional, Step::Match)?;
        let other = other?;
        check_match(&provisional, &other)?;
        let earlier = match_on(conn, &scope, &provisional, other.id, me.now()).await?;
        match_to(conn, &scope, &provisional, other.id, me.now()).await?;
        let other = queries::find(conn, &scope, other.id).await?;
        let provisional = queries::find(conn, &scope, provisional.id).await?;
        let matched = [&provisional].into_iter().chain(&earlier).map(matched);
        me.record_all(conn, matched.chain([event(&other, Step::Change, Some(other.state))]).collect()).await?;
        let version = provisional.version;
        Reply::ok(&ParticipantOut::new(provisional, Vec::new()), version)
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
    let lock_other = async || {
        queries::lock(conn, scope, other).await.map_err(|error| match error.code {
            ErrorCode::NotFound => AppError::field(FieldError::unknown_reference("/participant_id")),
            _ => error,
        })
    };
    if other.0 < id.0 {
        let other = lock_other().await;
        Ok((queries::lock(conn, scope, id).await?, other))
    } else {
        let provisional = queries::lock(conn, scope, id).await?;
        Ok((provisional, lock_other().await))
    }
}

fn matched(participant: &Participant) -> Event<'static> {
    let told = event(participant, Step::Match, Some(participant.state));
    Event { data: json!({"site_id": participant.site_id, "matched_to_id": participant.matched_to_id}), ..told }
}
