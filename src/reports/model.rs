//! Rows of reports and their states.

use super::figures::Figures;
use super::life::model::FieldComments;
use super::prefill::model::ReportCoverage;
use crate::ids::{CampaignId, OrgUnitId, ReportFormId, ReportId, ReportObligationId};
use crate::schema::{report_versions, reports};
use chrono::{DateTime, Utc};
use diesel::deserialize::FromSqlRow;
use diesel::expression::AsExpression;
use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// Where a report stands: `draft` → `submitted` → `accepted`, or `returned` and submitted again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema, AsExpression, FromSqlRow)]
#[serde(rename_all = "snake_case")]
#[diesel(sql_type = diesel::sql_types::Text)]
#[allow(missing_docs)]
pub enum ReportState {
    Draft,
    Submitted,
    Returned,
    Accepted,
}
crate::text_enum!(ReportState { Draft => "draft", Submitted => "submitted", Returned => "returned", Accepted => "accepted" });

/// A report as stored.
#[derive(Debug, Clone, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = reports, primary_key(campaign_id, id), treat_none_as_null = true, treat_none_as_default_value = false)]
#[allow(missing_docs)]
pub struct Report {
    pub campaign_id: CampaignId,
    pub id: ReportId,
    pub obligation_id: ReportObligationId,
    pub org_unit_id: OrgUnitId,
    pub state: ReportState,
    pub figures: Figures,
    pub narrative: Option<String>,
    pub return_comment: Option<String>,
    pub first_submitted_at: Option<DateTime<Utc>>,
    pub submitted_at: Option<DateTime<Utc>>,
    pub is_late: Option<bool>,
    pub returned_at: Option<DateTime<Utc>>,
    pub accepted_at: Option<DateTime<Utc>>,
    pub version: i32,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
    pub form_id: ReportFormId,
    pub coverage: ReportCoverage,
    pub is_nil: Option<bool>,
    pub return_comments: FieldComments,
    pub locked_at: Option<DateTime<Utc>>,
}

/// What was submitted, one time; never changed.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = report_versions)]
#[allow(missing_docs)]
pub struct ReportVersion {
    pub campaign_id: CampaignId,
    pub id: Uuid,
    pub report_id: ReportId,
    pub no: i32,
    pub figures: Figures,
    pub narrative: Option<String>,
    pub submitted_at: DateTime<Utc>,
    pub is_late: bool,
    pub submitted_by: Uuid,
    pub form_id: ReportFormId,
    pub coverage: ReportCoverage,
}
