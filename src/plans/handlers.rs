//! Plans over HTTP: list, create, read, change, delete.

use super::aliases::{self, PlanAliases};
use super::dto::{PlanIn, PlanPatch, PlanQuery};
use super::model::{NewParts, Parts, Plan, PlanState, Recipient};
use super::out::{PlanOut, PlanSummaryOut};
use super::parameters::PlanItem;
use super::parts;
use super::queries;
use super::rules::{self, Step};
use crate::attachments;
use crate::attachments::model::OwnerKind;
use crate::auth::{Action, Scope};
use crate::call::Call;
use crate::campaigns;
use crate::campaigns::model::Campaign;
use crate::db::Conn;
use crate::error::{AppError, ErrorCode, FieldError};
use crate::events::Event;
use crate::extract::{Body, Id, Query};
use crate::ids::PlanId;
use crate::org_units;
use crate::pagination::{LAST_DAY, Page, PageRequest};
use crate::patch::Patch;
use crate::reply::Reply;
use crate::text::Label;
use actix_web::{delete, get, patch, post};
use chrono::{DateTime, Utc};
use serde_json::json;
use uuid::Uuid;

/// A change of a plan, for the feed.
pub fn event(plan: &Plan, action: &'static str, from: Option<PlanState>) -> Event<'static> {
    Event {
        campaign_id: Some(plan.campaign_id),
        org_unit_id: plan.org_unit_id,
        resource: "plan",
        resource_id: plan.id.into(),
        version: plan.version,
        action,
        data: json!({"from": from.map(PlanState::as_str), "to": plan.state.as_str(), "document_number": rules::document_number(plan)}),
    }
}

/// List plans
///
/// Plans in force in the caller's province and above the caller's unit; drafts where the caller works on them.
#[utoipa::path(tag = "plans", params(PlanQuery), responses((status = 200, body = Page<PlanSummaryOut>)))]
#[get("/plans")]
pub async fn list_plans(call: Call, query: Query<PlanQuery>) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::PlanRead)?;
    let (filter, page) = query.parse_list(call.cursor_secret())?;
    let (rows, total) = call.read(async |conn| page_of(conn, &scope, &filter, &page).await).await?;
    answer(&page, rows, total)
}

/// One page of plans, and their number where it is asked for.
pub async fn page_of(conn: &Conn, scope: &Scope, filter: &PlanQuery, page: &PageRequest) -> Result<(Vec<Plan>, Option<i64>), AppError> {
    let total = if page.with_total { Some(queries::count(conn, scope, filter).await?) } else { None };
    Ok((queries::list(conn, scope, filter, page).await?, total))
}

/// A page of plans as an answer.
pub fn answer(page: &PageRequest, rows: Vec<Plan>, total: Option<i64>) -> Result<Reply, AppError> {
    let (rows, next) = page.finish(rows, |plan, sort| {
        let key = match sort {
            "created_at" => json!(plan.created_at),
            "updated_at" => json!(plan.updated_at),
            "issued_on" => json!(plan.issued_on.unwrap_or(LAST_DAY)),
            _ => json!(null),
        };
        (key, Uuid::from(plan.id))
    });
    page.reply(rows.into_iter().map(PlanSummaryOut::from).collect(), next, total)
}

/// Draft a plan
///
/// Under an issued plan of the same campaign (R12), or, by the campaign's own body, the campaign's own plan.
#[utoipa::path(tag = "plans", request_body = PlanIn, responses((status = 201, body = PlanOut)))]
#[post("/plans")]
pub async fn create_plan(call: Call, body: Body<PlanIn>) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::PlanWrite)?;
    let campaign_scope = call.authorize(Action::CampaignRead)?;
    let unit_scope = call.authorize(Action::OrgUnitRead)?;
    let plan_scope = call.authorize(Action::PlanRead)?;
    let (plan, parts) = draft(body.parse()?, call.now());
    aliases::check(&plan.aliases)?;
    rules::check_rule_ids(&parts.rules)?;
    rules::check_report_limits(&parts.rules)?;
    rules::check_clauses(&parts.clauses)?;
    let me = call.clone();
    call.write(async move |conn| {
        let campaign = campaigns::queries::hold_open_reference(conn, &campaign_scope, plan.campaign_id, "/campaign_id").await?;
        org_units::queries::find_reference(conn, &scope, plan.org_unit_id, "/org_unit_id").await?;
        check_parent(conn, &plan_scope, &campaign, &plan).await?;
        check_recipients(conn, &unit_scope, &parts.recipients).await?;
        queries::insert(conn, &scope, &plan, &parts).await?;
        me.record(conn, event(&plan, "created", None)).await?;
        Reply::created("plans", plan.id, &PlanOut::new(plan.clone(), parts.clone()), plan.version)
    })
    .await
}

