//! Report obligations as the API takes and shows them.

use super::model::{Delivery, ReportObligation, Standing};
use crate::ids::{CampaignId, OrgUnitId, PlanId, ReportId, ReportObligationId};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

/// A new obligation.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"campaign_id": "018b2f19-e79e-7d6a-a56d-29feb6211b04", "org_unit_id": "018b2f19-e79e-7d6a-a56d-29feb6211b05"}))]
pub struct ReportObligationIn {
    /// Campaign.
    pub campaign_id: CampaignId,
    /// Body that owes the report; once in a campaign.
    pub org_unit_id: OrgUnitId,
    /// Desk that takes the report in (III.3: the movement division of the provincial police).
    pub via_org_unit_id: Option<OrgUnitId>,
    /// A report is in time while it is submitted before this instant; when absent, the begin of the campaign's
    /// `report_due_before` in Viet Nam.
    pub due_before: Option<DateTime<Utc>>,
}

/// An obligation: who owes a report, through whom, by when.
#[derive(Debug, Serialize, ToSchema)]
#[allow(missing_docs)]
pub struct ReportObligationOut {
    pub id: ReportObligationId,
    pub campaign_id: CampaignId,
    /// Body that owes the report.
    pub org_unit_id: OrgUnitId,
    /// Desk that takes the report in.
    pub via_org_unit_id: Option<OrgUnitId>,
    /// A report is in time while it is submitted before this instant.
    pub due_before: DateTime<Utc>,
    /// Rule of the plan it comes from.
    pub rule_id: Option<String>,
    /// Clause of the plan.
    pub clause: Option<String>,
    /// The edition of the plan that the rule stands in.
    pub plan_id: Option<PlanId>,
    pub version: i32,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

impl From<ReportObligation> for ReportObligationOut {
    fn from(obligation: ReportObligation) -> Self {
        let ReportObligation {
            campaign_id,
            id,
            org_unit_id,
            via_org_unit_id,
            due_before,
            rule_id,
            clause,
            plan_id,
            version,
            created_at,
            updated_at,
        } = obligation;
        Self { id, campaign_id, org_unit_id, via_org_unit_id, due_before, rule_id, clause, plan_id, version, created_at, updated_at }
    }
}

/// An obligation in the list, with what was delivered under it.
#[derive(Debug, Serialize, ToSchema)]
#[allow(missing_docs)]
pub struct ReportObligationItem {
    pub id: ReportObligationId,
    pub campaign_id: CampaignId,
    /// Body that owes the report.
    pub org_unit_id: OrgUnitId,
    pub org_unit_name: String,
    pub org_unit_kind: String,
    /// Desk that takes the report in.
    pub via_org_unit_id: Option<OrgUnitId>,
    /// A report is in time while it is submitted before this instant.
    pub due_before: DateTime<Utc>,
    /// Rule of the plan it comes from.
    pub rule_id: Option<String>,
    /// Clause of the plan.
    pub clause: Option<String>,
    /// The edition of the plan that the rule stands in.
    pub plan_id: Option<PlanId>,
    /// What was delivered.
    pub state: Delivery,
    /// The report, if there is one.
    pub report_id: Option<ReportId>,
    /// Whether the first submission came at or after the limit; null before it.
    pub is_late: Option<bool>,
    /// Whether the limit has passed and nothing was ever submitted.
    pub is_overdue: bool,
    /// First submission.
    pub first_submitted_at: Option<DateTime<Utc>>,
    pub version: i32,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

impl ReportObligationItem {
    /// An obligation as it stands at an instant.
    pub fn new(standing: Standing, now: DateTime<Utc>) -> Self {
        let (state, is_late, is_overdue) = (standing.delivery(), standing.is_late(), standing.is_overdue(now));
        let first_submitted_at = standing.first_submitted_at();
        let Standing { obligation, org_unit_name, org_unit_kind, delivered } = standing;
        let ReportObligation {
            campaign_id,
            id,
            org_unit_id,
            via_org_unit_id,
            due_before,
            rule_id,
            clause,
            plan_id,
            version,
            created_at,
            updated_at,
        } = obligation;
        Self {
            id,
            campaign_id,
            org_unit_id,
            org_unit_name,
            org_unit_kind,
            via_org_unit_id,
            due_before,
            rule_id,
            clause,
            plan_id,
            state,
            report_id: delivered.map(|report| report.id),
            is_late,
            is_overdue,
            first_submitted_at,
            version,
            created_at,
            updated_at,
        }
    }
}

crate::list_query! {
    /// Filters of the list of obligations; `q` looks at the name of the body.
    ReportObligationQuery sort ["created_at", "updated_at", "due_before"] {
        /// Only obligations in this campaign.
        campaign_id: CampaignId,
        /// Only the obligations of this body.
        org_unit_id: OrgUnitId,
        /// Only the obligations of this body and of all below it.
        under_org_unit_id: OrgUnitId,
        /// Only those under which this was delivered.
        state: Delivery,
        /// Only those whose report came late, or in time; those never submitted are neither.
        is_late: bool,
        /// Only those whose limit has passed with nothing ever submitted, or the others.
        is_overdue: bool,
        /// Only those under which a report was ever submitted, or the others.
        is_submitted: bool,
        /// Only those whose limit lies at or before this instant.
        due_until: DateTime<Utc>,
    }
}
