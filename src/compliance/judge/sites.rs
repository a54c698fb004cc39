//! Rules on the sites: their time, their kinds, the areas they lie in, whether they suit.

use super::{Case, Fact, Judgement, RuleState, SHORT, fact, judgement};
use crate::compliance::facts::SiteGroup;
use crate::error::message;
use crate::sites::model::{PilotLevel, SiteKind, SiteState};

impl Case<'_> {
    pub(super) fn window(&self) -> Judgement {
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

    pub(super) fn kinds(&self, kinds: &[SiteKind]) -> Judgement {
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

    pub(super) fn priority(&self) -> Judgement {
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

    pub(super) fn suitability(&self) -> Judgement {
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
}
