//! Rows of the outbox.

use crate::ids::{CampaignId, MailDeliveryId, OrgUnitId, ReminderId, UserId};
use crate::schema::mail_deliveries;
use chrono::{DateTime, Utc};
use diesel::deserialize::FromSqlRow;
use diesel::expression::AsExpression;
use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Where a letter stands: `queued` → `sending` → `sent`, or one of the other ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema, AsExpression, FromSqlRow)]
#[serde(rename_all = "snake_case")]
#[diesel(sql_type = diesel::sql_types::Text)]
pub enum MailState {
    /// Waits for its turn, or for the next attempt.
    Queued,
    /// Is being handed over to the mail server.
    Sending,
    /// The mail server has taken it.
    Sent,
    /// The mail server refused it for good, or could not be reached for two days.
    Failed,
    /// The conversation broke after the letter had been handed over: it may have arrived, and is not sent again.
    Unknown,
    /// The official has no address any more, or the account may not be used.
    Cancelled,
}
crate::text_enum!(MailState {
    Queued => "queued", Sending => "sending", Sent => "sent", Failed => "failed", Unknown => "unknown", Cancelled => "cancelled",
});

/// A letter as stored: what it says is the reminder's, and its address the official's.
#[derive(Debug, Clone, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = mail_deliveries, primary_key(campaign_id, id), treat_none_as_null = true, treat_none_as_default_value = false)]
#[allow(missing_docs)]
pub struct MailDelivery {
    pub campaign_id: CampaignId,
    pub id: MailDeliveryId,
    pub reminder_id: ReminderId,
    pub user_id: UserId,
    pub org_unit_id: OrgUnitId,
    pub state: MailState,
    pub attempts: i32,
    pub failure: Option<String>,
    pub next_attempt_at: Option<DateTime<Utc>>,
    pub claimed_at: Option<DateTime<Utc>>,
    pub finished_at: Option<DateTime<Utc>>,
    pub created_at: DateTime<Utc>,
}
