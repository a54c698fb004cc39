//! Reports as the API takes and shows them.

use super::figures::{Figures, FiguresIn, FiguresPatch};
use super::forms::code::FormCode;
use super::forms::content::{FormIndicator, IndicatorKind, IndicatorPart};
use super::life::model::FieldComment;
use super::model::{Report, ReportState, ReportVersion};
use super::prefill::model::{RecordedFigure, ReportCoverage};
use crate::ids::{CampaignId, OrgUnitId, ReportFormId, ReportId, ReportObligationId};
use crate::patch::Patch;
use crate::text::Prose;
use crate::warning::Warning;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;
use validator::Validate;

/// A new report: a draft under one obligation.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"obligation_id": "018b2f19-e79e-7d6a-a56d-29feb6211b04", "figures": {"sites_held": {"value": 12, "basis": "counted"}, "attendance_count": {"value": 3400, "basis": "estimated"}, "forums_held": {"is_nil": true}}, "narrative": "Ngày hội diễn ra an toàn, đông đủ."}))]
pub struct ReportIn {
    /// What the report delivers; one report for each obligation.
    pub obligation_id: ReportObligationId,
    /// Figures by indicator.
    #[serde(default)]
    #[schema(value_type = Figures)]
    pub figures: FiguresIn,
    /// The results in words.
    pub narrative: Option<Prose>,
    /// What the report speaks for; `own` when left out.
    pub coverage: Option<ReportCoverage>,
}

/// Changes of a report (JSON Merge Patch): figures are replaced one indicator at a time, null takes one out.
#[derive(Debug, Clone, Default, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"figures": {"attendance_count": {"value": 3512, "basis": "counted"}, "banners": null}}))]
pub struct ReportPatch {
    /// Figures by indicator.
    #[serde(default)]
    #[schema(value_type = FiguresPatch, required = false)]
    pub figures: Patch<FiguresPatch>,
    /// The results in words.
    #[serde(default)]
    #[schema(value_type = Option<Prose>)]
    pub narrative: Patch<Prose>,
    /// What the report speaks for.
    #[serde(default)]
    #[schema(value_type = ReportCoverage, required = false)]
    pub coverage: Patch<ReportCoverage>,
}

/// Why a report is returned.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"comment": "Số lượt người dự chưa khớp với danh sách các điểm; đề nghị rà soát.", "comments": [{"pointer": "/figures/attendance_count", "text": "Các điểm ghi 512 lượt."}]}))]
pub struct ReturnIn {
    /// What is to be put right.
    pub comment: Prose,
    /// The same by field.
    #[serde(default)]
    #[schema(max_items = 200, required = false)]
    pub comments: Vec<FieldCommentIn>,
}

/// A comment on one field of a report.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FieldCommentIn {
    /// Which field (RFC 6901): `/figures/…` with the code of an indicator, or `/narrative`.
    #[schema(max_length = 200, pattern = "^/(narrative|figures/[a-z][a-z0-9_]*(/[a-z0-9_]+)*)$", example = "/figures/attendance_count")]
    pub pointer: String,
    /// What is to be put right there.
    pub text: Prose,
}

