//! Inspections over HTTP: list, create, read, change, delete.

use super::dto::{InspectionIn, InspectionOut, InspectionPatch, InspectionQuery};
use super::model::{Inspection, InspectionState};
use super::queries;
use super::rules::{self, Step};
use crate::auth::Action;
use crate::call::Call;
use crate::campaigns;
use crate::error::AppError;
use crate::events::Event;
use crate::extract::{Body, Id, Query};
use crate::ids::InspectionId;
use crate::org_units;
use crate::pagination::Page;
use crate::reply::Reply;
use actix_web::{delete, get, patch, post};
use serde_json::json;
use uuid::Uuid;

/// A change of an inspection, for the feed. Who leads the team is personal and stays out.
pub fn event(inspection: &Inspection, action: &'static str, from: Option<InspectionState>) -> Event<'static> {
    Event {
        campaign_id: Some(inspection.campaign_id),
        org_unit_id: inspection.org_unit_id,
        resource: "inspection",
        resource_id: inspection.id.into(),
        version: inspection.version,
        action,
        data: json!({
            "from": from.map(InspectionState::as_str), "to": inspection.state.as_str(),
            "inspector_org_unit_id": inspection.inspector_org_unit_id, "planned_on": inspection.planned_on,
        }),
    }
}

/// List inspections
///
/// Those of and by the bodies in the caller's reach.
#[utoipa::path(tag = "inspections", params(InspectionQuery), responses((status = 200, body = Page<InspectionOut>)))]
#[get("/inspections")]
pub async fn list_inspections(call: Call, query: Query<InspectionQuery>) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::InspectionRead)?;
    let (filter, page) = query.parse_list(call.cursor_secret())?;
    let (rows, total) = call
        .read(async |conn| {
            let total = if page.with_total { Some(queries::count(conn, &scope, &filter).await?) } else { None };
            Ok((queries::list(conn, &scope, &filter, &page).await?, total))
        })
        .await?;
    let (rows, next) = page.finish(rows, |inspection, sort| {
        let key = match sort {
            "created_at" => json!(inspection.created_at),
            "updated_at" => json!(inspection.updated_at),
            "planned_on" => json!(inspection.planned_on),
            _ => json!(null),
        };
        (key, Uuid::from(inspection.id))
    });
    page.reply(rows.into_iter().map(InspectionOut::from).collect(), next, total)
}

/// Plan an inspection
///
/// By the body that inspects: of another one in its reach (III.1).
#[utoipa::path(tag = "inspections", request_body = InspectionIn, responses((status = 201, body = InspectionOut)))]
#[post("/inspections")]
pub async fn create_inspection(call: Call, body: Body<InspectionIn>) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::InspectionWrite)?;
    let campaign_scope = call.authorize(Action::CampaignRead)?;
    let InspectionIn { campaign_id, org_unit_id, inspector_org_unit_id, planned_on, team_lead, subject, clause } = body.parse()?;
    rules::check_bodies(org_unit_id, inspector_org_unit_id)?;
    let now = call.now();
    let inspection = Inspection {
        campaign_id,
        id: InspectionId::new(),
        org_unit_id,
        inspector_org_unit_id,
        planned_on,
        inspected_on: None,
        team_lead: team_lead.map(String::from),
        subject: subject.into_string(),
        findings: None,
        recommendations: None,
        follow_up_note: None,
        clause: clause.map(String::from),
        state: InspectionState::Planned,
        cancel_reason: None,
        done_at: None,
        followed_up_at: None,
        cancelled_at: None,
        version: 1,
        created_at: now,
        updated_at: now,
    };
    let me = call.clone();
    call.write(async move |conn| {
        campaigns::queries::hold_open_reference(conn, &campaign_scope, inspection.campaign_id, "/campaign_id").await?;
        org_units::queries::find_reference(conn, &scope, inspection.org_unit_id, "/org_unit_id").await?;
        org_units::queries::find_reference(conn, &scope, inspection.inspector_org_unit_id, "/inspector_org_unit_id").await?;
        queries::insert(conn, &scope, &inspection).await?;
        me.record(conn, event(&inspection, "created", None)).await?;
        Reply::created("inspections", inspection.id, &InspectionOut::from(inspection.clone()), inspection.version)
    })
    .await
}

/// Read an inspection
#[utoipa::path(tag = "inspections", params(("id" = InspectionId, Path, description = "The inspection")), responses((status = 200, body = InspectionOut, headers(("ETag" = String)))))]
#[get("/inspections/{id}")]
pub async fn get_inspection(call: Call, id: Id<InspectionId>) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::InspectionRead)?;
    let inspection = call.read(async |conn| queries::find(conn, &scope, id.0).await).await?;
    let version = inspection.version;
    Reply::ok(&InspectionOut::from(inspection), version)
}

/// Change an inspection
///
/// By the body that inspects, while it is planned.
#[utoipa::path(tag = "inspections", params(("id" = InspectionId, Path, description = "The inspection")), request_body = InspectionPatch, responses((status = 200, body = InspectionOut)))]
#[patch("/inspections/{id}")]
pub async fn update_inspection(call: Call, id: Id<InspectionId>, body: Body<InspectionPatch>) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::InspectionWrite)?;
    let if_match = call.if_match()?;
    let patch = body.parse()?;
    super::steps::step(call, scope, if_match, id.0, Step::Change, async move |_, mut inspection| {
        let InspectionPatch { planned_on, team_lead, subject, clause } = patch.clone();
        inspection.planned_on = planned_on.or_current(inspection.planned_on);
        inspection.team_lead = team_lead.map(String::from).or_keep(inspection.team_lead.take());
        inspection.subject = subject.map(String::from).or_current(std::mem::take(&mut inspection.subject));
        inspection.clause = clause.map(String::from).or_keep(inspection.clause.take());
        Ok(inspection)
    })
    .await
}

/// Delete an inspection
///
/// Only while it is planned; what was done or cancelled is history.
#[utoipa::path(tag = "inspections", params(("id" = InspectionId, Path, description = "The inspection")), responses((status = 204)))]
#[delete("/inspections/{id}")]
pub async fn delete_inspection(call: Call, id: Id<InspectionId>) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::InspectionWrite)?;
    let if_match = call.if_match()?;
    let me = call.clone();
    call.write(async move |conn| {
        let inspection = queries::lock(conn, &scope, id.0).await?;
        if_match.check(inspection.version)?;
        campaigns::queries::hold_open(conn, inspection.campaign_id).await?;
        rules::check_step(&inspection, Step::Delete)?;
        queries::delete(conn, &scope, &inspection).await?;
        me.record(conn, event(&inspection, Step::Delete.done(), Some(inspection.state))).await?;
        Ok(Reply::no_content())
    })
    .await
}
