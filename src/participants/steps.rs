//! The steps of a participant over HTTP: invited, sent, accepted, declined.

use super::dto::{InvitationSendIn, ParticipantAcceptIn, ParticipantDeclineIn, ParticipantOut};
use super::handlers::event;
use super::model::{Participant, ParticipantCategory, ParticipantState};
use super::queries;
use super::rules::{self, Step, Tally};
use super::template_changes;
use crate::auth::{Action, Scope};
use crate::call::Call;
use crate::campaigns;
use crate::clock;
use crate::db::Conn;
use crate::error::AppError;
use crate::etag::IfMatch;
use crate::extract::{Body, Id, OptionalBody};
use crate::ids::ParticipantId;
use crate::plans;
use crate::reply::Reply;
use crate::sites;
use crate::sites::model::Site;
use crate::warning::Warning;
use actix_web::post;

/// Invite a participant
///
/// Once the site has a time. The invitation gets the next number of the site; numbers are never used again. A category outside
/// the list of whom to invite gives a warning.
#[utoipa::path(tag = "participants", params(("id" = ParticipantId, Path, description = "The participant")), responses((status = 200, body = ParticipantOut)))]
#[post("/participants/{id}/invite")]
pub async fn invite_participant(call: Call, id: Id<ParticipantId>) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::ParticipantWrite)?;
    let if_match = call.if_match()?;
    let own = scope.clone();
    step(call, scope, if_match, id.0, Step::Invite, async move |conn, me, site, mut participant| {
        participant.invitation_no = Some(queries::take_numbers(conn, &own, site, 1).await?);
        participant.state = ParticipantState::Invited;
        participant.invited_at = Some(me.now());
        Ok(participant)
    })
    .await
}

/// Record that an invitation was sent
///
/// Once, with the way it went; an answer may have come before.
#[utoipa::path(tag = "participants", params(("id" = ParticipantId, Path, description = "The participant")), request_body = InvitationSendIn, responses((status = 200, body = ParticipantOut)))]
#[post("/participants/{id}/send-invitation")]
pub async fn send_participant_invitation(call: Call, id: Id<ParticipantId>, body: Body<InvitationSendIn>) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::ParticipantWrite)?;
    let if_match = call.if_match()?;
    let InvitationSendIn { channel, sent_at } = body.parse()?;
    step(call, scope, if_match, id.0, Step::Send, async move |_, me, _, mut participant| {
        rules::check_not_sent(&participant)?;
        let sent_at = sent_at.map_or_else(|| me.now(), clock::to_micros);
        rules::check_sent_at(sent_at, me.now())?;
        participant.sent_channel = Some(channel);
        participant.sent_at = Some(sent_at);
        participant.sent_by = Some(me.actor().id);
        Ok(participant)
    })
    .await
}

/// Record that a participant accepted
///
/// Also after a refusal, until the site is held. Where the site has a number of seats, as many accept and no more: the next is
/// refused with `site_full` until a seat is free again.
#[utoipa::path(tag = "participants", params(("id" = ParticipantId, Path, description = "The participant")), request_body = Option<ParticipantAcceptIn>, responses((status = 200, body = ParticipantOut)))]
#[post("/participants/{id}/accept")]
pub async fn accept_participant(call: Call, id: Id<ParticipantId>, body: OptionalBody<ParticipantAcceptIn>) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::ParticipantWrite)?;
    let if_match = call.if_match()?;
    let ParticipantAcceptIn { answered_by } = body.parse()?;
    step(call, scope, if_match, id.0, Step::Accept, async move |_, me, _, mut participant| {
        participant.state = ParticipantState::Accepted;
        participant.responded_at = Some(me.now());
        participant.answered_by = answered_by.clone().map(String::from);
        participant.decline_reason = None;
        Ok(participant)
    })
    .await
}

/// Record that a participant declined
///
/// With the reason, where one was given; also after an acceptance, until the site is held, which frees the seat.
#[utoipa::path(tag = "participants", params(("id" = ParticipantId, Path, description = "The participant")), request_body = ParticipantDeclineIn, responses((status = 200, body = ParticipantOut)))]
#[post("/participants/{id}/decline")]
pub async fn decline_participant(call: Call, id: Id<ParticipantId>, body: Body<ParticipantDeclineIn>) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::ParticipantWrite)?;
    let if_match = call.if_match()?;
    let ParticipantDeclineIn { reason, answered_by } = body.parse()?;
    step(call, scope, if_match, id.0, Step::Decline, async move |_, me, _, mut participant| {
        participant.state = ParticipantState::Declined;
        participant.responded_at = Some(me.now());
        participant.answered_by = answered_by.clone().map(String::from);
        participant.decline_reason = reason.clone().map(String::from);
        Ok(participant)
    })
    .await
}

/// R10, R11: the warning for a category that the list of the site does not name.
pub(crate) async fn template_warnings(
    conn: &Conn,
    call: &Call,
    site: &Site,
    category: ParticipantCategory,
) -> Result<Vec<Warning>, AppError> {
    let proposal = template_changes::proposal(conn, site).await?;
    let Some(text) = rules::outside_template(&proposal, category) else { return Ok(Vec::new()) };
    let rule = plans::queries::rule_ref(conn, site.campaign_id, proposal.template.rule_kind()).await?;
    Ok(vec![Warning::new("outside_invitation_template", &text, rule, call.language())])
}

/// Holds the site, locks the participant, compares the version, and checks both states.
pub(super) async fn lock(
    conn: &Conn,
    scope: &Scope,
    if_match: &IfMatch,
    id: ParticipantId,
    step: Step,
) -> Result<(Site, Participant), AppError> {
    let site_id = queries::find(conn, scope, id).await?.site_id;
    let site = sites::queries::hold_still(conn, scope, site_id).await?;
    let participant = queries::lock(conn, scope, id).await?;
    if_match.check(participant.version)?;
    campaigns::queries::hold_open(conn, site.campaign_id).await?;
    rules::check_site(&site, step)?;
    rules::check_step(&participant, step)?;
    Ok((site, participant))
}

/// One step: lock, check, change, save, count, record. Seats are compared with the counter of those who accepted, whose row is
/// locked by the counting: whoever comes after sees it.
pub(super) async fn step(
    call: Call,
    scope: Scope,
    if_match: IfMatch,
    id: ParticipantId,
    step: Step,
    change: impl AsyncFn(&Conn, &Call, &Site, Participant) -> Result<Participant, AppError> + 'static,
) -> Result<Reply, AppError> {
    let me = call.clone();
    call.write(async move |conn| {
        let (site, participant) = lock(conn, &scope, &if_match, id, step).await?;
        let from = participant.state;
        let participant = queries::save(conn, &scope, change(conn, &me, &site, participant).await?, me.now()).await?;
        let tally = Tally::step(Some(from), Some(participant.state));
        if tally != Tally::default() {
            let counted = queries::add_to_counters(conn, &scope, (site.campaign_id, site.id), tally).await?;
            if step == Step::Accept {
                sites::rules::check_capacity(&site, counted.accepted)?;
            }
        }
        me.record(conn, event(&participant, step, Some(from))).await?;
        let warnings = match step {
            Step::Change | Step::Invite => template_warnings(conn, &me, &site, participant.category).await?,
            Step::List | Step::Delete | Step::Accept | Step::Decline | Step::Send | Step::WalkIn | Step::Merge | Step::Unmerge => {
                Vec::new()
            }
        };
        let version = participant.version;
        Reply::ok(&ParticipantOut::new(participant, warnings), version)
    })
    .await
}
