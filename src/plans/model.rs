//! Rows of plans and of their lists, and their enumerations.

use crate::ids::{CampaignId, OrgUnitId, PlanId};
use crate::schema::{plan_legal_bases, plan_recipients, plan_rules, plans};
use chrono::{DateTime, NaiveDate, Utc};
use diesel::deserialize::FromSqlRow;
use diesel::expression::AsExpression;
use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Where a plan stands: `draft` → `submitted` → `issued` → `closed`; a submitted plan can be returned to `draft`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema, AsExpression, FromSqlRow)]
#[serde(rename_all = "snake_case")]
#[diesel(sql_type = diesel::sql_types::Text)]
#[allow(missing_docs)]
pub enum PlanState {
    Draft,
    Submitted,
    Issued,
    Closed,
}
crate::text_enum!(PlanState { Draft => "draft", Submitted => "submitted", Issued => "issued", Closed => "closed" });

/// How a plan words a rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema, AsExpression, FromSqlRow)]
#[serde(rename_all = "snake_case")]
#[diesel(sql_type = diesel::sql_types::Text)]
#[allow(missing_docs)]
pub enum Obligation {
    Must,
    Should,
    May,
}
crate::text_enum!(Obligation { Must => "must", Should => "should", May => "may" });

/// What a rule is about; the service cites a rule by its kind when it refuses, warns or shows a gap.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema, AsExpression, FromSqlRow)]
#[serde(rename_all = "snake_case")]
#[diesel(sql_type = diesel::sql_types::Text)]
#[allow(missing_docs)]
pub enum RuleKind {
    EventWindow,
    ReportLimit,
    ProvincialPilotCount,
    DistrictNominations,
    EncouragedPilot,
    EncouragedUnitPilot,
    SiteKinds,
    PriorityAreas,
    SiteSuitability,
    InvitationTemplateA,
    InvitationTemplateB,
    ChildPlan,
    ChildPlanItems,
    Guidance,
    CommunicationPhases,
    StandingAgencyDuties,
    Consolidation,
    MediaDirection,
    Mobilisation,
    ObstacleRoute,
    FundingSources,
    Thrift,
    Other,
}
crate::text_enum!(RuleKind {
    EventWindow => "event_window", ReportLimit => "report_limit", ProvincialPilotCount => "provincial_pilot_count",
    DistrictNominations => "district_nominations", EncouragedPilot => "encouraged_pilot",
    EncouragedUnitPilot => "encouraged_unit_pilot", SiteKinds => "site_kinds", PriorityAreas => "priority_areas",
    SiteSuitability => "site_suitability", InvitationTemplateA => "invitation_template_a",
    InvitationTemplateB => "invitation_template_b", ChildPlan => "child_plan", ChildPlanItems => "child_plan_items",
    Guidance => "guidance", CommunicationPhases => "communication_phases", StandingAgencyDuties => "standing_agency_duties",
    Consolidation => "consolidation", MediaDirection => "media_direction", Mobilisation => "mobilisation",
    ObstacleRoute => "obstacle_route", FundingSources => "funding_sources", Thrift => "thrift", Other => "other",
});

/// A plan as stored, without its lists and its search tokens.
#[derive(Debug, Clone, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = plans, treat_none_as_null = true, treat_none_as_default_value = false)]
#[allow(missing_docs)]
pub struct Plan {
    pub id: PlanId,
    pub campaign_id: CampaignId,
    pub parent_plan_id: Option<PlanId>,
    pub org_unit_id: OrgUnitId,
    pub state: PlanState,
    pub number: Option<i32>,
    pub symbol: String,
    pub document_number: Option<String>,
    pub title: String,
    pub summary: Option<String>,
    pub issue_place: Option<String>,
    pub issued_on: Option<NaiveDate>,
    pub issue_year: Option<i32>,
    pub signatory_name: Option<String>,
    pub signatory_title: Option<String>,
    pub signatory_post: Option<String>,
    pub return_comment: Option<String>,
    pub submitted_at: Option<DateTime<Utc>>,
    pub issued_at: Option<DateTime<Utc>>,
    pub closed_at: Option<DateTime<Utc>>,
    pub version: i32,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

/// A line of "Nơi nhận" as stored.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = plan_recipients)]
#[allow(missing_docs)]
pub struct Recipient {
    pub plan_id: PlanId,
    pub no: i32,
    pub name: String,
    pub org_unit_id: Option<OrgUnitId>,
}

/// A cited document as stored.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = plan_legal_bases)]
#[allow(missing_docs)]
pub struct LegalBasis {
    pub plan_id: PlanId,
    pub no: i32,
    pub citation: String,
    pub clause: Option<String>,
    pub issuer: Option<String>,
    pub issued_on: Option<NaiveDate>,
    pub subject: Option<String>,
    pub note: Option<String>,
}

/// A rule as stored.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = plan_rules)]
#[allow(missing_docs)]
pub struct Rule {
    pub plan_id: PlanId,
    pub no: i32,
    pub rule_id: String,
    pub kind: RuleKind,
    pub clause: String,
    pub obligation: Obligation,
    pub statement: String,
}

/// The lists of a plan, each in its printed order.
#[derive(Debug, Clone, Default)]
pub struct Parts {
    /// Who receives it.
    pub recipients: Vec<Recipient>,
    /// What it rests on.
    pub legal_bases: Vec<LegalBasis>,
    /// What it lays down.
    pub rules: Vec<Rule>,
}
