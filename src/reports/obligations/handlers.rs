//! Report obligations over HTTP.

use super::dto::{ReportObligationIn, ReportObligationItem, ReportObligationOut, ReportObligationQuery};
use super::model::{DecisionAction, LimitKind, ReportObligation, ReportObligationDecision};
use super::queries;
use super::rules::{self, Terms};
use crate::auth::Action;
use crate::call::Call;
use crate::campaigns;
use crate::clock;
use crate::error::{AppError, FieldError, message};
use crate::events::Event;
use crate::extract::{Body, Id, Query};
use crate::ids::ReportObligationId;
use crate::org_units;
use crate::pagination::Page;
use crate::plans;
use crate::reply::Reply;
use actix_web::{delete, get, post};
use serde_json::json;
use uuid::Uuid;

/// A change of an obligation, for the feed.
pub fn event(obligation: &ReportObligation, action: &'static str) -> Event<'static> {
    Event {
        campaign_id: Some(obligation.campaign_id),
        org_unit_id: obligation.org_unit_id,
        resource: "report_obligation",
        resource_id: obligation.id.into(),
        version: obligation.version,
        action,
        data: json!({"due_before": obligation.due_before, "is_exempt": obligation.exempted_at.is_some()}),
    }
}

/// List report obligations
///
/// Who in the caller's subtree owes a report, and what was delivered: nothing, a draft, or a report in its state.
#[utoipa::path(tag = "reports", params(ReportObligationQuery), responses((status = 200, body = Page<ReportObligationItem>)))]
#[get("/report-obligations")]
pub async fn list_report_obligations(call: Call, query: Query<ReportObligationQuery>) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::ReportRead)?;
    let (filter, page) = query.parse_list(call.cursor_secret())?;
    let now = call.now();
    let (rows, total) = call
        .read(async |conn| {
            let total = if page.with_total { Some(queries::count(conn, &scope, &filter, now).await?) } else { None };
            Ok((queries::list(conn, &scope, &filter, now, &page).await?, total))
        })
        .await?;
    let (rows, next) = page.finish(rows, |standing, sort| {
        let key = match sort {
            "created_at" => json!(standing.obligation.created_at),
            "updated_at" => json!(standing.obligation.updated_at),
            "due_before" => json!(standing.obligation.due_before),
            _ => json!(null),
        };
        (key, Uuid::from(standing.obligation.id))
    });
    page.reply(rows.into_iter().map(|standing| ReportObligationItem::new(standing, now)).collect(), next, total)
}

