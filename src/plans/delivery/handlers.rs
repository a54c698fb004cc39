//! Recipients and their deliveries over HTTP.

use super::dto::{
    DeliveryCountsOut, PlanAcknowledgeIn, PlanDeliveryOut, PlanDeliveryQuery, PlanDistributionOut, PlanRecipientOut, PlanRecipientQuery,
    PlanRecipientsOut, PlanSendIn,
};
use super::model::{DeliveryState, PlanDelivery, PlanRecipient};
use super::queries;
use super::rules;
use crate::auth::{Action, Scope};
use crate::call::Call;
use crate::campaigns;
use crate::db::Conn;
use crate::error::AppError;
use crate::events::Event;
use crate::extract::{Body, Id, No, OptionalBody, Query};
use crate::ids::{PlanDeliveryId, PlanId};
use crate::pagination::Page;
use crate::plans;
use crate::plans::model::Plan;
use crate::reply::Reply;
use actix_web::{get, post};
use serde_json::{Value, json};
use uuid::Uuid;

/// List the recipients of a plan
///
/// The lines of "Nơi nhận" in printed order, with whether the plan reached each, all in one answer: there are 200 at the
/// most. The counts are of the whole list.
#[utoipa::path(tag = "plans", params(("id" = PlanId, Path, description = "The plan"), PlanRecipientQuery), responses((status = 200, body = PlanRecipientsOut)))]
#[get("/plans/{id}/recipients")]
pub async fn list_plan_recipients(call: Call, id: Id<PlanId>, query: Query<PlanRecipientQuery>) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::PlanRead)?;
    let PlanRecipientQuery { state } = query.parse()?;
    let rows = call
        .read(async |conn| {
            let plan = plans::queries::find(conn, &scope, id.0).await?;
            queries::list(conn, plan.id).await
        })
        .await?;
    let counts = DeliveryCountsOut::of(&rows);
    let items = rows.into_iter().filter(|row| state.is_none_or(|state| row.state == state)).map(PlanRecipientOut::from).collect();
    Reply::plain(&PlanRecipientsOut { plan_id: id.0, items, next_cursor: None, counts })
}

/// Read a recipient of a plan
#[utoipa::path(tag = "plans", params(("id" = PlanId, Path, description = "The plan"), ("no" = i32, Path, minimum = 1, description = "Place in the list, from 1")), responses((status = 200, body = PlanRecipientOut, headers(("ETag" = String)))))]
#[get("/plans/{id}/recipients/{no}")]
pub async fn get_plan_recipient(call: Call, id: Id<PlanId>, no: No) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::PlanRead)?;
    let recipient = call
        .read(async |conn| {
            let plan = plans::queries::find(conn, &scope, id.0).await?;
            queries::find(conn, plan.id, no.0).await
        })
        .await?;
    let version = recipient.version;
    Reply::ok(&PlanRecipientOut::from(recipient), version)
}

/// Record that a plan was sent to a recipient
///
/// Only of an issued plan, by its issuer, and once.
#[utoipa::path(tag = "plans", params(("id" = PlanId, Path, description = "The plan"), ("no" = i32, Path, minimum = 1, description = "Place in the list, from 1")), request_body = PlanSendIn, responses((status = 200, body = PlanRecipientOut)))]
#[post("/plans/{id}/recipients/{no}/send")]
pub async fn send_plan_recipient(call: Call, id: Id<PlanId>, no: No, body: Body<PlanSendIn>) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::PlanDistribute)?;
    let if_match = call.if_match()?;
    let PlanSendIn { channel, note } = body.parse()?;
    let me = call.clone();
    call.write(async move |conn| {
        let plan = plans::queries::lock(conn, &scope, id.0).await?;
        let mut recipient = queries::lock(conn, plan.id, no.0).await?;
        if_match.check(recipient.version)?;
        campaigns::queries::hold_open(conn, plan.campaign_id).await?;
        rules::check_issued(&plan, "send")?;
        rules::check_state(&recipient, DeliveryState::Pending, "send")?;
        recipient.state = DeliveryState::Sent;
        recipient.channel = Some(channel);
        recipient.sent_at = Some(me.now());
        recipient.sent_by = Some(me.actor().id);
        let note = note.as_ref().map(|note| note.as_str().to_owned());
        keep(conn, &me, &scope, &plan, recipient, note).await
    })
    .await
}

