//! Where in the tree a body can stand.

use super::model::{OrgLevel, OrgUnit, OrgUnitKind};
use crate::error::{AppError, FieldError, message};
use crate::labels;
use chrono::NaiveDate;

impl OrgUnitKind {
    /// The level that the kind implies, where it implies one.
    fn own_level(self) -> Option<OrgLevel> {
        match self {
            Self::CentralCommittee | Self::Ministry | Self::CentralDepartment => Some(OrgLevel::Central),
            Self::ProvincialCommittee
            | Self::ProvincialPolice
            | Self::MovementDivision
            | Self::ProvincialDepartment
            | Self::InformationDepartment
            | Self::OperationsCentre => Some(OrgLevel::Province),
            Self::DistrictCommittee | Self::DistrictPolice => Some(OrgLevel::District),
            Self::CommuneCommittee | Self::CommunePolice => Some(OrgLevel::Commune),
            Self::ResidentialArea => Some(OrgLevel::Unit),
            Self::PartyCommittee
            | Self::PeoplesCommittee
            | Self::FatherlandFront
            | Self::MilitaryCommand
            | Self::MassOrganisation
            | Self::PressAgency
            | Self::Agency
            | Self::Enterprise
            | Self::EducationalInstitution => None,
        }
    }

    /// A committee leads a level: it stands below the committee of a higher one, never beside it.
    fn is_committee(self) -> bool {
        matches!(self, Self::CentralCommittee | Self::ProvincialCommittee | Self::DistrictCommittee | Self::CommuneCommittee)
    }
}

/// 422 unless a body of this kind and level can stand below the parent: at a lower level, or at the same one for
/// the police, the departments and the other bodies that stand beside the committee of their level.
pub fn check_place(parent: &OrgUnit, kind: OrgUnitKind, level: OrgLevel) -> Result<(), AppError> {
    let mut errors = Vec::new();
    if level < parent.level || level == parent.level && kind.is_committee() {
        errors.push(FieldError::new(
            "/level",
            "level_not_below_parent",
            message(
                format!("Cấp phải thấp hơn cấp của đơn vị cấp trên ({}).", parent.level),
                format!("The level must be below that of the parent ({}).", parent.level),
            ),
        ));
    }
    if let Some(own) = kind.own_level().filter(|own| *own != level) {
        errors.push(FieldError::new(
            "/kind",
            "kind_level_mismatch",
            message(
                format!("Loại “{}” thuộc cấp {}.", labels::vi(kind.as_str()), labels::vi(own.as_str())),
                format!("The kind {kind} belongs to the level {own}."),
            ),
        ));
    }
    if errors.is_empty() { Ok(()) } else { Err(AppError::validation(errors)) }
}

/// 422 unless the last day comes on or after the first.
pub fn check_validity(from: NaiveDate, to: Option<NaiveDate>) -> Result<(), AppError> {
    if to.is_none_or(|to| to >= from) {
        return Ok(());
    }
    Err(AppError::field(FieldError::new(
        "/valid_to",
        "ends_before_start",
        message("Ngày cuối phải từ ngày đầu trở đi.", "The last day must not come before the first."),
    )))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::OrgUnitId;

    fn unit(kind: OrgUnitKind, level: OrgLevel) -> OrgUnit {
        OrgUnit {
            id: OrgUnitId::new(),
            no: 1,
            parent_id: None,
            path: "/1/".to_owned(),
            kind,
            level,
            name: "BCĐ".to_owned(),
            short_name: None,
            admin_unit_id: None,
            valid_from: NaiveDate::MIN,
            valid_to: None,
            version: 1,
            created_at: chrono::DateTime::UNIX_EPOCH,
            updated_at: chrono::DateTime::UNIX_EPOCH,
        }
    }

    #[test]
    fn committees_stand_below_their_parents_level_and_other_bodies_beside_it() {
        let province = unit(OrgUnitKind::ProvincialCommittee, OrgLevel::Province);
        assert!(check_place(&province, OrgUnitKind::DistrictCommittee, OrgLevel::District).is_ok());
        // Since 2025-07-01 there is no district between them.
        assert!(check_place(&province, OrgUnitKind::CommuneCommittee, OrgLevel::Commune).is_ok());
        assert!(check_place(&province, OrgUnitKind::ProvincialDepartment, OrgLevel::Province).is_ok());
        assert!(check_place(&province, OrgUnitKind::ProvincialCommittee, OrgLevel::Province).is_err());
        assert!(check_place(&province, OrgUnitKind::Ministry, OrgLevel::Central).is_err());
        let commune = unit(OrgUnitKind::CommuneCommittee, OrgLevel::Commune);
        assert!(check_place(&commune, OrgUnitKind::DistrictCommittee, OrgLevel::District).is_err());
        assert!(check_place(&commune, OrgUnitKind::Enterprise, OrgLevel::Unit).is_ok());
    }

    #[test]
    fn a_kind_that_names_a_level_has_no_other() {
        let province = unit(OrgUnitKind::ProvincialCommittee, OrgLevel::Province);
        let error = check_place(&province, OrgUnitKind::DistrictCommittee, OrgLevel::Commune).unwrap_err();
        assert_eq!(error.errors[0].code, "kind_level_mismatch");
    }
}
