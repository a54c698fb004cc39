//! Mergers of guests as the API takes them.

use crate::ids::ParticipantId;
use crate::text::Line;
use serde::Deserialize;
use utoipa::ToSchema;
use validator::Validate;

/// Who a guest is.
#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"into_participant_id": "018b2f19-e79e-7d6a-a56d-29feb6211b04", "reason": "Cùng một người, ghi tên hai lần"}))]
pub struct ParticipantMergeIn {
    /// The guest who stays: of the same site and kind, and not merged itself.
    pub into_participant_id: ParticipantId,
    /// Why the two are one.
    pub reason: Option<Line>,
}
