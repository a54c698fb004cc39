//! Compliance over HTTP.

use super::document;
use super::dto::{CampaignComplianceQuery, ComplianceOut, CompliancePaperQuery, ComplianceQuery, RuleCountsOut, RuleStateOut};
use super::facts::{Facts, Unit};
use super::judge::{Case, judge};
use super::queries;
use crate::auth::{Action, Scope};
use crate::call::Call;
use crate::campaigns;
use crate::campaigns::model::Campaign;
use crate::db::Conn;
use crate::error::{AppError, Language};
use crate::extract::{Id, Query};
use crate::ids::{CampaignId, OrgUnitId, PlanId};
use crate::org_units;
use crate::org_units::letterhead::Letterhead;
use crate::paper;
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
        let law = Law::of_campaign(conn, (&campaigns_scope, id.0), plan_id).await?;
        law.judge_all(conn, &call, &scope, call.language()).await
    });
    Reply::plain(&answer.await?)
}

/// Write a document of how the rules of a campaign's plan are kept
///
/// The same rules, lights and figures as `get_campaign_compliance`, always in Vietnamese: as a paper by decree 30/2020/NĐ-CP with number,
/// date and name left open (`docx`), as a workbook (`xlsx`), or as one row for each figure of each rule (`csv`).
#[utoipa::path(
    tag = "campaigns",
    params(("id" = CampaignId, Path, description = "The campaign"), CompliancePaperQuery),
    responses((
        status = 200,
        description = "The file.",
        content(
            (String = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
            (String = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
            (String = "text/csv", example = json!("Mã,Điều khoản,Mức độ,Kết quả,Mã số liệu,Số liệu,Giá trị,Cần đạt,Đơn vị,Lý do,Thời hạn,Việc cần làm\r\nR1,II.2.2.3,bắt buộc,đạt,outside_window,Địa bàn ngoài khung thời gian,0,0,,Mọi địa bàn đã xếp lịch nằm trong khung thời gian.,00:00 20/08/2023,\r\n"))
        ),
        headers(("Content-Disposition" = String))
    ))
)]
#[get("/campaigns/{id}/compliance/document")]
pub async fn get_compliance_document(call: Call, id: Id<CampaignId>, query: Query<CompliancePaperQuery>) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::DashboardRead)?;
    let campaigns_scope = call.authorize(Action::CampaignRead)?;
    let units_scope = call.authorize(Action::OrgUnitRead)?;
    let CompliancePaperQuery { format, plan_id } = query.parse()?;
    let answer = call.read(async |conn| {
        let law = Law::of_campaign(conn, (&campaigns_scope, id.0), plan_id).await?;
        let (campaign, plan) = (law.campaign.clone(), law.plan.clone());
        let lights = law.judge_all(conn, &call, &scope, Language::Vi).await?;
        let letterhead = Letterhead::of(conn, &units_scope, lights.org_unit_id).await?;
        Ok(document::of(&lights, &campaign, plan.as_ref(), &letterhead))
    });
    paper::reply(answer.await?, format).await
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
        law.answer(&call, call.language(), &facts, &body)
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

    async fn of_campaign(conn: &Conn, (scope, id): (&Scope, CampaignId), edition: Option<PlanId>) -> Result<Self, AppError> {
        Self::of(conn, campaigns::queries::find(conn, scope, id).await?, edition).await
    }

    /// The lights of all that the caller sees of the campaign.
    async fn judge_all(self, conn: &Conn, call: &Call, scope: &Scope, language: Language) -> Result<ComplianceOut, AppError> {
        let facts = queries::facts(conn, scope, &self.campaign).await?;
        // The first in the order of the tree is the one above all the others that the caller sees.
        let body = facts.units.first().cloned().ok_or_else(AppError::not_found)?;
        self.answer(call, language, &facts, &body)
    }

    fn answer(self, call: &Call, language: Language, facts: &Facts, body: &Unit) -> Result<ComplianceOut, AppError> {
        let Self { campaign, plan, rules } = self;
        let now = call.now();
        let sees_priority = call.actor().allows(Action::SitePriorityRead).is_some();
        let case = Case { campaign: &campaign, facts, body, now, sees_priority };
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
