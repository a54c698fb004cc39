//! The desk as the API shows it.

use crate::ids::{CampaignId, OrgUnitId};
use chrono::{DateTime, Utc};
use diesel::deserialize::FromSqlRow;
use diesel::expression::AsExpression;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

/// How far the desk looks.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields, default)]
pub struct DeskQuery {
    /// Reports last submitted at or after this instant came in; the start of today in Viet Nam when absent.
    pub since: Option<DateTime<Utc>>,
    /// Reports whose limit is so many days away at the most are due soon.
    #[param(minimum = 1, maximum = 90, default = 7)]
    pub due_within_days: Option<u32>,
}

/// What a count of the desk counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum DeskCode {
    /// Reports that came in since the instant asked for.
    ReportsCameIn,
    /// Reports that are submitted and wait to be accepted or returned.
    ReportsWaiting,
    /// Of these, reports that came late.
    ReportsWaitingLate,
    /// Reports that were returned and have not come again.
    ReportsReturned,
    /// Bodies that owe a report, whose limit has passed, and that never submitted one.
    ReportsOverdue,
    /// Bodies that owe a report, whose limit is near, and that have not submitted one.
    ReportsDueSoon,
    /// Bodies that owe a plan and have issued none.
    PlansMissing,
    /// Duties whose deadline has passed and that are not done.
    DutiesOverdue,
    /// Opinions that nobody has answered or referred.
    OpinionsRaised,
    /// Opinions referred to a body that has not answered.
    OpinionsReferred,
    /// Opinions without an answer whose clock has run out.
    OpinionsOverdue,
    /// Obstacles on which nobody works yet.
    ObstaclesRaised,
    /// Obstacles on which somebody works, without an answer.
    ObstaclesInProgress,
}

/// What waits: those counts of the desk that do not overlap.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema, AsExpression, FromSqlRow)]
#[serde(rename_all = "snake_case")]
#[diesel(sql_type = diesel::sql_types::Text)]
#[allow(missing_docs)]
pub enum DeskItemCode {
    ReportsWaiting,
    ReportsReturned,
    ReportsOverdue,
    PlansMissing,
    DutiesOverdue,
    OpinionsRaised,
    OpinionsReferred,
    ObstaclesRaised,
    ObstaclesInProgress,
}
crate::text_enum!(DeskItemCode {
    ReportsWaiting => "reports_waiting", ReportsReturned => "reports_returned", ReportsOverdue => "reports_overdue",
    PlansMissing => "plans_missing", DutiesOverdue => "duties_overdue", OpinionsRaised => "opinions_raised",
    OpinionsReferred => "opinions_referred", ObstaclesRaised => "obstacles_raised", ObstaclesInProgress => "obstacles_in_progress",
});

impl From<DeskItemCode> for DeskCode {
    fn from(code: DeskItemCode) -> Self {
        match code {
            DeskItemCode::ReportsWaiting => Self::ReportsWaiting,
            DeskItemCode::ReportsReturned => Self::ReportsReturned,
            DeskItemCode::ReportsOverdue => Self::ReportsOverdue,
            DeskItemCode::PlansMissing => Self::PlansMissing,
            DeskItemCode::DutiesOverdue => Self::DutiesOverdue,
            DeskItemCode::OpinionsRaised => Self::OpinionsRaised,
            DeskItemCode::OpinionsReferred => Self::OpinionsReferred,
            DeskItemCode::ObstaclesRaised => Self::ObstaclesRaised,
            DeskItemCode::ObstaclesInProgress => Self::ObstaclesInProgress,
        }
    }
}

/// Something that waits for the desk, or for those it urges.
#[derive(Debug, Serialize, ToSchema)]
#[allow(missing_docs)]
pub struct DeskItem {
    pub id: Uuid,
    /// The count of the desk that it is part of.
    pub code: DeskItemCode,
    /// The same in words, in the language of the answer.
    #[schema(example = "Báo cáo chờ xử lý")]
    pub name: String,
    /// Its collection.
    #[schema(example = "reports")]
    pub resource: String,
    /// Where it can be read.
    #[schema(example = "/api/v1/reports/018b2f19-e79e-7d6a-a56d-29feb6211b04")]
    pub href: String,
    /// Body that it is of: who reported, who owes, who raised it.
    pub org_unit_id: OrgUnitId,
    pub org_unit_name: String,
    /// What it is called; null where it has no name of its own, or where that could name a person.
    pub title: Option<String>,
    /// Since when it waits: submitted, returned, due, demanded, raised or referred.
    pub waiting_since: DateTime<Utc>,
    /// Until when it is in time; null where nothing limits it.
    pub due_before: Option<DateTime<Utc>>,
    /// Whether that has passed.
    pub is_overdue: bool,
}

crate::list_query! {
    /// Filters of the list of what waits; `q` looks at the name of the body.
    DeskItemQuery sort ["waiting_since"] {
        /// Only what is part of this count.
        code: DeskItemCode,
        /// Only what is of this body.
        org_unit_id: OrgUnitId,
        /// Only what is of this body and of all below it.
        under_org_unit_id: OrgUnitId,
    }
}

/// One count of the desk.
#[derive(Debug, Serialize, ToSchema)]
pub struct DeskCount {
    /// What is counted.
    pub code: DeskCode,
    /// The same in words, in the language of the answer.
    #[schema(example = "Báo cáo chờ xử lý")]
    pub name: String,
    /// How many there are.
    #[schema(minimum = 0)]
    pub count: i64,
    /// Path and query of the list of them, oldest first; with `with_total=true` its total is `count`.
    #[schema(example = "/api/v1/reports?campaign_id=018b2f19-e79e-7d6a-a56d-29feb6211b04&state=submitted&sort=submitted_at")]
    pub href: String,
}

/// The desk of a campaign, as far as the caller's scope goes.
#[derive(Debug, Serialize, ToSchema)]
#[allow(missing_docs)]
pub struct DeskOut {
    pub campaign_id: CampaignId,
    /// Body to which the counted reports are owed: the owner of the campaign, or the caller's own body below it.
    pub receiver_org_unit_id: OrgUnitId,
    /// When this was counted, by the domain's clock.
    pub as_of: DateTime<Utc>,
    /// From when on a report counts as having come in.
    pub since: DateTime<Utc>,
    /// Until when a limit counts as near.
    pub due_until: DateTime<Utc>,
    /// The counts, always all of them in this order.
    pub counts: Vec<DeskCount>,
}
