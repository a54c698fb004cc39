//! Requests over HTTP: list, record, read, change, and the log of their steps. In a closed campaign too: a person may ask at any time.

use super::dto::{DataRequestIn, DataRequestOut, DataRequestPatch, DataRequestQuery, DataRequestStepOut, DataRequestStepQuery, apply};
use super::model::{DataRequest, DataRequestState, DataRequestStep};
use super::queries;
use super::rules::{self, Step};
use crate::auth::Action;
use crate::call::Call;
use crate::campaigns;
use crate::clock;
use crate::db::Conn;
use crate::error::{AppError, FieldError};
use crate::events::Event;
use crate::extract::{Body, Id, Query};
use crate::ids::{DataRequestId, DataRequestStepId};
use crate::org_units;
use crate::pagination::Page;
use crate::participants;
use crate::reply::Reply;
use actix_web::{get, patch, post};
use serde_json::json;
use uuid::Uuid;

/// A change of a request, for the change feed: not whom it is about, nor what was said.
pub fn event(request: &DataRequest, action: &'static str, from: Option<DataRequestState>) -> Event<'static> {
    Event {
        campaign_id: Some(request.campaign_id),
        org_unit_id: request.org_unit_id,
        resource: "data_request",
        resource_id: request.id.into(),
        version: request.version,
        action,
        data: json!({"from": from.map(DataRequestState::as_str), "to": request.state.as_str(), "kind": request.kind.as_str()}),
    }
}

/// A line of the log.
pub fn entry(request: &DataRequest, action: &str, from: Option<DataRequestState>, note: Option<String>, call: &Call) -> DataRequestStep {
    DataRequestStep {
        campaign_id: request.campaign_id,
        id: DataRequestStepId::new(),
        data_request_id: request.id,
        action: action.to_owned(),
        from_state: from,
        to_state: request.state,
        note,
        actor_id: call.actor().id,
        occurred_at: call.now(),
    }
}

/// 422 unless the guest of a request is one of its campaign.
async fn check_guest(conn: &Conn, call: &Call, request: &DataRequest) -> Result<(), AppError> {
    let Some(id) = request.participant_id else { return Ok(()) };
    let scope = call.authorize(Action::ParticipantRead)?;
    let guest = participants::queries::find(conn, &scope, id).await.map_err(|error| error.into_unknown_reference("/participant_id"))?;
    if guest.campaign_id == request.campaign_id { Ok(()) } else { Err(AppError::field(FieldError::unknown_reference("/participant_id"))) }
}

/// List requests about personal data
///
/// Those that the bodies in the caller's reach received, with their limits (decree 356/2025/NĐ-CP).
#[utoipa::path(tag = "personal-data", params(DataRequestQuery), responses((status = 200, body = Page<DataRequestOut>)))]
#[get("/data-requests")]
pub async fn list_data_requests(call: Call, query: Query<DataRequestQuery>) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::DataRequestRead)?;
    let (filter, page) = query.parse_list(call.cursor_secret())?;
    let now = call.now();
    let (rows, total) = call
        .read(async |conn| {
            let total = if page.with_total { Some(queries::count(conn, &scope, &filter, now).await?) } else { None };
            Ok((queries::list(conn, &scope, &filter, &page, now).await?, total))
        })
        .await?;
    let (rows, next) = page.finish(rows, |request, sort| {
        let key = match sort {
            "created_at" => json!(request.created_at),
            "updated_at" => json!(request.updated_at),
            "received_at" => json!(request.received_at),
            "done_due_before" => json!(request.done_due_before),
            _ => json!(null),
        };
        (key, Uuid::from(request.id))
    });
    page.reply(rows.into_iter().map(DataRequestOut::from).collect(), next, total)
}

