//! Whom a rule about plans addresses, and what such a plan lacks.

use crate::error::AppError;
use crate::org_units::model::{OrgLevel, OrgUnitKind};
use crate::plans::model::Rule;
use crate::plans::parameters::{Parameters, PlanBody, PlanItem};

/// Whether a rule that names these bodies addresses a body of a kind and a level.
pub fn addresses(bodies: &[PlanBody], kind: OrgUnitKind, level: OrgLevel) -> bool {
    use OrgUnitKind::{
        Agency, CommuneCommittee, DistrictCommittee, EducationalInstitution, Enterprise, FatherlandFront, InformationDepartment,
        MassOrganisation, MilitaryCommand, ProvincialDepartment,
    };
    let is_of_province = level == OrgLevel::Province;
    bodies.iter().any(|body| match body {
        PlanBody::DistrictCommittee => kind == DistrictCommittee,
        PlanBody::CommuneCommittee => kind == CommuneCommittee,
        PlanBody::EachLevel => matches!(kind, DistrictCommittee | CommuneCommittee),
        PlanBody::ProvincialDepartment => is_of_province && matches!(kind, ProvincialDepartment | InformationDepartment),
        PlanBody::MassOrganisation => is_of_province && matches!(kind, MassOrganisation | FatherlandFront),
        PlanBody::CommitteeMember => is_of_province && matches!(kind, MilitaryCommand | FatherlandFront),
        PlanBody::Agency => matches!(kind, Agency | EducationalInstitution | Enterprise),
    })
}

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
