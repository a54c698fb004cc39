//! Gifts as the API takes and shows them.

use super::model::{Gift, GiftRecipientCategory};
use crate::ids::{ActivityId, CampaignId, GiftId, OrgUnitId, SiteId};
use crate::patch::Patch;
use crate::text::Line;
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

/// A new gift.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"campaign_id": "018b2f19-e79e-7d6a-a56d-29feb6211b04", "org_unit_id": "018b2f19-e79e-7d6a-a56d-29feb6211b05", "recipient_category": "policy_beneficiary", "recipient_count": 20, "value_vnd": 10_000_000, "giver": "Công an huyện Lục Yên", "content": "20 suất quà, mỗi suất 500.000 đồng", "given_on": "2023-07-01"}))]
pub struct GiftIn {
    /// Campaign.
    pub campaign_id: CampaignId,
    /// Body that organises the visit.
    pub org_unit_id: OrgUnitId,
    /// Who receives.
    pub recipient_category: GiftRecipientCategory,
    /// How many families, persons or collectives received; no name is kept.
    #[schema(minimum = 1, maximum = 10_000_000)]
    pub recipient_count: i32,
    /// Value of all of it, whole đồng.
    #[schema(minimum = 0, maximum = 1_000_000_000_000_i64)]
    pub value_vnd: i64,
    /// Who gives.
    pub giver: Line,
    /// What was given.
    pub content: Option<Line>,
    /// Day; not after today.
    pub given_on: NaiveDate,
    /// Site where it took place, of the same campaign.
    pub site_id: Option<SiteId>,
    /// Activity in which it took place, of the same campaign.
    pub activity_id: Option<ActivityId>,
}

/// Changes of a gift (JSON Merge Patch).
#[derive(Debug, Clone, Default, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"recipient_count": 19, "value_vnd": 9_500_000}))]
pub struct GiftPatch {
    /// Who receives.
    #[serde(default)]
    #[schema(value_type = GiftRecipientCategory, required = false)]
    pub recipient_category: Patch<GiftRecipientCategory>,
    /// How many families, persons or collectives received; no name is kept.
    #[serde(default)]
    #[schema(value_type = i32, required = false, minimum = 1, maximum = 10_000_000)]
    pub recipient_count: Patch<i32>,
    /// Value of all of it, whole đồng.
    #[serde(default)]
    #[schema(value_type = i64, required = false, minimum = 0, maximum = 1_000_000_000_000_i64)]
    pub value_vnd: Patch<i64>,
    /// Who gives.
    #[serde(default)]
    #[schema(value_type = Line, required = false)]
    pub giver: Patch<Line>,
    /// What was given.
    #[serde(default)]
    #[schema(value_type = Option<Line>)]
    pub content: Patch<Line>,
    /// Day; not after today.
    #[serde(default)]
    #[schema(value_type = NaiveDate, required = false)]
    pub given_on: Patch<NaiveDate>,
    /// Site where it took place, of the same campaign.
    #[serde(default)]
    #[schema(value_type = Option<SiteId>)]
    pub site_id: Patch<SiteId>,
    /// Activity in which it took place, of the same campaign.
    #[serde(default)]
    #[schema(value_type = Option<ActivityId>)]
    pub activity_id: Patch<ActivityId>,
}

/// A gift.
#[derive(Debug, Serialize, ToSchema)]
#[allow(missing_docs)]
pub struct GiftOut {
    pub id: GiftId,
    pub campaign_id: CampaignId,
    /// Body that organises the visit.
    pub org_unit_id: OrgUnitId,
    /// Who receives.
    pub recipient_category: GiftRecipientCategory,
    /// How many families, persons or collectives received; no name is kept.
    pub recipient_count: i32,
    /// Value of all of it, whole đồng.
    pub value_vnd: i64,
    /// Who gives.
    pub giver: String,
    /// What was given.
    pub content: Option<String>,
    /// Day; not after today.
    pub given_on: NaiveDate,
    /// Site where it took place, of the same campaign.
    pub site_id: Option<SiteId>,
    /// Activity in which it took place, of the same campaign.
    pub activity_id: Option<ActivityId>,
    pub version: i32,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

impl From<Gift> for GiftOut {
    fn from(gift: Gift) -> Self {
        let Gift {
            campaign_id,
            id,
            org_unit_id,
            recipient_category,
            recipient_count,
            value_vnd,
            giver,
            content,
            given_on,
            site_id,
            activity_id,
            version,
            created_at,
            updated_at,
        } = gift;
        Self {
            id,
            campaign_id,
            org_unit_id,
            recipient_category,
            recipient_count,
            value_vnd,
            giver,
            content,
            given_on,
            site_id,
            activity_id,
            version,
            created_at,
            updated_at,
        }
    }
}

crate::list_query! {
    /// Filters of the list of gifts.
    GiftQuery sort ["created_at", "updated_at", "given_on", "value_vnd"] {
        /// Only gifts in this campaign.
        campaign_id: CampaignId,
        /// Only gifts of this body.
        org_unit_id: OrgUnitId,
        /// Only gifts of this body and of all below it.
        under_org_unit_id: OrgUnitId,
        /// Only gifts to this category.
        recipient_category: GiftRecipientCategory,
        /// Only gifts at this site.
        site_id: SiteId,
        /// Only gifts in this activity.
        activity_id: ActivityId,
        /// Only gifts given on this day or a later one.
        given_from: NaiveDate,
        /// Only gifts given before this day.
        given_before: NaiveDate,
    }
}
