//! Pledges as the API takes and shows them.

use super::model::Pledge;
use crate::ids::{CampaignId, OrgUnitId, PledgeId, SiteId};
use crate::patch::Patch;
use crate::text::Line;
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

/// A new pledge.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"campaign_id": "018b2f19-e79e-7d6a-a56d-29feb6211b04", "org_unit_id": "018b2f19-e79e-7d6a-a56d-29feb6211b05", "topic": "Khu dân cư an toàn về an ninh, trật tự", "household_count": 120, "person_count": 0, "collective_count": 3, "signed_on": "2023-07-02"}))]
pub struct PledgeIn {
    /// Campaign.
    pub campaign_id: CampaignId,
    /// Body that organises the signing.
    pub org_unit_id: OrgUnitId,
    /// What is pledged.
    pub topic: Line,
    /// Households that signed.
    #[schema(minimum = 0, maximum = 10_000_000)]
    pub household_count: i32,
    /// Persons that signed by themselves.
    #[schema(minimum = 0, maximum = 10_000_000)]
    pub person_count: i32,
    /// Collectives that signed.
    #[schema(minimum = 0, maximum = 10_000_000)]
    pub collective_count: i32,
    /// Day; not after today.
    pub signed_on: NaiveDate,
    /// Site where it took place, of the same campaign.
    pub site_id: Option<SiteId>,
}

/// Changes of a pledge (JSON Merge Patch).
#[derive(Debug, Clone, Default, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"household_count": 125}))]
pub struct PledgePatch {
    /// What is pledged.
    #[serde(default)]
    #[schema(value_type = Line, required = false)]
    pub topic: Patch<Line>,
    /// Households that signed.
    #[serde(default)]
    #[schema(value_type = i32, required = false, minimum = 0, maximum = 10_000_000)]
    pub household_count: Patch<i32>,
    /// Persons that signed by themselves.
    #[serde(default)]
    #[schema(value_type = i32, required = false, minimum = 0, maximum = 10_000_000)]
    pub person_count: Patch<i32>,
    /// Collectives that signed.
    #[serde(default)]
    #[schema(value_type = i32, required = false, minimum = 0, maximum = 10_000_000)]
    pub collective_count: Patch<i32>,
    /// Day; not after today.
    #[serde(default)]
    #[schema(value_type = NaiveDate, required = false)]
    pub signed_on: Patch<NaiveDate>,
    /// Site where it took place, of the same campaign.
    #[serde(default)]
    #[schema(value_type = Option<SiteId>)]
    pub site_id: Patch<SiteId>,
}

/// A pledge.
#[derive(Debug, Serialize, ToSchema)]
#[allow(missing_docs)]
pub struct PledgeOut {
    pub id: PledgeId,
    pub campaign_id: CampaignId,
    /// Body that organises the signing.
    pub org_unit_id: OrgUnitId,
    /// What is pledged.
    pub topic: String,
    /// Households that signed.
    pub household_count: i32,
    /// Persons that signed by themselves.
    pub person_count: i32,
    /// Collectives that signed.
    pub collective_count: i32,
    /// Day; not after today.
    pub signed_on: NaiveDate,
    /// Site where it took place, of the same campaign.
    pub site_id: Option<SiteId>,
    pub version: i32,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

impl From<Pledge> for PledgeOut {
    fn from(pledge: Pledge) -> Self {
        let Pledge {
            campaign_id,
            id,
            org_unit_id,
            topic,
            household_count,
            person_count,
            collective_count,
            signed_on,
            site_id,
            version,
            created_at,
            updated_at,
        } = pledge;
        Self {
            id,
            campaign_id,
            org_unit_id,
            topic,
            household_count,
            person_count,
            collective_count,
            signed_on,
            site_id,
            version,
            created_at,
            updated_at,
        }
    }
}

crate::list_query! {
    /// Filters of the list of pledges.
    PledgeQuery sort ["created_at", "updated_at", "signed_on"] {
        /// Only pledges in this campaign.
        campaign_id: CampaignId,
        /// Only pledges of this body.
        org_unit_id: OrgUnitId,
        /// Only pledges of this body and of all below it.
        under_org_unit_id: OrgUnitId,
        /// Only pledges at this site.
        site_id: SiteId,
        /// Only pledges signed on this day or a later one.
        signed_from: NaiveDate,
        /// Only pledges signed before this day.
        signed_before: NaiveDate,
    }
}
