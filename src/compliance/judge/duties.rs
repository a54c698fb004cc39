//! Whether the duties that a rule lays down are done.

use super::{Case, Fact, Judgement, RuleState, SHORT, count, fact, judgement, not_addressed};
use crate::compliance::facts::{Charged, Unit};
use crate::duties::bodies::{self, Candidate};
use crate::duties::model::{DutyState, OPEN};
use crate::error::message;
use crate::ids::OrgUnitId;
use std::fmt::Write;

impl Case<'_> {
    /// Met when all duties of the rule are done, violated when one is overdue, at risk within a week of a deadline.
    pub(super) fn duties(&self, rule_id: &str, words: &str) -> Judgement {
        let all: Vec<&Charged> = self.facts.duties.iter().filter(|duty| duty.rule_id == rule_id).collect();
        let counted: Vec<&Charged> = all.iter().copied().filter(|duty| duty.state != DutyState::Cancelled).collect();
        match (all.first(), counted.first()) {
            (None, _) => self.uncharged(words),
            (Some(_), None) => judgement(
                RuleState::NotApplicable,
                message("Mọi nhiệm vụ của quy định này đã hủy.", "All duties of this rule are cancelled."),
            ),
            (Some(_), Some(first)) => self.charged(&counted, first),
        }
    }

    /// No duty was made of the rule yet: open, where bodies are there to be charged.
    fn uncharged(&self, words: &str) -> Judgement {
        let candidate = |unit: &Unit| Candidate {
            id: unit.id,
            name: unit.name.clone(),
            short_name: unit.short_name.clone(),
            kind: unit.kind,
            level: unit.level,
        };
        let candidates: Vec<Candidate> = self.facts.units.iter().map(candidate).collect();
        if !bodies::resolve(words, &candidates).bodies.is_empty() {
            let next = message("Giao nhiệm vụ cho các đơn vị theo kế hoạch.", "Charge the bodies with the duties of the plan.");
            let reason = message("Chưa giao nhiệm vụ cho đơn vị nào.", "No body is charged with it yet.");
            return Judgement { next: Some(next), ..judgement(RuleState::Open, reason) };
        }
        if !self.is_whole() {
            return not_addressed();
        }
        let next = message("Quyết định đơn vị thực hiện và giao nhiệm vụ.", "Decide who does it, and charge that body.");
        let reason = message("Không xác định được đơn vị mà quy định nêu.", "Nobody answers to the body that the rule names.");
        Judgement { next: Some(next), ..judgement(RuleState::Unbound, reason) }
    }

    fn charged(&self, duties: &[&Charged], first: &Charged) -> Judgement {
        let bodies_of = |wanted: &dyn Fn(&Charged) -> bool| -> Vec<OrgUnitId> {
            duties.iter().filter(|duty| wanted(duty)).map(|duty| duty.org_unit_id).collect()
        };
        let is_open = |duty: &Charged| OPEN.contains(&duty.state);
        let open = bodies_of(&is_open);
        let overdue = bodies_of(&|duty| is_open(duty) && duty.deadline.is_some_and(|deadline| deadline <= self.now));
        let deadline = duties.iter().filter(|duty| is_open(duty)).filter_map(|duty| duty.deadline).min();
        let of_rule = format!("duties?plan_id={}&rule_id={}", first.plan_id, encoded(&first.rule_id));
        let (total, done) = (count(duties.len()), count(duties.len() - open.len()));
        let facts = vec![
            Fact {
                list: Some(format!("{of_rule}&is_cancelled=false")), ..fact("duties", "Nhiệm vụ đã giao", "Duties assigned", total)
            },
            Fact {
                expected: Some(total),
                bodies: self.names(&open),
                list: Some(format!("{of_rule}&state=done")),
                ..fact("duties_done", "Nhiệm vụ đã hoàn thành", "Duties done", done)
            },
            Fact {
                expected: Some(0),
                bodies: self.names(&overdue),
                list: Some(format!("{of_rule}&is_overdue=true")),
                ..fact("duties_overdue", "Nhiệm vụ quá hạn", "Duties overdue", count(overdue.len()))
            },
        ];
        let (state, reason) = if !overdue.is_empty() {
            (RuleState::Violated, message("Có nhiệm vụ quá hạn.", "Duties are overdue."))
        } else if open.is_empty() {
            (RuleState::Met, message("Mọi nhiệm vụ đã hoàn thành.", "All duties are done."))
        } else if deadline.is_some_and(|deadline| deadline - self.now <= SHORT) {
            (RuleState::AtRisk, message("Có nhiệm vụ sắp đến hạn.", "Duties are due soon."))
        } else {
            (RuleState::Open, message("Còn nhiệm vụ chưa hoàn thành.", "Some duties are not done yet."))
        };
        let next = (!open.is_empty()).then(|| message("Đôn đốc các đơn vị chưa hoàn thành.", "Remind the bodies that are not done."));
        Judgement { next, deadline, facts, ..judgement(state, reason) }
    }
}

/// A text as the value of a query: the name of a rule may have any letter.
fn encoded(text: &str) -> String {
    text.bytes().fold(String::new(), |mut text, byte| {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'~') {
            text.push(char::from(byte));
        } else {
            let _ = write!(text, "%{byte:02X}");
        }
        text
    })
}
