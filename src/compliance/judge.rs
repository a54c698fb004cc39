//! Whether a rule is kept, judged on facts of one instant: pure, so that each light can be explained and tested.

use super::facts::{Facts, OwedPlan, SiteGroup, Unit};
use crate::activities::model::ActivityPhase;
use crate::campaigns::model::Campaign;
use crate::clock::start_of_day;
use crate::error::{Message, message};
use crate::ids::OrgUnitId;
use crate::org_units::model::{OrgLevel, OrgUnitKind};
use crate::participants::model::ParticipantCategory;
use crate::plans::model::Obligation;
use crate::plans::parameters::{AppliesTo, Compare, Measure, Parameters, PlanBody, PlanItem, QuotaBy};
use crate::sites::model::{PilotLevel, SiteKind, SiteState};
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
pub(super) const SHORT: Duration = Duration::days(7);

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

pub(super) fn judgement(state: RuleState, reason: Message) -> Judgement {
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

pub(super) fn not_addressed() -> Judgement {
    judgement(RuleState::NotApplicable, message("Quy định không áp dụng cho đơn vị này.", "The rule does not address this body."))
}

pub(super) fn fact(name: &'static str, vi: &'static str, en: &'static str, value: i64) -> Fact {
    Fact { name, label: message(vi, en), value, expected: None, bodies: Vec::new(), list: None }
}

impl Case<'_> {
    pub(super) fn is_whole(&self) -> bool {
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

    fn window(&self) -> Judgement {
        let has_time = |group: &SiteGroup| matches!(group.state, SiteState::Scheduled | SiteState::Held | SiteState::Closed);
        let scheduled = self.facts.sites_in_all(|group| if has_time(group) { group.count } else { 0 });
        let outside = self.facts.sites_in_all(|group| group.outside_count);
        let facts = vec![
            Fact {
                list: Some("sites?is_scheduled=true".to_owned()),
                ..fact("scheduled", "Địa bàn đã xếp lịch", "Scheduled sites", scheduled)
            },
            Fact {
                expected: Some(0), ..fact("outside_window", "Địa bàn ngoài khung thời gian", "Sites outside the window", outside)
            },
        ];
        let (state, reason) = match (outside, scheduled) {
            (1.., _) => {
                (RuleState::Violated, message("Có địa bàn xếp lịch ngoài khung thời gian.", "Sites are scheduled outside the window."))
            }
            (_, 1..) => (
                RuleState::Met,
                message("Mọi địa bàn đã xếp lịch nằm trong khung thời gian.", "All scheduled sites lie within the window."),
            ),
            _ if self.now >= self.window_end() => {
                (RuleState::NotApplicable, message("Không có địa bàn nào được xếp lịch.", "No site was scheduled."))
            }
            _ => (
                self.until(self.window_end() - SHORT, self.window_end()),
                message("Chưa có địa bàn nào xếp lịch.", "No site is scheduled yet."),
            ),
        };
        let next = match state {
            RuleState::Violated => {
                Some(message("Xếp lại lịch các địa bàn đó vào trong khung thời gian.", "Reschedule these sites within the window."))
            }
            RuleState::Open | RuleState::AtRisk => Some(message("Xếp lịch các địa bàn.", "Schedule the sites.")),
            _ => None,
        };
        Judgement { next, deadline: Some(self.window_end()), facts, ..judgement(state, reason) }
    }

    fn reports(&self) -> Judgement {
        let owed = &self.facts.owed;
        let Some(limit) = owed.iter().map(|owed| owed.due_before).max() else {
            let nobody = message("Chưa xác định đơn vị phải báo cáo.", "Nobody owes a report yet.");
            return if self.is_whole() { judgement(RuleState::Unbound, nobody) } else { not_addressed() };
        };
        let missing: Vec<_> = owed.iter().filter(|owed| owed.is_late.is_none()).map(|owed| owed.org_unit_id).collect();
        let late: Vec<_> = owed.iter().filter(|owed| owed.is_late == Some(true)).map(|owed| owed.org_unit_id).collect();
        let in_time = owed.len() - missing.len() - late.len();
        let (total, overdue) = (count(owed.len()), owed.iter().any(|owed| owed.is_late.is_none() && self.now >= owed.due_before));
        let facts = vec![
            Fact {
                expected: Some(total),
                list: Some("reports?is_late=false".to_owned()),
                ..fact("in_time", "Nộp đúng hạn", "In time", count(in_time))
            },
            Fact { expected: Some(0), bodies: self.names(&late), ..fact("late", "Nộp trễ hạn", "Late", count(late.len())) },
            Fact { expected: Some(0), bodies: self.names(&missing), ..fact("missing", "Chưa nộp", "Missing", count(missing.len())) },
        ];
        let (state, reason) = if overdue || !late.is_empty() {
            (RuleState::Violated, message("Có đơn vị nộp trễ hoặc quá hạn chưa nộp.", "Reports are late or overdue."))
        } else if missing.is_empty() {
            (RuleState::Met, message("Mọi đơn vị đã báo cáo đúng hạn.", "All reports came in time."))
        } else {
            (self.until(limit - SHORT, limit), message("Còn đơn vị chưa báo cáo.", "Some bodies have not reported yet."))
        };
        let next =
            (!missing.is_empty()).then(|| message("Đôn đốc các đơn vị chưa nộp báo cáo.", "Remind the bodies that have not reported."));
        Judgement { next, deadline: Some(limit), facts, ..judgement(state, reason) }
    }

    fn quota(&self, by: QuotaBy, measure: Measure, compare: Compare, wanted: i64, pilot: bool, kind: Option<SiteKind>) -> Judgement {
        let addressed: Vec<&Unit> = self.facts.units.iter().filter(|unit| self.is_addressed(by, unit)).collect();
        if addressed.is_empty() {
            let nobody = message(
                "Không còn đơn vị nào thuộc cấp mà quy định nêu; cần quyết định.",
                "No body of the level that the rule names exists; it needs a decision.",
            );
            return if self.is_whole() && by != QuotaBy::Province { judgement(RuleState::Unbound, nobody) } else { not_addressed() };
        }
        let counts = self.facts.sites_by_unit(|group, unit| {
            let fits = match measure {
                Measure::Nominated => group.nominated_by == Some(unit.id),
                Measure::Selected => group.pilot_level == pilot_level(unit.level),
                Measure::Held => {
                    matches!(group.state, SiteState::Held | SiteState::Closed) && (!pilot || group.pilot_level == pilot_level(unit.level))
                }
            };
            if fits && kind.is_none_or(|kind| kind == group.kind) { group.count } else { 0 }
        });
        let has = |unit: &Unit| counts.get(&unit.id).copied().unwrap_or(0);
        let short: Vec<_> = addressed.iter().filter(|unit| compare != Compare::AtMost && has(unit) < wanted).map(|unit| unit.id).collect();
        let over: Vec<_> = addressed.iter().filter(|unit| compare != Compare::AtLeast && has(unit) > wanted).map(|unit| unit.id).collect();
        let (total, kept) = (count(addressed.len()), count(addressed.len() - short.len() - over.len()));
        let sites = addressed.iter().map(|unit| has(unit)).sum();
        let mut facts =
            vec![Fact { list: list_of(by, measure, kind), ..fact("sites", "Số địa bàn tính được", "Sites that count", sites) }];
        facts.push(Fact { expected: Some(total), ..fact("bodies_that_keep_it", "Đơn vị đạt", "Bodies that keep it", kept) });
        if !short.is_empty() {
            facts.push(Fact {
                expected: Some(0),
                bodies: self.names(&short),
                ..fact("bodies_short", "Đơn vị còn thiếu", "Bodies short of it", count(short.len()))
            });
        }
        if !over.is_empty() {
            facts.push(Fact {
                expected: Some(0),
                bodies: self.names(&over),
                ..fact("bodies_over", "Đơn vị vượt", "Bodies over it", count(over.len()))
            });
        }
        let risk_from = if measure == Measure::Held { self.window_end() - SHORT } else { self.window_start() };
        let (state, reason) = if !over.is_empty() {
            (RuleState::Violated, message("Có đơn vị vượt số lượng quy định.", "Some bodies exceed the number."))
        } else if short.is_empty() {
            (RuleState::Met, message("Đủ số lượng quy định.", "The number is reached."))
        } else {
            (self.until(risk_from, self.window_end()), message("Chưa đủ số lượng quy định.", "The number is not reached yet."))
        };
        let next = match measure {
            _ if short.is_empty() && over.is_empty() => None,
            _ if !over.is_empty() => Some(message("Xem xét lại các địa bàn vượt số lượng.", "Reconsider the sites over the number.")),
            Measure::Nominated => {
                Some(message("Đôn đốc các đơn vị còn thiếu đề cử địa bàn điểm.", "Ask the bodies short of it to nominate."))
            }
            Measure::Selected => Some(message("Chọn đủ địa bàn điểm.", "Select as many pilot sites as are asked for.")),
            Measure::Held => Some(message("Tổ chức đủ số địa bàn.", "Hold as many sites as are asked for.")),
        };
        Judgement { next, deadline: Some(self.window_end()), facts, ..judgement(state, reason) }
    }

    fn is_addressed(&self, by: QuotaBy, unit: &Unit) -> bool {
        use OrgUnitKind::{
            Agency, CommuneCommittee, DistrictCommittee, EducationalInstitution, Enterprise, InformationDepartment, MassOrganisation,
            ProvincialDepartment,
        };
        match by {
            QuotaBy::Province => unit.id == self.campaign.org_unit_id,
            QuotaBy::District => unit.kind == DistrictCommittee,
            QuotaBy::Commune => unit.kind == CommuneCommittee,
            QuotaBy::EachLevel => unit.id == self.campaign.org_unit_id || matches!(unit.kind, DistrictCommittee | CommuneCommittee),
            QuotaBy::Agency => matches!(
                unit.kind,
                Agency | Enterprise | EducationalInstitution | ProvincialDepartment | InformationDepartment | MassOrganisation
            ),
        }
    }

    fn kinds(&self, kinds: &[SiteKind]) -> Judgement {
        let total = self.facts.sites_in_all(|group| group.count);
        let other = self.facts.sites_in_all(|group| if kinds.contains(&group.kind) { 0 } else { group.count });
        let facts = vec![
            Fact { list: Some("sites".to_owned()), ..fact("sites", "Số địa bàn", "Sites", total) },
            Fact { expected: Some(0), ..fact("other_kinds", "Địa bàn thuộc loại khác", "Sites of other kinds", other) },
        ];
        let (state, reason) = match (other, total) {
            (1.., _) => (
                RuleState::AtRisk,
                message("Có địa bàn thuộc loại kế hoạch không nêu.", "Some sites are of kinds that the plan does not name."),
            ),
            (_, 0) => (RuleState::Open, message("Chưa có địa bàn nào.", "There is no site yet.")),
            _ => (RuleState::Met, message("Mọi địa bàn thuộc loại kế hoạch nêu.", "All sites are of kinds that the plan names.")),
        };
        Judgement { facts, ..judgement(state, reason) }
    }

    fn priority(&self) -> Judgement {
        let pilots = self.facts.sites_in_all(|group| if group.pilot_level == PilotLevel::None { 0 } else { group.count });
        let with = self.facts.sites_in_all(|group| if group.pilot_level == PilotLevel::None { 0 } else { group.priority_count });
        let facts = vec![
            fact("pilot_sites", "Địa bàn điểm", "Pilot sites", pilots),
            fact("pilot_sites_with_priority", "Địa bàn điểm thuộc diện ưu tiên", "Pilot sites in priority areas", with),
        ];
        let (state, reason) = if with > 0 {
            (RuleState::Met, message("Có địa bàn điểm thuộc diện ưu tiên.", "Pilot sites in priority areas were chosen."))
        } else {
            (
                self.until(self.window_start(), self.window_end()),
                message("Chưa có địa bàn điểm thuộc diện ưu tiên.", "No pilot site lies in a priority area yet."),
            )
        };
        Judgement { deadline: Some(self.window_end()), facts, ..judgement(state, reason) }
    }

    fn suitability(&self) -> Judgement {
        let is_chosen = |group: &SiteGroup| group.pilot_level == PilotLevel::Province;
        let chosen = self.facts.sites_in_all(|group| if is_chosen(group) { group.count } else { 0 });
        let suitable = self.facts.sites_in_all(|group| if is_chosen(group) { group.suitable_count } else { 0 });
        let unsuitable = self.facts.sites_in_all(|group| if is_chosen(group) { group.unsuitable_count } else { 0 });
        let facts = vec![
            Fact {
                list: Some("sites?pilot_level=province".to_owned()),
                ..fact("pilot_sites", "Địa bàn điểm của tỉnh", "Provincial pilot sites", chosen)
            },
            Fact {
                expected: Some(chosen),
                list: Some("sites?pilot_level=province&is_checklist_complete=true".to_owned()),
                ..fact("pilot_sites_suitable", "Trong đó đạt bảng kiểm điều kiện", "Of them suitable by their checklist", suitable)
            },
            Fact {
                expected: Some(0),
                ..fact(
                    "pilot_sites_not_suitable",
                    "Trong đó có mục bắt buộc không đạt",
                    "Of them with something required not met",
                    unsuitable,
                )
            },
        ];
        let (state, reason, next) = if chosen == 0 {
            (RuleState::Open, message("Tỉnh chưa chọn địa bàn điểm.", "The province has not selected a pilot site yet."), None)
        } else if unsuitable > 0 {
            let next = message("Khắc phục mục không đạt, hoặc chọn địa bàn khác.", "Put right what is not met, or select another site.");
            (
                RuleState::Violated,
                message("Có địa bàn điểm không đạt điều kiện bắt buộc.", "A pilot site lacks something that is required."),
                Some(next),
            )
        } else if suitable == chosen {
            (
                RuleState::Met,
                message("Mọi địa bàn điểm của tỉnh đạt bảng kiểm.", "All provincial pilot sites suit by their checklists."),
                None,
            )
        } else {
            (
                self.until(self.window_start(), self.window_end()),
                message("Còn địa bàn điểm chưa đánh giá đủ điều kiện.", "The checklist of some pilot sites is not answered yet."),
                Some(message("Đánh giá đủ bảng kiểm điều kiện của các địa bàn điểm.", "Answer the checklists of the pilot sites.")),
            )
        };
        Judgement { next, deadline: Some(self.window_end()), facts, ..judgement(state, reason) }
    }

    fn guests(&self, categories: &[ParticipantCategory], adaptable: bool) -> Judgement {
        if !self.is_whole() {
            return not_addressed();
        }
        let chosen = self.facts.sites_in_all(|group| if group.pilot_level == PilotLevel::Province { group.count } else { 0 });
        let is_invited = |category: &&ParticipantCategory| self.facts.invited.iter().any(|invited| invited.category == **category);
        let invited = categories.iter().filter(is_invited).count();
        let facts = vec![Fact {
            expected: Some(count(categories.len())),
            ..fact("categories_invited", "Thành phần đã được mời", "Categories invited", count(invited))
        }];
        let (state, reason) = if chosen == 0 {
            (RuleState::Open, message("Tỉnh chưa chọn địa bàn điểm.", "The province has not selected a pilot site yet."))
        } else if invited == categories.len() {
            (RuleState::Met, message("Đã mời đủ các thành phần.", "All categories are invited."))
        } else {
            let state = self.until(self.window_start(), self.window_end());
            let state = if adaptable && state == RuleState::Violated { RuleState::AtRisk } else { state };
            (state, message("Còn thành phần chưa được mời.", "Some categories are not invited yet."))
        };
        let next = matches!(state, RuleState::Open | RuleState::AtRisk | RuleState::Violated).then(|| {
            message("Mời các thành phần còn thiếu theo mẫu của kế hoạch.", "Invite the missing categories by the plan's template.")
        });
        Judgement { next, deadline: Some(self.window_end()), facts, ..judgement(state, reason) }
    }

    fn child_plans(&self, bodies: &[PlanBody]) -> Judgement {
        let addressed = |id: OrgUnitId| {
            self.facts.units.iter().any(|unit| unit.id == id && bodies.iter().any(|body| body.addresses(unit.kind, unit.level)))
        };
        let has = |id: &OrgUnitId| self.facts.child_plans.iter().any(|plan| plan.org_unit_id == *id);
        // Who drew up a plan has one, exempt or not.
        let is_exempt = |owed: &&OwedPlan| owed.is_exempt && !has(&owed.org_unit_id);
        let owed = self.facts.plans_owed.iter().filter(|owed| addressed(owed.org_unit_id));
        let (exempt, owing): (Vec<&OwedPlan>, Vec<&OwedPlan>) = owed.partition(is_exempt);
        let owing: Vec<OrgUnitId> = owing.iter().map(|owed| owed.org_unit_id).collect();
        if owing.is_empty() {
            let nobody = message("Không có đơn vị nào phải lập kế hoạch.", "Nobody is there to draw up a plan.");
            return if self.is_whole() && exempt.is_empty() { judgement(RuleState::Unbound, nobody) } else { not_addressed() };
        }
        let missing: Vec<OrgUnitId> = owing.iter().copied().filter(|id| !has(id)).collect();
        let issued = count(owing.len() - missing.len());
        let facts = vec![
            Fact {
                expected: Some(count(owing.len())),
                bodies: self.names(&missing),
                ..fact("plans_issued", "Đơn vị đã ban hành kế hoạch", "Bodies that issued a plan", issued)
            },
            Fact {
                list: Some("plan-obligations?state=exempt".to_owned()),
                ..fact("plans_exempt", "Đơn vị được miễn lập kế hoạch", "Bodies exempt from it", count(exempt.len()))
            },
        ];
        let (state, reason, next) = if missing.is_empty() {
            (RuleState::Met, message("Mọi đơn vị đã ban hành kế hoạch.", "All bodies issued a plan."), None)
        } else {
            let next = message("Đôn đốc các đơn vị chưa ban hành kế hoạch.", "Remind the bodies that have issued no plan.");
            (
                self.until(self.window_start(), self.window_end()),
                message("Còn đơn vị chưa ban hành kế hoạch.", "Some bodies have issued no plan yet."),
                Some(next),
            )
        };
        Judgement { next, deadline: Some(self.window_end()), facts, ..judgement(state, reason) }
    }

    fn plan_items(&self, items: &[PlanItem]) -> Judgement {
        let plans = &self.facts.child_plans;
        let lacking: Vec<OrgUnitId> =
            plans.iter().filter(|plan| items.iter().any(|item| !plan.items.contains(item))).map(|plan| plan.org_unit_id).collect();
        let facts = vec![Fact {
            expected: Some(count(plans.len())),
            bodies: self.names(&lacking),
            ..fact("plans_complete", "Kế hoạch đủ các mục", "Plans that state all items", count(plans.len() - lacking.len()))
        }];
        let (state, reason, next) = if plans.is_empty() {
            (RuleState::Open, message("Chưa có kế hoạch nào được ban hành.", "No plan is issued yet."), None)
        } else if lacking.is_empty() {
            (RuleState::Met, message("Mọi kế hoạch đã ban hành nêu đủ các mục.", "All issued plans state all items."), None)
        } else {
            let next = message("Bổ sung các mục còn thiếu vào kế hoạch.", "Add the missing items to the plans.");
            let state = self.until(self.window_start(), self.window_end());
            let state = if state == RuleState::Open { RuleState::AtRisk } else { state };
            (state, message("Có kế hoạch thiếu mục.", "Some plans lack items."), Some(next))
        };
        Judgement { next, deadline: Some(self.window_end()), facts, ..judgement(state, reason) }
    }

    fn phases(&self) -> Judgement {
        let in_phase = |phase| self.facts.phases.iter().filter(|group| group.phase == phase).map(|group| group.count).sum::<i64>();
        let [before, during, after] = [ActivityPhase::Before, ActivityPhase::During, ActivityPhase::After].map(in_phase);
        let phase = |name, vi, en, value, list: &str| Fact {
            list: Some(format!("activities?phase={list}&is_cancelled=false")),
            ..fact(name, vi, en, value)
        };
        let facts = vec![
            phase("before", "Hoạt động trước Ngày hội", "Activities before", before, "before"),
            phase("during", "Hoạt động trong Ngày hội", "Activities during", during, "during"),
            phase("after", "Hoạt động sau Ngày hội", "Activities after", after, "after"),
        ];
        let limit = start_of_day(self.campaign.report_due_before);
        // What comes too late for its phase cannot be made up for.
        let is_missed = (before == 0 && self.now >= self.window_start()) || (during == 0 && self.now >= self.window_end());
        let (state, reason) = if before > 0 && during > 0 && after > 0 {
            (RuleState::Met, message("Có hoạt động ở cả ba giai đoạn.", "There are activities in all three phases."))
        } else if is_missed {
            let state = if self.now >= limit { RuleState::Violated } else { RuleState::AtRisk };
            (state, message("Có giai đoạn đã qua mà không có hoạt động.", "A phase went by without an activity."))
        } else {
            (
                self.until(limit.max(self.window_end()), limit + SHORT),
                message("Còn giai đoạn chưa có hoạt động.", "Some phases have no activity yet."),
            )
        };
        Judgement { deadline: Some(limit), facts, ..judgement(state, reason) }
    }

    pub(super) fn names(&self, ids: &[OrgUnitId]) -> Vec<(OrgUnitId, String)> {
        let units = self.facts.units.iter().filter(|unit| ids.contains(&unit.id));
        units.map(|unit| (unit.id, unit.name.clone())).collect()
    }
}

pub(super) fn count(number: usize) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

fn pilot_level(level: OrgLevel) -> PilotLevel {
    match level {
        OrgLevel::Central | OrgLevel::Province => PilotLevel::Province,
        OrgLevel::District => PilotLevel::District,
        OrgLevel::Commune => PilotLevel::Commune,
        OrgLevel::Unit => PilotLevel::Unit,
    }
}

fn list_of(by: QuotaBy, measure: Measure, kind: Option<SiteKind>) -> Option<String> {
    let of_kind = kind.map_or_else(String::new, |kind| format!("&kind={kind}"));
    match (measure, by) {
        (Measure::Selected, QuotaBy::Province) => Some(format!("sites?pilot_level=province{of_kind}")),
        (Measure::Selected, QuotaBy::District) => Some(format!("sites?pilot_level=district{of_kind}")),
        (Measure::Selected, QuotaBy::Commune) => Some(format!("sites?pilot_level=commune{of_kind}")),
        _ => None,
    }
}
