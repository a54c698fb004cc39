//! Rows of media items.

use crate::ids::{CampaignId, MediaItemId, OrgUnitId, SiteId};
use crate::schema::media_items;
use chrono::{DateTime, NaiveDate, Utc};
use diesel::deserialize::FromSqlRow;
use diesel::expression::AsExpression;
use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Kind of media item.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema, AsExpression, FromSqlRow)]
#[serde(rename_all = "snake_case")]
#[diesel(sql_type = diesel::sql_types::Text)]
pub enum MediaKind {
    /// News item (tin).
    NewsItem,
    /// Article (bài).
    Article,
    /// Feature (phóng sự).
    Feature,
    /// Broadcast.
    Broadcast,
    /// Post in a social network.
    SocialPost,
    /// Poster, panel, banner.
    Poster,
    /// Leaflet.
    Leaflet,
    /// Others.
    Other,
}
crate::text_enum!(MediaKind { NewsItem => "news_item", Article => "article", Feature => "feature", Broadcast => "broadcast", SocialPost => "social_post", Poster => "poster", Leaflet => "leaflet", Other => "other" });

/// A media item as stored, without its search tokens.
#[derive(Debug, Clone, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = media_items, primary_key(campaign_id, id), treat_none_as_null = true, treat_none_as_default_value = false)]
#[allow(missing_docs)]
pub struct MediaItem {
    pub campaign_id: CampaignId,
    pub id: MediaItemId,
    pub org_unit_id: OrgUnitId,
    pub outlet: String,
    pub kind: MediaKind,
    pub title: String,
    pub url: Option<String>,
    pub published_on: NaiveDate,
    pub site_id: Option<SiteId>,
    pub version: i32,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}