/// Acknowledge a plan that was received
///
/// By an official of the body on the list or of one above it; or by the issuer, who notes an acknowledgement that came
/// otherwise and says how. Only what was sent is acknowledged, and once.
#[utoipa::path(tag = "plans", params(("id" = PlanId, Path, description = "The plan"), ("no" = i32, Path, minimum = 1, description = "Place in the list, from 1")), request_body = Option<PlanAcknowledgeIn>, responses((status = 200, body = PlanRecipientOut)))]
#[post("/plans/{id}/recipients/{no}/acknowledge")]
pub async fn acknowledge_plan_recipient(
    call: Call,
    id: Id<PlanId>,
    no: No,
    body: OptionalBody<PlanAcknowledgeIn>,
) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::PlanAcknowledge)?;
    let issuing = call.actor().allows(Action::PlanDistribute);
    let reading = call.authorize(Action::PlanRead)?;
    let if_match = call.if_match()?;
    let PlanAcknowledgeIn { note } = body.parse()?;
    let me = call.clone();
    call.write(async move |conn| {
        let plan = plans::queries::hold(conn, &reading, id.0).await?;
        let mut recipient = queries::lock(conn, plan.id, no.0).await?;
        let is_noted = is_noted_by_issuer(conn, &scope, issuing.as_ref(), &plan, &recipient).await?;
        if_match.check(recipient.version)?;
        campaigns::queries::hold_open(conn, plan.campaign_id).await?;
        rules::check_issued(&plan, "acknowledge")?;
        rules::check_state(&recipient, DeliveryState::Sent, "acknowledge")?;
        if is_noted && note.is_none() {
            return Err(rules::note_needed());
        }
        recipient.state = DeliveryState::Acknowledged;
        recipient.acknowledged_at = Some(me.now());
        recipient.acknowledged_by = Some(me.actor().id);
        recipient.is_noted_by_issuer = Some(is_noted);
        recipient.acknowledge_note = note.as_ref().map(|note| note.as_str().to_owned());
        let note = recipient.acknowledge_note.clone();
        keep(conn, &me, &scope, &plan, recipient, note).await
    })
    .await
}

/// Whether the caller acknowledges as the issuer and not for the recipient itself; 404 for who is neither.
async fn is_noted_by_issuer(
    conn: &Conn,
    receiving: &Scope,
    issuing: Option<&Scope>,
    plan: &Plan,
    recipient: &PlanRecipient,
) -> Result<bool, AppError> {
    if let Some(unit) = recipient.org_unit_id
        && queries::is_covered(conn, receiving, unit).await?
    {
        return Ok(false);
    }
    match issuing {
        Some(issuing) if queries::is_covered(conn, issuing, plan.org_unit_id).await? => Ok(true),
        _ => Err(AppError::not_found()),
    }
}

/// Saves what was done with one recipient, logs it, tells the feed, and answers.
async fn keep(
    conn: &Conn,
    me: &Call,
    scope: &Scope,
    plan: &Plan,
    recipient: PlanRecipient,
    note: Option<String>,
) -> Result<Reply, AppError> {
    let recipient = queries::save(conn, scope, recipient).await?;
    queries::log(conn, scope, &[entry(plan, &recipient, note, me)]).await?;
    let action = match recipient.state {
        DeliveryState::Acknowledged => "receipt_acknowledged",
        DeliveryState::Sent | DeliveryState::Pending => "sent",
    };
    let data = json!({"recipient_no": recipient.no, "recipient_org_unit_id": recipient.org_unit_id, "channel": recipient.channel});
    me.record(conn, event(plan, action, data)).await?;
    let version = recipient.version;
    Reply::ok(&PlanRecipientOut::from(recipient), version)
}

