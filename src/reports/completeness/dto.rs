//! Completeness as the API shows it.

use super::model::ReportFigures;
use crate::ids::{CampaignId, OrgUnitId, ReportId, ReportObligationId};
use crate::reports::obligations::model::{Delivery, Standing};
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
        let ReportFigures { expected, submitted, in_time, late, returned, accepted, missing, draft } = figures;
        Self {
            expected_count: expected,
            submitted_count: submitted,
            in_time_count: in_time,
            late_count: late,
            returned_count: returned,
            accepted_count: accepted,
            missing_count: missing,
            draft_count: draft,
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

/// One body that owes a report, and what it delivered.
#[derive(Debug, Serialize, ToSchema)]
#[allow(missing_docs)]
pub struct ExpectedReport {
    pub obligation_id: ReportObligationId,
    pub org_unit_id: OrgUnitId,
    pub org_unit_name: String,
    pub org_unit_kind: String,
    /// A report is in time while it is submitted before this instant.
    pub due_before: DateTime<Utc>,
    pub report_id: Option<ReportId>,
    /// What was delivered.
    pub state: Delivery,
    /// Whether the first submission came at or after the limit; null before it.
    pub is_late: Option<bool>,
    /// Whether the limit has passed and nothing was ever submitted.
    pub is_overdue: bool,
    /// First submission.
    pub submitted_at: Option<DateTime<Utc>>,
}

impl ExpectedReport {
    /// A standing at an instant.
    pub fn new(standing: Standing, now: DateTime<Utc>) -> Self {
        let (state, is_late, is_overdue) = (standing.delivery(), standing.is_late(), standing.is_overdue(now));
        let submitted_at = standing.first_submitted_at();
        let Standing { obligation, org_unit_name, org_unit_kind, delivered } = standing;
        Self {
            obligation_id: obligation.id,
            org_unit_id: obligation.org_unit_id,
            org_unit_name,
            org_unit_kind,
            due_before: obligation.due_before,
            report_id: delivered.map(|report| report.id),
            state,
            is_late,
            is_overdue,
            submitted_at,
        }
    }
}

/// How complete the reports of a campaign are.
#[derive(Debug, Serialize, ToSchema)]
#[allow(missing_docs)]
pub struct CompletenessOut {
    pub campaign_id: CampaignId,
    /// When this was counted, by the domain's clock.
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
}
