//! The kinds that a campaign begins with: what the plan lists (II.1, II.2.1, II.3, III.3; S83 to S92) and what festivals elsewhere
//! hold. The guidance that the plan refers to (01/HD-BCĐ) is not available; a province that has it adds what is missing.

use super::model::{ActivityKind, ResultField, ResultFields};
use crate::activities::model::ActivityPhase;
use crate::error::AppError;
use crate::ids::{ActivityKindId, CampaignId};
use chrono::{DateTime, Utc};
use serde::Deserialize;

#[derive(Deserialize)]
struct Entry {
    code: String,
    name_vi: String,
    name_en: String,
    phases: Vec<ActivityPhase>,
    result_fields: Vec<ResultField>,
}

/// The kinds of a new campaign; an error only when the embedded file is broken.
pub fn kinds(campaign_id: CampaignId, now: DateTime<Utc>) -> Result<Vec<ActivityKind>, AppError> {
    let entries: Vec<Entry> = serde_json::from_str(include_str!("../../data/activity_kinds/builtin.json")).map_err(AppError::internal)?;
    let kind = |entry: Entry| ActivityKind {
        campaign_id,
        id: ActivityKindId::new(),
        code: entry.code,
        name_vi: entry.name_vi,
        name_en: entry.name_en,
        phases: entry.phases,
        result_fields: ResultFields(entry.result_fields),
        is_builtin: true,
        is_active: true,
        version: 1,
        created_at: now,
        updated_at: now,
    };
    Ok(entries.into_iter().map(kind).collect())
}
