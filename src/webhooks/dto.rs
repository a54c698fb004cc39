//! Webhooks as the API takes and shows them.

use super::model::Webhook;
use crate::events::dto::ChangesOut;
use crate::ids::{ApiClientId, CampaignId, WebhookId};
use crate::patch::Patch;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

/// A new webhook.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"api_client_id": "018b2f19-e79e-7d6a-a56d-29feb6211b04", "url": "https://portal.example.org/ngayhoi", "resources": ["site", "activity"]}))]
pub struct WebhookIn {
    /// Machine account whose changes are brought: what `GET /changes` would tell it.
    pub api_client_id: ApiClientId,
    /// Where to; its origin must be one that the operator of the service allows.
    #[schema(min_length = 8, max_length = 500, pattern = "^https?://[!-~]+$")]
    pub url: String,
    /// Kinds of objects to tell of; all when absent.
    #[schema(min_items = 1, max_items = 50)]
    pub resources: Option<Vec<String>>,
    /// Only changes of this campaign.
    pub campaign_id: Option<CampaignId>,
}

/// Changes of a webhook (JSON Merge Patch).
#[derive(Debug, Default, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"is_active": false}))]
pub struct WebhookPatch {
    /// Where to.
    #[serde(default)]
    #[schema(value_type = String, min_length = 8, max_length = 500, pattern = "^https?://[!-~]+$", required = false)]
    pub url: Patch<String>,
    /// Kinds of objects to tell of; null for all.
    #[serde(default)]
    #[schema(value_type = Option<Vec<String>>, min_items = 1, max_items = 50, required = false)]
    pub resources: Patch<Vec<String>>,
    /// Whether changes are brought. One that failed for three days is switched off; switched on again it goes on where it stood.
    #[serde(default)]
    #[schema(value_type = bool, required = false)]
    pub is_active: Patch<bool>,
}

/// A webhook. Times of attempts are real ones, in a demo with another clock too.
#[derive(Debug, Serialize, ToSchema)]
#[allow(missing_docs)]
pub struct WebhookOut {
    pub id: WebhookId,
    pub api_client_id: ApiClientId,
    #[schema(max_length = 500, example = "https://portal.example.org/ngayhoi")]
    pub url: String,
    /// Kinds of objects that are told of; null for all that the machine may read.
    #[schema(max_items = 50)]
    pub resources: Option<Vec<String>>,
    pub campaign_id: Option<CampaignId>,
    /// Whether changes are brought; switched off when the receiver answered 410, or failed for three days.
    pub is_active: bool,
    /// Up to where the receiver has confirmed: a cursor of `GET /changes`.
    #[schema(max_length = 45, example = "1234-5678")]
    pub cursor: String,
    /// Attempts in a row that failed.
    #[schema(minimum = 0)]
    pub failures: i32,
    /// Why the last attempt failed: `http_` and the status, `unreachable`, `timeout`.
    #[schema(max_length = 40, example = "http_503")]
    pub last_failure: Option<String>,
    pub last_attempt_at: Option<DateTime<Utc>>,
    pub last_success_at: Option<DateTime<Utc>>,
    /// Secret to verify `webhook-signature` with (Standard Webhooks 1.0): in the answers that make one, and null in all others.
    #[schema(required = true, format = Password, max_length = 100, example = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD…")]
    pub secret: Option<String>,
    pub version: i32,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

impl From<Webhook> for WebhookOut {
    fn from(webhook: Webhook) -> Self {
        let Webhook {
            id,
            api_client_id,
            url,
            resources,
            only_campaign_id: campaign_id,
            is_active,
            secret_no: _,
            rotated_at: _,
            after_xid,
            after_seq,
            failures,
            failing_since: _,
            last_failure,
            last_attempt_at,
            last_success_at,
            next_attempt_at: _,
            version,
            created_at,
            updated_at,
        } = webhook;
        Self {
            id,
            api_client_id,
            url,
            resources,
            campaign_id,
            is_active,
            cursor: format!("{after_xid}-{after_seq}"),
            failures,
            last_failure,
            last_attempt_at,
            last_success_at,
            secret: None,
            version,
            created_at,
            updated_at,
        }
    }
}

/// What is sent to the URL of a webhook.
#[derive(Debug, Serialize, ToSchema)]
pub struct WebhookMessage {
    /// Always `changes`.
    #[serde(rename = "type")]
    #[schema(example = "changes")]
    pub kind: &'static str,
    /// When it was sent.
    pub timestamp: DateTime<Utc>,
    /// The changes, as `GET /changes` tells them.
    pub data: ChangesOut,
}

crate::list_query! {
    /// Filters of the list of webhooks.
    WebhookQuery sort ["created_at", "updated_at"] without q {
        /// Only those of this machine account.
        api_client_id: ApiClientId,
        /// Only those that are switched on, or off.
        is_active: bool,
    }
}
