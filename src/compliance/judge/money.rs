//! Whether money stays within a limit of the plan: for the campaign, for each site held, for each attendance (S54).

use super::{Case, Fact, Judgement, RuleState, fact, judgement, not_addressed};
use crate::error::message;
use crate::plans::parameters::CostPer;
use crate::sites::model::SiteState;

impl Case<'_> {
    pub(super) fn cost(&self, amount_vnd: i64, per: CostPer) -> Judgement {
        if per == CostPer::Campaign && !self.is_whole() {
            return not_addressed();
        }
        let money = &self.facts.money;
        let (lines, planned, spent) = money.iter().fold((0_i64, 0_i64, 0_i64), |(lines, planned, spent), body| {
            (lines + body.lines, planned.saturating_add(body.planned_vnd), spent.saturating_add(body.spent_vnd))
        });
        let held =
            self.facts.sites_in_all(|group| if matches!(group.state, SiteState::Held | SiteState::Closed) { group.count } else { 0 });
        let entries = self.facts.attended.iter().map(|site| site.entries).sum();
        let times = match per {
            CostPer::Campaign => 1,
            CostPer::Site => held,
            CostPer::Attendance => entries,
        };
        let limit = amount_vnd.saturating_mul(times);
        let facts = vec![
            Fact { list: Some("budget-lines".to_owned()), ..fact("budget_lines", "Số dòng kinh phí", "Budget lines", lines) },
            fact("planned_vnd", "Kinh phí dự toán (đồng)", "Planned money, in đồng", planned),
            Fact { expected: Some(limit), ..fact("spent_vnd", "Kinh phí đã chi (đồng)", "Money spent, in đồng", spent) },
            fact("held_sites", "Số điểm đã tổ chức", "Sites held", held),
            fact("entries", "Lượt người tham dự", "Attendances", entries),
        ];
        let (state, reason) = if spent == 0 {
            (RuleState::Open, message("Chưa có khoản chi nào.", "No money is spent yet."))
        } else if times == 0 {
            // Money goes out before the festival is held: what each site or guest costs is known after it.
            (
                RuleState::Open,
                message("Đã chi, nhưng chưa có điểm hoặc lượt người để tính.", "Money is spent, but there is nothing yet to divide it by."),
            )
        } else if spent > limit {
            (RuleState::Violated, message("Số đã chi vượt mức quy định.", "More is spent than the plan allows."))
        } else if per == CostPer::Campaign && planned > limit {
            (RuleState::AtRisk, message("Dự toán vượt mức quy định.", "More is planned than the plan allows."))
        } else {
            (RuleState::Met, message("Số đã chi trong mức quy định.", "Spending stays within the plan's limit."))
        };
        let next = matches!(state, RuleState::Violated | RuleState::AtRisk)
            .then(|| message("Rà soát các khoản chi, điều chỉnh dự toán.", "Go through the spendings and adjust what is planned."));
        Judgement { next, facts, ..judgement(state, reason) }
    }
}
