//! Rows of head counts.

use crate::ids::{CampaignId, HeadCountId, OrgUnitId, SiteId};
use crate::schema::head_counts;
use chrono::{DateTime, Utc};
use diesel::prelude::*;
use uuid::Uuid;

/// A head count as stored; never changed.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = head_counts)]
#[allow(missing_docs)]
pub struct HeadCount {
    pub campaign_id: CampaignId,
    pub id: HeadCountId,
    pub site_id: SiteId,
    pub org_unit_id: OrgUnitId,
    pub head_count: i32,
    pub counted_at: DateTime<Utc>,
    pub received_at: DateTime<Utc>,
    pub actor_id: Uuid,
    pub supersedes_id: Option<HeadCountId>,
}