fn draft(body: PlanIn, now: DateTime<Utc>) -> (Plan, Parts) {
    let PlanIn {
        campaign_id,
        org_unit_id,
        parent_plan_id,
        number,
        symbol,
        document_number,
        title,
        summary,
        issue_place,
        issued_on,
        signatory_name,
        signatory_title,
        signatory_post,
        recipients,
        legal_bases,
        rules,
        clauses,
        items,
        aliases,
        archive_marks,
    } = body;
    let id = PlanId::new();
    let plan = Plan {
        id,
        campaign_id,
        parent_plan_id,
        org_unit_id,
        state: PlanState::Draft,
        number,
        symbol: symbol.into_string(),
        document_number: document_number.map(String::from),
        title: title.into_string(),
        summary: summary.map(String::from),
        issue_place: issue_place.map(String::from),
        issued_on,
        issue_year: None,
        signatory_name: signatory_name.map(String::from),
        signatory_title: signatory_title.map(String::from),
        signatory_post: signatory_post.map(String::from),
        items: item_names(items),
        aliases: aliases.into(),
        archive_marks: archive_marks.into_iter().map(String::from).collect(),
        return_comment: None,
        submitted_at: None,
        issued_at: None,
        closed_at: None,
        edition: 1,
        first_edition_id: id,
        amends_plan_id: None,
        amendment_note: None,
        superseded_at: None,
        version: 1,
        created_at: now,
        updated_at: now,
    };
    let parts = Parts {
        recipients: parts::recipients(id, recipients),
        legal_bases: parts::legal_bases(id, legal_bases),
        rules: parts::rules(id, rules),
        clauses: parts::clauses(id, clauses),
        links: Vec::new(),
    };
    (plan, parts)
}

fn item_names(items: Vec<PlanItem>) -> Vec<String> {
    let mut names: Vec<String> = items.into_iter().map(|item| item.as_str().to_owned()).collect();
    names.sort();
    names.dedup();
    names
}

/// 422 unless the parent is an issued plan of the campaign that the caller can read, or needs not be.
pub async fn check_parent(conn: &Conn, scope: &Scope, campaign: &Campaign, plan: &Plan) -> Result<(), AppError> {
    let Some(parent) = plan.parent_plan_id else {
        return if plan.org_unit_id == campaign.org_unit_id { Ok(()) } else { Err(rules::parent_needed()) };
    };
    let unknown = || AppError::field(FieldError::unknown_reference("/parent_plan_id"));
    match queries::find(conn, scope, parent).await {
        Ok(parent) if parent.campaign_id == campaign.id && parent.state == PlanState::Issued => Ok(()),
        Ok(_) => Err(unknown()),
        Err(error) if error.code == ErrorCode::NotFound => Err(unknown()),
        Err(error) => Err(error),
    }
}

/// 422 with each recipient that names a body out of the caller's reach.
async fn check_recipients(conn: &Conn, scope: &Scope, recipients: &[Recipient]) -> Result<(), AppError> {
    let named: Vec<_> = recipients.iter().filter_map(|recipient| recipient.org_unit_id).collect();
    if named.is_empty() {
        return Ok(());
    }
    let known = queries::known_units(conn, scope, &named).await?;
    let unknown = recipients.iter().enumerate().filter(|(_, recipient)| recipient.org_unit_id.is_some_and(|unit| !known.contains(&unit)));
    let bad: Vec<_> = unknown.map(|(index, _)| FieldError::unknown_reference(format!("/recipients/{index}/org_unit_id"))).collect();
    if bad.is_empty() { Ok(()) } else { Err(AppError::validation(bad)) }
}

/// Read a plan
///
/// The whole plan, with its recipients, cited documents and rules.
#[utoipa::path(tag = "plans", params(("id" = PlanId, Path, description = "The plan")), responses((status = 200, body = PlanOut, headers(("ETag" = String)))))]
#[get("/plans/{id}")]
pub async fn get_plan(call: Call, id: Id<PlanId>) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::PlanRead)?;
    let read = async |conn: &Conn| Ok((queries::find(conn, &scope, id.0).await?, queries::parts(conn, id.0).await?));
    let (plan, parts) = call.read(read).await?;
    let version = plan.version;
    Reply::ok(&PlanOut::new(plan, parts), version)
}

