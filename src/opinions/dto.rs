//! Opinions as the API takes and shows them.

use super::model::{Opinion, OpinionState};
use crate::ids::{ActivityId, CampaignId, OpinionId, OrgUnitId};
use crate::patch::Patch;
use crate::text::{Line, Prose};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

/// A new opinion.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"campaign_id": "018b2f19-e79e-7d6a-a56d-29feb6211b04", "org_unit_id": "018b2f19-e79e-7d6a-a56d-29feb6211b05", "text": "Đề nghị lắp thêm đèn chiếu sáng ở đường vào bản.", "raised_at": "2023-07-01T09:30:00+07:00", "is_anonymous": true, "answer_due_before": "2023-07-16T00:00:00+07:00"}))]
pub struct OpinionIn {
    /// Campaign.
    pub campaign_id: CampaignId,
    /// Body that organises the forum.
    pub org_unit_id: OrgUnitId,
    /// The forum, of the same campaign.
    pub activity_id: Option<ActivityId>,
    /// What was said, without the names of others.
    pub text: Prose,
    /// When; not after today.
    pub raised_at: DateTime<Utc>,
    /// Whether no name is kept.
    #[serde(default)]
    pub is_anonymous: bool,
    /// Who raised it; never with `is_anonymous`.
    pub raised_by_name: Option<Line>,
    /// In time while the answer is given before this instant.
    pub answer_due_before: Option<DateTime<Utc>>,
}

/// Changes of an opinion (JSON Merge Patch).
#[derive(Debug, Clone, Default, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"answer_due_before": "2023-07-20T00:00:00+07:00"}))]
pub struct OpinionPatch {
    /// The forum, of the same campaign.
    #[serde(default)]
    #[schema(value_type = Option<ActivityId>)]
    pub activity_id: Patch<ActivityId>,
    /// What was said, without the names of others.
    #[serde(default)]
    #[schema(value_type = Prose, required = false)]
    pub text: Patch<Prose>,
    /// When; not after today.
    #[serde(default)]
    #[schema(value_type = DateTime<Utc>, required = false)]
    pub raised_at: Patch<DateTime<Utc>>,
    /// Whether no name is kept.
    #[serde(default)]
    #[schema(value_type = bool, required = false)]
    pub is_anonymous: Patch<bool>,
    /// Who raised it; never with `is_anonymous`.
    #[serde(default)]
    #[schema(value_type = Option<Line>)]
    pub raised_by_name: Patch<Line>,
    /// In time while the answer is given before this instant.
    #[serde(default)]
    #[schema(value_type = Option<DateTime<Utc>>)]
    pub answer_due_before: Patch<DateTime<Utc>>,
}

/// An answer to an opinion.
#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"answer": "Công an xã tăng cường tuần tra ban đêm từ ngày 10/7."}))]
pub struct OpinionAnswerIn {
    /// The answer.
    pub answer: Prose,
}

/// To whom an opinion is referred.
#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"to_org_unit_id": "018b2f19-e79e-7d6a-a56d-29feb6211b05", "note": "Thuộc thẩm quyền của công an huyện.", "answer_due_before": "2023-07-30T00:00:00+07:00"}))]
pub struct OpinionReferIn {
    /// Body that is to answer; another one than the organiser.
    pub to_org_unit_id: OrgUnitId,
    /// Why.
    pub note: Option<Prose>,
    /// A new limit for the answer; the old one stays when absent.
    pub answer_due_before: Option<DateTime<Utc>>,
}

/// An opinion.
#[derive(Debug, Serialize, ToSchema)]
#[allow(missing_docs)]
pub struct OpinionOut {
    pub id: OpinionId,
    pub campaign_id: CampaignId,
    /// Body that organises the forum.
    pub org_unit_id: OrgUnitId,
    /// The forum, of the same campaign.
    pub activity_id: Option<ActivityId>,
    /// What was said, without the names of others.
    pub text: String,
    /// When; not after today.
    pub raised_at: DateTime<Utc>,
    /// Whether no name is kept.
    pub is_anonymous: bool,
    /// Who raised it; never with `is_anonymous`.
    pub raised_by_name: Option<String>,
    /// In time while the answer is given before this instant.
    pub answer_due_before: Option<DateTime<Utc>>,
    pub state: OpinionState,
    /// Body it was referred to, which answers.
    pub referred_to_org_unit_id: Option<OrgUnitId>,
    pub refer_note: Option<String>,
    pub referred_at: Option<DateTime<Utc>>,
    pub answer: Option<String>,
    /// Body that answered.
    pub answered_by_org_unit_id: Option<OrgUnitId>,
    pub answered_at: Option<DateTime<Utc>>,
    /// When the name was erased, for ever; null while it is not.
    pub erased_at: Option<DateTime<Utc>>,
    pub version: i32,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

impl From<Opinion> for OpinionOut {
    fn from(opinion: Opinion) -> Self {
        let Opinion {
            campaign_id,
            id,
            org_unit_id,
            activity_id,
            text,
            raised_at,
            is_anonymous,
            raised_by_name,
            answer_due_before,
            state,
            referred_to_org_unit_id,
            refer_note,
            referred_at,
            answer,
            answered_by_org_unit_id,
            answered_at,
            version,
            created_at,
            updated_at,
            erased_at,
        } = opinion;
        Self {
            id,
            campaign_id,
            org_unit_id,
            activity_id,
            text,
            raised_at,
            is_anonymous,
            raised_by_name,
            answer_due_before,
            state,
            referred_to_org_unit_id,
            refer_note,
            referred_at,
            answer,
            answered_by_org_unit_id,
            answered_at,
            erased_at,
            version,
            created_at,
            updated_at,
        }
    }
}

crate::list_query! {
    /// Filters of the list of opinions.
    OpinionQuery sort ["created_at", "updated_at", "raised_at", "answer_due_before"] {
        /// Only opinions in this campaign.
        campaign_id: CampaignId,
        /// Only opinions of this body.
        org_unit_id: OrgUnitId,
        /// Only opinions of this body and of all below it.
        under_org_unit_id: OrgUnitId,
        /// Only opinions in this state.
        state: OpinionState,
        /// Only opinions in this activity.
        activity_id: ActivityId,
        /// Only opinions without (`true`) or with a name kept (`false`).
        is_anonymous: bool,
        /// Only opinions referred to this body.
        referred_to_org_unit_id: OrgUnitId,
        /// Only opinions without an answer whose clock has run out (`true`), or the others (`false`).
        is_overdue: bool,
    }
}
