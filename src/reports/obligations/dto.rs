//! Report obligations as the API takes and shows them.

use super::model::{DecisionAction, Delivery, LimitKind, ReportObligation, ReportObligationDecision, Standing};
use crate::ids::{CampaignId, OrgUnitId, PlanId, ReportId, ReportObligationDecisionId, ReportObligationId};
use crate::org_units::model::{OrgLevel, OrgUnitKind};
use crate::text::Prose;
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;
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
    /// Body to which the report is owed; when absent the body that owns the campaign, or the caller's own where that lies above.
    pub to_org_unit_id: Option<OrgUnitId>,
    /// Desk that takes the report in (III.3: the movement division of the provincial police).
    pub via_org_unit_id: Option<OrgUnitId>,
    /// A report is in time while it is submitted before this instant; when absent, the begin of the campaign's
    /// `report_due_before` in Viet Nam.
    pub due_before: Option<DateTime<Utc>>,
    /// How the limit is worded; as the plan's rule says when absent.
    pub limit_kind: Option<LimitKind>,
    /// Before it no report can be submitted; as the plan's rule says when absent.
    pub opens_at: Option<DateTime<Utc>>,
    /// Minutes after the limit in which a report is still taken, as late; as the plan's rule says when absent.
    #[schema(minimum = 0, maximum = 5_256_000)]
    pub grace_minutes: Option<i32>,
    /// From it on nothing is submitted without an extension; when absent, as the plan's rule says, or the end of the grace.
    pub closes_at: Option<DateTime<Utc>>,
}

/// A later limit.
#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"until": "2023-08-25T00:00:00+07:00", "reason": "Mưa lũ, hai điểm phải lùi ngày tổ chức."}))]
pub struct ReportExtensionIn {
    /// A report is in time while it is submitted before this instant; later than the limit in force, and than now.
    pub until: DateTime<Utc>,
    /// Why.
    pub reason: Prose,
    /// Whether the accepted or locked report is given back to its body.
    #[serde(default)]
    #[schema(required = false, default = false)]
    pub reopens_report: bool,
}

/// Why a body owes no report, or owes one again.
#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"reason": "Đơn vị đã hợp nhất; báo cáo trong báo cáo chung."}))]
pub struct ReportObligationReasonIn {
    /// The reason.
    pub reason: Prose,
}

/// What was decided on a report obligation, one time.
#[derive(Debug, Serialize, ToSchema)]
#[allow(missing_docs)]
pub struct ReportObligationDecisionOut {
    pub id: ReportObligationDecisionId,
    pub obligation_id: ReportObligationId,
    pub org_unit_id: OrgUnitId,
    /// Body to which the report is owed.
    pub to_org_unit_id: OrgUnitId,
    /// Desk that takes the report in, after it.
    pub via_org_unit_id: Option<OrgUnitId>,
    /// What was decided.
    pub action: DecisionAction,
    /// The opening after it.
    pub opens_at: Option<DateTime<Utc>>,
    /// The limit after it.
    pub due_before: DateTime<Utc>,
    /// The closing after it.
    pub closes_at: Option<DateTime<Utc>>,
    /// Whether the body is exempt after it.
    pub is_exempt: bool,
    /// Why.
    pub reason: Option<String>,
    /// Account that decided; null where the service laid it down by itself.
    pub actor_id: Option<Uuid>,
    pub occurred_at: DateTime<Utc>,
}

impl From<ReportObligationDecision> for ReportObligationDecisionOut {
    fn from(decision: ReportObligationDecision) -> Self {
        let ReportObligationDecision {
            campaign_id: _,
            id,
            obligation_id,
            org_unit_id,
            via_org_unit_id,
            action,
            opens_at,
            due_before,
            closes_at,
            is_exempt,
            reason,
            actor_id,
            occurred_at,
            to_org_unit_id,
        } = decision;
        Self {
            id,
            obligation_id,
            org_unit_id,
            via_org_unit_id,
            action,
            opens_at,
            due_before,
            closes_at,
            is_exempt,
            reason,
            actor_id,
            occurred_at,
            to_org_unit_id,
        }
    }
}

crate::list_query! {
    /// How to list the decisions on an obligation.
    ReportObligationDecisionQuery sort ["occurred_at"] without q {}
}

/// The zone of all limits.
const ZONE: &str = "Asia/Ho_Chi_Minh";