/// Change a draft
///
/// A list that is given replaces the whole list.
#[utoipa::path(tag = "plans", params(("id" = PlanId, Path, description = "The plan")), request_body = PlanPatch, responses((status = 200, body = PlanOut)))]
#[patch("/plans/{id}")]
pub async fn update_plan(call: Call, id: Id<PlanId>, body: Body<PlanPatch>) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::PlanWrite)?;
    let unit_scope = call.authorize(Action::OrgUnitRead)?;
    let if_match = call.if_match()?;
    let patch = body.parse()?;
    let me = call.clone();
    call.write(async move |conn| {
        let mut plan = queries::lock(conn, &scope, id.0).await?;
        if_match.check(plan.version)?;
        campaigns::queries::hold_open(conn, plan.campaign_id).await?;
        rules::check_step(&plan, Step::Change)?;
        let parts = apply(&mut plan, patch.clone());
        aliases::check(&plan.aliases)?;
        rules::check_rule_ids(parts.rules.as_deref().unwrap_or_default())?;
        rules::check_report_limits(parts.rules.as_deref().unwrap_or_default())?;
        rules::check_clauses(parts.clauses.as_deref().unwrap_or_default())?;
        check_recipients(conn, &unit_scope, parts.recipients.as_deref().unwrap_or_default()).await?;
        queries::replace_parts(conn, &scope, plan.id, parts).await?;
        let plan = queries::save(conn, &scope, plan, me.now()).await?;
        me.record(conn, event(&plan, "updated", Some(plan.state))).await?;
        let (version, parts) = (plan.version, queries::parts(conn, plan.id).await?);
        Reply::ok(&PlanOut::new(plan, parts), version)
    })
    .await
}

fn apply(plan: &mut Plan, patch: PlanPatch) -> NewParts {
    let PlanPatch {
        number,
        symbol,
        document_number,
        title,
        summary,
        issue_place,
        issued_on,
        signatory_name,
        signatory_title,
        signatory_post,
        recipients,
        legal_bases,
        rules,
        clauses,
        items,
        aliases,
        archive_marks,
    } = patch;
    plan.number = number.or_keep(plan.number);
    plan.symbol = symbol.map(String::from).or_current(std::mem::take(&mut plan.symbol));
    plan.document_number = document_number.map(String::from).or_keep(plan.document_number.take());
    plan.title = title.map(String::from).or_current(std::mem::take(&mut plan.title));
    plan.summary = summary.map(String::from).or_keep(plan.summary.take());
    plan.issue_place = issue_place.map(String::from).or_keep(plan.issue_place.take());
    plan.issued_on = issued_on.or_keep(plan.issued_on);
    plan.signatory_name = signatory_name.map(String::from).or_keep(plan.signatory_name.take());
    plan.signatory_title = signatory_title.map(String::from).or_keep(plan.signatory_title.take());
    plan.signatory_post = signatory_post.map(String::from).or_keep(plan.signatory_post.take());
    plan.items = items.map(item_names).or_current(std::mem::take(&mut plan.items));
    plan.aliases = aliases.map(PlanAliases::from).or_current(std::mem::take(&mut plan.aliases));
    let as_text = |marks: Vec<Label>| marks.into_iter().map(String::from).collect();
    plan.archive_marks = archive_marks.map(as_text).or_current(std::mem::take(&mut plan.archive_marks));
    let id = plan.id;
    NewParts {
        recipients: given(recipients).map(|list| parts::recipients(id, list)),
        legal_bases: given(legal_bases).map(|list| parts::legal_bases(id, list)),
        rules: given(rules).map(|list| parts::rules(id, list)),
        clauses: given(clauses).map(|list| parts::clauses(id, list)),
    }
}

/// A list that a patch gives; the schema has refused null before.
fn given<T>(patch: Patch<T>) -> Option<T> {
    match patch {
        Patch::Value(value) => Some(value),
        Patch::Absent | Patch::Null => None,
    }
}

/// Delete a draft
#[utoipa::path(tag = "plans", params(("id" = PlanId, Path, description = "The plan")), responses((status = 204)))]
#[delete("/plans/{id}")]
pub async fn delete_plan(call: Call, id: Id<PlanId>) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::PlanWrite)?;
    let if_match = call.if_match()?;
    let me = call.clone();
    call.write(async move |conn| {
        let plan = queries::lock(conn, &scope, id.0).await?;
        if_match.check(plan.version)?;
        campaigns::queries::hold_open(conn, plan.campaign_id).await?;
        rules::check_step(&plan, Step::Delete)?;
        attachments::queries::mark_all(conn, OwnerKind::Plan, plan.id.into(), me.actor().id, me.now()).await?;
        queries::delete(conn, &scope, &plan).await?;
        me.record(conn, event(&plan, "deleted", Some(plan.state))).await?;
        Ok(Reply::no_content())
    })
    .await
}
