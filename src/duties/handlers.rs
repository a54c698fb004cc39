//! Duties over HTTP: list, create, read, change, and their log.

use super::dto::{DutyIn, DutyPatch, DutyQuery, DutyStepQuery};
use super::model::{Duty, DutyState, DutyStep};
use super::out::{DutyItem, DutyOut, DutyStepOut};
use super::queries::{self, Side};
use super::rules::{self, Step};
use crate::auth::Action;
use crate::call::Call;
use crate::campaigns;
use crate::clock;
use crate::error::{AppError, FieldError};
use crate::events::Event;
use crate::extract::{Body, Id, Query};
use crate::ids::{DutyId, DutyStepId};
use crate::org_units;
use crate::pagination::{LAST_INSTANT, Page};
use crate::plans;
use crate::reply::Reply;
use crate::reports::obligations;
use actix_web::{get, patch, post};
use serde_json::json;
use uuid::Uuid;

/// A change of a duty, for the feed.
pub fn event(duty: &Duty, action: &'static str, from: Option<DutyState>) -> Event<'static> {
    Event {
        campaign_id: Some(duty.campaign_id),
        org_unit_id: duty.org_unit_id,
        resource: "duty",
        resource_id: duty.id.into(),
        version: duty.version,
        action,
        data: json!({
            "from": from.map(DutyState::as_str), "to": duty.state.as_str(), "plan_id": duty.plan_id, "rule_id": duty.rule_id,
            "deadline": duty.deadline,
        }),
    }
}

/// A line of its log.
pub fn entry(duty: &Duty, action: &'static str, from: Option<DutyState>, note: Option<String>, me: &Call) -> DutyStep {
    DutyStep {
        campaign_id: duty.campaign_id,
        id: DutyStepId::new(),
        duty_id: duty.id,
        action: action.to_owned(),
        from_state: from,
        to_state: duty.state,
        note,
        actor_id: me.actor().id,
        occurred_at: me.now(),
    }
}

/// List duties
///
/// The duties of the bodies in the caller's reach (section III of a plan). Whether one is overdue goes by the instant
/// of the answer.
#[utoipa::path(tag = "duties", params(DutyQuery), responses((status = 200, body = Page<DutyItem>)))]
#[get("/duties")]
pub async fn list_duties(call: Call, query: Query<DutyQuery>) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::DutyRead)?;
    let (filter, page) = query.parse_list(call.cursor_secret())?;
    let now = call.now();
    let (rows, total) = call
        .read(async |conn| {
            let total = if page.with_total { Some(queries::count(conn, &scope, &filter, now).await?) } else { None };
            Ok((queries::list(conn, &scope, &filter, now, &page).await?, total))
        })
        .await?;
    let (rows, next) = page.finish(rows, |(duty, _), sort| {
        let key = match sort {
            "created_at" => json!(duty.created_at),
            "updated_at" => json!(duty.updated_at),
            "deadline" => json!(duty.deadline.unwrap_or(LAST_INSTANT)),
            _ => json!(null),
        };
        (key, Uuid::from(duty.id))
    });
    page.reply(rows.into_iter().map(|row| DutyItem::new(row, now)).collect(), next, total)
}

