//! Duplicates as the API takes and shows them.

use super::queries::{Distinction, Row};
use crate::error::AppError;
use crate::ids::{CampaignId, ParticipantDistinctionId, ParticipantId, SiteId};
use crate::participants::model::{ParticipantCategory, ParticipantKind, ParticipantState};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;
use validator::Validate;

/// Why two guests may be the same, and what each reason adds to the score: the same name 50 or a similar one 25, the same body 20,
/// the same post 10, the same telephone or address of mail 20. Case, accents, signs and spaces do not count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum DuplicateReason {
    /// The whole name is the same.
    SameName,
    /// Family name and given name of a person are the same; what stands between differs.
    SimilarName,
    /// They come from the same body.
    SameOrganisation,
    /// They hold the same post or rank.
    SameTitle,
    /// They are reached in the same way; how is not told here.
    SameContact,
}

/// A guest who may be the same as another of the same site.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[allow(missing_docs)]
pub struct DuplicateCandidateOut {
    pub participant_id: ParticipantId,
    pub category: ParticipantCategory,
    pub state: ParticipantState,
    pub full_name: String,
    pub title: Option<String>,
    pub organisation: Option<String>,
    /// Entries (lượt) logged at check-in.
    pub entry_count: i32,
    /// How much speaks for it: the sum of what the reasons add.
    #[schema(minimum = 0, maximum = 100)]
    pub score: i32,
    /// What the score is made of.
    #[schema(min_items = 1, max_items = 4)]
    pub reasons: Vec<DuplicateReason>,
    /// Where to merge this candidate into the guest (`merge_participant`).
    #[serde(default)]
    #[schema(max_length = 100)]
    pub merge: String,
}

/// A guest with those of the same site and kind who may be the same. Each of the two shows the other.
#[derive(Debug, Serialize, ToSchema)]
#[allow(missing_docs)]
pub struct DuplicateOut {
    /// The guest.
    pub id: ParticipantId,
    pub campaign_id: CampaignId,
    pub site_id: SiteId,
    pub kind: ParticipantKind,
    pub category: ParticipantCategory,
    pub state: ParticipantState,
    pub full_name: String,
    pub title: Option<String>,
    pub organisation: Option<String>,
    /// Entries (lượt) logged at check-in.
    pub entry_count: i32,
    /// The highest score first; at most 50 of the same name, body and post and 50 others of such a name.
    #[schema(min_items = 1, max_items = 100)]
    pub candidates: Vec<DuplicateCandidateOut>,
}

impl TryFrom<Row> for DuplicateOut {
    type Error = AppError;

    fn try_from(row: Row) -> Result<Self, AppError> {
        let Row { id, campaign_id, site_id, kind, category, state, full_name, title, organisation, entry_count, candidates } = row;
        let mut candidates: Vec<DuplicateCandidateOut> = serde_json::from_value(candidates).map_err(AppError::internal)?;
        for candidate in &mut candidates {
            candidate.merge = format!("/api/v1/participants/{}/merge", candidate.participant_id.0);
        }
        Ok(Self { id, campaign_id, site_id, kind, category, state, full_name, title, organisation, entry_count, candidates })
    }
}

crate::list_query! {
    /// Filters of the list of duplicates.
    DuplicateQuery sort [] without q {
        /// Only guests of this campaign.
        campaign_id: CampaignId,
        /// Only guests of this site.
        site_id: SiteId,
        /// Only candidates with at least this score.
        #[param(minimum = 0, maximum = 100, default = 50, example = 70)]
        min_score: i32,
    }
}

/// Two guests are two.
#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"other_participant_id": "018b2f19-e79e-7d6a-a56d-29feb6211b04"}))]
pub struct ParticipantDistinguishIn {
    /// The other guest, of the same site.
    pub other_participant_id: ParticipantId,
}

/// That two guests are two, and who said so.
#[derive(Debug, Serialize, ToSchema)]
#[allow(missing_docs)]
pub struct ParticipantDistinctionOut {
    pub id: ParticipantDistinctionId,
    /// The one of the two with the lower id.
    pub participant_id: ParticipantId,
    pub other_participant_id: ParticipantId,
    /// Account that said so.
    pub actor_id: Uuid,
    pub occurred_at: DateTime<Utc>,
}

impl From<Distinction> for ParticipantDistinctionOut {
    fn from(row: Distinction) -> Self {
        let Distinction { campaign_id: _, id, participant_id, other_participant_id, actor_id, occurred_at } = row;
        Self { id, participant_id, other_participant_id, actor_id, occurred_at }
    }
}
