//! The change feed as the API shows it.

use crate::ids::{CampaignId, OrgUnitId};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

/// One change.
#[derive(Debug, Serialize, ToSchema)]
pub struct ChangeOut {
    /// Id of the change (UUID, version 7): the same change always has the same id.
    pub id: Uuid,
    /// Cursor behind this change: send it as `after` to go on from here.
    #[schema(example = "1234-5678")]
    pub cursor: String,
    /// Kind of the object that changed: the singular of its path.
    #[schema(example = "site")]
    pub resource: String,
    /// The object that changed.
    pub resource_id: Uuid,
    /// Version of the object after the change; a reader may wait until it reads at least this one.
    pub resource_version: i32,
    /// What was done.
    #[schema(example = "nominated")]
    pub action: String,
    /// Campaign, for what belongs to one.
    pub campaign_id: Option<CampaignId>,
    /// Unit the object belongs to.
    pub org_unit_id: OrgUnitId,
    /// When it was done, by the domain's clock.
    pub occurred_at: DateTime<Utc>,
    /// State before and after, and a reason where one was given. Never personal data.
    pub data: serde_json::Value,
}

/// A stretch of the change feed, oldest first.
#[derive(Debug, Serialize, ToSchema)]
pub struct ChangesOut {
    /// The changes, oldest first.
    pub items: Vec<ChangeOut>,
    /// Cursor to send as `after` next time. It stays valid for ever, is given even when there is nothing new, and moves
    /// on over changes that are not the caller's.
    #[schema(example = "1234-5678")]
    pub next_cursor: String,
    /// Whether more changes are waiting behind this stretch.
    pub has_more: bool,
}

/// From where to read the change feed.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields, default)]
pub struct ChangesQuery {
    /// Cursor of the last change that was read; from the beginning when absent.
    #[param(max_length = 45, pattern = "^[0-9]{1,20}-[0-9]{1,20}$", example = "0-0")]
    pub after: Option<String>,
    /// Only changes of this campaign.
    pub campaign_id: Option<CampaignId>,
    /// Only changes of this kind of object.
    #[param(max_length = 50, example = "site")]
    pub resource: Option<String>,
    /// Changes at the most.
    #[param(minimum = 1, maximum = 200, default = 50)]
    pub limit: Option<u32>,
}
