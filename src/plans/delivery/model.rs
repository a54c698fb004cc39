//! Recipients with the state of their delivery, and the log behind it.

use crate::ids::{CampaignId, OrgUnitId, PlanDeliveryId, PlanId};
use crate::schema::{plan_deliveries, plan_recipients};
use chrono::{DateTime, Utc};
use diesel::deserialize::FromSqlRow;
use diesel::expression::AsExpression;
use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// Whether a plan reached a recipient: `pending` → `sent` → `acknowledged`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema, AsExpression, FromSqlRow)]
#[serde(rename_all = "snake_case")]
#[diesel(sql_type = diesel::sql_types::Text)]
#[allow(missing_docs)]
pub enum DeliveryState {
    Pending,
    Sent,
    Acknowledged,
}
crate::text_enum!(DeliveryState { Pending => "pending", Sent => "sent", Acknowledged => "acknowledged" });

/// How a plan is sent: on paper, over the network for the exchange of official documents (trục liên thông), by e-mail.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema, AsExpression, FromSqlRow)]
#[serde(rename_all = "snake_case")]
#[diesel(sql_type = diesel::sql_types::Text)]
#[allow(missing_docs)]
pub enum DeliveryChannel {
    Paper,
    Electronic,
    Email,
}
crate::text_enum!(DeliveryChannel { Paper => "paper", Electronic => "electronic", Email => "email" });

/// A recipient as stored, with the state of its delivery.
#[derive(Debug, Clone, Queryable, Selectable, AsChangeset)]
#[diesel(table_name = plan_recipients, primary_key(plan_id, no), treat_none_as_null = true)]
#[allow(missing_docs)]
pub struct PlanRecipient {
    pub plan_id: PlanId,
    pub no: i32,
    pub name: String,
    pub org_unit_id: Option<OrgUnitId>,
    pub state: DeliveryState,
    pub channel: Option<DeliveryChannel>,
    pub sent_at: Option<DateTime<Utc>>,
    pub sent_by: Option<Uuid>,
    pub acknowledged_at: Option<DateTime<Utc>>,
    pub acknowledged_by: Option<Uuid>,
    pub is_noted_by_issuer: Option<bool>,
    pub acknowledge_note: Option<String>,
    pub version: i32,
}

/// A line of the log as stored.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = plan_deliveries)]
#[allow(missing_docs)]
pub struct PlanDelivery {
    pub campaign_id: CampaignId,
    pub id: PlanDeliveryId,
    pub plan_id: PlanId,
    pub recipient_no: i32,
    pub state: DeliveryState,
    pub channel: Option<DeliveryChannel>,
    pub note: Option<String>,
    pub actor_id: Uuid,
    pub occurred_at: DateTime<Utc>,
}
