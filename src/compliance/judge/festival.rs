//! Rules on the day itself and around it: who is invited, what is done before, during and after.

use super::{Case, Fact, Judgement, RuleState, SHORT, count, fact, judgement, not_addressed};
use crate::activities::model::ActivityPhase;
use crate::clock::start_of_day;
use crate::error::message;
use crate::participants::model::ParticipantCategory;
use crate::sites::model::PilotLevel;

impl Case<'_> {
    pub(super) fn guests(&self, categories: &[ParticipantCategory], adaptable: bool) -> Judgement {
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

    pub(super) fn phases(&self) -> Judgement {
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
}
