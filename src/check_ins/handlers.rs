//! Check-ins over HTTP.

use super::dto::{CheckInIn, CheckInOut, CheckInQuery};
use super::model::{CheckIn, Notice, Operation, Verdict};
use super::queries;
use super::rules;
use super::writer::Writer;
use crate::auth::Action;
use crate::call::Call;
use crate::campaigns;
use crate::clock::to_micros;
use crate::error::{AppError, ErrorCode, FieldError, Language, message};
use crate::extract::{Body, Id, Query};
use crate::ids::CheckInId;
use crate::pagination::Page;
use crate::reply::Reply;
use actix_web::web::Data;
use actix_web::{get, post};
use serde_json::json;
use uuid::Uuid;

/// List check-ins
///
/// The log of the sites in the caller's subtree.
#[utoipa::path(tag = "check-ins", params(CheckInQuery), responses((status = 200, body = Page<CheckInOut>)))]
#[get("/check-ins")]
pub async fn list_check_ins(call: Call, query: Query<CheckInQuery>) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::CheckInRead)?;
    let (filter, page) = query.parse_list(call.cursor_secret())?;
    let (rows, total) = call
        .read(async |conn| {
            let total = if page.with_total { Some(queries::count(conn, &scope, &filter).await?) } else { None };
            Ok((queries::list(conn, &scope, &filter, &page).await?, total))
        })
        .await?;
    let (rows, next) = page.finish(rows, |row: &CheckIn, sort| {
        let key = match sort {
            "occurred_at" => json!(row.occurred_at),
            "received_at" => json!(row.received_at),
            _ => json!(null),
        };
        (key, Uuid::from(row.id))
    });
    page.reply(rows.into_iter().map(|row| CheckInOut::new(row, Vec::new())).collect(), next, total)
}

/// Check a guest in or out
///
/// Appends to the log. The guest is named by id, or by the pass that the QR code of the invitation holds. A refusal, with its
/// reason, is logged too and changes no figure. An operation that the device sends again (same `device_id` and `op_id`) is answered with
/// the line that the log has, and counts once. Entries (lượt), distinct persons (người) and present now are three
/// figures: every entry counts as an entry, a guest counts once as a person, and is present while the latest
/// operation by device time, refusals apart, is an entry. A device time more than 5 minutes after the receipt is refused: no later operation
/// of the guest would count for presence until then. A guest of another site than those of the device, or than `site_id`, is 422
/// `wrong_site`. Who declined the invitation and comes is let in, with a warning.
#[utoipa::path(tag = "check-ins", request_body = CheckInIn, responses((status = 201, body = CheckInOut)))]
#[post("/check-ins")]
pub async fn create_check_in(call: Call, writer: Data<Writer>, body: Body<CheckInIn>) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::CheckInWrite)?;
    let CheckInIn { participant_id, pass, site_id, direction, reason, device_id, op_id, occurred_at } = body.parse()?;
    let device_id = rules::device(call.actor(), device_id)?;
    let (participant_id, pass_site) = rules::guest(&call.keys(), participant_id, pass.as_deref())?;
    rules::check_reason(direction, reason)?;
    let id = CheckInId::new();
    let received_at = call.now();
    let occurred_at = occurred_at.map_or(received_at, to_micros);
    rules::check_clock("/occurred_at", occurred_at, received_at)?;
    let operation = Operation {
        id,
        participant_id,
        device_id,
        op_id: op_id.unwrap_or(id.into()),
        direction,
        occurred_at,
        received_at,
        reason,
        actor_id: call.actor().id,
        right_sites: rules::right_sites(call.actor(), site_id),
        pass_site,
        scope_prefix: scope.prefix().to_owned(),
    };
    if !call.has_idempotency_key() {
        return reply(writer.log(call.shared_db(), operation).await?, call.language());
    }
    // With a key, the answer is kept in the transaction of the work: such an operation is written alone.
    let language = call.language();
    call.write(async move |conn| {
        let verdict = queries::log(conn, std::slice::from_ref(&operation)).await?.pop();
        reply(verdict.unwrap_or(Verdict::UnknownParticipant), language)
    })
    .await
}

fn reply(verdict: Verdict, language: Language) -> Result<Reply, AppError> {
    let (row, notice) = logged(verdict)?;
    let warnings = rules::warnings(row.direction, notice, language);
    Reply::created("check-ins", row.id, &CheckInOut::new(row, warnings), 1)
}

/// The line of the log, or why there is none.
pub(crate) fn logged(verdict: Verdict) -> Result<(CheckIn, Notice), AppError> {
    match verdict {
        Verdict::Logged(row, notice) | Verdict::Repeated(row, notice) => Ok((row, notice)),
        Verdict::OperationReused => Err(AppError::new(ErrorCode::Duplicate).with_field(FieldError::new(
            "/op_id",
            "reused",
            message("Thiết bị đã dùng mã thao tác này cho việc khác.", "The device used this operation id for something else."),
        ))),
        Verdict::UnknownParticipant => Err(AppError::field(FieldError::unknown_reference("/participant_id"))),
        Verdict::WrongSite => {
            let text = message("Khách này thuộc địa bàn khác.", "The guest belongs to another site.");
            Err(AppError::field(FieldError::new("/participant_id", "wrong_site", text)))
        }
        Verdict::CampaignNotOpen(state) => Err(campaigns::rules::not_open(state)),
        Verdict::SiteNotOpen(state) => Err(AppError::invalid_transition(&state, "check_in")),
    }
}

/// Read a check-in
#[utoipa::path(tag = "check-ins", params(("id" = CheckInId, Path, description = "The line of the log")), responses((status = 200, body = CheckInOut, headers(("ETag" = String)))))]
#[get("/check-ins/{id}")]
pub async fn get_check_in(call: Call, id: Id<CheckInId>) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::CheckInRead)?;
    let row = call.read(async |conn| queries::find(conn, &scope, id.0).await).await?;
    // A line of the log never changes: version 1 for ever.
    Reply::ok(&CheckInOut::new(row, Vec::new()), 1)
}
