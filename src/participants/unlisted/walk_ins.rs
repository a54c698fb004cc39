//! Guests who come without being listed, over HTTP: the guest and the entry, or neither.

use super::dto::{NewcomerIn, WalkInIn, WalkInOut};
use super::rules::{check_newcomer, more_present_than_seats};
use crate::auth::Action;
use crate::call::Call;
use crate::campaigns;
use crate::check_ins;
use crate::check_ins::dto::CheckInOut;
use crate::check_ins::model::{Direction, Operation, Verdict};
use crate::clock::to_micros;
use crate::error::AppError;
use crate::extract::{Body, Id};
use crate::ids::{CheckInId, ParticipantId, SiteId};
use crate::participants::dto::{ParticipantIn, ParticipantOut};
use crate::participants::handlers::{event, new};
use crate::participants::model::{Participant, ParticipantCategory, ParticipantOrigin};
use crate::participants::queries;
use crate::participants::rules::{self, Step, Tally};
use crate::reply::Reply;
use crate::sites;
use crate::sites::model::Site;
use crate::warning::Warning;
use actix_web::post;
use chrono::{DateTime, Utc};

/// A guest of a site as named at the door, listed when the entry was received.
pub(crate) fn newcomer(
    call: &Call,
    site: &Site,
    guest: NewcomerIn,
    origin: ParticipantOrigin,
    (id, received_at): (ParticipantId, DateTime<Utc>),
) -> Participant {
    let NewcomerIn { kind, category, full_name, title, organisation, representative_name, age_band } = guest;
    let category = category.unwrap_or(ParticipantCategory::Other);
    let fields = ParticipantIn { site_id: site.id, kind, category, full_name, title, organisation, representative_name, age_band };
    Participant { id, origin, created_at: received_at, updated_at: received_at, ..new(call, site, fields) }
}

/// Check in a guest who is not listed
///
/// At a site on its day: the guest is listed with origin `walk_in` and enters, in one transaction; neither is there without the other.
/// More guests than the site has seats give a warning and no refusal, because who came is a fact. Whoever is listed is checked in by
/// `create_check_in`, so that nobody is two guests. An enrolled device may do so at its own sites. Sent again with its `Idempotency-Key`,
/// it counts once.
#[utoipa::path(tag = "participants", params(("id" = SiteId, Path, description = "The site")), request_body = WalkInIn, responses((status = 201, body = WalkInOut)))]
#[post("/sites/{id}/walk-ins")]
pub async fn create_walk_in(call: Call, id: Id<SiteId>, body: Body<WalkInIn>) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::CheckInWrite)?;
    let WalkInIn { guest, occurred_at } = body.parse()?;
    check_newcomer(&guest)?;
    let received_at = call.now();
    let occurred_at = occurred_at.map_or(received_at, to_micros);
    check_ins::rules::check_clock("/occurred_at", occurred_at, received_at)?;
    let right_sites = check_ins::rules::right_sites(call.actor(), Some(id.0));
    let me = call.clone();
    call.write(async move |conn| {
        let site = sites::queries::hold_still(conn, &scope, id.0).await?;
        check_ins::rules::check_own_site(right_sites.as_deref(), site.id)?;
        campaigns::queries::hold_open(conn, site.campaign_id).await?;
        rules::check_site(&site, Step::WalkIn)?;
        let participant = newcomer(&me, &site, guest.clone(), ParticipantOrigin::WalkIn, (ParticipantId::new(), received_at));
        queries::insert(conn, &scope, &participant).await?;
        me.record(conn, event(&participant, Step::WalkIn, None)).await?;
        let line = CheckInId::new();
        let operation = Operation {
            id: line,
            participant_id: participant.id,
            device_id: me.actor().id,
            op_id: line.into(),
            direction: Direction::Entry,
            occurred_at,
            received_at,
            reason: None,
            actor_id: me.actor().id,
            right_sites: right_sites.clone(),
            pass_site: None,
            scope_prefix: scope.prefix().to_owned(),
        };
        let verdict = check_ins::queries::log(conn, std::slice::from_ref(&operation)).await?.pop();
        let (row, _) = check_ins::handlers::logged(verdict.unwrap_or(Verdict::UnknownParticipant))?;
        queries::add_to_counters(conn, &scope, (site.campaign_id, site.id), Tally::of(Some(participant.state))).await?;
        let participant = queries::find(conn, &scope, participant.id).await?;
        let full = more_present_than_seats(&site, super::queries::count_present(conn, &scope, &site).await?);
        let warnings = full.iter().map(|text| Warning::new("more_present_than_seats", text, None, me.language())).collect();
        let (id, version) = (participant.id, participant.version);
        let shown = WalkInOut { participant: ParticipantOut::new(participant, warnings), check_in: CheckInOut::new(row, Vec::new()) };
        Reply::created("participants", id, &shown, version)
    })
    .await
}
