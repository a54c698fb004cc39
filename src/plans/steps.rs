//! The transitions of a plan over HTTP.

use super::dto::{PlanIssueIn, PlanReturnIn};
use super::handlers::event;
use super::model::{Plan, PlanState, Rule, RuleKind};
use super::out::PlanOut;
use super::queries;
use super::rules::{self, Step};
use super::{editions, inheritance, obligations as plan_obligations};
use crate::auth::{Action, Scope};
use crate::call::Call;
use crate::campaigns;
use crate::campaigns::model::{Campaign, CampaignState};
use crate::db::Conn;
use crate::documents;
use crate::error::{AppError, RuleRef};
use crate::extract::{Body, Id, OptionalBody};
use crate::ids::{OrgUnitId, PlanId, ReportObligationId};
use crate::reply::Reply;
use crate::reports::obligations;
use crate::reports::obligations::expected::{self, Demand};
use crate::reports::obligations::rules::Terms;
use actix_web::post;
use chrono::Datelike;

/// Submit a plan
///
/// To the one who signs. It cannot be changed until it is returned.
#[utoipa::path(tag = "plans", params(("id" = PlanId, Path, description = "The plan")), responses((status = 200, body = PlanOut)))]
#[post("/plans/{id}/submit")]
pub async fn submit_plan(call: Call, id: Id<PlanId>) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::PlanWrite)?;
    step(call, scope, id.0, Step::Submit, "submitted", async |_, me, mut plan| {
        plan.state = PlanState::Submitted;
        plan.submitted_at = Some(me.now());
        Ok(plan)
    })
    .await
}

/// Return a plan
///
/// To its author, with what is to be changed.
#[utoipa::path(tag = "plans", params(("id" = PlanId, Path, description = "The plan")), request_body = PlanReturnIn, responses((status = 200, body = PlanOut)))]
#[post("/plans/{id}/return")]
pub async fn return_plan(call: Call, id: Id<PlanId>, body: Body<PlanReturnIn>) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::PlanIssue)?;
    let PlanReturnIn { comment } = body.parse()?;
    step(call, scope, id.0, Step::Return, "returned", async move |_, _, mut plan| {
        plan.state = PlanState::Draft;
        plan.return_comment = Some(comment.as_str().to_owned());
        Ok(plan)
    })
    .await
}

/// Issue a plan
///
/// With number, date and signatory, from the body or from the plan; the number is unique for issuer, symbol and
/// year. Its rules must not be looser than those of the plans above it. Issuing the campaign's own plan issues the campaign, and
/// freezes who owes a report (R2, III.3); a plan below it that states a report limit freezes who right below its issuer owes one to the
/// issuer. Issuing any plan freezes who owes a plan under it; issuing the next edition of a plan
/// supersedes the edition before. The plan and the documents that it cites are entered in the registry of documents.
#[utoipa::path(tag = "plans", params(("id" = PlanId, Path, description = "The plan")), request_body = Option<PlanIssueIn>, responses((status = 200, body = PlanOut)))]
#[post("/plans/{id}/issue")]
pub async fn issue_plan(call: Call, id: Id<PlanId>, body: OptionalBody<PlanIssueIn>) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::PlanIssue)?;
    let signature = body.parse()?;
    let (issuing, reading) = (scope.clone(), call.authorize(Action::PlanRead)?);
    step(call, scope, id.0, Step::Issue, "issued", async move |conn, me, mut plan| {
        sign(&mut plan, signature.clone());
        rules::check_issue(&plan, me.clock().today())?;
        let stated = queries::rules(conn, plan.id).await?;
        rules::check_confirmed(&stated)?;
        for (_, above) in inheritance::inherited(conn, &plan).await? {
            inheritance::check_not_looser(&stated, &above)?;
        }
        plan.document_number = rules::document_number(&plan);
        plan.issue_year = plan.issued_on.map(|day| day.year());
        plan.issued_at = Some(me.now());
        // What was said while it was drafted is not for those it binds.
        plan.return_comment = None;
        plan.state = PlanState::Issued;
        if let Some(amended) = plan.amends_plan_id {
            editions::supersede(conn, me, &issuing, amended).await?;
        }
        let campaign = if plan.parent_plan_id.is_none() {
            launch(conn, me, &issuing, &plan, &stated).await?
        } else {
            carry_down(conn, me, &issuing, &plan, &stated).await?
        };
        for owed in plan_obligations::queries::freeze(conn, &issuing, &campaign, &plan, &stated, me.now()).await? {
            me.record(conn, plan_obligations::handlers::event(&owed, "created", None)).await?;
        }
        for entered in documents::registry::register(conn, &reading, &plan, me.now()).await? {
            me.record(conn, documents::handlers::event(&entered, "created")).await?;
        }
        if let Some(replaced) = documents::registry::replace(conn, &issuing, &plan, me.now()).await? {
            me.record(conn, documents::handlers::event(&replaced, "updated")).await?;
        }
        Ok(plan)
    })
    .await
}

fn sign(plan: &mut Plan, body: PlanIssueIn) {
    let PlanIssueIn { number, document_number, issue_place, issued_on, signatory_name, signatory_title, signatory_post } = body;
    plan.number = number.or(plan.number);
    plan.document_number = document_number.map(String::from).or_else(|| plan.document_number.take());
    plan.issue_place = issue_place.map(String::from).or_else(|| plan.issue_place.take());
    plan.issued_on = issued_on.or(plan.issued_on);
    plan.signatory_name = signatory_name.map(String::from).or_else(|| plan.signatory_name.take());
    plan.signatory_title = signatory_title.map(String::from).or_else(|| plan.signatory_title.take());
    plan.signatory_post = signatory_post.map(String::from).or_else(|| plan.signatory_post.take());
}

