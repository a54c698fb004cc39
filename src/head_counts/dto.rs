//! Head counts as the API takes and shows them.

use super::model::HeadCount;
use crate::ids::{CampaignId, HeadCountId, OrgUnitId, SiteId};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;
use validator::Validate;

/// How many people are at a site.
#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"site_id": "018b2f19-e79e-7d6a-a56d-29feb6211b04", "head_count": 180}))]
pub struct HeadCountIn {
    /// Site; of a device, one of its own.
    pub site_id: SiteId,
    /// Everybody who is there at that moment, guests of the list included.
    #[schema(minimum = 0, maximum = 1_000_000)]
    pub head_count: i32,
    /// When it was counted, by the clock of the device; now when absent, at most 5 minutes after the receipt.
    pub counted_at: Option<DateTime<Utc>>,
    /// The count that this one puts right, of the same site; each is put right once, and the correction can be put right in its turn.
    pub supersedes_id: Option<HeadCountId>,
}

/// How many people were at a site at one moment.
#[derive(Debug, Serialize, ToSchema)]
#[allow(missing_docs)]
pub struct HeadCountOut {
    pub id: HeadCountId,
    pub campaign_id: CampaignId,
    pub site_id: SiteId,
    /// Body that organises the site.
    pub org_unit_id: OrgUnitId,
    /// People who were there.
    pub head_count: i32,
    pub counted_at: DateTime<Utc>,
    /// When the service received it.
    pub received_at: DateTime<Utc>,
    /// Account or device that counted.
    pub actor_id: Uuid,
    /// The count that it puts right.
    pub supersedes_id: Option<HeadCountId>,
}

impl From<HeadCount> for HeadCountOut {
    fn from(row: HeadCount) -> Self {
        let HeadCount { campaign_id, id, site_id, org_unit_id, head_count, counted_at, received_at, actor_id, supersedes_id } = row;
        Self { id, campaign_id, site_id, org_unit_id, head_count, counted_at, received_at, actor_id, supersedes_id }
    }
}

crate::list_query! {
    /// Filters of the list of head counts.
    HeadCountQuery sort ["counted_at", "received_at", "head_count"] without q {
        /// Only counts in this campaign.
        campaign_id: CampaignId,
        /// Only counts at this site.
        site_id: SiteId,
        /// Only counts at sites that this body organises.
        org_unit_id: OrgUnitId,
        /// Only counts at sites of this body and of all below it.
        under_org_unit_id: OrgUnitId,
        /// Only counts that were, or were not, put right by another.
        is_superseded: bool,
        /// Only counts at this instant or later.
        counted_from: DateTime<Utc>,
        /// Only counts before this instant.
        counted_before: DateTime<Utc>,
    }
}
