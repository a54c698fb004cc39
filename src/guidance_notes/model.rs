//! Rows of guidance notes.

use crate::ids::{CampaignId, GuidanceNoteId, OrgUnitId};
use crate::schema::guidance_notes;
use chrono::{DateTime, NaiveDate, Utc};
use diesel::deserialize::FromSqlRow;
use diesel::expression::AsExpression;
use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Where a guidance note stands: `draft` → `issued`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema, AsExpression, FromSqlRow)]
#[serde(rename_all = "snake_case")]
#[diesel(sql_type = diesel::sql_types::Text)]
#[allow(missing_docs)]
pub enum GuidanceState {
    Draft,
    Issued,
}
crate::text_enum!(GuidanceState { Draft => "draft", Issued => "issued" });

/// A guidance note as stored, without its search tokens.
#[derive(Debug, Clone, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = guidance_notes, primary_key(campaign_id, id), treat_none_as_null = true, treat_none_as_default_value = false)]
#[allow(missing_docs)]
pub struct GuidanceNote {
    pub campaign_id: CampaignId,
    pub id: GuidanceNoteId,
    pub org_unit_id: OrgUnitId,
    pub title: String,
    pub body: String,
    pub clause: Option<String>,
    pub document_number: Option<String>,
    pub issued_on: Option<NaiveDate>,
    pub issued_at: Option<DateTime<Utc>>,
    pub state: GuidanceState,
    pub version: i32,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}
