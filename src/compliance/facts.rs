//! What rules are judged on, as read at one instant, and how it is summed over the tree of bodies.

use crate::activities::model::ActivityPhase;
use crate::duties::model::DutyState;
use crate::ids::{OrgUnitId, PlanId};
use crate::org_units::model::{OrgLevel, OrgUnitKind};
use crate::participants::model::ParticipantCategory;
use crate::plans::parameters::PlanItem;
use crate::reports::model::ReportState;
use crate::sites::model::{PilotLevel, SiteKind, SiteState};
use chrono::{DateTime, Utc};
use serde::Deserialize;
use std::collections::{HashMap, HashSet};

/// A body of the campaign's province.
#[derive(Debug, Clone, Deserialize)]
#[allow(missing_docs)]
pub struct Unit {
    pub id: OrgUnitId,
    pub name: String,
    pub short_name: Option<String>,
    pub level: OrgLevel,
    pub kind: OrgUnitKind,
    pub path: String,
}

/// Sites of one organiser that are alike.
#[derive(Debug, Clone, Deserialize)]
#[allow(missing_docs)]
pub struct SiteGroup {
    pub org_unit_id: OrgUnitId,
    pub kind: SiteKind,
    pub state: SiteState,
    pub pilot_level: PilotLevel,
    pub nominated_by: Option<OrgUnitId>,
    pub count: i64,
    /// Outside the festival window.
    pub outside_count: i64,
    /// Provincial pilot sites that suit: all that is required of them is met, or does not apply (R9).
    pub suitable_count: i64,
    /// Provincial pilot sites of which something required is not met.
    pub unsuitable_count: i64,
    /// With a reason for priority.
    pub priority_count: i64,
}

/// Guests invited to the provincial pilot sites.
#[derive(Debug, Clone, Deserialize)]
#[allow(missing_docs)]
pub struct Invited {
    pub category: ParticipantCategory,
    pub count: i64,
}

/// Activities of one organiser in one phase, without those cancelled.
#[derive(Debug, Clone, Deserialize)]
#[allow(missing_docs)]
pub struct PhaseGroup {
    pub org_unit_id: OrgUnitId,
    pub phase: ActivityPhase,
    pub count: i64,
}

/// A plan issued under the campaign's own.
#[derive(Debug, Clone, Deserialize)]
#[allow(missing_docs)]
pub struct ChildPlan {
    pub org_unit_id: OrgUnitId,
    pub items: Vec<PlanItem>,
}

/// A plan that is owed under the campaign's own.
#[derive(Debug, Clone, Deserialize)]
#[allow(missing_docs)]
pub struct OwedPlan {
    pub org_unit_id: OrgUnitId,
    pub is_exempt: bool,
}

/// A report that is owed, and what became of it.
#[derive(Debug, Clone, Deserialize)]
#[allow(missing_docs)]
pub struct Owed {
    pub org_unit_id: OrgUnitId,
    pub due_before: DateTime<Utc>,
    pub state: Option<ReportState>,
    pub is_late: Option<bool>,
}

/// A duty under the campaign's own plan that a rule lays down.
#[derive(Debug, Clone, Deserialize)]
#[allow(missing_docs)]
pub struct Charged {
    pub plan_id: PlanId,
    pub rule_id: String,
    pub org_unit_id: OrgUnitId,
    pub state: DutyState,
    pub deadline: Option<DateTime<Utc>>,
}

/// Budget lines of one body; read only where a rule limits cost.
#[derive(Debug, Clone, Deserialize)]
#[allow(missing_docs)]
pub struct Money {
    pub org_unit_id: OrgUnitId,
    pub lines: i64,
    pub planned_vnd: i64,
    pub spent_vnd: i64,
}

/// Entries at the sites of one organiser; read only where a rule limits cost.
#[derive(Debug, Clone, Deserialize)]
#[allow(missing_docs)]
pub struct Attended {
    pub org_unit_id: OrgUnitId,
    pub entries: i64,
}

/// All of it.
#[derive(Debug, Clone, Default, Deserialize)]
#[allow(missing_docs)]
pub struct Facts {
    pub units: Vec<Unit>,
    pub sites: Vec<SiteGroup>,
    pub invited: Vec<Invited>,
    pub phases: Vec<PhaseGroup>,
    pub plans_owed: Vec<OwedPlan>,
    pub child_plans: Vec<ChildPlan>,
    pub owed: Vec<Owed>,
    pub duties: Vec<Charged>,
    pub money: Vec<Money>,
    pub attended: Vec<Attended>,
}

impl Facts {
    /// Only what lies below a path: what one body is judged on.
    pub fn below(mut self, path: &str) -> Self {
        self.units.retain(|unit| unit.path.starts_with(path));
        let kept: HashSet<OrgUnitId> = self.units.iter().map(|unit| unit.id).collect();
        let is_below = |id: OrgUnitId| kept.contains(&id);
        self.sites.retain(|group| is_below(group.org_unit_id));
        self.phases.retain(|group| is_below(group.org_unit_id));
        self.plans_owed.retain(|owed| is_below(owed.org_unit_id));
        self.child_plans.retain(|plan| is_below(plan.org_unit_id));
        self.owed.retain(|owed| is_below(owed.org_unit_id));
        self.duties.retain(|duty| is_below(duty.org_unit_id));
        self.money.retain(|money| is_below(money.org_unit_id));
        self.attended.retain(|attended| is_below(attended.org_unit_id));
        self
    }

    /// For each body the sum over its own site groups and those of all below it.
    pub fn sites_by_unit(&self, counts: impl Fn(&SiteGroup, &Unit) -> i64) -> HashMap<OrgUnitId, i64> {
        let by_path: HashMap<&str, &Unit> = self.units.iter().map(|unit| (unit.path.as_str(), unit)).collect();
        let by_id: HashMap<OrgUnitId, &Unit> = self.units.iter().map(|unit| (unit.id, unit)).collect();
        let mut sums = HashMap::new();
        for group in &self.sites {
            let Some(organiser) = by_id.get(&group.org_unit_id) else { continue };
            for path in paths_down_to(&organiser.path) {
                if let Some(unit) = by_path.get(path) {
                    *sums.entry(unit.id).or_default() += counts(group, unit);
                }
            }
        }
        sums
    }

    /// The sum over all site groups.
    pub fn sites_in_all(&self, counts: impl Fn(&SiteGroup) -> i64) -> i64 {
        self.sites.iter().map(counts).sum()
    }
}

/// "/1/", "/1/3/" and "/1/3/17/" for "/1/3/17/".
fn paths_down_to(path: &str) -> impl Iterator<Item = &str> {
    path.char_indices().skip(1).filter(|(_, letter)| *letter == '/').filter_map(|(at, _)| path.get(..=at))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_has_the_paths_above_it_and_itself() {
        assert_eq!(paths_down_to("/1/3/17/").collect::<Vec<_>>(), ["/1/", "/1/3/", "/1/3/17/"]);
    }
}
