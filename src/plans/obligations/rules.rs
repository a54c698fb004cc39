//! What a plan that is owed lacks.

use crate::error::AppError;
use crate::plans::model::Rule;
use crate::plans::parameters::{Parameters, PlanItem};

/// The items that the rules of a plan want in a plan under it.
pub fn wanted_items(rules: &[Rule]) -> Result<Vec<PlanItem>, AppError> {
    for rule in rules.iter().filter(|rule| rule.is_confirmed) {
        if let Parameters::ChildPlanItems { items } = rule.parameters()? {
            return Ok(items);
        }
    }
    Ok(Vec::new())
}

/// Those of the wanted items that a plan does not have.
pub fn lacking(wanted: &[PlanItem], has: &[String]) -> Vec<PlanItem> {
    wanted.iter().copied().filter(|item| !has.iter().any(|name| name == item.as_str())).collect()
}
