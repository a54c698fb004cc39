//! What devices logged without signal, over HTTP: one verdict for each operation, and none blocks the others.

use super::dto::{CheckInBatchIn, CheckInBatchOut, CheckInOperationIn, CheckInVerdict, CheckInVerdictOut};
use super::model::{CheckIn, Direction, Notice, Operation, Verdict};
use super::newcomers::{self, Newcomer};
use super::queries;
use super::rules;
use crate::auth::{Action, Scope};
use crate::call::Call;
use crate::clock::to_micros;
use crate::contract::Contract;
use crate::devices;
use crate::error::{AppError, FieldError, Language, message};
use crate::extract::Body;
use crate::ids::{CheckInId, DeviceId};
use crate::participants;
use crate::problem::ProblemField;
use crate::reply::Reply;
use crate::warning::Warning;
use actix_web::post;
use chrono::{DateTime, Utc};
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;

/// An operation that can be logged, with whom it names if nobody had listed the guest; or what is wrong with it.
type Read = Result<(Operation, Option<Newcomer>), Box<CheckInVerdictOut>>;

/// Log what a device recorded without signal
///
/// Up to 1,000 operations, with one verdict each, in their order; the answer is 200 whatever the verdicts are. Operations may
/// come in any order, any number of times, split over any number of batches and from any number of devices: the figures are
/// the same. An operation is named by `device_id` and `op_id`. All are judged as of the receipt, in one transaction.
///
/// An operation whose device was more than 5 minutes ahead is kept, with `is_ahead`: an entry counts as an entry and its guest as
/// a person, but it does not say who is present, because no later operation of the guest would count until then.
///
/// A guest whom nobody had listed is named by `guest` and becomes a provisional guest of the site, whose id follows from site, device and
/// operation: a replay from any batch names the same guest, and nobody is doubled. What is kept of the name is what came first.
#[utoipa::path(tag = "check-ins", request_body = CheckInBatchIn, responses((status = 200, body = CheckInBatchOut)))]
#[post("/check-ins/batch")]
pub async fn create_check_in_batch(call: Call, body: Body<CheckInBatchIn>) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::CheckInWrite)?;
    let CheckInBatchIn { device_id, sent_at, operations } = body.parse()?;
    let device_id = rules::device(call.actor(), device_id)?;
    let received_at = call.now();
    let read: Vec<Read> = operations.into_iter().map(|value| read(&call, &scope, device_id, received_at, value)).collect();
    let good: Vec<(Operation, Option<Newcomer>)> = read.iter().filter_map(|one| one.as_ref().ok()).cloned().collect();
    let named: Vec<Newcomer> = good.iter().filter_map(|(_, newcomer)| newcomer.clone()).collect();
    let operations: Vec<Operation> = good.iter().map(|(operation, _)| operation.clone()).collect();
    let bad: Vec<Option<Box<CheckInVerdictOut>>> = read.into_iter().map(Result::err).collect();
    let enrolled = call.actor().site_ids.is_some().then_some(DeviceId(call.actor().id));
    let skew_ms = sent_at.map(|at| (received_at - at).num_milliseconds());
    let language = call.language();
    let me = call.clone();
    call.write(async move |conn| {
        if let Some(device) = enrolled {
            devices::queries::saw(conn, device, received_at, skew_ms).await?;
        }
        let prepared = newcomers::add(conn, &scope, &me, &named, received_at).await?;
        let verdicts = operations.iter().cloned().zip(queries::log(conn, &operations).await?);
        let logged: Vec<(Operation, Verdict)> = verdicts.collect();
        let full = newcomers::settle(conn, &scope, &me, &prepared, &logged).await?;
        let mut logged = logged.into_iter().zip(&good).map(|((operation, verdict), (_, newcomer))| {
            let Some(newcomer) = newcomer else { return shown(&operation, verdict, language) };
            let mut out = shown(&operation, prepared.verdict(newcomer, verdict), language);
            let text = full.get(&newcomer.site_id).filter(|_| out.check_in_id.is_some() && operation.direction == Direction::Entry);
            out.warnings.extend(text.map(|text| Warning::new("more_present_than_seats", text, None, language)));
            out
        });
        // Where an operation could not be read there is an answer already; the others follow in their order.
        let verdicts = bad.iter().filter_map(|one| match one {
            Some(verdict) => Some(verdict.as_ref().clone()),
            None => logged.next(),
        });
        Reply::plain(&CheckInBatchOut { device_id, received_at, verdicts: verdicts.collect() })
    })
    .await
}

