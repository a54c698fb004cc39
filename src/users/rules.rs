//! Who may hold which account: for persons and for machines.

use crate::auth::{Actor, Role};
use crate::error::{AppError, ErrorCode, FieldError, message};
use crate::ids::UserId;
use crate::labels;
use crate::org_units::model::{OrgLevel, OrgUnit, OrgUnitKind};
use uuid::Uuid;

/// Whether a role can be held at a body of this level and kind.
fn fits(role: Role, level: OrgLevel, kind: OrgUnitKind) -> bool {
    match role {
        Role::CentralViewer => level == OrgLevel::Central,
        Role::ProvincialAdministrator => kind == OrgUnitKind::ProvincialCommittee,
        Role::StandingAgency => kind == OrgUnitKind::ProvincialPolice,
        Role::MovementDivision => matches!(kind, OrgUnitKind::MovementDivision | OrgUnitKind::ProvincialPolice),
        Role::Department | Role::OperationsCentre | Role::PortalClient | Role::Auditor => level == OrgLevel::Province,
        Role::District => level == OrgLevel::District,
        Role::Commune => level == OrgLevel::Commune,
        Role::Unit => level == OrgLevel::Unit,
        Role::CheckinOperator => level != OrgLevel::Central,
        Role::Device => false,
    }
}

/// 422 unless the caller may give this role, and it can be held at this body.
pub fn check_grant(actor: &Actor, role: Role, unit: &OrgUnit) -> Result<(), AppError> {
    let mut errors = Vec::new();
    if !actor.may_grant(role) {
        errors.push(FieldError::new(
            "/role",
            "role_too_wide",
            message("Bạn không được cấp vai trò này.", "You may not give this role to anybody."),
        ));
    }
    if !fits(role, unit.level, unit.kind) {
        errors.push(FieldError::new(
            "/role",
            "role_unit_mismatch",
            message(
                format!(
                    "Vai trò “{}” không hợp với đơn vị cấp {}, loại “{}”.",
                    labels::vi(role.as_str()),
                    labels::vi(unit.level.as_str()),
                    labels::vi(unit.kind.as_str())
                ),
                format!("The role {role} does not fit a body of level {} and kind {}.", unit.level, unit.kind),
            ),
        ));
    }
    if errors.is_empty() { Ok(()) } else { Err(AppError::validation(errors)) }
}

/// 403 when the account holds a role that the caller may not give: whoever sets its password would hold it.
pub fn check_may_manage(actor: &Actor, role: Role) -> Result<(), AppError> {
    if actor.may_grant(role) {
        return Ok(());
    }
    Err(AppError::new(ErrorCode::Forbidden)
        .because(message("Tài khoản này có vai trò mà bạn không được cấp.", "The account holds a role that you may not give.")))
}

/// 409 when the account is the caller's own: nobody deletes or disables himself, or gives himself another role or unit.
pub fn check_not_self(actor: &Actor, user: UserId) -> Result<(), AppError> {
    if actor.id != Uuid::from(user) {
        return Ok(());
    }
    Err(AppError::new(ErrorCode::InvalidTransition).because(message(
        "Không ai tự xóa, tự khóa hoặc tự đổi vai trò, đơn vị của mình.",
        "Nobody deletes or disables himself, or changes his own role or unit.",
    )))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_role_of_a_level_is_held_at_that_level() {
        assert!(fits(Role::District, OrgLevel::District, OrgUnitKind::DistrictCommittee));
        assert!(!fits(Role::District, OrgLevel::Commune, OrgUnitKind::CommuneCommittee));
        assert!(!fits(Role::ProvincialAdministrator, OrgLevel::Province, OrgUnitKind::ProvincialDepartment));
        assert!(!fits(Role::CheckinOperator, OrgLevel::Central, OrgUnitKind::Ministry));
    }
}
