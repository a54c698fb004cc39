//! The consolidation as the API shows it.

use crate::ids::{CampaignId, OrgUnitId, ReportId};
use crate::paper::PaperFormat;
use crate::reports::figures::Basis;
use crate::reports::forms::code::FormCode;
use crate::reports::forms::content::IndicatorKind;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// What one accepted report adds to a total.
#[derive(Debug, PartialEq, Eq, Serialize, ToSchema)]
#[allow(missing_docs)]
pub struct TotalSource {
    pub report_id: ReportId,
    pub org_unit_id: OrgUnitId,
    pub org_unit_name: String,
    #[schema(minimum = 0, maximum = 1_000_000_000_000_000_i64)]
    pub value: i64,
    /// How it was found, where the form asks.
    pub basis: Option<Basis>,
}

/// What the reports say of one part of an indicator.
#[derive(Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct PartTotal {
    /// Part.
    pub code: FormCode,
    /// Its name in Vietnamese.
    pub name: String,
    /// Sum over the reports that break the indicator down; null when none does. It may be less than the total: others do not.
    #[schema(minimum = 0, maximum = 9_223_372_036_854_775_807_i64)]
    pub value: Option<i64>,
}

/// What one accepted report says of an indicator in words.
#[derive(Debug, PartialEq, Eq, Serialize, ToSchema)]
#[allow(missing_docs)]
pub struct TotalText {
    pub report_id: ReportId,
    pub org_unit_id: OrgUnitId,
    pub org_unit_name: String,
    pub text: String,
}

/// The total of one indicator. It is never added to another: attendances are visits, not persons (S117).
#[derive(Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct IndicatorTotal {
    /// Indicator.
    pub code: FormCode,
    /// Its name in Vietnamese.
    pub name: String,
    /// What it is answered with.
    pub kind: IndicatorKind,
    /// What it counts; null for words.
    pub unit: Option<FormCode>,
    /// Name of the unit in Vietnamese; null for words.
    pub unit_name: Option<String>,
    /// Sum of the sources; null when no accepted report gives a value, which is not zero, and for words, which are not added.
    #[schema(minimum = 0, maximum = 9_223_372_036_854_775_807_i64)]
    pub value: Option<i64>,
    /// Whether a source is an estimate.
    pub is_estimated: bool,
    /// Accepted reports that give a value or words.
    pub source_count: i64,
    /// Accepted reports with a nil return.
    pub nil_count: i64,
    /// Accepted reports that say nothing of it.
    pub missing_count: i64,
    /// What the total is made of, in the order of the tree; null when they were not asked for.
    pub sources: Option<Vec<TotalSource>>,
    /// Sums of the parts by which the form breaks the indicator down, in its order.
    pub parts: Vec<PartTotal>,
    /// The words of the accepted reports, gathered; null for numbers, and as for `narratives`.
    pub texts: Option<Vec<TotalText>>,
}

impl IndicatorTotal {
    /// What the total is made of, as far as it is shown.
    pub fn shown_sources(&self) -> &[TotalSource] {
        self.sources.as_deref().unwrap_or_default()
    }

    /// The name of its unit, as a column of a table has it; nothing for words.
    pub fn unit_label(&self) -> &str {
        self.unit_name.as_deref().unwrap_or_default()
    }
}

/// The words of one accepted report.
#[derive(Debug, Serialize, ToSchema)]
#[allow(missing_docs)]
pub struct ReportNarrative {
    pub report_id: ReportId,
    pub org_unit_id: OrgUnitId,
    pub org_unit_name: String,
    pub narrative: String,
}

/// What the accepted reports of a campaign add up to.
#[derive(Debug, Serialize, ToSchema)]
#[allow(missing_docs)]
pub struct ConsolidationOut {
    pub campaign_id: CampaignId,
    /// When this was added up, by the domain's clock.
    pub as_of: DateTime<Utc>,
    /// Reports that are owed.
    pub expected_count: i64,
    /// Reports that are added up: accepted, and not spoken for by one above.
    pub accepted_count: i64,
    /// Accepted reports that are not added up, because an accepted report of a body above speaks for theirs.
    pub spoken_for_count: i64,
    /// One total for each indicator, in the order of the current form; then those that only earlier versions asked for.
    pub totals: Vec<IndicatorTotal>,
    /// The words of the accepted reports; null unless asked for, and for a caller who may not read reports.
    pub narratives: Option<Vec<ReportNarrative>>,
}

/// In which form, and how much of the consolidation.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields, default)]
pub struct ConsolidationPaperQuery {
    /// Form of the document; `docx` when absent.
    pub format: Option<PaperFormat>,
    /// Whether to give the narratives too; they stand in `docx` only.
    pub with_narratives: Option<bool>,
    /// Only the reports of this body and of all below it.
    pub under_org_unit_id: Option<OrgUnitId>,
}

/// What of the consolidation to show.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields, default)]
pub struct ConsolidationQuery {
    /// Whether to give what each total is made of; yes when absent. A campaign of thousands of reports is answered faster without.
    pub with_sources: Option<bool>,
    /// Only the total of this indicator, of any version of the form.
    pub code: Option<FormCode>,
    /// Whether to give the narratives too.
    pub with_narratives: Option<bool>,
    /// Only the reports of this body and of all below it: commune, district, province.
    pub under_org_unit_id: Option<OrgUnitId>,
}
