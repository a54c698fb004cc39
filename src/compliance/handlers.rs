//! Compliance over HTTP.

use super::dto::{CampaignComplianceQuery, ComplianceOut, ComplianceQuery, RuleCountsOut, RuleStateOut};
use super::facts::{Facts, Unit};
use super::judge::{Case, judge};
use super::queries;
use crate::auth::Action;
use crate::call::Call;
use crate::campaigns;
use crate::campaigns::model::Campaign;
use crate::db::Conn;
use crate::error::AppError;
use crate::extract::{Id, Query};
use crate::ids::{CampaignId, OrgUnitId, PlanId};
use crate::org_units;
use crate::plans;
use crate::plans::model::{Plan, Rule};
use crate::reply::Reply;
use actix_web::get;

/// Read how the rules of a campaign's plan are kept
///
/// Each rule that was confirmed, with its light, the figures it was judged on, its clause, and what to do next. The whole
/// campaign for who sees the province, else the caller's own body and all below it. Figures are those of now; an edition that was
/// superseded says how they stand by the rules it had.
#[utoipa::path(
    tag = "campaigns",
    params(("id" = CampaignId, Path, description = "The campaign"), CampaignComplianceQuery),
    responses((status = 200, body = ComplianceOut))
)]
#[get("/campaigns/{id}/compliance")]
pub async fn get_campaign_compliance(call: Call, id: Id<CampaignId>, query: Query<CampaignComplianceQuery>) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::DashboardRead)?;
    let campaigns_scope = call.authorize(Action::CampaignRead)?;
    let CampaignComplianceQuery { plan_id } = query.parse()?;
    let answer = call.read(async |conn| {
        let campaign = campaigns::queries::find(conn, &campaigns_scope, id.0).await?;
        let law = Law::of(conn, campaign, plan_id).await?;
        let facts = queries::facts(conn, &scope, &law.campaign).await?;
        // The first in the order of the tree is the one above all the others that the caller sees.
        let body = facts.units.first().cloned().ok_or_else(AppError::not_found)?;
        law.answer(&call, &facts, &body)
    });
    Reply::plain(&answer.await?)
}

/// Read how one body keeps the rules of a campaign's plan
///
/// The body and all below it: rules that address none of them are not applicable.
#[utoipa::path(
    tag = "org-units",
    params(("id" = OrgUnitId, Path, description = "The body"), ComplianceQuery),
    responses((status = 200, body = ComplianceOut))
)]
#[get("/org-units/{id}/compliance")]
pub async fn get_org_unit_compliance(call: Call, id: Id<OrgUnitId>, query: Query<ComplianceQuery>) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::DashboardRead)?;
    let campaigns_scope = call.authorize(Action::CampaignRead)?;
    let ComplianceQuery { campaign_id, plan_id } = query.parse()?;
    let answer = call.read(async |conn| {
        let path = org_units::queries::find(conn, &scope, id.0).await?.path;
        let campaign = campaigns::queries::find(conn, &campaigns_scope, campaign_id).await?;
        let law = Law::of(conn, campaign, plan_id).await?;
        let facts = queries::facts(conn, &scope, &law.campaign).await?.below(&path);
        let body = facts.units.first().cloned().ok_or_else(AppError::not_found)?;
        law.answer(&call, &facts, &body)
    });
    Reply::plain(&answer.await?)
}

/// By what is judged: a campaign's own plan in one edition, and the campaign with the parameters that this edition states.
struct Law {
    campaign: Campaign,
    plan: Option<Plan>,
    rules: Vec<Rule>,
}

impl Law {
    async fn of(conn: &Conn, campaign: Campaign, edition: Option<PlanId>) -> Result<Self, AppError> {
        let plan = match edition {
            Some(id) => Some(plans::queries::find_edition(conn, campaign.id, id).await?),
            None => plans::queries::top_plan(conn, campaign.id).await?,
        };
        let rules = match &plan {
            Some(plan) => plans::queries::rules(conn, plan.id).await?,
            None => Vec::new(),
        };
        let campaign = if edition.is_some() { plans::rules::bind(campaign, &rules)? } else { campaign };
        Ok(Self { campaign, plan, rules })
    }

    fn answer(self, call: &Call, facts: &Facts, body: &Unit) -> Result<ComplianceOut, AppError> {
        let Self { campaign, plan, rules } = self;
        let (now, language) = (call.now(), call.language());
        let case = Case { campaign: &campaign, facts, body, now };
        let mut counts = RuleCountsOut::default();
        let mut judged = Vec::with_capacity(rules.len());
        for rule in rules.into_iter().filter(|rule| rule.is_confirmed) {
            let parameters = rule.parameters()?;
            let judgement = judge(&case, &rule.rule_id, rule.obligation, &parameters);
            counts.add(judgement.state);
            judged.push(RuleStateOut::new(rule, parameters, judgement, (campaign.id, body.id), language));
        }
        Ok(ComplianceOut {
            campaign_id: campaign.id,
            org_unit_id: body.id,
            plan_id: plan.as_ref().map(|plan| plan.id),
            plan_version: plan.as_ref().map(|plan| plan.version),
            as_of: now,
            counts,
            rules: judged,
        })
    }
}
