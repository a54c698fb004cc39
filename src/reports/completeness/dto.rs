//! Completeness as the API shows it.

use super::model::{Expected, ReportFigures, SnapshotKind};
use crate::ids::{CampaignId, OrgUnitId, ReportId, ReportObligationId, UserId};
use crate::org_units::model::{OrgLevel, OrgUnitKind};
use crate::reports::obligations::model::Delivery;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// Counts of the reports that are expected and of what was delivered.
#[derive(Debug, Serialize, ToSchema)]
pub struct CompletenessFigures {
    /// Bodies that owe a report.
    pub expected_count: i64,
    /// Of these, with a report that was ever submitted, returned ones included.
    pub submitted_count: i64,
    /// Of these, first submitted before the limit.
    pub in_time_count: i64,
    /// Of these, first submitted at or after the limit.
    pub late_count: i64,
    /// Returned now, to be submitted again.
    pub returned_count: i64,
    /// Accepted.
    pub accepted_count: i64,
    /// Without any report.
    pub missing_count: i64,
    /// With a draft that was never submitted.
    pub draft_count: i64,
    /// Of the submitted, those whose last submission answers every figure in it with a nil return.
    pub nil_count: i64,
    /// Exempt without ever having submitted a report; not among the expected.
    pub exempt_count: i64,
    /// `submitted_count` of `expected_count` in percent, one decimal, rounded down; null when none is expected.
    #[schema(minimum = 0, maximum = 100)]
    pub completeness_percent: Option<f64>,
    /// `in_time_count` of `expected_count` in percent, one decimal, rounded down; null when none is expected.
    #[schema(minimum = 0, maximum = 100)]
    pub timeliness_percent: Option<f64>,
}

impl From<ReportFigures> for CompletenessFigures {
    fn from(figures: ReportFigures) -> Self {
        let (completeness_percent, timeliness_percent) = (figures.completeness_percent(), figures.timeliness_percent());
        let ReportFigures { expected, submitted, in_time, late, returned, accepted, missing, draft, nil, exempt } = figures;
        Self {
            expected_count: expected,
            submitted_count: submitted,
            in_time_count: in_time,
            late_count: late,
            returned_count: returned,
            accepted_count: accepted,
            missing_count: missing,
            draft_count: draft,
            nil_count: nil,
            exempt_count: exempt,
            completeness_percent,
            timeliness_percent,
        }
    }
}

/// The same counts for the bodies of one kind.
#[derive(Debug, Serialize, ToSchema)]
pub struct KindCompleteness {
    /// Kind of body.
    #[schema(example = "district_committee")]
    pub org_unit_kind: String,
    /// The counts.
    pub figures: CompletenessFigures,
}

/// An account that can write the report of a body.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Reporter {
    /// Account.
    pub user_id: UserId,
    /// Name of the official.
    pub full_name: String,
}

/// One body that owes a report, and what it delivered.
#[derive(Debug, Serialize, ToSchema)]
#[allow(missing_docs)]
pub struct ExpectedReport {
    pub obligation_id: ReportObligationId,
    pub org_unit_id: OrgUnitId,
    pub org_unit_name: String,
    pub org_unit_kind: String,
    pub org_unit_level: String,
    /// Body to which it is owed.
    pub to_org_unit_id: OrgUnitId,
    /// Desk that takes the report in.
    pub via_org_unit_id: Option<OrgUnitId>,
    /// A report is in time while it is submitted before this instant.
    pub due_before: DateTime<Utc>,
    pub report_id: Option<ReportId>,
    /// What was delivered.
    pub state: Delivery,
    /// Whether the first submission came at or after the limit; null before it.
    pub is_late: Option<bool>,
    /// Whether the last submission answers every figure in it with a nil return; null before it.
    pub is_nil: Option<bool>,
    /// Whether the limit has passed and nothing was ever submitted.
    pub is_overdue: bool,
    /// First submission.
    pub submitted_at: Option<DateTime<Utc>>,
    /// Who is in charge, where a report is missing or still a draft: the body's accounts that can write it, today. Null to a caller who may
    /// not see accounts; without those out of the caller's reach.
    #[schema(max_items = 1000)]
    pub reporters: Option<Vec<Reporter>>,
}

