//! Budget lines as the API takes and shows them.

use super::model::{BudgetLine, BudgetSpending};
use crate::ids::{BudgetLineId, BudgetSpendingId, CampaignId, OrgUnitId};
use crate::patch::Patch;
use crate::plans::parameters::MoneySource;
use crate::text::{Label, Line};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

/// A new budget line.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"campaign_id": "018b2f19-e79e-7d6a-a56d-29feb6211b04", "org_unit_id": "018b2f19-e79e-7d6a-a56d-29feb6211b05", "source": "budget", "decision_number": "2478/QĐ-UBND", "purpose": "Tổ chức 02 điểm Ngày hội cấp tỉnh", "planned_vnd": 120_000_000}))]
pub struct BudgetLineIn {
    /// Campaign.
    pub campaign_id: CampaignId,
    /// Body whose money it is.
    pub org_unit_id: OrgUnitId,
    /// Where the money comes from.
    pub source: MoneySource,
    /// Number and symbol of the decision that gives it, as printed.
    pub decision_number: Option<Label>,
    /// What it is for.
    pub purpose: Line,
    /// Planned, whole đồng.
    #[schema(minimum = 0, maximum = 1_000_000_000_000_i64)]
    pub planned_vnd: i64,
}

/// Changes of a budget line (JSON Merge Patch).
#[derive(Debug, Clone, Default, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"planned_vnd": 130_000_000}))]
pub struct BudgetLinePatch {
    /// Where the money comes from.
    #[serde(default)]
    #[schema(value_type = MoneySource, required = false)]
    pub source: Patch<MoneySource>,
    /// Number and symbol of the decision that gives it, as printed.
    #[serde(default)]
    #[schema(value_type = Option<Label>)]
    pub decision_number: Patch<Label>,
    /// What it is for.
    #[serde(default)]
    #[schema(value_type = Line, required = false)]
    pub purpose: Patch<Line>,
    /// Planned, whole đồng.
    #[serde(default)]
    #[schema(value_type = i64, required = false, minimum = 0, maximum = 1_000_000_000_000_i64)]
    pub planned_vnd: Patch<i64>,
}

/// Money that was spent, or a correction.
#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"spent_on": "2023-07-01", "amount_vnd": 2_500_000, "note": "Thuê âm thanh, ánh sáng"}))]
pub struct BudgetSpendIn {
    /// Day; not after today.
    pub spent_on: NaiveDate,
    /// Whole đồng, not zero; below zero takes back what was recorded too high.
    #[schema(minimum = -1_000_000_000_000_i64, maximum = 1_000_000_000_000_i64)]
    pub amount_vnd: i64,
    /// What for, or why it is corrected.
    pub note: Line,
}

/// A budget line.
#[derive(Debug, Serialize, ToSchema)]
#[allow(missing_docs)]
pub struct BudgetLineOut {
    pub id: BudgetLineId,
    pub campaign_id: CampaignId,
    /// Body whose money it is.
    pub org_unit_id: OrgUnitId,
    /// Where the money comes from.
    pub source: MoneySource,
    /// Number and symbol of the decision that gives it, as printed.
    pub decision_number: Option<String>,
    /// What it is for.
    pub purpose: String,
    /// Planned, whole đồng.
    pub planned_vnd: i64,
    /// Spent, whole đồng: the sum of its spendings.
    pub spent_vnd: i64,
    /// Planned less spent; below zero when more was spent.
    pub remaining_vnd: i64,
    pub version: i32,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

impl From<BudgetLine> for BudgetLineOut {
    fn from(line: BudgetLine) -> Self {
        let BudgetLine {
            campaign_id,
            id,
            org_unit_id,
            source,
            decision_number,
            purpose,
            planned_vnd,
            spent_vnd,
            version,
            created_at,
            updated_at,
        } = line;
        Self {
            id,
            campaign_id,
            org_unit_id,
            source,
            decision_number,
            purpose,
            planned_vnd,
            spent_vnd,
            remaining_vnd: planned_vnd.saturating_sub(spent_vnd),
            version,
            created_at,
            updated_at,
        }
    }
}

crate::list_query! {
    /// Filters of the list of budget lines.
    BudgetLineQuery sort ["created_at", "updated_at", "planned_vnd", "spent_vnd"] {
        /// Only budget lines in this campaign.
        campaign_id: CampaignId,
        /// Only budget lines of this body.
        org_unit_id: OrgUnitId,
        /// Only budget lines of this body and of all below it.
        under_org_unit_id: OrgUnitId,
        /// Only money from this source.
        source: MoneySource,
        /// Only lines of which more was spent than planned (`true`), or the others (`false`).
        is_overspent: bool,
    }
}

/// Money that was spent of a budget line, or a correction; never changed.
#[derive(Debug, Serialize, ToSchema)]
#[allow(missing_docs)]
pub struct BudgetSpendingOut {
    pub id: BudgetSpendingId,
    pub budget_line_id: BudgetLineId,
    pub spent_on: NaiveDate,
    /// Whole đồng; below zero for a correction.
    pub amount_vnd: i64,
    pub note: String,
    pub recorded_at: DateTime<Utc>,
}

impl From<BudgetSpending> for BudgetSpendingOut {
    fn from(spending: BudgetSpending) -> Self {
        let BudgetSpending { campaign_id: _, id, budget_line_id, spent_on, amount_vnd, note, recorded_by: _, recorded_at } = spending;
        Self { id, budget_line_id, spent_on, amount_vnd, note, recorded_at }
    }
}

crate::list_query! {
    /// The list of the spendings of a budget line.
    BudgetSpendingQuery sort ["spent_on", "amount_vnd", "recorded_at"] without q {}
}