/// Create a report obligation
///
/// A body of the campaign owes a results report before an instant, by default the campaign's limit (R2, III.3), to the body that owns the
/// campaign or to one between. What is not given of its
/// wording, opening, grace and closing is what the rule of the campaign's plan says.
#[utoipa::path(tag = "reports", request_body = ReportObligationIn, responses((status = 201, body = ReportObligationOut)))]
#[post("/report-obligations")]
pub async fn create_report_obligation(call: Call, body: Body<ReportObligationIn>) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::ObligationWrite)?;
    let campaign_scope = call.authorize(Action::CampaignRead)?;
    let ReportObligationIn {
        campaign_id,
        org_unit_id,
        to_org_unit_id,
        via_org_unit_id,
        due_before,
        limit_kind,
        opens_at,
        grace_minutes,
        closes_at,
    } = body.parse()?;
    let me = call.clone();
    call.write(async move |conn| {
        let campaign = campaigns::queries::hold_open_reference(conn, &campaign_scope, campaign_id, "/campaign_id").await?;
        org_units::queries::find_reference(conn, &scope, org_unit_id, "/org_unit_id").await?;
        if let Some(via) = via_org_unit_id {
            org_units::queries::find_reference(conn, &scope, via, "/via_org_unit_id").await?;
        }
        if !queries::is_below(conn, &scope, org_unit_id, campaign.org_unit_id).await? {
            let text = message("Đơn vị không thuộc đợt Ngày hội này.", "The unit does not belong to this campaign.");
            return Err(AppError::field(FieldError::new("/org_unit_id", "outside_campaign", text)));
        }
        let to_org_unit_id = match to_org_unit_id {
            None => queries::receiver(conn, &scope, &campaign, me.actor().org_unit_id).await?,
            Some(to) => org_units::queries::find_reference(conn, &scope, to, "/to_org_unit_id").await.map(|()| to)?,
        };
        if org_unit_id == to_org_unit_id || !queries::is_below(conn, &scope, org_unit_id, to_org_unit_id).await? {
            let text = message("Đơn vị báo cáo phải là cấp dưới của nơi nhận.", "Who reports must stand below who receives.");
            return Err(AppError::field(FieldError::new("/org_unit_id", "not_below_receiver", text)));
        }
        let rule = plans::queries::report_limit(conn, campaign_id).await?;
        let stated = rule.as_ref().map(|(_, _, parameters)| Terms::of(parameters)).unwrap_or_default();
        let plan_id = rule.as_ref().map(|(plan, ..)| *plan);
        let (rule_id, clause) = rule.map(|(_, rule, _)| (rule.rule_id, rule.clause)).unzip();
        let now = me.now();
        let terms = Terms {
            // A limit of its own is worded as it is given: an instant.
            limit_kind: limit_kind.unwrap_or(if due_before.is_some() { LimitKind::Exclusive } else { stated.limit_kind }),
            opens_at: opens_at.map(clock::to_micros).or(stated.opens_at),
            grace_minutes: grace_minutes.or(stated.grace_minutes),
            closes_at: closes_at.map(clock::to_micros).or(stated.closes_at.filter(|_| grace_minutes.is_none())),
        };
        let due_before = due_before.map_or_else(|| clock::start_of_day(campaign.report_due_before), clock::to_micros);
        let obligation = ReportObligation {
            campaign_id,
            id: ReportObligationId::new(),
            org_unit_id,
            via_org_unit_id,
            due_before,
            rule_id,
            clause,
            plan_id,
            version: 1,
            created_at: now,
            updated_at: now,
            limit_kind: terms.limit_kind,
            planned_due_before: None,
            opens_at: terms.opens_at,
            grace_minutes: terms.grace_minutes,
            closes_at: terms.closing(due_before),
            exempted_at: None,
            to_org_unit_id,
        };
        rules::check_times(&obligation)?;
        queries::insert(conn, &scope, &obligation).await?;
        let decision = ReportObligationDecision::new(&obligation, DecisionAction::Created, None, Some(me.actor().id), now);
        queries::insert_decisions(conn, &scope, &[decision]).await?;
        me.record(conn, event(&obligation, "created")).await?;
        let (id, version) = (obligation.id, obligation.version);
        Reply::created("report-obligations", id, &ReportObligationOut::from(obligation), version)
    })
    .await
}

/// Read a report obligation
///
/// What was delivered under it changes without it: see the list, or the campaign's completeness.
#[utoipa::path(tag = "reports", params(("id" = ReportObligationId, Path, description = "The obligation")), responses((status = 200, body = ReportObligationOut, headers(("ETag" = String)))))]
#[get("/report-obligations/{id}")]
pub async fn get_report_obligation(call: Call, id: Id<ReportObligationId>) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::ReportRead)?;
    let obligation = call.read(async |conn| queries::find(conn, &scope, id.0).await).await?;
    let version = obligation.version;
    Reply::ok(&ReportObligationOut::from(obligation), version)
}

/// Delete a report obligation
///
/// Only one without a report: the expected set does not shrink under what was delivered.
#[utoipa::path(tag = "reports", params(("id" = ReportObligationId, Path, description = "The obligation")), responses((status = 204)))]
#[delete("/report-obligations/{id}")]
pub async fn delete_report_obligation(call: Call, id: Id<ReportObligationId>) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::ObligationWrite)?;
    let if_match = call.if_match()?;
    let me = call.clone();
    call.write(async move |conn| {
        // The campaign first: a move of its limit locks it before the obligations.
        let campaign_id = queries::find(conn, &scope, id.0).await?.campaign_id;
        campaigns::queries::hold_open(conn, campaign_id).await?;
        let obligation = queries::lock(conn, &scope, id.0).await?;
        if_match.check(obligation.version)?;
        queries::check_receiver(conn, &scope, campaign_id, obligation.id).await?;
        queries::delete(conn, &scope, &obligation).await?;
        let decision = ReportObligationDecision::new(&obligation, DecisionAction::Deleted, None, Some(me.actor().id), me.now());
        queries::insert_decisions(conn, &scope, &[decision]).await?;
        me.record(conn, event(&obligation, "deleted")).await?;
        Ok(Reply::no_content())
    })
    .await
}
