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
    /// A device enrolled for sites: checks guests in there, and nothing else. No account holds it.
    Device,
}
crate::text_enum!(Role {
    CentralViewer => "central_viewer", ProvincialAdministrator => "provincial_administrator", StandingAgency => "standing_agency",
    MovementDivision => "movement_division", Department => "department", District => "district", Commune => "commune", Unit => "unit",
    CheckinOperator => "checkin_operator", OperationsCentre => "operations_centre", PortalClient => "portal_client", Auditor => "auditor",
    Device => "device",
});

impl Role {
    /// The roles of accounts: all but the last, which is that of devices.
    pub const ACCOUNTS: &'static [Self] = match Self::ALL.split_last() {
        Some((_, accounts)) => accounts,
        None => &[],
    };
}

macro_rules! actions {
    ($($variant:ident = $name:literal $about:literal;)+) => {
        /// What can be done. One for each line of the matrix, not for each operation.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Action {
            $(#[doc = $about] $variant,)+
        }

        impl Action {
            /// All actions, in the order of the printed table.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

            /// Name in the printed table, and what it is.
            pub fn name_and_meaning(self) -> (&'static str, &'static str) {
                match self { $(Self::$variant => ($name, $about),)+ }
            }
        }
    };
}

actions! {
    AdminUnitRead = "admin_unit_read" "Read administrative units: public facts.";
    OrgUnitRead = "org_unit_read" "Read the organisation tree.";
    OrgUnitWrite = "org_unit_write" "Create, change, delete bodies.";
    UserRead = "user_read" "Read accounts.";
    UserWrite = "user_write" "Create, change, disable accounts and machine accounts.";
    CampaignRead = "campaign_read" "Read campaigns.";
    CampaignWrite = "campaign_write" "Create and change campaigns and move them on.";
    PlanRead = "plan_read" "Read plans.";
    PlanWrite = "plan_write" "Draft, change and submit plans.";
    PlanIssue = "plan_issue" "Return, issue and close plans.";
    PlanDistribute = "plan_distribute" "Send an issued plan to its recipients, and note what they acknowledge on paper.";
    PlanAcknowledge = "plan_acknowledge" "Acknowledge a plan that was received.";
    DutyRead = "duty_read" "Read duties and their reminders.";
    DutyAssign = "duty_assign" "Charge bodies with duties under one's plan; change, cancel and reopen them.";
    DutyWrite = "duty_write" "Start a duty, tell how far it is, and complete it.";
    DutyRemind = "duty_remind" "Remind of duties, body by body up to the issuer.";
    InspectionRead = "inspection_read" "Read inspections.";
    InspectionWrite = "inspection_write" "Plan inspections and record what they found.";
    GuidanceRead = "guidance_read" "Read guidance notes.";
    GuidanceWrite = "guidance_write" "Draft and change guidance notes.";
    GuidanceIssue = "guidance_issue" "Issue guidance notes.";
    SiteRead = "site_read" "Read sites.";
    SitePriorityRead = "site_priority_read" "See why an area has priority (S110).";
    SiteWrite = "site_write" "Create, change, schedule, hold and close sites.";
    SiteNominate = "site_nominate" "Nominate a site to the province, and withdraw the nomination (R4).";
    SiteShortlist = "site_shortlist" "Propose a nominated site to the provincial committee (R16).";
    SiteDecide = "site_decide" "Select or decline a nominated site, and withdraw a selection (R3).";
    ActivityRead = "activity_read" "Read activities.";
    ActivityWrite = "activity_write" "Plan, hold and cancel activities.";
    ParticipantRead = "participant_read" "Read participants: personal data.";
    ParticipantWrite = "participant_write" "List, invite and record answers of participants.";
    ContactRead = "contact_read" "Read how to reach guests in full; who reads guests without it sees masked values.";
    ContactReadingRead = "contact_reading_read" "Read who read contacts and what was erased of persons, when and why.";
    PersonalDataErase = "personal_data_erase" "Erase who a person is, for ever: guests, who raised an opinion, who was commended.";
    DataRequestRead = "data_request_read" "Read what persons asked about their data.";
    DataRequestWrite = "data_request_write" "Record such requests, answer, do and refuse them.";
    DelegateRead = "delegate_read" "Read which delegates attend which site: personal data.";
    DelegatePropose = "delegate_propose" "Propose delegates for sites and withdraw them (R16).";
    DelegateApprove = "delegate_approve" "Approve delegates.";
    DelegateAnswer = "delegate_answer" "Answer for the delegates of one's body.";
    DelegateAttend = "delegate_attend" "Record which delegates came to one's site.";
    CheckInRead = "check_in_read" "Read the check-in log.";
    CheckInWrite = "check_in_write" "Log entries and exits.";
    DeviceRead = "device_read" "Read the devices that check guests in.";
    DeviceWrite = "device_write" "Create devices for one's sites, change, rotate and revoke them.";
    ReportRead = "report_read" "Read obligations and reports.";
    ReportWrite = "report_write" "Draft and submit reports.";
    ObligationWrite = "obligation_write" "Lay down who owes a report.";
    ReportFormWrite = "report_form_write" "Draft and publish report forms.";
    ReportReceive = "report_receive" "Return and accept reports.";
    ResultRead = "result_read" "Read commendations, gifts, models, media items, pledges, opinions, obstacles and budget lines.";
    ResultWrite = "result_write" "Record them, answer opinions and obstacles.";
    ConsolidationRead = "consolidation_read" "Read completeness and consolidation.";
    ConsolidationWrite = "consolidation_write" "Freeze, sign and send consolidations, settle findings.";
    DashboardRead = "dashboard_read" "Read dashboards and maps.";
    ChangesRead = "changes_read" "Read the change feed.";
    DemoClockWrite = "demo_clock_write" "Set the clock of a demo.";
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
        (R::Device, A::CheckInWrite) => Some(Subtree),
        (R::Device, _) => None,

        (_, A::AdminUnitRead) => Some(Everything),
        (R::CentralViewer, A::OrgUnitRead) => Some(Subtree),
        (_, A::OrgUnitRead | A::CampaignRead | A::PlanRead) => Some(if role == R::CentralViewer { Subtree } else { Province }),

        (
            R::CentralViewer,
            A::SiteRead
            | A::ActivityRead
            | A::ReportRead
            | A::DutyRead
            | A::InspectionRead
            | A::GuidanceRead
            | A::ResultRead
            | A::ConsolidationRead
            | A::DashboardRead
            | A::ChangesRead,
        ) => Some(Subtree),
        (R::CentralViewer, _) => None,

        // No rest: an action that is added is granted here by name, or not at all.
        (
            R::ProvincialAdministrator,
            A::OrgUnitWrite
            | A::UserRead
            | A::UserWrite
            | A::CampaignWrite
            | A::PlanWrite
            | A::PlanIssue
            | A::PlanDistribute
            | A::PlanAcknowledge
            | A::DutyRead
            | A::DutyAssign
            | A::DutyWrite
            | A::DutyRemind
            | A::InspectionRead
            | A::InspectionWrite
            | A::GuidanceRead
            | A::GuidanceWrite
            | A::GuidanceIssue
            | A::SiteRead
            | A::SitePriorityRead
            | A::SiteWrite
            | A::SiteNominate
            | A::SiteShortlist
            | A::SiteDecide
            | A::ActivityRead
            | A::ActivityWrite
            | A::ParticipantRead
            | A::ParticipantWrite
            | A::ContactRead
            | A::ContactReadingRead
            | A::PersonalDataErase
            | A::DataRequestRead
            | A::DataRequestWrite
            | A::DelegateRead
            | A::DelegatePropose
            | A::DelegateApprove
            | A::DelegateAnswer
            | A::DelegateAttend
            | A::CheckInRead
            | A::CheckInWrite
            | A::DeviceRead
            | A::DeviceWrite
            | A::ReportRead
            | A::ReportWrite
            | A::ObligationWrite
            | A::ReportFormWrite
            | A::ReportReceive
            | A::ResultRead
            | A::ResultWrite
            | A::ConsolidationRead
            | A::ConsolidationWrite
            | A::DashboardRead
            | A::ChangesRead
            | A::DemoClockWrite,
        ) => Some(Subtree),

        (
            R::StandingAgency,
            A::PlanWrite
            | A::PlanDistribute
            | A::DutyRead
            | A::DutyAssign
            | A::DutyRemind
            | A::InspectionRead
            | A::InspectionWrite
            | A::GuidanceRead
            | A::GuidanceWrite
            | A::SiteRead
            | A::SitePriorityRead
            | A::SiteShortlist
            | A::ActivityRead
            | A::ParticipantRead
            | A::DelegateRead
            | A::DelegatePropose
            | A::CheckInRead
            | A::DeviceRead
            | A::ReportRead
            | A::ReportReceive
            | A::ObligationWrite
            | A::ReportFormWrite
            | A::ResultRead
            | A::ConsolidationRead
            | A::ConsolidationWrite
            | A::DashboardRead
            | A::ChangesRead
            | A::UserRead,
        ) => Some(Province),
        (
            R::StandingAgency,
            A::ActivityWrite | A::ReportWrite | A::PlanAcknowledge | A::DutyWrite | A::GuidanceIssue | A::ResultWrite | A::DelegateAnswer,
        ) => Some(Subtree),
        (R::StandingAgency, _) => None,

        (
            R::MovementDivision,
            A::DutyRead
            | A::DutyRemind
            | A::InspectionRead
            | A::InspectionWrite
            | A::GuidanceRead
            | A::SiteRead
            | A::SitePriorityRead
            | A::ActivityRead
            | A::ReportRead
            | A::ReportReceive
            | A::ObligationWrite
            | A::ReportFormWrite
            | A::ResultRead
            | A::ConsolidationRead
            | A::ConsolidationWrite
            | A::DashboardRead
            | A::ChangesRead,
        ) => Some(Province),
        (R::MovementDivision, A::PlanAcknowledge | A::DutyWrite | A::ResultWrite) => Some(Subtree),
        (R::MovementDivision, _) => None,

        (
            R::District | R::Department | R::Commune | R::Unit,
            A::PlanWrite
            | A::PlanIssue
            | A::PlanDistribute
            | A::PlanAcknowledge
            | A::DutyRead
            | A::DutyAssign
            | A::DutyWrite
            | A::DutyRemind
            | A::InspectionRead
            | A::GuidanceRead
            | A::GuidanceWrite
            | A::GuidanceIssue
            | A::SiteRead
            | A::SitePriorityRead
            | A::SiteWrite
            | A::ActivityRead
            | A::ActivityWrite
            | A::ParticipantRead
            | A::ParticipantWrite
            | A::ContactRead
            | A::PersonalDataErase
            | A::DataRequestRead
            | A::DataRequestWrite
            | A::DelegateRead
            | A::DelegateAnswer
            | A::DelegateAttend
            | A::CheckInRead
            | A::CheckInWrite
            | A::DeviceRead
            | A::DeviceWrite
            | A::ReportRead
            | A::ReportWrite
            | A::ResultRead
            | A::ResultWrite
            | A::DashboardRead
            | A::ChangesRead,
        ) => Some(Subtree),
        (
            R::District,
            A::SiteNominate
            | A::UserRead
            | A::UserWrite
            | A::OrgUnitWrite
            | A::ReportReceive
            | A::ObligationWrite
            | A::ConsolidationRead
            | A::ConsolidationWrite,
        ) => Some(Subtree),
        (R::District | R::Department | R::Commune, A::InspectionWrite) => Some(Subtree),
        (R::District | R::Department | R::Commune | R::Unit, _) => None,

        (R::CheckinOperator, A::SiteRead | A::ParticipantRead | A::CheckInRead | A::CheckInWrite) => Some(Subtree),
        (R::CheckinOperator, _) => None,

        (
            R::OperationsCentre,
            A::DutyRead | A::GuidanceRead | A::SiteRead | A::ActivityRead | A::ConsolidationRead | A::DashboardRead | A::ChangesRead,
        ) => Some(Province),
        // It is on the list of recipients of the plan.
        (R::OperationsCentre, A::PlanAcknowledge) => Some(Subtree),
        (R::OperationsCentre, _) => None,

        (R::PortalClient, A::SiteRead | A::ActivityRead | A::DashboardRead | A::ChangesRead) => Some(Province),
        (R::PortalClient, _) => None,

        (
            R::Auditor,
            A::UserRead
            | A::DutyRead
            | A::InspectionRead
            | A::GuidanceRead
            | A::SiteRead
            | A::ActivityRead
            | A::ContactReadingRead
            | A::DataRequestRead
            | A::CheckInRead
            | A::DeviceRead
            | A::ReportRead
            | A::ResultRead
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
        Role::ProvincialAdministrator => !matches!(granted, Role::CentralViewer | Role::Device),
        Role::District => matches!(granted, Role::District | Role::Commune | Role::Unit | Role::CheckinOperator),
        _ => false,
    }
}
