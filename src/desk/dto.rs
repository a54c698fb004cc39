//! The desk as the API shows it.

use crate::ids::CampaignId;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

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
    /// When this was counted, by the domain's clock.
    pub as_of: DateTime<Utc>,
    /// From when on a report counts as having come in.
    pub since: DateTime<Utc>,
    /// Until when a limit counts as near.
    pub due_until: DateTime<Utc>,
    /// The counts, always all of them in this order.
    pub counts: Vec<DeskCount>,
}