/// An obligation: who owes a report, through whom, by when.
#[derive(Debug, Serialize, ToSchema)]
#[allow(missing_docs)]
pub struct ReportObligationOut {
    pub id: ReportObligationId,
    pub campaign_id: CampaignId,
    /// Body that owes the report.
    pub org_unit_id: OrgUnitId,
    /// Body to which it is owed: it returns, accepts, extends and exempts.
    pub to_org_unit_id: OrgUnitId,
    /// Desk that takes the report in.
    pub via_org_unit_id: Option<OrgUnitId>,
    /// A report is in time while it is submitted before this instant: the limit with its extensions.
    pub due_before: DateTime<Utc>,
    /// How the plan words the limit.
    pub limit_kind: LimitKind,
    /// The day that the plan names: of “trước ngày” the first late one, of “đến hết ngày” the last in time. Without extensions.
    pub limit_date: NaiveDate,
    /// The zone in which that day is meant.
    #[schema(example = "Asia/Ho_Chi_Minh")]
    pub limit_zone: &'static str,
    /// The limit before its first extension; null while there is none.
    pub planned_due_before: Option<DateTime<Utc>>,
    /// Before it no report can be submitted; null: from the beginning.
    pub opens_at: Option<DateTime<Utc>>,
    /// Minutes after the limit in which a report is still taken, as late; null where the plan says nothing.
    pub grace_minutes: Option<i32>,
    /// From it on nothing is submitted without an extension; null: never.
    pub closes_at: Option<DateTime<Utc>>,
    /// Since when the body owes no report; null while it owes one.
    pub exempted_at: Option<DateTime<Utc>>,
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
        let limit_date = obligation.limit_date();
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
            limit_kind,
            planned_due_before,
            opens_at,
            grace_minutes,
            closes_at,
            exempted_at,
            to_org_unit_id,
        } = obligation;
        Self {
            id,
            campaign_id,
            org_unit_id,
            to_org_unit_id,
            via_org_unit_id,
            due_before,
            limit_kind,
            limit_date,
            limit_zone: ZONE,
            planned_due_before,
            opens_at,
            grace_minutes,
            closes_at,
            exempted_at,
            rule_id,
            clause,
            plan_id,
            version,
            created_at,
            updated_at,
        }
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
    /// Body to which it is owed: it returns, accepts, extends and exempts.
    pub to_org_unit_id: OrgUnitId,
    /// Desk that takes the report in.
    pub via_org_unit_id: Option<OrgUnitId>,
    /// A report is in time while it is submitted before this instant: the limit with its extensions.
    pub due_before: DateTime<Utc>,
    /// How the plan words the limit.
    pub limit_kind: LimitKind,
    /// The day that the plan names: of “trước ngày” the first late one, of “đến hết ngày” the last in time. Without extensions.
    pub limit_date: NaiveDate,
    /// The zone in which that day is meant.
    #[schema(example = "Asia/Ho_Chi_Minh")]
    pub limit_zone: &'static str,
    /// The limit before its first extension; null while there is none.
    pub planned_due_before: Option<DateTime<Utc>>,
    /// Before it no report can be submitted; null: from the beginning.
    pub opens_at: Option<DateTime<Utc>>,
    /// Minutes after the limit in which a report is still taken, as late; null where the plan says nothing.
    pub grace_minutes: Option<i32>,
    /// From it on nothing is submitted without an extension; null: never.
    pub closes_at: Option<DateTime<Utc>>,
    /// Since when the body owes no report; null while it owes one.
    pub exempted_at: Option<DateTime<Utc>>,
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
        let limit_date = standing.obligation.limit_date();
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
            limit_kind,
            planned_due_before,
            opens_at,
            grace_minutes,
            closes_at,
            exempted_at,
            to_org_unit_id,
        } = obligation;
        Self {
            id,
            campaign_id,
            org_unit_id,
            org_unit_name,
            org_unit_kind,
            to_org_unit_id,
            via_org_unit_id,
            due_before,
            limit_kind,
            limit_date,
            limit_zone: ZONE,
            planned_due_before,
            opens_at,
            grace_minutes,
            closes_at,
            exempted_at,
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
        /// Only those owed to this body.
        to_org_unit_id: OrgUnitId,
        /// Only those under which this was delivered.
        state: Delivery,
        /// Only those whose report came late, or in time; those never submitted are neither.
        is_late: bool,
        /// Only those whose limit has passed with nothing ever submitted, or the others.
        is_overdue: bool,
        /// Only those under which a report was ever submitted, or the others.
        is_submitted: bool,
        /// Only those whose body is exempt and never reported, or the others.
        is_exempt: bool,
        /// Only those of bodies of this kind.
        org_unit_kind: OrgUnitKind,
        /// Only those of bodies of this level.
        org_unit_level: OrgLevel,
        /// Only those whose limit lies at or before this instant.
        due_until: DateTime<Utc>,
    }
}
