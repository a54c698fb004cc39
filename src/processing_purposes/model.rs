//! Rows of purposes and of their versions.

use crate::ids::{CampaignId, ProcessingPurposeChangeId, ProcessingPurposeId};
use crate::schema::{processing_purpose_changes, processing_purposes};
use chrono::{DateTime, Utc};
use diesel::deserialize::FromSqlRow;
use diesel::expression::AsExpression;
use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// A kind of personal data: guests; how to reach them; the log of entries and exits; delegates; who raised an opinion; who was
/// commended; accounts; the log of who read contacts; requests of persons about
/// their data.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema, AsExpression, FromSqlRow)]
#[serde(rename_all = "snake_case")]
#[diesel(sql_type = diesel::sql_types::Text)]
#[allow(missing_docs)]
pub enum DataKind {
    Guests,
    Contacts,
    CheckIns,
    Delegates,
    Opinions,
    Commendations,
    Users,
    ContactReadings,
    DataRequests,
}
crate::text_enum!(DataKind {
    Guests => "guests", Contacts => "contacts", CheckIns => "check_ins", Delegates => "delegates", Opinions => "opinions",
    Commendations => "commendations", Users => "users", ContactReadings => "contact_readings", DataRequests => "data_requests",
});

/// A purpose as stored.
#[derive(Debug, Clone, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = processing_purposes, primary_key(campaign_id, id), treat_none_as_null = true, treat_none_as_default_value = false)]
#[allow(missing_docs)]
pub struct ProcessingPurpose {
    pub campaign_id: CampaignId,
    pub id: ProcessingPurposeId,
    pub data_kind: DataKind,
    pub purpose_vi: String,
    pub purpose_en: String,
    pub legal_basis: String,
    pub retention_days: Option<i32>,
    pub version: i32,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

/// One version of a purpose, in the append-only log.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = processing_purpose_changes)]
#[allow(missing_docs)]
pub struct PurposeChange {
    pub campaign_id: CampaignId,
    pub id: ProcessingPurposeChangeId,
    pub processing_purpose_id: ProcessingPurposeId,
    pub version: i32,
    pub purpose_vi: String,
    pub purpose_en: String,
    pub legal_basis: String,
    pub retention_days: Option<i32>,
    pub reason: Option<String>,
    pub changed_by: Option<Uuid>,
    pub changed_at: DateTime<Utc>,
}