/// One operation: its form, then the rules between its fields.
fn read(call: &Call, scope: &Scope, device_id: Uuid, received_at: DateTime<Utc>, value: Value) -> Read {
    let op_id = value.get("op_id").and_then(Value::as_str).and_then(|text| text.parse().ok());
    let invalid = |errors: &[FieldError]| Box::new(invalid(op_id, received_at, errors, call.language()));
    let errors = Contract::get().check_body(&CheckInOperationIn::name(), &value);
    if !errors.is_empty() {
        return Err(invalid(&errors));
    }
    let unread = || FieldError::new("", "invalid", message("Giá trị không hợp lệ.", "The value is not valid."));
    let parsed: CheckInOperationIn = serde_json::from_value(value).map_err(|_| invalid(&[unread()]))?;
    let newcomer = newcomer(call, device_id, &parsed).map_err(|error| invalid(&error.errors))?;
    let CheckInOperationIn { op_id, participant_id, pass, guest: _, guest_op_id: _, site_id, direction, reason, occurred_at } = parsed;
    let guest = match &newcomer {
        Some(newcomer) => Ok((newcomer.id, Some(newcomer.site_id))),
        None => rules::guest(&call.keys(), participant_id, pass.as_deref()),
    };
    let (participant_id, pass_site) =
        guest.and_then(|id| rules::check_reason(direction, reason).map(|()| id)).map_err(|error| invalid(&error.errors))?;
    let site_id = site_id.or(newcomer.as_ref().map(|newcomer| newcomer.site_id));
    let operation = Operation {
        id: CheckInId::new(),
        participant_id,
        device_id,
        op_id,
        direction,
        occurred_at: to_micros(occurred_at),
        received_at,
        reason,
        actor_id: call.actor().id,
        right_sites: rules::right_sites(call.actor(), site_id),
        pass_site,
        scope_prefix: scope.prefix().to_owned(),
    };
    Ok((operation, newcomer))
}

/// Whom an operation names, where it names somebody who is not listed.
fn newcomer(call: &Call, device_id: Uuid, operation: &CheckInOperationIn) -> Result<Option<Newcomer>, AppError> {
    let CheckInOperationIn { op_id, participant_id, pass, guest, guest_op_id, site_id, direction, .. } = operation;
    rules::check_guest_op(guest.is_some(), *guest_op_id)?;
    let Some(guest) = guest else { return Ok(None) };
    rules::check_newcomer(participant_id.is_some() || pass.is_some(), *direction)?;
    participants::unlisted::rules::check_newcomer(guest)?;
    let site_id = rules::newcomer_site(call.actor(), *site_id)?;
    let id = newcomers::id_of(site_id, device_id, guest_op_id.unwrap_or(*op_id));
    Ok(Some(Newcomer { id, site_id, guest: guest.clone() }))
}

fn invalid(op_id: Option<Uuid>, received_at: DateTime<Utc>, errors: &[FieldError], language: Language) -> CheckInVerdictOut {
    let field = |error: &FieldError| ProblemField {
        pointer: error.pointer.clone(),
        code: error.code.clone().into_owned(),
        message: error.message.in_language(language),
    };
    CheckInVerdictOut {
        op_id,
        verdict: CheckInVerdict::Invalid,
        check_in_id: None,
        occurred_at: None,
        received_at,
        skew_ms: None,
        is_ahead: false,
        errors: errors.iter().map(field).collect(),
        warnings: Vec::new(),
    }
}

fn shown(operation: &Operation, verdict: Verdict, language: Language) -> CheckInVerdictOut {
    let (verdict, row): (_, Option<(CheckIn, Notice)>) = match verdict {
        Verdict::Logged(row, notice) => (CheckInVerdict::Logged, Some((row, notice))),
        Verdict::Repeated(row, notice) => (CheckInVerdict::Repeated, Some((row, notice))),
        Verdict::OperationReused => (CheckInVerdict::OpReused, None),
        Verdict::UnknownParticipant => (CheckInVerdict::UnknownParticipant, None),
        Verdict::WrongSite => (CheckInVerdict::WrongSite, None),
        Verdict::CampaignNotOpen(_) => (CheckInVerdict::CampaignNotOpen, None),
        Verdict::SiteNotOpen(_) => (CheckInVerdict::SiteNotOpen, None),
    };
    let warnings = row.as_ref().map_or_else(Vec::new, |(row, notice)| rules::warnings(row.direction, *notice, language));
    let times = |(row, _): &(CheckIn, Notice)| (row.occurred_at, row.received_at);
    let (occurred_at, received_at) = row.as_ref().map_or((operation.occurred_at, operation.received_at), times);
    CheckInVerdictOut {
        op_id: Some(operation.op_id),
        verdict,
        check_in_id: row.map(|(row, _)| row.id),
        occurred_at: Some(occurred_at),
        received_at,
        skew_ms: Some((received_at - occurred_at).num_milliseconds()),
        is_ahead: rules::is_ahead(occurred_at, received_at),
        errors: Vec::new(),
        warnings,
    }
}
