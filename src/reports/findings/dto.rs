//! Findings as the API shows them.

use crate::ids::{CampaignId, OrgUnitId, ReportId};
use crate::text::{Label, Prose};
use chrono::{DateTime, Utc};
use diesel::deserialize::FromSqlRow;
use diesel::expression::AsExpression;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use validator::Validate;

/// What is wrong: another number than what is recorded; far from the median of bodies of the same kind; one event that two bodies
/// report (S116); a report for a whole subtree that says less than the reports below it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema, AsExpression, FromSqlRow)]
#[serde(rename_all = "snake_case")]
#[diesel(sql_type = diesel::sql_types::Text)]
#[allow(missing_docs)]
pub enum FindingKind {
    DiffersFromRecords,
    Outlier,
    ReportedTwice,
    LessThanBelow,
}
crate::text_enum!(FindingKind { DiffersFromRecords => "differs_from_records", Outlier => "outlier", ReportedTwice => "reported_twice", LessThanBelow => "less_than_below" });

/// How a finding was settled.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[allow(missing_docs)]
pub struct SettlementOut {
    pub reason: String,
    pub settled_at: DateTime<Utc>,
}

/// One thing that looks wrong.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[allow(missing_docs)]
pub struct ReportFindingOut {
    pub kind: FindingKind,
    pub report_id: ReportId,
    pub org_unit_id: OrgUnitId,
    pub org_unit_name: String,
    /// Indicator.
    #[schema(example = "attendance_count")]
    pub indicator: String,
    /// What the report says.
    pub reported: i64,
    /// What it is held against: the records, the median of the peers, the number of events that the other body reports too, or the sum of the
    /// reports below.
    pub compared: i64,
    /// The other report, of an event that is reported twice.
    pub other_report_id: Option<ReportId>,
    /// What is wrong, in the caller's language.
    pub message: String,
    /// Where the records are listed.
    #[schema(
        example = "/api/v1/sites?campaign_id=018b2f19-e79e-7d6a-a56d-29feb6211b04&under_org_unit_id=018b2f19-e79e-7d6a-a56d-29feb6211b05"
    )]
    pub records_url: String,
    /// How it was settled; null while it is open. A figure that changes makes another finding.
    pub settlement: Option<SettlementOut>,
}

/// What looks wrong in the reports of a campaign.
#[derive(Debug, Serialize, ToSchema)]
#[allow(missing_docs)]
pub struct ReportFindingsOut {
    pub campaign_id: CampaignId,
    pub as_of: DateTime<Utc>,
    /// Findings that nobody has settled.
    pub open_count: i64,
    /// Findings that are settled.
    pub settled_count: i64,
    /// The findings asked for, in the order of the tree.
    pub items: Vec<ReportFindingOut>,
}

/// Which findings to show.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields, default)]
pub struct ReportFindingQuery {
    /// Only findings of this kind.
    pub kind: Option<FindingKind>,
    /// Only those that are, or are not, settled.
    pub is_settled: Option<bool>,
}

/// How a finding is settled.
#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"report_id": "018b2f19-e79e-7d6a-a56d-29feb6211b04", "kind": "differs_from_records", "indicator": "attendance_count", "reason": "Khách vào cổng phụ không quét mã; đơn vị đã đếm bằng tay."}))]
pub struct FindingSettleIn {
    /// The report it is about.
    pub report_id: ReportId,
    /// Its kind.
    pub kind: FindingKind,
    /// The indicator it is about.
    pub indicator: Label,
    /// Why the figure stands as it is.
    pub reason: Prose,
}
