//! Rows of webhooks.

use crate::ids::{ApiClientId, CampaignId, WebhookId};
use crate::schema::webhooks;
use chrono::{DateTime, Utc};
use diesel::prelude::*;

/// A webhook as stored.
#[derive(Debug, Clone, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = webhooks, treat_none_as_null = true, treat_none_as_default_value = false)]
#[allow(missing_docs)]
pub struct Webhook {
    pub id: WebhookId,
    pub api_client_id: ApiClientId,
    pub url: String,
    pub resources: Option<Vec<String>>,
    pub only_campaign_id: Option<CampaignId>,
    pub is_active: bool,
    pub secret_no: i32,
    pub rotated_at: Option<DateTime<Utc>>,
    pub after_xid: i64,
    pub after_seq: i64,
    pub failures: i32,
    pub failing_since: Option<DateTime<Utc>>,
    pub last_failure: Option<String>,
    pub last_attempt_at: Option<DateTime<Utc>>,
    pub last_success_at: Option<DateTime<Utc>>,
    pub next_attempt_at: DateTime<Utc>,
    pub version: i32,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}
