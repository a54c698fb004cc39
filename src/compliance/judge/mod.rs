//! Whether a rule is kept, judged on facts of one instant: pure, so that each light can be explained and tested.

mod duties;
mod festival;
mod money;
mod papers;
mod quotas;
mod sites;

use super::facts::{Facts, Unit};
use crate::campaigns::model::Campaign;
use crate::clock::start_of_day;
use crate::error::{Message, message};
use crate::ids::OrgUnitId;
use crate::plans::model::Obligation;
use crate::plans::parameters::{AppliesTo, Parameters};
use chrono::{DateTime, Days, Duration, Utc};
use serde::Serialize;
use utoipa::ToSchema;

/// The light of a rule: `met`; `open`, while there is time; `at_risk`, when time runs short, or when what is encouraged
/// was not done; `violated`; `unbound`, when nobody is there whom it addresses; `not_applicable`, when it does not address
/// this body, or is judged by people.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum RuleState {
    Met,
    Open,
    AtRisk,
    Violated,
    Unbound,
    NotApplicable,
}

impl RuleState {
    /// Its code.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Met => "met",
            Self::Open => "open",
            Self::AtRisk => "at_risk",
            Self::Violated => "violated",
            Self::Unbound => "unbound",
            Self::NotApplicable => "not_applicable",
        }
    }
}

/// A figure that a rule was judged on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fact {
    /// Its name in the API.
    pub name: &'static str,
    /// What it is called.
    pub label: Message,
    /// The figure.
    pub value: i64,
    /// What it should be, where the rule says.
    pub expected: Option<i64>,
    /// The bodies that keep it from being so.
    pub bodies: Vec<(OrgUnitId, String)>,
    /// Where its rows are listed, below `/api/v1`, without the campaign.
    pub list: Option<String>,
}

/// A judgement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Judgement {
    /// The light.
    pub state: RuleState,
    /// Why.
    pub reason: Message,
    /// What to do next; none when there is nothing to do.
    pub next: Option<Message>,
    /// When it must be kept by.
    pub deadline: Option<DateTime<Utc>>,
    /// On what.
    pub facts: Vec<Fact>,
}

/// Who is judged, on what, and when.
pub struct Case<'a> {
    /// The campaign.
    pub campaign: &'a Campaign,
    /// The facts of the body and all below it.
    pub facts: &'a Facts,
    /// The body; the campaign's own for the whole.
    pub body: &'a Unit,
    /// The instant.
    pub now: DateTime<Utc>,
    /// Whether the caller may know which sites lie in priority areas (S110).
    pub sees_priority: bool,
}

/// How long before a limit an open rule is at risk.
const SHORT: Duration = Duration::days(7);

/// Judges one rule.
pub fn judge(case: &Case<'_>, rule_id: &str, obligation: Obligation, parameters: &Parameters) -> Judgement {
    let mut judgement = match parameters {
        Parameters::EventWindow { .. } => case.window(),
        Parameters::ReportLimit { .. } => case.reports(),
        Parameters::Quota { by, measure, compare, count, pilot, site_kind } => {
            case.quota(*by, *measure, *compare, i64::from(*count), *pilot, *site_kind)
        }
        Parameters::SiteKinds { kinds } => case.kinds(kinds),
        Parameters::PriorityAreas { .. } if case.sees_priority => case.priority(),
        Parameters::PriorityAreas { .. } => hidden(),
        Parameters::SiteSuitability {} => case.suitability(),
        Parameters::InvitationTemplate { applies_to: AppliesTo::ProvincialPilot, categories, adaptable, .. } => {
            case.guests(categories, *adaptable)
        }
        Parameters::ChildPlan { bodies } => case.child_plans(bodies),
        Parameters::ChildPlanItems { items } => case.plan_items(items),
        Parameters::CommunicationPhases { .. } => case.phases(),
        Parameters::CostLimit { amount_vnd, per } => case.cost(*amount_vnd, *per),
        Parameters::Duty { body, .. } => case.duties(rule_id, body),
        Parameters::InvitationTemplate { .. }
        | Parameters::Guidance { .. }
        | Parameters::FundingSources { .. }
        | Parameters::ObstacleRoute { .. }
        | Parameters::Principle { .. } => by_people(),
    };
    // What is only encouraged is never violated.
    judgement.state = match (obligation, judgement.state) {
        (Obligation::Should, RuleState::Violated) => RuleState::AtRisk,
        (Obligation::May, RuleState::Violated | RuleState::AtRisk) => RuleState::Open,
        (_, state) => state,
    };
    judgement
}

fn judgement(state: RuleState, reason: Message) -> Judgement {
    Judgement { state, reason, next: None, deadline: None, facts: Vec::new() }
}

fn by_people() -> Judgement {
    judgement(
        RuleState::NotApplicable,
        message("Quy định này do người có trách nhiệm đánh giá, không chấm bằng số liệu.", "People judge this rule; figures do not."),
    )
}

/// Of a body with one pilot site, the light alone would tell.
fn hidden() -> Judgement {
    judgement(
        RuleState::NotApplicable,
        message("Diện ưu tiên chỉ hiển thị cho người được phép xem.", "Priority areas are shown only to those who may see them."),
    )
}

fn not_addressed() -> Judgement {
    judgement(RuleState::NotApplicable, message("Quy định không áp dụng cho đơn vị này.", "The rule does not address this body."))
}

fn fact(name: &'static str, vi: &'static str, en: &'static str, value: i64) -> Fact {
    Fact { name, label: message(vi, en), value, expected: None, bodies: Vec::new(), list: None }
}

impl Case<'_> {
    fn is_whole(&self) -> bool {
        self.body.id == self.campaign.org_unit_id
    }

    /// The instant after the last day of the window.
    fn window_end(&self) -> DateTime<Utc> {
        start_of_day(self.campaign.event_to.checked_add_days(Days::new(1)).unwrap_or(self.campaign.event_to))
    }

    fn window_start(&self) -> DateTime<Utc> {
        start_of_day(self.campaign.event_from)
    }

    /// The light of something that is still to be done by a limit.
    fn until(&self, risk_from: DateTime<Utc>, limit: DateTime<Utc>) -> RuleState {
        if self.now >= limit {
            RuleState::Violated
        } else if self.now >= risk_from {
            RuleState::AtRisk
        } else {
            RuleState::Open
        }
    }

    fn names(&self, ids: &[OrgUnitId]) -> Vec<(OrgUnitId, String)> {
        let units = self.facts.units.iter().filter(|unit| ids.contains(&unit.id));
        units.map(|unit| (unit.id, unit.name.clone())).collect()
    }
}

fn count(number: usize) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}
