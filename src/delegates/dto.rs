//! Delegates as the API takes and shows them.

use super::model::{Delegate, DelegateRole, DelegateState};
use crate::ids::{CampaignId, DelegateId, OrgUnitId, SiteId};
use crate::patch::Patch;
use crate::sites::model::PilotLevel;
use crate::text::{Line, Prose};
use crate::warning::Warning;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;
use validator::Validate;

/// A delegate proposed for a site, which gives the campaign and the organiser.
#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"site_id": "018b2f19-e79e-7d6a-a56d-29feb6211b04", "org_unit_id": "018b2f19-e79e-7d6a-a56d-29feb6211b05", "full_name": "Nguyễn Văn An", "title": "Phó Giám đốc", "delegate_role": "head_of_delegation"}))]
pub struct DelegateIn {
    /// Site to attend.
    pub site_id: SiteId,
    /// Body the delegate comes from; it answers.
    pub org_unit_id: OrgUnitId,
    /// Name, whole.
    pub full_name: Line,
    /// Post or rank.
    pub title: Option<Line>,
    /// Head of the delegation to the site, or member.
    pub delegate_role: DelegateRole,
}

/// Changes of a proposal (JSON Merge Patch).
#[derive(Debug, Clone, Default, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"title": "Giám đốc", "delegate_role": "member"}))]
pub struct DelegatePatch {
    /// Name, whole.
    #[serde(default)]
    #[schema(value_type = Line, required = false)]
    pub full_name: Patch<Line>,
    /// Post or rank.
    #[serde(default)]
    #[schema(value_type = Option<Line>)]
    pub title: Patch<Line>,
    /// Head of the delegation to the site, or member.
    #[serde(default)]
    #[schema(value_type = DelegateRole, required = false)]
    pub delegate_role: Patch<DelegateRole>,
}

/// A body declines for its delegate.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"reason": "Đi công tác ngoài tỉnh."}))]
pub struct DelegateDeclineIn {
    /// Why, where the body said so.
    pub reason: Option<Prose>,
}

/// An assignment is withdrawn.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"reason": "Phân công đại biểu khác."}))]
pub struct DelegateWithdrawIn {
    /// Why.
    pub reason: Prose,
}

/// A delegate assigned to a site.
#[derive(Debug, Serialize, ToSchema)]
#[allow(missing_docs)]
pub struct DelegateOut {
    pub id: DelegateId,
    pub campaign_id: CampaignId,
    pub site_id: SiteId,
    /// Body that organises the site.
    pub site_org_unit_id: OrgUnitId,
    /// Body the delegate comes from.
    pub org_unit_id: OrgUnitId,
    pub full_name: String,
    /// Post or rank.
    pub title: Option<String>,
    pub delegate_role: DelegateRole,
    pub state: DelegateState,
    /// Why the body declined, or why the assignment was withdrawn.
    pub reason: Option<String>,
    /// Account that proposed it.
    pub proposed_by: Uuid,
    pub approved_at: Option<DateTime<Utc>>,
    /// When the body answered last.
    pub answered_at: Option<DateTime<Utc>>,
    /// When it was recorded whether the delegate came.
    pub attended_at: Option<DateTime<Utc>>,
    pub withdrawn_at: Option<DateTime<Utc>>,
    /// When name and title were erased; nothing is written about the delegate from then on.
    pub erased_at: Option<DateTime<Utc>>,
    /// What to look at before the approval, as another site at the same time. Given with answers to writes.
    pub warnings: Vec<Warning>,
    pub version: i32,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

impl DelegateOut {
    /// A delegate with what is to be pointed out.
    pub fn new(delegate: Delegate, warnings: Vec<Warning>) -> Self {
        let Delegate {
            campaign_id,
            id,
            site_id,
            site_org_unit_id,
            org_unit_id,
            full_name,
            name_key: _,
            title,
            delegate_role,
            state,
            reason,
            proposed_by,
            approved_at,
            answered_at,
            attended_at,
            withdrawn_at,
            version,
            created_at,
            updated_at,
            erased_at,
        } = delegate;
        Self {
            id,
            campaign_id,
            site_id,
            site_org_unit_id,
            org_unit_id,
            full_name,
            title,
            delegate_role,
            state,
            reason,
            proposed_by,
            approved_at,
            answered_at,
            attended_at,
            withdrawn_at,
            erased_at,
            warnings,
            version,
            created_at,
            updated_at,
        }
    }
}

crate::list_query! {
    /// Filters of the list of delegates.
    DelegateQuery sort ["created_at", "updated_at"] {
        /// Only delegates of this campaign.
        campaign_id: CampaignId,
        /// Only delegates to this site.
        site_id: SiteId,
        /// Only delegates of this body.
        org_unit_id: OrgUnitId,
        /// Only delegates of this body and of all below it.
        under_org_unit_id: OrgUnitId,
        /// Only delegates to sites that this body organises.
        site_org_unit_id: OrgUnitId,
        /// Only assignments in this state.
        state: DelegateState,
        /// Only heads of delegations, or only members.
        delegate_role: DelegateRole,
        /// Only delegates to pilot sites of this level.
        pilot_level: PilotLevel,
        /// Only delegates to sites that begin at or after this instant.
        starts_from: DateTime<Utc>,
        /// Only delegates to sites that begin before this instant.
        starts_before: DateTime<Utc>,
    }
}
