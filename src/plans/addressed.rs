//! Which bodies of the tree the words of a plan mean.

use super::parameters::PlanBody;
use crate::org_units::model::{OrgLevel, OrgUnitKind};

impl PlanBody {
    /// Whether a body of this kind and level is meant.
    pub fn addresses(self, kind: OrgUnitKind, level: OrgLevel) -> bool {
        use OrgUnitKind::{
            Agency, CommuneCommittee, DistrictCommittee, EducationalInstitution, Enterprise, FatherlandFront, InformationDepartment,
            MassOrganisation, MilitaryCommand, ProvincialDepartment,
        };
        let is_of_province = level == OrgLevel::Province;
        match self {
            Self::DistrictCommittee => kind == DistrictCommittee,
            Self::CommuneCommittee => kind == CommuneCommittee,
            Self::EachLevel => matches!(kind, DistrictCommittee | CommuneCommittee),
            Self::ProvincialDepartment => is_of_province && matches!(kind, ProvincialDepartment | InformationDepartment),
            Self::MassOrganisation => is_of_province && matches!(kind, MassOrganisation | FatherlandFront),
            Self::CommitteeMember => is_of_province && matches!(kind, MilitaryCommand | FatherlandFront),
            Self::Agency => matches!(kind, Agency | EducationalInstitution | Enterprise),
        }
    }
}