impl ExpectedReport {
    /// A body as it stood at an instant.
    pub fn new(body: Expected, at: DateTime<Utc>, reporters: Option<Vec<Reporter>>) -> Self {
        let (state, is_overdue) = (body.delivery(), body.is_overdue(at));
        let Expected {
            obligation_id,
            org_unit_id,
            org_unit_name,
            org_unit_kind,
            org_unit_level,
            to_org_unit_id,
            via_org_unit_id,
            due_before,
            is_exempted: _,
            report_id,
            state: _,
            first_submitted_at,
            is_late,
            is_nil,
        } = body;
        Self {
            obligation_id,
            org_unit_id,
            org_unit_name,
            org_unit_kind,
            org_unit_level,
            to_org_unit_id,
            via_org_unit_id,
            due_before,
            report_id,
            state,
            is_late,
            is_nil,
            is_overdue,
            submitted_at: first_submitted_at,
            reporters,
        }
    }
}

/// How complete the reports of a campaign are.
#[derive(Debug, Serialize, ToSchema)]
#[allow(missing_docs)]
pub struct CompletenessOut {
    pub campaign_id: CampaignId,
    /// The instant that this is of, by the domain's clock: now, or the one asked for.
    pub as_of: DateTime<Utc>,
    /// `submitted_count` of `expected_count` in percent, one decimal, rounded down; null when none is expected.
    #[schema(minimum = 0, maximum = 100)]
    pub completeness_percent: Option<f64>,
    /// `in_time_count` of `expected_count` in percent, one decimal, rounded down; null when none is expected.
    #[schema(minimum = 0, maximum = 100)]
    pub timeliness_percent: Option<f64>,
    /// Bodies that owe a report.
    pub expected_count: i64,
    /// Of these, with a report that was ever submitted, returned ones included.
    pub submitted_count: i64,
    /// Of these, first submitted before the limit.
    pub in_time_count: i64,
    /// Of these, first submitted at or after the limit.
    pub late_count: i64,
    /// Returned now, to be submitted again.
    pub returned_count: i64,
    /// Accepted.
    pub accepted_count: i64,
    /// Without any report.
    pub missing_count: i64,
    /// With a draft that was never submitted.
    pub draft_count: i64,
    /// Of the submitted, those whose last submission answers every figure in it with a nil return.
    pub nil_count: i64,
    /// Exempt without ever having submitted a report; not among the expected.
    pub exempt_count: i64,
    /// The same for each kind of body, in the order of the tree.
    pub by_kind: Vec<KindCompleteness>,
    /// Every body that owes a report, in the order of the tree; only those in the state asked for.
    pub items: Vec<ExpectedReport>,
}

/// What of the completeness to show.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields, default)]
pub struct CompletenessQuery {
    /// Only items of which this was delivered; the counts stay those of all.
    pub state: Option<Delivery>,
    /// Only bodies below this one, and it: items and counts.
    pub under_org_unit_id: Option<OrgUnitId>,
    /// Only bodies of this kind: items and counts.
    pub org_unit_kind: Option<OrgUnitKind>,
    /// Only bodies of this level: items and counts.
    pub org_unit_level: Option<OrgLevel>,
    /// Only reports owed to this body, such as a district's by its communes: items and counts.
    pub to_org_unit_id: Option<OrgUnitId>,
    /// As it stood at this instant, which is not in the future; now when absent.
    pub at: Option<DateTime<Utc>>,
}

/// What was expected and there at one instant that is past; nothing changes it any more.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReportSnapshotOut {
    /// What it is of.
    pub kind: SnapshotKind,
    /// The last instant that it takes in: of a limit the last one in time.
    pub at: DateTime<Utc>,
    /// The counts.
    pub figures: CompletenessFigures,
    /// Its rows.
    #[schema(example = "/api/v1/campaigns/018b2f19-e79e-7d6a-a56d-29feb6211b04/completeness?at=2023-08-19T16:59:59.999999Z")]
    pub rows_url: String,
}

/// The snapshots of a campaign.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReportSnapshotsOut {
    /// The campaign.
    pub campaign_id: CampaignId,
    /// The last fifty, the latest first.
    #[schema(max_items = 50)]
    pub items: Vec<ReportSnapshotOut>,
}
