//! Rows of budget lines.

use crate::ids::{BudgetLineId, BudgetSpendingId, CampaignId, OrgUnitId};
use crate::plans::parameters::MoneySource;
use crate::schema::{budget_lines, budget_spendings};
use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use uuid::Uuid;

/// A budget line as stored, without its search tokens.
#[derive(Debug, Clone, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = budget_lines, primary_key(campaign_id, id), treat_none_as_null = true, treat_none_as_default_value = false)]
#[allow(missing_docs)]
pub struct BudgetLine {
    pub campaign_id: CampaignId,
    pub id: BudgetLineId,
    pub org_unit_id: OrgUnitId,
    pub source: MoneySource,
    pub decision_number: Option<String>,
    pub purpose: String,
    pub planned_vnd: i64,
    pub spent_vnd: i64,
    pub version: i32,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

/// A spending as stored; never changed.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = budget_spendings)]
#[allow(missing_docs)]
pub struct BudgetSpending {
    pub campaign_id: CampaignId,
    pub id: BudgetSpendingId,
    pub budget_line_id: BudgetLineId,
    pub spent_on: NaiveDate,
    pub amount_vnd: i64,
    pub note: String,
    pub recorded_by: Uuid,
    pub recorded_at: DateTime<Utc>,
}
