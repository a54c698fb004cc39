//! The life of a report as the API shows it.

use super::compare::FigureChangeOut;
use super::model::{FieldComment, ReportStep};
use crate::ids::{ReportFormId, ReportId, ReportObligationId, ReportStepId};
use crate::plans::compare::StretchOut;
use crate::reports::model::{ReportState, ReportVersion};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

/// A step of a report.
#[derive(Debug, Serialize, ToSchema)]
#[allow(missing_docs)]
pub struct ReportStepOut {
    pub id: ReportStepId,
    pub report_id: ReportId,
    pub obligation_id: ReportObligationId,
    /// What was done: `created`, `updated`, `form_adopted`, `submitted`, `returned`, `accepted`, `locked`, `reopened`.
    #[schema(example = "returned")]
    pub action: String,
    /// State before; null for the first step.
    pub from_state: Option<ReportState>,
    /// State after.
    pub to_state: Option<ReportState>,
    /// The last submission at that time; null before the first.
    pub version_no: Option<i32>,
    /// Whether the report counted as late after the step; null before its first submission.
    pub is_late: Option<bool>,
    /// The comment of a return, or the reason for which it was opened again.
    pub comment: Option<String>,
    /// Comments of a return by field.
    #[schema(max_items = 200)]
    pub comments: Vec<FieldComment>,
    /// Account that took it; null where it was not written down.
    pub actor_id: Option<Uuid>,
    pub occurred_at: DateTime<Utc>,
}

impl From<ReportStep> for ReportStepOut {
    fn from(step: ReportStep) -> Self {
        let ReportStep {
            campaign_id: _,
            id,
            report_id,
            obligation_id,
            action,
            from_state,
            to_state,
            version_no,
            first_submitted_at: _,
            is_late,
            is_nil: _,
            comment,
            comments,
            actor_id,
            occurred_at,
        } = step;
        let comments = comments.0;
        Self { id, report_id, obligation_id, action, from_state, to_state, version_no, is_late, comment, comments, actor_id, occurred_at }
    }
}

crate::list_query! {
    /// How to list the steps of a report.
    ReportStepQuery sort ["occurred_at"] without q {}
}

/// Which two submissions to compare.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields, default)]
pub struct ReportComparisonQuery {
    /// Number of the first; when absent, the one before the other.
    #[param(minimum = 1)]
    pub from: Option<i32>,
    /// Number of the second; when absent, the last.
    #[param(minimum = 1)]
    pub to: Option<i32>,
}

/// One of two submissions that are compared.
#[derive(Debug, Serialize, ToSchema)]
#[allow(missing_docs)]
pub struct ComparedVersionOut {
    /// Its number.
    pub no: i32,
    pub submitted_at: DateTime<Utc>,
    /// Whether this submission came at or after the limit.
    pub is_late: bool,
    pub form_id: ReportFormId,
}

impl From<&ReportVersion> for ComparedVersionOut {
    fn from(version: &ReportVersion) -> Self {
        Self { no: version.no, submitted_at: version.submitted_at, is_late: version.is_late, form_id: version.form_id }
    }
}

/// Two submissions of a report compared.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReportComparisonOut {
    /// The report.
    pub report_id: ReportId,
    /// The first; null when there is one submission only, which is compared with nothing.
    pub before: Option<ComparedVersionOut>,
    /// The second; null before any submission.
    pub after: Option<ComparedVersionOut>,
    /// The figures that are not the same, by the code of their indicator.
    #[schema(max_items = 600)]
    pub figures: Vec<FigureChangeOut>,
    /// Figures that are the same in both.
    #[schema(minimum = 0)]
    pub unchanged_count: usize,
    /// The results in words, word by word; empty where they are the same.
    #[schema(max_items = 10_000)]
    pub narrative: Vec<StretchOut>,
}