/// A report.
#[derive(Debug, Serialize, ToSchema)]
#[allow(missing_docs)]
pub struct ReportOut {
    pub id: ReportId,
    pub campaign_id: CampaignId,
    pub obligation_id: ReportObligationId,
    /// Body that reports.
    pub org_unit_id: OrgUnitId,
    pub state: ReportState,
    /// The version of the form that the figures follow: the one that was current when the report was begun, until it adopts another.
    pub form_id: ReportFormId,
    pub coverage: ReportCoverage,
    pub figures: Figures,
    pub narrative: Option<String>,
    /// Comment of the last return.
    pub return_comment: Option<String>,
    /// Comments of the last return by field.
    #[schema(max_items = 200)]
    pub return_comments: Vec<FieldComment>,
    /// First submission: the one that counts for the limit (R2, III.3).
    pub first_submitted_at: Option<DateTime<Utc>>,
    /// Last submission.
    pub submitted_at: Option<DateTime<Utc>>,
    /// Whether the first submission came at or after the limit; null before it.
    pub is_late: Option<bool>,
    /// Last return.
    pub returned_at: Option<DateTime<Utc>>,
    pub accepted_at: Option<DateTime<Utc>>,
    /// Since when the accepted report is locked.
    pub locked_at: Option<DateTime<Utc>>,
    /// Whether the last submission answers every figure in it with a nil return; null before it.
    pub is_nil: Option<bool>,
    /// Late, figures that look odd, or a newer form (`newer_form`); never a refusal. Given with answers to writes.
    pub warnings: Vec<Warning>,
    pub version: i32,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

impl ReportOut {
    /// A report with what is to be pointed out about it.
    pub fn new(report: Report, warnings: Vec<Warning>) -> Self {
        let Report {
            campaign_id,
            id,
            obligation_id,
            org_unit_id,
            state,
            figures,
            narrative,
            return_comment,
            first_submitted_at,
            submitted_at,
            is_late,
            returned_at,
            accepted_at,
            version,
            created_at,
            updated_at,
            form_id,
            coverage,
            is_nil,
            return_comments,
            locked_at,
        } = report;
        Self {
            id,
            campaign_id,
            obligation_id,
            org_unit_id,
            state,
            form_id,
            coverage,
            figures,
            narrative,
            return_comment,
            return_comments: return_comments.0,
            first_submitted_at,
            submitted_at,
            is_late,
            returned_at,
            accepted_at,
            locked_at,
            is_nil,
            warnings,
            version,
            created_at,
            updated_at,
        }
    }
}

/// What was submitted, one time.
#[derive(Debug, Serialize, ToSchema)]
#[allow(missing_docs)]
pub struct ReportVersionOut {
    pub id: Uuid,
    pub report_id: ReportId,
    /// 1 for the first submission.
    pub no: i32,
    /// The version of the form that was filled in.
    pub form_id: ReportFormId,
    pub coverage: ReportCoverage,
    pub figures: Figures,
    pub narrative: Option<String>,
    pub submitted_at: DateTime<Utc>,
    /// Whether this submission came at or after the limit; the report goes by its first one.
    pub is_late: bool,
    /// Account that submitted it.
    pub submitted_by: Uuid,
}

impl From<ReportVersion> for ReportVersionOut {
    fn from(version: ReportVersion) -> Self {
        let ReportVersion { campaign_id: _, id, report_id, no, figures, narrative, submitted_at, is_late, submitted_by, form_id, coverage } =
            version;
        Self { id, report_id, no, form_id, coverage, figures, narrative, submitted_at, is_late, submitted_by }
    }
}

/// Whose form is meant.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields, default)]
pub struct ReportIndicatorQuery {
    /// The campaign whose current form is asked for; without one, the form that every campaign begins with.
    pub campaign_id: Option<CampaignId>,
}

/// One indicator of the form.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReportIndicatorOut {
    /// Code, as in `figures`.
    pub code: FormCode,
    /// Name in Vietnamese.
    pub name: String,
    /// Name in English.
    pub name_en: String,
    /// What it is answered with.
    pub kind: IndicatorKind,
    /// What it counts; null for words.
    pub unit: Option<FormCode>,
    /// Whether a report cannot be submitted without an answer or a nil return for it.
    pub is_required: bool,
    /// Whether the report says if the number was counted or estimated.
    pub is_basis_asked: bool,
    /// Kinds or levels by which the number may be broken down.
    pub parts: Vec<IndicatorPart>,
    /// What it can be filled in from; null where nothing is recorded of it.
    pub source: Option<RecordedFigure>,
}

impl From<FormIndicator> for ReportIndicatorOut {
    fn from(indicator: FormIndicator) -> Self {
        let FormIndicator { code, name_vi, name_en, kind, unit, unit_vi: _, unit_en: _, is_required, is_basis_asked, parts, source } =
            indicator;
        Self { code, name: name_vi.into_string(), name_en: name_en.into_string(), kind, unit, is_required, is_basis_asked, parts, source }
    }
}

/// The form: its indicators, in their order.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReportIndicatorsOut {
    /// The indicators.
    pub items: Vec<ReportIndicatorOut>,
}

crate::list_query! {
    /// Filters of the list of reports; `q` looks at the name of the body.
    ReportQuery sort ["created_at", "updated_at", "submitted_at"] {
        /// Only reports of this campaign.
        campaign_id: CampaignId,
        /// Only reports of this body.
        org_unit_id: OrgUnitId,
        /// Only reports of this body and of all below it.
        under_org_unit_id: OrgUnitId,
        /// Only reports owed to this body.
        to_org_unit_id: OrgUnitId,
        /// Only the report under this obligation.
        obligation_id: ReportObligationId,
        /// Only reports that follow this version of the form.
        form_id: ReportFormId,
        /// Only reports in this state.
        state: ReportState,
        /// Only reports that came late, or in time; those never submitted are neither.
        is_late: bool,
        /// Only reports whose last submission answers every figure with a nil return, or the others; those never submitted are neither.
        is_nil: bool,
        /// Only reports that are locked, or the others.
        is_locked: bool,
        /// Only reports last submitted at or after this instant.
        submitted_from: DateTime<Utc>,
        /// Only reports last submitted before this instant.
        submitted_before: DateTime<Utc>,
    }
}

crate::list_query! {
    /// Paging of the list of versions: there is nothing to filter.
    ReportVersionQuery sort ["no"] without q {}
}