fn entry(plan: &Plan, recipient: &PlanRecipient, note: Option<String>, me: &Call) -> PlanDelivery {
    PlanDelivery {
        campaign_id: plan.campaign_id,
        id: PlanDeliveryId::new(),
        plan_id: plan.id,
        recipient_no: recipient.no,
        state: recipient.state,
        channel: recipient.channel.filter(|_| recipient.state == DeliveryState::Sent),
        note,
        actor_id: me.actor().id,
        occurred_at: me.now(),
    }
}

/// A delivery of a plan, for the feed: the plan itself stays as it is.
fn event(plan: &Plan, action: &'static str, delivery: Value) -> Event<'static> {
    let mut event = plans::handlers::event(plan, action, Some(plan.state));
    if let (Some(data), Value::Object(delivery)) = (event.data.as_object_mut(), delivery) {
        data.extend(delivery);
    }
    event
}

/// Record that a plan was sent to all its recipients
///
/// All that are still pending, over one channel. It can be repeated: what was sent stays as it is.
#[utoipa::path(tag = "plans", params(("id" = PlanId, Path, description = "The plan")), request_body = PlanSendIn, responses((status = 200, body = PlanDistributionOut)))]
#[post("/plans/{id}/distribute")]
pub async fn distribute_plan(call: Call, id: Id<PlanId>, body: Body<PlanSendIn>) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::PlanDistribute)?;
    let PlanSendIn { channel, note } = body.parse()?;
    let me = call.clone();
    call.write(async move |conn| {
        let plan = plans::queries::lock(conn, &scope, id.0).await?;
        campaigns::queries::hold_open(conn, plan.campaign_id).await?;
        rules::check_issued(&plan, "distribute")?;
        let sent = queries::send_all(conn, &scope, plan.id, channel, me.actor().id, me.now()).await?;
        let note = note.as_ref().map(|note| note.as_str().to_owned());
        let entries: Vec<_> = sent.iter().map(|recipient| entry(&plan, recipient, note.clone(), &me)).collect();
        if !sent.is_empty() {
            queries::log(conn, &scope, &entries).await?;
            me.record(conn, event(&plan, "distributed", json!({"sent_count": sent.len(), "channel": channel}))).await?;
        }
        let counts = DeliveryCountsOut::of(&queries::list(conn, plan.id).await?);
        let newly_sent_count = i64::try_from(sent.len()).map_err(AppError::internal)?;
        Reply::plain(&PlanDistributionOut { plan_id: plan.id, newly_sent_count, counts })
    })
    .await
}

/// List the deliveries of a plan
///
/// The log behind the states of its recipients: what was sent and acknowledged, when and by whom. Nothing in it changes.
#[utoipa::path(tag = "plans", params(("id" = PlanId, Path, description = "The plan"), PlanDeliveryQuery), responses((status = 200, body = Page<PlanDeliveryOut>)))]
#[get("/plans/{id}/deliveries")]
pub async fn list_plan_deliveries(call: Call, id: Id<PlanId>, query: Query<PlanDeliveryQuery>) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::PlanRead)?;
    let (filter, page) = query.parse_list(call.cursor_secret())?;
    let (rows, total) = call
        .read(async |conn| {
            let plan = plans::queries::find(conn, &scope, id.0).await?;
            let total = if page.with_total { Some(queries::count_deliveries(conn, plan.id, &filter).await?) } else { None };
            Ok((queries::deliveries(conn, plan.id, &filter, &page).await?, total))
        })
        .await?;
    let (rows, next) = page.finish(rows, |row, sort| {
        let key = if sort == "occurred_at" { json!(row.occurred_at) } else { json!(null) };
        (key, Uuid::from(row.id))
    });
    page.reply(rows.into_iter().map(PlanDeliveryOut::from).collect(), next, total)
}
