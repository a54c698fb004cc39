//! Plan obligations over HTTP.

use super::dto::{PlanObligationOut, PlanObligationQuery, ReasonIn};
use super::model::{PlanObligation, Standing};
use super::{queries, rules};
use crate::auth::{Action, Scope};
use crate::call::Call;
use crate::campaigns;
use crate::db::Conn;
use crate::error::{AppError, ErrorCode, message};
use crate::events::Event;
use crate::extract::{Body, Id, Query};
use crate::ids::{PlanId, PlanObligationId, UserId};
use crate::pagination::Page;
use crate::plans;
use crate::plans::parameters::PlanItem;
use crate::reply::Reply;
use actix_web::{get, post};
use serde_json::json;
use std::collections::HashMap;
use uuid::Uuid;

/// A change of an obligation, for the feed.
pub fn event(obligation: &PlanObligation, action: &'static str, reason: Option<&str>) -> Event<'static> {
    Event {
        campaign_id: Some(obligation.campaign_id),
        org_unit_id: obligation.org_unit_id,
        resource: "plan_obligation",
        resource_id: obligation.id.into(),
        version: obligation.version,
        action,
        data: json!({"plan_id": obligation.plan_id, "is_exempt": obligation.exempted_at.is_some(), "reason": reason}),
    }
}

/// List plan obligations
///
/// Who in the caller's reach owes a plan under an issued plan (R12, III.3), who has drawn it up, and which of the wanted items it
/// lacks. The set is frozen when the plan above is issued.
#[utoipa::path(tag = "plans", params(PlanObligationQuery), responses((status = 200, body = Page<PlanObligationOut>)))]
#[get("/plan-obligations")]
pub async fn list_plan_obligations(call: Call, query: Query<PlanObligationQuery>) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::PlanRead)?;
    let (filter, page) = query.parse_list(call.cursor_secret())?;
    let (rows, wanted, total) = call
        .read(async |conn| {
            let total = if page.with_total { Some(queries::count(conn, &scope, &filter).await?) } else { None };
            let rows = queries::list(conn, &scope, &filter, &page).await?;
            let wanted = wanted(conn, &rows).await?;
            Ok((rows, wanted, total))
        })
        .await?;
    let (rows, next) = page.finish(rows, |standing, sort| {
        let key = match sort {
            "created_at" => json!(standing.obligation.created_at),
            "updated_at" => json!(standing.obligation.updated_at),
            "path" => json!(standing.org_unit_path),
            _ => json!(null),
        };
        (key, Uuid::from(standing.obligation.id))
    });
    page.reply(rows.into_iter().map(|standing| out(standing, &wanted)).collect(), next, total)
}

/// The items wanted in a plan, by the plan under which it is owed.
type Wanted = HashMap<PlanId, Vec<PlanItem>>;

async fn wanted(conn: &Conn, rows: &[Standing]) -> Result<Wanted, AppError> {
    let mut wanted = Wanted::new();
    for first in rows.iter().map(|standing| standing.obligation.plan_id) {
        if let std::collections::hash_map::Entry::Vacant(entry) = wanted.entry(first) {
            entry.insert(match queries::binding(conn, first).await? {
                Some(plan) => rules::wanted_items(&plans::queries::rules(conn, plan.id).await?)?,
                None => Vec::new(),
            });
        }
    }
    Ok(wanted)
}

fn out(standing: Standing, wanted: &Wanted) -> PlanObligationOut {
    let items = wanted.get(&standing.obligation.plan_id).map_or(&[][..], Vec::as_slice);
    PlanObligationOut::new(standing, items)
}

/// Read a plan obligation
#[utoipa::path(tag = "plans", params(("id" = PlanObligationId, Path, description = "The obligation")), responses((status = 200, body = PlanObligationOut, headers(("ETag" = String)))))]
#[get("/plan-obligations/{id}")]
pub async fn get_plan_obligation(call: Call, id: Id<PlanObligationId>) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::PlanRead)?;
    call.read(async |conn| answer(conn, &scope, id.0).await).await
}

async fn answer(conn: &Conn, scope: &Scope, id: PlanObligationId) -> Result<Reply, AppError> {
    let standing = queries::find(conn, scope, id).await?;
    let wanted = wanted(conn, std::slice::from_ref(&standing)).await?;
    let version = standing.obligation.version;
    Reply::ok(&out(standing, &wanted), version)
}

/// Exempt a body from drawing up a plan
///
/// Decided by who demands the plan, with a reason. It counts no more as missing.
#[utoipa::path(tag = "plans", params(("id" = PlanObligationId, Path, description = "The obligation")), request_body = ReasonIn, responses((status = 200, body = PlanObligationOut)))]
#[post("/plan-obligations/{id}/exempt")]
pub async fn exempt_plan_obligation(call: Call, id: Id<PlanObligationId>, body: Body<ReasonIn>) -> Result<Reply, AppError> {
    decide(call, id.0, body, true).await
}

/// Demand a plan again from a body that was exempt
#[utoipa::path(tag = "plans", params(("id" = PlanObligationId, Path, description = "The obligation")), request_body = ReasonIn, responses((status = 200, body = PlanObligationOut)))]
#[post("/plan-obligations/{id}/restore")]
pub async fn restore_plan_obligation(call: Call, id: Id<PlanObligationId>, body: Body<ReasonIn>) -> Result<Reply, AppError> {
    decide(call, id.0, body, false).await
}

async fn decide(call: Call, id: PlanObligationId, body: Body<ReasonIn>, exempts: bool) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::PlanIssue)?;
    let read_scope = call.authorize(Action::PlanRead)?;
    let if_match = call.if_match()?;
    let ReasonIn { reason } = body.parse()?;
    let me = call.clone();
    call.write(async move |conn| {
        let mut obligation = queries::lock(conn, &scope, id).await?;
        if_match.check(obligation.version)?;
        campaigns::queries::hold_open(conn, obligation.campaign_id).await?;
        if obligation.exempted_at.is_some() == exempts {
            return Err(decided_already(exempts));
        }
        let reason = reason.as_str();
        obligation.exemption_reason = exempts.then(|| reason.to_owned());
        obligation.exempted_at = exempts.then(|| me.now());
        obligation.exempted_by = exempts.then(|| UserId(me.actor().id));
        let obligation = queries::save(conn, &scope, obligation, me.now()).await?;
        me.record(conn, event(&obligation, if exempts { "exempted" } else { "restored" }, Some(reason))).await?;
        answer(conn, &read_scope, id).await
    })
    .await
}

fn decided_already(is_exempt: bool) -> AppError {
    AppError::new(ErrorCode::InvalidTransition).because(if is_exempt {
        message("Đơn vị đã được miễn lập kế hoạch.", "The body is exempt already.")
    } else {
        message("Đơn vị không được miễn lập kế hoạch.", "The body is not exempt.")
    })
}
