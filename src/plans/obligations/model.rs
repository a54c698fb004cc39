//! Rows of plan obligations, and what was drawn up under them.

use crate::error::RuleRef;
use crate::ids::{CampaignId, OrgUnitId, PlanId, PlanObligationId, UserId};
use crate::schema::{plan_obligations, plans};
use chrono::{DateTime, Utc};
use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Where an obligation stands: no plan in force, one in force, or none owed any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum PlanDelivery {
    Missing,
    Issued,
    Exempt,
}

/// An obligation as stored.
#[derive(Debug, Clone, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = plan_obligations, treat_none_as_null = true, treat_none_as_default_value = false)]
#[allow(missing_docs)]
pub struct PlanObligation {
    pub campaign_id: CampaignId,
    pub id: PlanObligationId,
    pub plan_id: PlanId,
    pub org_unit_id: OrgUnitId,
    pub rule_id: String,
    pub clause: String,
    pub exemption_reason: Option<String>,
    pub exempted_at: Option<DateTime<Utc>>,
    pub exempted_by: Option<UserId>,
    pub version: i32,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

impl PlanObligation {
    /// The rule that it comes from.
    pub fn rule(&self) -> RuleRef {
        RuleRef { rule_id: self.rule_id.clone(), clause: self.clause.clone() }
    }
}

/// A plan in force under another, as far as it tells what was drawn up.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = plans)]
#[allow(missing_docs)]
pub struct Drawn {
    pub id: PlanId,
    pub org_unit_id: OrgUnitId,
    pub document_number: Option<String>,
    pub items: Vec<String>,
}

/// An obligation, its body, and what was drawn up.
#[derive(Debug, Clone)]
#[allow(missing_docs)]
pub struct Standing {
    pub obligation: PlanObligation,
    pub org_unit_name: String,
    pub org_unit_kind: String,
    pub org_unit_path: String,
    /// The latest plan in force of the body; none when there is none.
    pub drawn: Option<Drawn>,
}

impl Standing {
    /// Where it stands.
    pub fn state(&self) -> PlanDelivery {
        match (&self.drawn, self.obligation.exempted_at) {
            (Some(_), _) => PlanDelivery::Issued,
            (None, Some(_)) => PlanDelivery::Exempt,
            (None, None) => PlanDelivery::Missing,
        }
    }
}
