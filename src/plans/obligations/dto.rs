//! Plan obligations as the API takes and shows them.

use super::model::{Drawn, PlanDelivery, PlanObligation, Standing};
use crate::ids::{CampaignId, OrgUnitId, PlanId, PlanObligationId, UserId};
use crate::plans::parameters::PlanItem;
use crate::text::Prose;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

/// Why a body owes no plan, or owes one again.
#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"reason": "Lồng ghép trong kế hoạch chung của Ban Chỉ đạo huyện."}))]
pub struct ReasonIn {
    /// The reason.
    pub reason: Prose,
}

/// A plan that a body owes under another plan (R12, III.3), and what it drew up.
#[derive(Debug, Serialize, ToSchema)]
#[allow(missing_docs)]
pub struct PlanObligationOut {
    pub id: PlanObligationId,
    pub campaign_id: CampaignId,
    /// First edition of the plan under which it is owed.
    pub plan_id: PlanId,
    /// Body that owes it.
    pub org_unit_id: OrgUnitId,
    pub org_unit_name: String,
    pub org_unit_kind: String,
    /// Where it stands.
    pub state: PlanDelivery,
    /// The latest plan in force that the body drew up in the campaign; null where there is none.
    pub issued_plan_id: Option<PlanId>,
    /// Its number and symbol.
    pub document_number: Option<String>,
    /// Which of the wanted items (II.3) that plan does not state.
    #[schema(max_items = 8)]
    pub missing_items: Vec<PlanItem>,
    /// Rule that demands it.
    #[schema(example = "R12")]
    pub rule_id: String,
    /// Clause of that rule.
    #[schema(example = "III.3")]
    pub clause: String,
    /// Why none is owed any more.
    pub exemption_reason: Option<String>,
    pub exempted_at: Option<DateTime<Utc>>,
    /// Account that exempted the body.
    pub exempted_by: Option<UserId>,
    pub version: i32,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

impl PlanObligationOut {
    /// An obligation, with what its plan lacks of the wanted items.
    pub fn new(standing: Standing, wanted: &[PlanItem]) -> Self {
        let state = standing.state();
        let Standing { obligation, org_unit_name, org_unit_kind, org_unit_path: _, drawn } = standing;
        let missing_items = drawn.as_ref().map_or_else(Vec::new, |plan| super::rules::lacking(wanted, &plan.items));
        let (issued_plan_id, document_number) = match drawn {
            Some(Drawn { id, document_number, .. }) => (Some(id), document_number),
            None => (None, None),
        };
        let PlanObligation {
            campaign_id,
            id,
            plan_id,
            org_unit_id,
            rule_id,
            clause,
            exemption_reason,
            exempted_at,
            exempted_by,
            version,
            created_at,
            updated_at,
        } = obligation;
        Self {
            id,
            campaign_id,
            plan_id,
            org_unit_id,
            org_unit_name,
            org_unit_kind,
            state,
            issued_plan_id,
            document_number,
            missing_items,
            rule_id,
            clause,
            exemption_reason,
            exempted_at,
            exempted_by,
            version,
            created_at,
            updated_at,
        }
    }
}

crate::list_query! {
    /// Filters of the list of plan obligations; `q` looks at the name of the body.
    PlanObligationQuery sort ["path", "created_at", "updated_at"] {
        /// Only obligations in this campaign.
        campaign_id: CampaignId,
        /// Only obligations under this plan, in any of its editions.
        plan_id: PlanId,
        /// Only the obligations of this body.
        org_unit_id: OrgUnitId,
        /// Only the obligations of this body and of all below it.
        under_org_unit_id: OrgUnitId,
        /// Only those that stand so.
        state: PlanDelivery,
    }
}
