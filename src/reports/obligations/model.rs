//! Rows of report obligations, and what was delivered under them.

use crate::error::RuleRef;
use crate::ids::{CampaignId, OrgUnitId, PlanId, ReportId, ReportObligationDecisionId, ReportObligationId};
use crate::reports::model::ReportState;
use crate::schema::{report_obligation_decisions, report_obligations, reports};
use chrono::{DateTime, NaiveDate, Utc};
use diesel::deserialize::FromSqlRow;
use diesel::expression::AsExpression;
use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// What was delivered under an obligation: nothing at all, a draft that was never sent, or a report in its state.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum Delivery {
    Missing,
    Draft,
    Submitted,
    Returned,
    Accepted,
    /// Nothing was ever submitted, and none is owed any more.
    Exempt,
}

impl From<Option<ReportState>> for Delivery {
    fn from(state: Option<ReportState>) -> Self {
        match state {
            None => Self::Missing,
            Some(ReportState::Draft) => Self::Draft,
            Some(ReportState::Submitted) => Self::Submitted,
            Some(ReportState::Returned) => Self::Returned,
            Some(ReportState::Accepted) => Self::Accepted,
        }
    }
}

impl Delivery {
    /// The state of the report, where there is one.
    pub fn report_state(self) -> Option<ReportState> {
        match self {
            Self::Missing | Self::Exempt => None,
            Self::Draft => Some(ReportState::Draft),
            Self::Submitted => Some(ReportState::Submitted),
            Self::Returned => Some(ReportState::Returned),
            Self::Accepted => Some(ReportState::Accepted),
        }
    }
}

/// An obligation as stored.
#[derive(Debug, Clone, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = report_obligations, primary_key(campaign_id, id), treat_none_as_null = true, treat_none_as_default_value = false)]
#[allow(missing_docs)]
pub struct ReportObligation {
    pub campaign_id: CampaignId,
    pub id: ReportObligationId,
    pub org_unit_id: OrgUnitId,
    pub via_org_unit_id: Option<OrgUnitId>,
    pub due_before: DateTime<Utc>,
    pub rule_id: Option<String>,
    pub clause: Option<String>,
    pub plan_id: Option<PlanId>,
    pub version: i32,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
    pub limit_kind: LimitKind,
    pub planned_due_before: Option<DateTime<Utc>>,
    pub opens_at: Option<DateTime<Utc>>,
    pub grace_minutes: Option<i32>,
    pub closes_at: Option<DateTime<Utc>>,
    pub exempted_at: Option<DateTime<Utc>>,
    pub to_org_unit_id: OrgUnitId,
}

/// How a plan words a limit: `exclusive` “trước ngày 20/8”, `inclusive` “đến hết ngày 20/8”.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema, AsExpression, FromSqlRow)]
#[serde(rename_all = "snake_case")]
#[diesel(sql_type = diesel::sql_types::Text)]
#[allow(missing_docs)]
pub enum LimitKind {
    #[default]
    Exclusive,
    Inclusive,
}
crate::text_enum!(LimitKind { Exclusive => "exclusive", Inclusive => "inclusive" });

/// What was decided on an obligation. `moved`: with the campaign's limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema, AsExpression, FromSqlRow)]
#[serde(rename_all = "snake_case")]
#[diesel(sql_type = diesel::sql_types::Text)]
#[allow(missing_docs)]
pub enum DecisionAction {
    Created,
    Moved,
    Extended,
    Exempted,
    Restored,
    Deleted,
}
crate::text_enum!(DecisionAction {
    Created => "created", Moved => "moved", Extended => "extended", Exempted => "exempted", Restored => "restored", Deleted => "deleted",
});

/// What an obligation became, one time; never changed.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = report_obligation_decisions)]
#[allow(missing_docs)]
pub struct ReportObligationDecision {
    pub campaign_id: CampaignId,
    pub id: ReportObligationDecisionId,
    pub obligation_id: ReportObligationId,
    pub org_unit_id: OrgUnitId,
    pub via_org_unit_id: Option<OrgUnitId>,
    pub action: DecisionAction,
    pub opens_at: Option<DateTime<Utc>>,
    pub due_before: DateTime<Utc>,
    pub closes_at: Option<DateTime<Utc>>,
    pub is_exempt: bool,
    pub reason: Option<String>,
    pub actor_id: Option<Uuid>,
    pub occurred_at: DateTime<Utc>,
    pub to_org_unit_id: OrgUnitId,
}

impl ReportObligationDecision {
    /// What an obligation is after a decision.
    pub fn new(
        after: &ReportObligation,
        action: DecisionAction,
        reason: Option<String>,
        actor_id: Option<Uuid>,
        occurred_at: DateTime<Utc>,
    ) -> Self {
        Self {
            campaign_id: after.campaign_id,
            id: ReportObligationDecisionId::new(),
            obligation_id: after.id,
            org_unit_id: after.org_unit_id,
            via_org_unit_id: after.via_org_unit_id,
            action,
            opens_at: after.opens_at,
            due_before: after.due_before,
            closes_at: after.closes_at,
            is_exempt: after.exempted_at.is_some(),
            reason,
            actor_id,
            occurred_at,
            to_org_unit_id: after.to_org_unit_id,
        }
    }
}

impl ReportObligation {
    /// The day that the plan names, without extensions.
    pub fn limit_date(&self) -> NaiveDate {
        super::rules::limit_date(self.limit_kind, self.planned_due_before.unwrap_or(self.due_before))
    }

    /// The rule that it comes from.
    pub fn rule(&self) -> Option<RuleRef> {
        let (rule_id, clause) = self.rule_id.clone().zip(self.clause.clone())?;
        Some(RuleRef { rule_id, clause })
    }
}

/// The report under an obligation, as far as it tells what was delivered.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = reports)]
#[allow(missing_docs)]
pub struct Delivered {
    pub id: ReportId,
    pub state: ReportState,
    pub is_late: Option<bool>,
    pub first_submitted_at: Option<DateTime<Utc>>,
}

/// An obligation, its body, and what was delivered.
#[derive(Debug, Clone, Queryable)]
pub struct Standing {
    /// The obligation.
    pub obligation: ReportObligation,
    /// Name of the body that owes the report.
    pub org_unit_name: String,
    /// Kind of that body.
    pub org_unit_kind: String,
    /// The report, if there is one.
    pub delivered: Option<Delivered>,
}

impl Standing {
    /// What was delivered. Who is exempt and reports nonetheless has delivered.
    pub fn delivery(&self) -> Delivery {
        if self.is_exempt() { Delivery::Exempt } else { self.delivered.as_ref().map(|report| report.state).into() }
    }

    /// Whether the body is exempt and never submitted a report: it is not expected.
    pub fn is_exempt(&self) -> bool {
        self.obligation.exempted_at.is_some() && self.first_submitted_at().is_none()
    }

    /// Whether the first submission came late; null where there is none.
    pub fn is_late(&self) -> Option<bool> {
        self.delivered.as_ref().and_then(|report| report.is_late)
    }

    /// When the report was first submitted.
    pub fn first_submitted_at(&self) -> Option<DateTime<Utc>> {
        self.delivered.as_ref().and_then(|report| report.first_submitted_at)
    }

    /// Whether the limit has passed and nothing was ever submitted.
    pub fn is_overdue(&self, now: DateTime<Utc>) -> bool {
        self.obligation.exempted_at.is_none()
            && self.first_submitted_at().is_none()
            && crate::clock::is_late(now, self.obligation.due_before)
    }
}
