//! A site's checklist as the API takes and shows it.

use super::model::{ChecklistAnswer, ChecklistProgress, ChecklistVerdict};
use crate::checklist_items::model::ChecklistItem;
use crate::ids::{AttachmentId, ChecklistItemId, SiteId};
use crate::text::Prose;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;
use validator::Validate;

/// What was found about one item.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ChecklistAnswerIn {
    /// Item of the campaign's checklist that is still asked.
    pub item_id: ChecklistItemId,
    /// What was found.
    pub verdict: ChecklistVerdict,
    /// In words.
    pub note: Option<Prose>,
    /// Evidence: attachments of the site.
    #[serde(default)]
    #[schema(max_items = 20)]
    pub attachment_ids: Vec<AttachmentId>,
}

/// The whole checklist of a site: what is not in it is open.
#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"answers": [{"item_id": "018b2f19-e79e-7d6a-a56d-29feb6211b04", "verdict": "met", "note": "Đường bê tông rộng 4 m vào tận nhà văn hóa."}]}))]
pub struct SiteChecklistIn {
    /// The answers, one an item.
    #[schema(max_items = 200)]
    pub answers: Vec<ChecklistAnswerIn>,
}

/// One item with what was found.
#[derive(Debug, Serialize, ToSchema)]
#[allow(missing_docs)]
pub struct ChecklistLineOut {
    pub item_id: ChecklistItemId,
    /// Code of the item.
    #[schema(example = "access_road")]
    pub code: String,
    pub name_vi: String,
    pub name_en: String,
    /// Whether the site suits only when it is met or does not apply.
    pub is_required: bool,
    /// What was found; null while it is open.
    pub verdict: Option<ChecklistVerdict>,
    pub note: Option<String>,
    /// Evidence: attachments of the site.
    #[schema(max_items = 20)]
    pub attachment_ids: Vec<Uuid>,
    /// Account that answered.
    pub answered_by: Option<Uuid>,
    pub answered_at: Option<DateTime<Utc>>,
}

/// The checklist of a site.
#[derive(Debug, Serialize, ToSchema)]
pub struct SiteChecklistOut {
    /// The site.
    pub site_id: SiteId,
    /// How far it is.
    pub progress: ChecklistProgress,
    /// Every item that is asked, in its order.
    #[schema(max_items = 1000)]
    pub items: Vec<ChecklistLineOut>,
    /// Version of the site: a checklist changes with it.
    pub version: i32,
}

impl ChecklistLineOut {
    /// An item with its answer.
    pub fn new(item: ChecklistItem, answer: Option<&ChecklistAnswer>) -> Self {
        Self {
            item_id: item.id,
            code: item.code,
            name_vi: item.name_vi,
            name_en: item.name_en,
            is_required: item.is_required,
            verdict: answer.map(|answer| answer.verdict),
            note: answer.and_then(|answer| answer.note.clone()),
            attachment_ids: answer.map(|answer| answer.attachment_ids.clone()).unwrap_or_default(),
            answered_by: answer.map(|answer| answer.answered_by),
            answered_at: answer.map(|answer| answer.answered_at),
        }
    }
}
