//! Rows of checklist items.

use crate::ids::{CampaignId, ChecklistItemId};
use crate::schema::checklist_items;
use chrono::{DateTime, Utc};
use diesel::prelude::*;

/// A checklist item as stored.
#[derive(Debug, Clone, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = checklist_items, primary_key(campaign_id, id))]
#[allow(missing_docs)]
pub struct ChecklistItem {
    pub campaign_id: CampaignId,
    pub id: ChecklistItemId,
    pub code: String,
    pub no: i32,
    pub name_vi: String,
    pub name_en: String,
    pub is_required: bool,
    pub is_active: bool,
    pub version: i32,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}
