//! THE table: what each role may do, and how far.
//!
//! Nothing else in the service asks for a role. A handler names an [`Action`]; this table answers with a reach.

use diesel::deserialize::FromSqlRow;
use diesel::expression::AsExpression;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A role, as in tokens and accounts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema, AsExpression, FromSqlRow)]
#[serde(rename_all = "snake_case")]
#[diesel(sql_type = diesel::sql_types::Text)]
pub enum Role {
    /// Reads what the provinces have done; the central committee.
    CentralViewer,
    /// The provincial committee: decides.
    ProvincialAdministrator,
    /// The provincial police: leads, urges, consolidates.
    StandingAgency,
    /// The desk that takes the reports in.
    MovementDivision,
    /// A department, mass organisation or member body.
    Department,
    /// A district committee: nominates.
    District,
    /// A commune committee.
    Commune,
    /// An agency, enterprise, school or residential area.
    Unit,
    /// A device or person that checks guests in.
    CheckinOperator,
    /// The smart operations centre: figures and maps, no personal data.
    OperationsCentre,
    /// Another portal: a machine that exchanges data.
    PortalClient,
    /// Reads what was done, by whom.
    Auditor,
}
crate::text_enum!(Role {
    CentralViewer => "central_viewer", ProvincialAdministrator => "provincial_administrator", StandingAgency => "standing_agency",
    MovementDivision => "movement_division", Department => "department", District => "district", Commune => "commune", Unit => "unit",
    CheckinOperator => "checkin_operator", OperationsCentre => "operations_centre", PortalClient => "portal_client", Auditor => "auditor",
});

/// What can be done. One for each line of the matrix, not for each operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Action {
    /// Read administrative units: public facts.
    AdminUnitRead,
    /// Read the organisation tree.
    OrgUnitRead,
    /// Create, change, delete bodies.
    OrgUnitWrite,
    /// Read accounts.
    UserRead,
    /// Create, change, disable accounts and machine accounts.
    UserWrite,
    /// Read campaigns.
    CampaignRead,
    /// Create and change campaigns and move them on.
    CampaignWrite,
    /// Read plans.
    PlanRead,
    /// Draft, change and submit plans.
    PlanWrite,
    /// Return, issue and close plans.
    PlanIssue,
    /// Read sites.
    SiteRead,
    /// See why an area has priority (S110).
    SitePriorityRead,
    /// Create, change, schedule, hold and close sites.
    SiteWrite,
    /// Nominate a site to the province (R4).
    SiteNominate,
    /// Select or decline a nominated site (R3).
    SiteDecide,
    /// Read activities.
    ActivityRead,
    /// Plan, hold and cancel activities.
    ActivityWrite,
    /// Read participants: personal data.
    ParticipantRead,
    /// List, invite and record answers of participants.
    ParticipantWrite,
    /// Read the check-in log.
    CheckInRead,
    /// Log entries and exits.
    CheckInWrite,
    /// Read obligations and reports.
    ReportRead,
    /// Draft and submit reports.
    ReportWrite,
    /// Lay down who owes a report.
    ObligationWrite,
    /// Return and accept reports.
    ReportReceive,
    /// Read completeness and consolidation.
    ConsolidationRead,
    /// Read dashboards and maps.
    DashboardRead,
    /// Read the change feed.
    ChangesRead,
    /// Set the clock of a demo.
    DemoClockWrite,
}

/// How far a permission goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// The caller's unit and all below it.
    Subtree,
    /// The whole province the caller's unit belongs to.
    Province,
    /// Everything.
    Everything,
}

/// The reach of a role for an action; `None` is a refusal.
pub fn reach(role: Role, action: Action) -> Option<Reach> {
    use Action as A;
    use Reach::{Everything, Province, Subtree};
    use Role as R;
    match (role, action) {
        (_, A::AdminUnitRead) => Some(Everything),
        (R::CentralViewer, A::OrgUnitRead) => Some(Subtree),
        (_, A::OrgUnitRead | A::CampaignRead | A::PlanRead) => Some(if role == R::CentralViewer { Subtree } else { Province }),

        (R::CentralViewer, A::SiteRead | A::ActivityRead | A::ReportRead | A::ConsolidationRead | A::DashboardRead | A::ChangesRead) => {
            Some(Subtree)
        }
        (R::CentralViewer, _) => None,

        (R::ProvincialAdministrator, _) => Some(Subtree),

        (
            R::StandingAgency,
            A::PlanWrite
            | A::SiteRead
            | A::SitePriorityRead
            | A::ActivityRead
            | A::ParticipantRead
            | A::CheckInRead
            | A::ReportRead
            | A::ReportReceive
            | A::ObligationWrite
            | A::ConsolidationRead
            | A::DashboardRead
            | A::ChangesRead
            | A::UserRead,
        ) => Some(Province),
        (R::StandingAgency, A::ActivityWrite | A::ReportWrite) => Some(Subtree),
        (R::StandingAgency, _) => None,

        (
            R::MovementDivision,
            A::SiteRead
            | A::SitePriorityRead
            | A::ActivityRead
            | A::ReportRead
            | A::ReportReceive
            | A::ObligationWrite
            | A::ConsolidationRead
            | A::DashboardRead
            | A::ChangesRead,
        ) => Some(Province),
        (R::MovementDivision, _) => None,

        (
            R::District | R::Department | R::Commune | R::Unit,
            A::PlanWrite
            | A::PlanIssue
            | A::SiteRead
            | A::SitePriorityRead
            | A::SiteWrite
            | A::ActivityRead
            | A::ActivityWrite
            | A::ParticipantRead
            | A::ParticipantWrite
            | A::CheckInRead
            | A::CheckInWrite
            | A::ReportRead
            | A::ReportWrite
            | A::DashboardRead
            | A::ChangesRead,
        ) => Some(Subtree),
        (R::District, A::SiteNominate | A::UserRead | A::UserWrite | A::OrgUnitWrite | A::ConsolidationRead) => Some(Subtree),
        (R::District | R::Department | R::Commune | R::Unit, _) => None,

        (R::CheckinOperator, A::SiteRead | A::ParticipantRead | A::CheckInRead | A::CheckInWrite) => Some(Subtree),
        (R::CheckinOperator, _) => None,

        (R::OperationsCentre, A::SiteRead | A::ActivityRead | A::ConsolidationRead | A::DashboardRead | A::ChangesRead) => Some(Province),
        (R::OperationsCentre, _) => None,

        (R::PortalClient, A::SiteRead | A::ActivityRead | A::DashboardRead | A::ChangesRead) => Some(Province),
        (R::PortalClient, _) => None,

        (
            R::Auditor,
            A::UserRead
            | A::SiteRead
            | A::ActivityRead
            | A::CheckInRead
            | A::ReportRead
            | A::ConsolidationRead
            | A::DashboardRead
            | A::ChangesRead,
        ) => Some(Province),
        (R::Auditor, _) => None,
    }
}

/// Whether a holder of `role` may hand out `granted`: nobody grants a role wider than their own.
pub fn may_grant(role: Role, granted: Role) -> bool {
    match role {
        Role::ProvincialAdministrator => granted != Role::CentralViewer,
        Role::District => matches!(granted, Role::District | Role::Commune | Role::Unit | Role::CheckinOperator),
        _ => false,
    }
}
