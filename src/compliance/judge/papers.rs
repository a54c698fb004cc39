//! Rules on what is drawn up and sent: child plans, their items, reports.

use super::{Case, Fact, Judgement, RuleState, SHORT, count, fact, judgement, not_addressed};
use crate::compliance::facts::OwedPlan;
use crate::error::message;
use crate::ids::OrgUnitId;
use crate::plans::parameters::{PlanBody, PlanItem};

impl Case<'_> {
    pub(super) fn child_plans(&self, bodies: &[PlanBody]) -> Judgement {
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

    pub(super) fn plan_items(&self, items: &[PlanItem]) -> Judgement {
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

    pub(super) fn reports(&self) -> Judgement {
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
}
