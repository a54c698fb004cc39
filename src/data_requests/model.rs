//! Rows of requests and of their steps.

use crate::ids::{CampaignId, DataRequestId, DataRequestStepId, OrgUnitId, ParticipantId};
use crate::schema::{data_request_steps, data_requests};
use chrono::{DateTime, Utc};
use diesel::deserialize::FromSqlRow;
use diesel::expression::AsExpression;
use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// What a person asks for: to see and obtain the data, to correct them, to erase them; to restrict their processing, or to withdraw
/// the consent to it, both of which stop it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema, AsExpression, FromSqlRow)]
#[serde(rename_all = "snake_case")]
#[diesel(sql_type = diesel::sql_types::Text)]
#[allow(missing_docs)]
pub enum DataRequestKind {
    Access,
    Correction,
    Erasure,
    Restriction,
    Withdrawal,
}
crate::text_enum!(DataRequestKind {
    Access => "access", Correction => "correction", Erasure => "erasure", Restriction => "restriction", Withdrawal => "withdrawal",
});

/// Where a request stands: `received` → `answered` (the person was told what will be done) → `done`, or `refused` with the reason.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema, AsExpression, FromSqlRow)]
#[serde(rename_all = "snake_case")]
#[diesel(sql_type = diesel::sql_types::Text)]
#[allow(missing_docs)]
pub enum DataRequestState {
    Received,
    Answered,
    Done,
    Refused,
}
crate::text_enum!(DataRequestState { Received => "received", Answered => "answered", Done => "done", Refused => "refused" });

/// A request as stored, without its search tokens.
#[derive(Debug, Clone, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = data_requests, primary_key(campaign_id, id), treat_none_as_null = true, treat_none_as_default_value = false)]
#[allow(missing_docs)]
pub struct DataRequest {
    pub campaign_id: CampaignId,
    pub id: DataRequestId,
    pub org_unit_id: OrgUnitId,
    pub kind: DataRequestKind,
    pub participant_id: Option<ParticipantId>,
    pub reference: Option<String>,
    pub involves_third_parties: bool,
    pub received_at: DateTime<Utc>,
    pub state: DataRequestState,
    pub answer_due_before: DateTime<Utc>,
    pub done_due_before: DateTime<Utc>,
    pub extended_days: Option<i32>,
    pub answered_at: Option<DateTime<Utc>>,
    pub done_at: Option<DateTime<Utc>>,
    pub refused_at: Option<DateTime<Utc>>,
    pub refuse_reason: Option<String>,
    pub version: i32,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

/// A step of a request, in the append-only log.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = data_request_steps)]
#[allow(missing_docs)]
pub struct DataRequestStep {
    pub campaign_id: CampaignId,
    pub id: DataRequestStepId,
    pub data_request_id: DataRequestId,
    pub action: String,
    pub from_state: Option<DataRequestState>,
    pub to_state: DataRequestState,
    pub note: Option<String>,
    pub actor_id: Uuid,
    pub occurred_at: DateTime<Utc>,
}
