//! Obstacles as the API takes and shows them.

use super::model::{Obstacle, ObstacleState};
use crate::ids::{CampaignId, ObstacleId, OrgUnitId};
use crate::patch::Patch;
use crate::text::{Line, Prose};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

/// A new obstacle.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"campaign_id": "018b2f19-e79e-7d6a-a56d-29feb6211b04", "org_unit_id": "018b2f19-e79e-7d6a-a56d-29feb6211b05", "title": "Thiếu kinh phí tổ chức Ngày hội ở 03 xã vùng cao", "description": "Dự toán năm 2023 của 03 xã chưa bố trí kinh phí tổ chức Ngày hội.", "proposal": "Đề nghị tỉnh hỗ trợ 20 triệu đồng."}))]
pub struct ObstacleIn {
    /// Campaign.
    pub campaign_id: CampaignId,
    /// Body that raises it.
    pub org_unit_id: OrgUnitId,
    /// What it is about.
    pub title: Line,
    /// What the difficulty is.
    pub description: Prose,
    /// What the body proposes.
    pub proposal: Option<Prose>,
}

/// Changes of an obstacle (JSON Merge Patch).
#[derive(Debug, Clone, Default, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"proposal": "Đề nghị tỉnh hỗ trợ 25 triệu đồng."}))]
pub struct ObstaclePatch {
    /// What it is about.
    #[serde(default)]
    #[schema(value_type = Line, required = false)]
    pub title: Patch<Line>,
    /// What the difficulty is.
    #[serde(default)]
    #[schema(value_type = Prose, required = false)]
    pub description: Patch<Prose>,
    /// What the body proposes.
    #[serde(default)]
    #[schema(value_type = Option<Prose>)]
    pub proposal: Patch<Prose>,
}

/// An answer to an obstacle.
#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"answer": "Tỉnh bổ sung 20 triệu đồng từ nguồn kinh phí của Ban Chỉ đạo."}))]
pub struct ObstacleAnswerIn {
    /// The answer.
    pub answer: Prose,
}

/// An obstacle.
#[derive(Debug, Serialize, ToSchema)]
#[allow(missing_docs)]
pub struct ObstacleOut {
    pub id: ObstacleId,
    pub campaign_id: CampaignId,
    /// Body that raises it.
    pub org_unit_id: OrgUnitId,
    /// What it is about.
    pub title: String,
    /// What the difficulty is.
    pub description: String,
    /// What the body proposes.
    pub proposal: Option<String>,
    /// Body it is raised to: the one that holds the campaign.
    pub receiver_org_unit_id: OrgUnitId,
    /// Provincial police through which it goes; null where there is none.
    pub through_org_unit_id: Option<OrgUnitId>,
    pub state: ObstacleState,
    pub raised_at: DateTime<Utc>,
    pub started_at: Option<DateTime<Utc>>,
    pub answer: Option<String>,
    pub answered_at: Option<DateTime<Utc>>,
    pub closed_at: Option<DateTime<Utc>>,
    pub version: i32,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

impl From<Obstacle> for ObstacleOut {
    fn from(obstacle: Obstacle) -> Self {
        let Obstacle {
            campaign_id,
            id,
            org_unit_id,
            title,
            description,
            proposal,
            receiver_org_unit_id,
            through_org_unit_id,
            state,
            raised_at,
            started_at,
            answer,
            answered_at,
            closed_at,
            version,
            created_at,
            updated_at,
        } = obstacle;
        Self {
            id,
            campaign_id,
            org_unit_id,
            title,
            description,
            proposal,
            receiver_org_unit_id,
            through_org_unit_id,
            state,
            raised_at,
            started_at,
            answer,
            answered_at,
            closed_at,
            version,
            created_at,
            updated_at,
        }
    }
}

crate::list_query! {
    /// Filters of the list of obstacles.
    ObstacleQuery sort ["created_at", "updated_at", "raised_at"] {
        /// Only obstacles in this campaign.
        campaign_id: CampaignId,
        /// Only obstacles of this body.
        org_unit_id: OrgUnitId,
        /// Only obstacles of this body and of all below it.
        under_org_unit_id: OrgUnitId,
        /// Only obstacles in this state.
        state: ObstacleState,
        /// Only obstacles raised to this body.
        receiver_org_unit_id: OrgUnitId,
        /// Only obstacles that go through this body.
        through_org_unit_id: OrgUnitId,
    }
}