/// Charge a body with a duty
///
/// By the issuer of an issued plan: itself or a body below it. A rule of the plan charges a body once.
#[utoipa::path(tag = "duties", request_body = DutyIn, responses((status = 201, body = DutyOut)))]
#[post("/duties")]
pub async fn create_duty(call: Call, body: Body<DutyIn>) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::DutyAssign)?;
    let DutyIn { plan_id, org_unit_id, rule_id, title, statement, clause, deadline } = body.parse()?;
    let (rule_id, clause) = (rule_id.map(String::from), clause.map(String::from));
    let (title, statement) = (title.into_string(), statement.map(String::from));
    let me = call.clone();
    call.write(async move |conn| {
        let plan = plans::queries::hold_issued_reference(conn, &scope, plan_id, "/plan_id").await?;
        campaigns::queries::hold_open(conn, plan.campaign_id).await?;
        org_units::queries::find_reference(conn, &scope, org_unit_id, "/org_unit_id").await?;
        if !obligations::queries::is_below(conn, &scope, org_unit_id, plan.org_unit_id).await? {
            return Err(rules::outside_issuer());
        }
        if let Some(rule_id) = &rule_id
            && !queries::has_rule(conn, plan.id, rule_id).await?
        {
            return Err(AppError::field(FieldError::unknown_reference("/rule_id")));
        }
        let now = me.now();
        let duty = Duty {
            campaign_id: plan.campaign_id,
            id: DutyId::new(),
            plan_id: plan.id,
            rule_id: rule_id.clone(),
            org_unit_id,
            issuer_org_unit_id: plan.org_unit_id,
            title: title.clone(),
            statement: statement.clone(),
            clause: clause.clone(),
            deadline: deadline.map(clock::to_micros),
            state: DutyState::Assigned,
            progress_note: None,
            cancel_reason: None,
            reopen_comment: None,
            started_at: None,
            done_at: None,
            done_by: None,
            cancelled_at: None,
            version: 1,
            created_at: now,
            updated_at: now,
        };
        queries::insert(conn, &scope, &duty).await?;
        queries::log(conn, &scope, &[entry(&duty, "created", None, None, &me)]).await?;
        me.record(conn, event(&duty, "created", None)).await?;
        let (id, version) = (duty.id, duty.version);
        Reply::created("duties", id, &DutyOut::from(duty), version)
    })
    .await
}

/// Read a duty
///
/// Whether it is overdue changes without it: see the list.
#[utoipa::path(tag = "duties", params(("id" = DutyId, Path, description = "The duty")), responses((status = 200, body = DutyOut, headers(("ETag" = String)))))]
#[get("/duties/{id}")]
pub async fn get_duty(call: Call, id: Id<DutyId>) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::DutyRead)?;
    let duty = call.read(async |conn| queries::find(conn, &scope, id.0).await).await?;
    let version = duty.version;
    Reply::ok(&DutyOut::from(duty), version)
}

/// Change a duty
///
/// By the issuer, while it is not done: what it says, and by when.
#[utoipa::path(tag = "duties", params(("id" = DutyId, Path, description = "The duty")), request_body = DutyPatch, responses((status = 200, body = DutyOut)))]
#[patch("/duties/{id}")]
pub async fn update_duty(call: Call, id: Id<DutyId>, body: Body<DutyPatch>) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::DutyAssign)?;
    let if_match = call.if_match()?;
    let patch = body.parse()?;
    super::steps::step(call, scope, if_match, id.0, (Side::Issuer, Step::Change), async move |_, mut duty| {
        let DutyPatch { title, statement, clause, deadline } = patch.clone();
        duty.title = title.map(String::from).or_current(std::mem::take(&mut duty.title));
        duty.statement = statement.map(String::from).or_keep(duty.statement.take());
        duty.clause = clause.map(String::from).or_keep(duty.clause.take());
        duty.deadline = deadline.map(clock::to_micros).or_keep(duty.deadline);
        (duty, None)
    })
    .await
}

/// List the steps of a duty
///
/// Its log, with what was said at each step. Nothing in it changes.
#[utoipa::path(tag = "duties", params(("id" = DutyId, Path, description = "The duty"), DutyStepQuery), responses((status = 200, body = Page<DutyStepOut>)))]
#[get("/duties/{id}/steps")]
pub async fn list_duty_steps(call: Call, id: Id<DutyId>, query: Query<DutyStepQuery>) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::DutyRead)?;
    let (_, page) = query.parse_list(call.cursor_secret())?;
    let (rows, total) = call
        .read(async |conn| {
            let duty = queries::find(conn, &scope, id.0).await?;
            let total = if page.with_total { Some(queries::count_steps(conn, &duty).await?) } else { None };
            Ok((queries::steps(conn, &duty, &page).await?, total))
        })
        .await?;
    let (rows, next) = page.finish(rows, |row, sort| {
        let key = if sort == "occurred_at" { json!(row.occurred_at) } else { json!(null) };
        (key, Uuid::from(row.id))
    });
    page.reply(rows.into_iter().map(DutyStepOut::from).collect(), next, total)
}