/// Record a request about personal data
///
/// Of a person about data of that person. It is to be answered within two working days, and done within 10 to 20 days, after what is
/// asked for (decree 356/2025/NĐ-CP).
#[utoipa::path(tag = "personal-data", request_body = DataRequestIn, responses((status = 201, body = DataRequestOut)))]
#[post("/data-requests")]
pub async fn create_data_request(call: Call, body: Body<DataRequestIn>) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::DataRequestWrite)?;
    let campaign_scope = call.authorize(Action::CampaignRead)?;
    let DataRequestIn { campaign_id, org_unit_id, kind, participant_id, reference, involves_third_parties, received_at } = body.parse()?;
    let now = call.now();
    let received_at = received_at.map_or(now, clock::to_micros);
    let mut request = DataRequest {
        campaign_id,
        id: DataRequestId::new(),
        org_unit_id,
        kind,
        participant_id,
        reference: reference.map(String::from),
        involves_third_parties,
        received_at,
        state: DataRequestState::Received,
        answer_due_before: rules::answer_due_before(received_at),
        done_due_before: received_at,
        extended_days: None,
        answered_at: None,
        done_at: None,
        refused_at: None,
        refuse_reason: None,
        version: 1,
        created_at: now,
        updated_at: now,
    };
    request.done_due_before = rules::done_due_before(&request);
    rules::check(&request, now)?;
    let me = call.clone();
    call.write(async move |conn| {
        campaigns::queries::find(conn, &campaign_scope, request.campaign_id)
            .await
            .map_err(|error| error.into_unknown_reference("/campaign_id"))?;
        org_units::queries::find_reference(conn, &scope, request.org_unit_id, "/org_unit_id").await?;
        check_guest(conn, &me, &request).await?;
        queries::insert(conn, &scope, &request).await?;
        queries::log(conn, &scope, &entry(&request, "created", None, None, &me)).await?;
        me.record(conn, event(&request, "created", None)).await?;
        Reply::created("data-requests", request.id, &DataRequestOut::from(request.clone()), request.version)
    })
    .await
}

/// Read a request about personal data
#[utoipa::path(tag = "personal-data", params(("id" = DataRequestId, Path, description = "The request")), responses((status = 200, body = DataRequestOut, headers(("ETag" = String)))))]
#[get("/data-requests/{id}")]
pub async fn get_data_request(call: Call, id: Id<DataRequestId>) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::DataRequestRead)?;
    let request = call.read(async |conn| queries::find(conn, &scope, id.0).await).await?;
    let version = request.version;
    Reply::ok(&DataRequestOut::from(request), version)
}

/// Change a request about personal data
///
/// Before it is answered; its limits follow from what it says.
#[utoipa::path(tag = "personal-data", params(("id" = DataRequestId, Path, description = "The request")), request_body = DataRequestPatch, responses((status = 200, body = DataRequestOut)))]
#[patch("/data-requests/{id}")]
pub async fn update_data_request(call: Call, id: Id<DataRequestId>, body: Body<DataRequestPatch>) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::DataRequestWrite)?;
    let if_match = call.if_match()?;
    let patch = body.parse()?;
    super::steps::step(call, scope, if_match, id.0, Step::Change, async move |_, me, request| {
        let request = apply(request, patch.clone());
        rules::check(&request, me.now())?;
        Ok((request, None))
    })
    .await
}

/// List the steps of a request
///
/// Who did what and said what of it, append-only.
#[utoipa::path(tag = "personal-data", params(("id" = DataRequestId, Path, description = "The request"), DataRequestStepQuery), responses((status = 200, body = Page<DataRequestStepOut>)))]
#[get("/data-requests/{id}/steps")]
pub async fn list_data_request_steps(call: Call, id: Id<DataRequestId>, query: Query<DataRequestStepQuery>) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::DataRequestRead)?;
    let (filter, page) = query.parse_list(call.cursor_secret())?;
    let (rows, total) = call
        .read(async |conn| {
            let request = queries::find(conn, &scope, id.0).await?;
            let total = if page.with_total { Some(queries::count_steps(conn, &scope, &request, &filter).await?) } else { None };
            Ok((queries::steps(conn, &scope, &request, &filter, &page).await?, total))
        })
        .await?;
    let (rows, next) = page.finish(rows, |step, sort| {
        let key = match sort {
            "occurred_at" => json!(step.occurred_at),
            _ => json!(null),
        };
        (key, Uuid::from(step.id))
    });
    page.reply(rows.into_iter().map(DataRequestStepOut::from).collect(), next, total)
}
