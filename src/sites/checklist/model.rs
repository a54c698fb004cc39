//! Rows of a site's checklist.

use crate::ids::{CampaignId, ChecklistItemId, SiteId};
use crate::schema::site_checklist_answers;
use chrono::{DateTime, Utc};
use diesel::deserialize::FromSqlRow;
use diesel::expression::AsExpression;
use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// What was found about one item.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema, AsExpression, FromSqlRow)]
#[serde(rename_all = "snake_case")]
#[diesel(sql_type = diesel::sql_types::Text)]
#[allow(missing_docs)]
pub enum ChecklistVerdict {
    Met,
    NotMet,
    NotApplicable,
}
crate::text_enum!(ChecklistVerdict { Met => "met", NotMet => "not_met", NotApplicable => "not_applicable" });

/// An answer as stored.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = site_checklist_answers, primary_key(campaign_id, site_id, item_id))]
#[allow(missing_docs)]
pub struct ChecklistAnswer {
    pub campaign_id: CampaignId,
    pub site_id: SiteId,
    pub item_id: ChecklistItemId,
    pub verdict: ChecklistVerdict,
    pub note: Option<String>,
    pub attachment_ids: Vec<Uuid>,
    pub answered_by: Uuid,
    pub answered_at: DateTime<Utc>,
}

/// How far a site is with its checklist, counted over the items that are asked.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, ToSchema)]
#[allow(missing_docs)]
pub struct ChecklistProgress {
    /// Items asked.
    pub item_count: i64,
    /// Items answered.
    pub answered_count: i64,
    /// Items that are met.
    pub met_count: i64,
    /// Required items that are not met.
    pub failed_count: i64,
    /// Whether the site suits: each required item is met or does not apply. Where nothing is required, whether a note
    /// on suitability is there.
    pub is_complete: bool,
}