/// The campaign's own plan is issued: so is the campaign, and who owes a report is laid down.
/// What its rules say in figures are the campaign's parameters from now on.
async fn launch(conn: &Conn, me: &Call, scope: &Scope, plan: &Plan, rules: &[Rule]) -> Result<Campaign, AppError> {
    let mut campaign = campaigns::queries::lock_open(conn, scope, plan.campaign_id).await?;
    if queries::has_other_top_plan(conn, scope, plan).await? {
        return Err(rules::other_plan_in_force());
    }
    let bound = rules::bind(campaign.clone(), rules)?;
    if rules::parameters_of(&bound) != rules::parameters_of(&campaign) {
        campaign = campaigns::handlers::change(conn, me, scope, &campaign, bound).await?;
    }
    if campaign.state == CampaignState::Draft {
        campaign.state = CampaignState::Issued;
        campaign = campaigns::queries::save(conn, scope, campaign, me.now()).await?;
        me.record(conn, campaigns::handlers::event(&campaign, "issued", Some(CampaignState::Draft))).await?;
    }
    let rule = rules.iter().find(|rule| rule.kind == RuleKind::ReportLimit);
    let terms = rule.map(Rule::parameters).transpose()?.as_ref().map(Terms::of).unwrap_or_default();
    let rule = rule.map(|rule| RuleRef { rule_id: rule.rule_id.clone(), clause: rule.clause.clone() });
    let demand = Demand::of_campaign(conn, &campaign, rule.map(|rule| (plan.id, rule)), terms).await?;
    let standing = expected::lock_at_limit(conn, scope, &campaign).await?;
    let owing = expected::owing(conn, scope, &campaign).await?;
    demand_reports(conn, me, scope, &demand, (&standing, &owing)).await?;
    Ok(campaign)
}

/// A plan below the campaign's own is issued: where it lays a report limit down, those right below its issuer owe it a report.
async fn carry_down(conn: &Conn, me: &Call, scope: &Scope, plan: &Plan, rules: &[Rule]) -> Result<Campaign, AppError> {
    let campaign = campaigns::queries::hold_open(conn, plan.campaign_id).await?;
    if let Some(demand) = Demand::of_plan(plan, rules)? {
        let standing = expected::lock_laid_down(conn, scope, plan).await?;
        if expected::changes_verdict(conn, scope, (plan.campaign_id, demand.due_before), &standing).await? {
            return Err(rules::limit_judged_by());
        }
        let owing = expected::owing_issuer(conn, &campaign, plan.org_unit_id).await?;
        demand_reports(conn, me, scope, &demand, (&standing, &owing)).await?;
    }
    Ok(campaign)
}

/// Moves what stands already to what a plan demands, and lays down who else owes a report.
async fn demand_reports(
    conn: &Conn,
    me: &Call,
    scope: &Scope,
    demand: &Demand,
    (standing, owing): (&[ReportObligationId], &[OrgUnitId]),
) -> Result<(), AppError> {
    let (actor, now) = (me.actor().id, me.now());
    for changed in expected::lay_terms(conn, scope, demand, standing, (actor, now)).await? {
        me.record(conn, obligations::handlers::event(&changed, "updated")).await?;
    }
    let owed = expected::freeze(conn, scope, demand, owing, (Some(actor), now)).await?;
    me.record_all(conn, owed.iter().map(|owed| obligations::handlers::event(owed, "created")).collect()).await
}

/// Close a plan
///
/// It is carried out; it stays readable.
#[utoipa::path(tag = "plans", params(("id" = PlanId, Path, description = "The plan")), responses((status = 200, body = PlanOut)))]
#[post("/plans/{id}/close")]
pub async fn close_plan(call: Call, id: Id<PlanId>) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::PlanIssue)?;
    step(call, scope, id.0, Step::Close, "closed", async |_, me, mut plan| {
        plan.state = PlanState::Closed;
        plan.closed_at = Some(me.now());
        Ok(plan)
    })
    .await
}

/// One transition: lock, compare the version, check that the campaign is open and the state, change, save, record.
async fn step(
    call: Call,
    scope: Scope,
    id: PlanId,
    step: Step,
    action: &'static str,
    change: impl AsyncFn(&Conn, &Call, Plan) -> Result<Plan, AppError> + 'static,
) -> Result<Reply, AppError> {
    let if_match = call.if_match()?;
    let me = call.clone();
    call.write(async move |conn| {
        let plan = queries::lock(conn, &scope, id).await?;
        if_match.check(plan.version)?;
        // Issuing the campaign's own plan changes the campaign: it locks it, and does not hold it before.
        if step != Step::Issue || plan.parent_plan_id.is_some() {
            campaigns::queries::hold_open(conn, plan.campaign_id).await?;
        }
        rules::check_step(&plan, step)?;
        let from = plan.state;
        let plan = change(conn, &me, plan).await?;
        let plan = queries::save(conn, &scope, plan, me.now()).await?;
        me.record(conn, event(&plan, action, Some(from))).await?;
        let (version, parts) = (plan.version, queries::parts(conn, plan.id).await?);
        Reply::ok(&PlanOut::new(plan, parts), version)
    })
    .await
}
