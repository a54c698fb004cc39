//! Media items as the API takes and shows them.

use super::model::{MediaItem, MediaKind};
use crate::ids::{CampaignId, MediaItemId, OrgUnitId, SiteId};
use crate::patch::Patch;
use crate::text::Line;
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

/// A new media item.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"campaign_id": "018b2f19-e79e-7d6a-a56d-29feb6211b04", "org_unit_id": "018b2f19-e79e-7d6a-a56d-29feb6211b05", "outlet": "Báo Yên Bái", "kind": "article", "title": "Rộn ràng Ngày hội ở Lục Yên", "url": "https://example.org/ngay-hoi-luc-yen", "published_on": "2023-07-02"}))]
pub struct MediaItemIn {
    /// Campaign.
    pub campaign_id: CampaignId,
    /// Body whose work it is about.
    pub org_unit_id: OrgUnitId,
    /// Press agency, channel or page; for a poster the place.
    pub outlet: Line,
    /// Kind.
    pub kind: MediaKind,
    /// Title.
    pub title: Line,
    /// Address, http or https.
    pub url: Option<Line>,
    /// Day; not after today.
    pub published_on: NaiveDate,
    /// Site where it took place, of the same campaign.
    pub site_id: Option<SiteId>,
}

/// Changes of a media item (JSON Merge Patch).
#[derive(Debug, Clone, Default, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"kind": "feature"}))]
pub struct MediaItemPatch {
    /// Press agency, channel or page; for a poster the place.
    #[serde(default)]
    #[schema(value_type = Line, required = false)]
    pub outlet: Patch<Line>,
    /// Kind.
    #[serde(default)]
    #[schema(value_type = MediaKind, required = false)]
    pub kind: Patch<MediaKind>,
    /// Title.
    #[serde(default)]
    #[schema(value_type = Line, required = false)]
    pub title: Patch<Line>,
    /// Address, http or https.
    #[serde(default)]
    #[schema(value_type = Option<Line>)]
    pub url: Patch<Line>,
    /// Day; not after today.
    #[serde(default)]
    #[schema(value_type = NaiveDate, required = false)]
    pub published_on: Patch<NaiveDate>,
    /// Site where it took place, of the same campaign.
    #[serde(default)]
    #[schema(value_type = Option<SiteId>)]
    pub site_id: Patch<SiteId>,
}

/// A media item.
#[derive(Debug, Serialize, ToSchema)]
#[allow(missing_docs)]
pub struct MediaItemOut {
    pub id: MediaItemId,
    pub campaign_id: CampaignId,
    /// Body whose work it is about.
    pub org_unit_id: OrgUnitId,
    /// Press agency, channel or page; for a poster the place.
    pub outlet: String,
    /// Kind.
    pub kind: MediaKind,
    /// Title.
    pub title: String,
    /// Address, http or https.
    pub url: Option<String>,
    /// Day; not after today.
    pub published_on: NaiveDate,
    /// Site where it took place, of the same campaign.
    pub site_id: Option<SiteId>,
    pub version: i32,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

impl From<MediaItem> for MediaItemOut {
    fn from(item: MediaItem) -> Self {
        let MediaItem { campaign_id, id, org_unit_id, outlet, kind, title, url, published_on, site_id, version, created_at, updated_at } =
            item;
        Self { id, campaign_id, org_unit_id, outlet, kind, title, url, published_on, site_id, version, created_at, updated_at }
    }
}

crate::list_query! {
    /// Filters of the list of media items.
    MediaItemQuery sort ["created_at", "updated_at", "published_on"] {
        /// Only media items in this campaign.
        campaign_id: CampaignId,
        /// Only media items of this body.
        org_unit_id: OrgUnitId,
        /// Only media items of this body and of all below it.
        under_org_unit_id: OrgUnitId,
        /// Only items of this kind.
        kind: MediaKind,
        /// Only media items at this site.
        site_id: SiteId,
        /// Only media items published on this day or a later one.
        published_from: NaiveDate,
        /// Only media items published before this day.
        published_before: NaiveDate,
    }
}
