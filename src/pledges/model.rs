//! Rows of pledges.

use crate::ids::{CampaignId, OrgUnitId, PledgeId, SiteId};
use crate::schema::pledges;
use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;

/// A pledge as stored, without its search tokens.
#[derive(Debug, Clone, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = pledges, primary_key(campaign_id, id), treat_none_as_null = true, treat_none_as_default_value = false)]
#[allow(missing_docs)]
pub struct Pledge {
    pub campaign_id: CampaignId,
    pub id: PledgeId,
    pub org_unit_id: OrgUnitId,
    pub topic: String,
    pub household_count: i32,
    pub person_count: i32,
    pub collective_count: i32,
    pub signed_on: NaiveDate,
    pub site_id: Option<SiteId>,
    pub version: i32,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}
