//! Compliance as the API shows it.

use super::judge::{Fact, Judgement, RuleState};
use crate::error::Language;
use crate::ids::{CampaignId, OrgUnitId, PlanId};
use crate::paper::PaperFormat;
use crate::plans::model::{Obligation, Rule, RuleKind};
use crate::plans::parameters::Parameters;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// Of which campaign.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ComplianceQuery {
    /// The campaign.
    pub campaign_id: CampaignId,
    /// An edition of the campaign's own plan, superseded ones included; the one in force when absent.
    pub plan_id: Option<PlanId>,
}

/// By which edition of the plan.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct CampaignComplianceQuery {
    /// An edition of the campaign's own plan, superseded ones included; the one in force when absent.
    pub plan_id: Option<PlanId>,
}

/// In which form, and by which edition of the plan.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct CompliancePaperQuery {
    /// Form of the document; `docx` when absent.
    pub format: Option<PaperFormat>,
    /// An edition of the campaign's own plan, superseded ones included; the one in force when absent.
    pub plan_id: Option<PlanId>,
}

/// A body that a figure is about.
#[derive(Debug, Serialize, ToSchema)]
#[allow(missing_docs)]
pub struct FactBodyOut {
    pub org_unit_id: OrgUnitId,
    pub name: String,
}

/// A figure that a rule was judged on.
#[derive(Debug, Serialize, ToSchema)]
pub struct FactOut {
    /// Its name.
    #[schema(example = "bodies_short")]
    pub name: &'static str,
    /// What it is called, in the language of the answer.
    pub label: String,
    /// The figure.
    pub value: i64,
    /// What it should be; null where the rule does not say.
    pub expected: Option<i64>,
    /// The bodies that keep it from being so.
    #[schema(max_items = 20_000)]
    pub bodies: Vec<FactBodyOut>,
    /// The list of its rows; null where the bodies are all there is.
    #[schema(example = "/api/v1/sites?pilot_level=province&campaign_id=018b2f19-e79e-7d6a-a56d-29feb6211b04")]
    pub link: Option<String>,
}

/// A rule and its light.
#[derive(Debug, Serialize, ToSchema)]
#[allow(missing_docs)]
pub struct RuleStateOut {
    pub rule_id: String,
    pub kind: RuleKind,
    /// Clause of the plan.
    pub clause: String,
    /// Other clauses that state the same.
    pub also_in: Vec<String>,
    pub obligation: Obligation,
    /// What it says.
    pub statement: String,
    /// What it says, in figures.
    pub parameters: Parameters,
    pub state: RuleState,
    /// Why, in the language of the answer.
    pub reason: String,
    /// What to do next; null when there is nothing to do.
    pub next: Option<String>,
    /// When it must be kept by.
    pub deadline: Option<DateTime<Utc>>,
    /// On what it was judged.
    #[schema(max_items = 20)]
    pub facts: Vec<FactOut>,
}

/// How many rules have which light.
#[derive(Debug, Default, Serialize, ToSchema)]
#[allow(missing_docs)]
pub struct RuleCountsOut {
    pub met: i64,
    pub open: i64,
    pub at_risk: i64,
    pub violated: i64,
    pub unbound: i64,
    pub not_applicable: i64,
}

/// The rules of a campaign's plan, each with its light.
#[derive(Debug, Serialize, ToSchema)]
pub struct ComplianceOut {
    /// The campaign.
    pub campaign_id: CampaignId,
    /// The body that is judged, with all below it.
    pub org_unit_id: OrgUnitId,
    /// The plan whose rules these are; null while none is issued.
    pub plan_id: Option<PlanId>,
    /// Its version.
    pub plan_version: Option<i32>,
    /// The instant that the figures and the lights are of.
    pub as_of: DateTime<Utc>,
    /// How many rules have which light.
    pub counts: RuleCountsOut,
    /// The rules, in the order of the plan.
    #[schema(max_items = 200)]
    pub rules: Vec<RuleStateOut>,
}

impl RuleStateOut {
    /// A rule with its judgement.
    pub fn new(rule: Rule, parameters: Parameters, judgement: Judgement, of: (CampaignId, OrgUnitId), language: Language) -> Self {
        let Rule {
            plan_id: _,
            no: _,
            rule_id,
            kind,
            clause,
            also_in,
            obligation,
            statement,
            parameters: _,
            is_confirmed: _,
            confidence: _,
        } = rule;
        let Judgement { state, reason, next, deadline, facts } = judgement;
        Self {
            rule_id,
            kind,
            clause,
            also_in,
            obligation,
            statement,
            parameters,
            state,
            reason: reason.in_language(language),
            next: next.map(|next| next.in_language(language)),
            deadline,
            facts: facts.into_iter().map(|fact| FactOut::new(fact, of, language)).collect(),
        }
    }
}

impl FactOut {
    fn new(fact: Fact, (campaign, body): (CampaignId, OrgUnitId), language: Language) -> Self {
        let Fact { name, label, value, expected, bodies, list } = fact;
        let link = list.map(|list| {
            let and = if list.contains('?') { '&' } else { '?' };
            format!("/api/v1/{list}{and}campaign_id={campaign}&under_org_unit_id={body}")
        });
        let bodies = bodies.into_iter().map(|(org_unit_id, name)| FactBodyOut { org_unit_id, name }).collect();
        Self { name, label: label.in_language(language), value, expected, bodies, link }
    }
}

impl RuleCountsOut {
    /// Counts one more.
    pub fn add(&mut self, state: RuleState) {
        let count = match state {
            RuleState::Met => &mut self.met,
            RuleState::Open => &mut self.open,
            RuleState::AtRisk => &mut self.at_risk,
            RuleState::Violated => &mut self.violated,
            RuleState::Unbound => &mut self.unbound,
            RuleState::NotApplicable => &mut self.not_applicable,
        };
        *count += 1;
    }
}
