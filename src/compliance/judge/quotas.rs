//! How many sites each body is to nominate, select or hold.

use super::{Case, Fact, Judgement, RuleState, SHORT, count, fact, judgement, not_addressed};
use crate::compliance::facts::Unit;
use crate::error::message;
use crate::org_units::model::{OrgLevel, OrgUnitKind};
use crate::plans::parameters::{Compare, Measure, QuotaBy};
use crate::sites::model::{PilotLevel, SiteKind, SiteState};

impl Case<'_> {
    pub(super) fn quota(
        &self,
        by: QuotaBy,
        measure: Measure,
        compare: Compare,
        wanted: i64,
        pilot: bool,
        kind: Option<SiteKind>,
    ) -> Judgement {
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
