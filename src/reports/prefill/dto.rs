//! What reports are filled in from, as the API shows it.

use super::model::{FigureRecord, RecordedFigure, ReportCorrection};
use crate::ids::ReportId;
use crate::reports::figures::Basis;
use crate::reports::forms::code::FormCode;
use crate::text::Line;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;
use validator::Validate;

/// How a report is filled in.
#[derive(Debug, Clone, Default, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields, default)]
#[schema(example = json!({"with_given": false}))]
pub struct PrefillIn {
    /// Whether figures that the reporter gave, or corrected, are replaced by what is recorded as well.
    #[schema(default = false)]
    pub with_given: bool,
}

/// What is recorded for one indicator beside what the report says.
#[derive(Debug, Serialize, ToSchema)]
#[allow(missing_docs)]
pub struct ReportPrefillItem {
    #[schema(example = "attendance_count")]
    pub indicator: FormCode,
    /// Name in Vietnamese.
    pub name: String,
    /// Name in English.
    pub name_en: String,
    /// What it is filled from.
    pub source: RecordedFigure,
    /// What is recorded now; null when there is no record, which is not zero.
    pub recorded: Option<i64>,
    /// How many records that is made of.
    pub record_count: i64,
    /// What was recorded when the report was last filled in; null before.
    pub prefilled: Option<i64>,
    pub prefilled_at: Option<DateTime<Utc>>,
    /// What the report says; null when it says nothing or makes a nil return.
    pub reported: Option<i64>,
    /// Why the report says another number than was recorded; null when it does not, or nobody has said why yet.
    pub correction_reason: Option<String>,
    /// Where the records are listed; their amounts add up to `recorded`.
    #[schema(example = "/api/v1/reports/018b2f19-e79e-7d6a-a56d-29feb6211b04/records?figure=attendance_count")]
    pub records_url: String,
}

/// The indicators of a report that follow from records.
#[derive(Debug, Serialize, ToSchema)]
#[allow(missing_docs)]
pub struct ReportPrefillOut {
    pub report_id: ReportId,
    pub as_of: DateTime<Utc>,
    /// In the order of the form.
    pub items: Vec<ReportPrefillItem>,
}

/// A figure that is another one than was recorded.
#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"indicator": "attendance_count", "value": 412, "basis": "counted", "reason": "Khách vào cổng phụ không quét mã; đã đếm tay."}))]
pub struct CorrectionIn {
    /// The indicator.
    pub indicator: FormCode,
    /// The number that the report is to say; money in whole đồng.
    #[validate(range(min = 0, max = 1_000_000_000_000_000_i64))]
    #[schema(minimum = 0, maximum = 1_000_000_000_000_000_i64)]
    pub value: i64,
    /// How it was found, where the form asks.
    pub basis: Option<Basis>,
    /// Why it is another one.
    pub reason: Line,
}

/// Why a report says another number than was recorded.
#[derive(Debug, Serialize, ToSchema)]
#[allow(missing_docs)]
pub struct ReportCorrectionOut {
    pub id: Uuid,
    #[schema(example = "attendance_count")]
    pub indicator: String,
    /// What was recorded.
    pub recorded: i64,
    /// What the report was made to say.
    pub reported: i64,
    pub reason: String,
    pub corrected_at: DateTime<Utc>,
    /// Account that corrected it.
    pub corrected_by: Uuid,
}

impl From<ReportCorrection> for ReportCorrectionOut {
    fn from(row: ReportCorrection) -> Self {
        let ReportCorrection {
            campaign_id: _,
            id,
            report_id: _,
            indicator,
            recorded_value: recorded,
            reported_value: reported,
            reason,
            corrected_at,
            corrected_by,
        } = row;
        Self { id, indicator, recorded, reported, reason, corrected_at, corrected_by }
    }
}

/// One record that a figure counts.
#[derive(Debug, Serialize, ToSchema)]
#[allow(missing_docs)]
pub struct FigureRecordOut {
    pub id: Uuid,
    /// Its collection.
    #[schema(example = "sites")]
    pub resource: String,
    /// Where it can be read, by who may.
    #[schema(example = "/api/v1/sites/018b2f19-e79e-7d6a-a56d-29feb6211b04")]
    pub url: String,
    /// What it is called; null where that could name a person.
    pub title: Option<String>,
    /// What it adds to the figure.
    pub amount: i64,
}

impl From<FigureRecord> for FigureRecordOut {
    fn from(row: FigureRecord) -> Self {
        let FigureRecord { resource, id, title, amount } = row;
        Self { id, url: format!("/api/v1/{resource}/{id}"), resource, title, amount }
    }
}

crate::list_query! {
    /// Of which figure the records are listed.
    FigureRecordQuery sort [] without q {
        /// The figure; `attendance_count` when left out.
        figure: RecordedFigure,
    }
}

crate::list_query! {
    /// Paging of the corrections of a report: there is nothing to filter.
    ReportCorrectionQuery sort ["corrected_at"] without q {}
}
