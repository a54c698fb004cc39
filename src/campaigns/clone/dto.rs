//! A campaign of another year as the API takes and shows it.

use crate::campaigns::dto::CampaignOut;
use crate::ids::{AdminUnitId, OrgUnitId};
use crate::plans::out::PlanOut;
use crate::text::Line;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

/// Which body takes the place of which.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct UnitMappingIn {
    /// The body in the campaign that is cloned.
    pub from_org_unit_id: OrgUnitId,
    /// The body in the new one; it exists in the new window.
    pub to_org_unit_id: OrgUnitId,
}

/// The campaign of another year; what is absent is taken over.
#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"year": 2024}))]
pub struct CampaignCloneIn {
    /// The year; later than that of the campaign.
    #[schema(minimum = 2005, maximum = 2100)]
    pub year: i32,
    /// The name; the old one with the new year when absent.
    pub name: Option<Line>,
    /// The body that owns it; the same when absent.
    pub org_unit_id: Option<OrgUnitId>,
    /// Territory; the same when absent.
    pub admin_unit_id: Option<AdminUnitId>,
    /// First day of the window; the same day of the new year when absent.
    pub event_from: Option<NaiveDate>,
    /// Last day of the window; the same day of the new year when absent.
    pub event_to: Option<NaiveDate>,
    /// Reports are in time before this day; the same day of the new year when absent.
    pub report_due_before: Option<NaiveDate>,
    /// Bodies that take the place of others as recipients of the plan.
    #[serde(default)]
    #[schema(max_items = 500)]
    pub units: Vec<UnitMappingIn>,
}

/// A rule that an official must look at before the new plan can be issued: it is not confirmed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct CloneRuleOut {
    /// Name of the rule.
    pub rule_id: String,
    /// Clause of the plan.
    pub clause: String,
    /// Why, in the language of the answer.
    pub reason: String,
}

/// A recipient whose body does not exist in the new window: the line stays, its link does not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[allow(missing_docs)]
pub struct CloneRecipientOut {
    /// Place in the list, from 1.
    pub no: i32,
    pub name: String,
    /// The body that the line was linked to.
    pub org_unit_id: OrgUnitId,
}

/// The new campaign, the draft of its plan, and what people have to decide.
#[derive(Debug, Serialize, ToSchema)]
pub struct CampaignCloneOut {
    /// The campaign, a draft.
    pub campaign: CampaignOut,
    /// The draft of its plan; null where the campaign had none in force.
    pub plan: Option<PlanOut>,
    /// Rules whose addressee does not exist in the new window.
    #[schema(max_items = 200)]
    pub unbound_rules: Vec<CloneRuleOut>,
    /// Rules whose days were moved.
    #[schema(max_items = 200)]
    pub moved_rules: Vec<CloneRuleOut>,
    /// Recipients without a body.
    #[schema(max_items = 200)]
    pub unbound_recipients: Vec<CloneRecipientOut>,
    /// References of the clauses that still name the old year.
    #[schema(max_items = 2000)]
    pub clauses_to_review: Vec<String>,
}
