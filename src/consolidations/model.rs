//! Rows of frozen consolidations and of those they were sent to.

use crate::ids::{CampaignId, ConsolidationId, OrgUnitId};
use crate::schema::{consolidation_addressees, consolidations};
use chrono::{DateTime, NaiveDate, Utc};
use diesel::deserialize::FromSqlRow;
use diesel::expression::AsExpression;
use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// Where a consolidation stands: `frozen` → `signed` → `sent`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema, AsExpression, FromSqlRow)]
#[serde(rename_all = "snake_case")]
#[diesel(sql_type = diesel::sql_types::Text)]
#[allow(missing_docs)]
pub enum ConsolidationState {
    Frozen,
    Signed,
    Sent,
}
crate::text_enum!(ConsolidationState { Frozen => "frozen", Signed => "signed", Sent => "sent" });

/// A consolidation as stored, without its content.
#[derive(Debug, Clone, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = consolidations, primary_key(campaign_id, id), treat_none_as_null = true, treat_none_as_default_value = false)]
#[allow(missing_docs)]
pub struct Consolidation {
    pub campaign_id: CampaignId,
    pub id: ConsolidationId,
    pub org_unit_id: OrgUnitId,
    pub no: i32,
    pub state: ConsolidationState,
    pub as_of: DateTime<Utc>,
    pub checksum: String,
    pub expected_count: i64,
    pub accepted_count: i64,
    pub note: Option<String>,
    pub document_number: Option<String>,
    pub signed_on: Option<NaiveDate>,
    pub signatory_name: Option<String>,
    pub signatory_title: Option<String>,
    pub signed_at: Option<DateTime<Utc>>,
    pub sent_at: Option<DateTime<Utc>>,
    pub frozen_by: Uuid,
    pub version: i32,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

/// One to whom it was sent, as stored.
#[derive(Debug, Clone, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = consolidation_addressees, primary_key(campaign_id, consolidation_id, no), treat_none_as_null = true, treat_none_as_default_value = false)]
#[allow(missing_docs)]
pub struct Addressee {
    pub campaign_id: CampaignId,
    pub consolidation_id: ConsolidationId,
    pub no: i32,
    pub name: String,
    pub org_unit_id: Option<OrgUnitId>,
    pub channel: String,
    pub sent_at: DateTime<Utc>,
    pub sent_by: Uuid,
    pub acknowledged_at: Option<DateTime<Utc>>,
    pub acknowledged_by: Option<Uuid>,
    pub reference: Option<String>,
}
