//! Rows of report obligations, and what was delivered under them.

use crate::error::RuleRef;
use crate::ids::{CampaignId, OrgUnitId, PlanId, ReportId, ReportObligationId};
use crate::reports::model::ReportState;
use crate::schema::{report_obligations, reports};
use chrono::{DateTime, Utc};
use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

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
            Self::Missing => None,
            Self::Draft => Some(ReportState::Draft),
            Self::Submitted => Some(ReportState::Submitted),
            Self::Returned => Some(ReportState::Returned),
            Self::Accepted => Some(ReportState::Accepted),
        }
    }
}

/// An obligation as stored.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = report_obligations)]
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
}

impl ReportObligation {
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
    /// What was delivered.
    pub fn delivery(&self) -> Delivery {
        self.delivered.as_ref().map(|report| report.state).into()
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
        self.first_submitted_at().is_none() && crate::clock::is_late(now, self.obligation.due_before)
    }
}
