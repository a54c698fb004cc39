//! Rows of plans and of their lists, and their enumerations.

use super::aliases::PlanAliases;
use super::parameters::Parameters;
use crate::error::AppError;
use crate::ids::{CampaignId, DocumentId, OrgUnitId, PlanId};
use crate::official_text::draft::DocumentKind;
use crate::schema::{plan_clauses, plan_legal_bases, plan_recipients, plan_rules, plans};
use chrono::{DateTime, NaiveDate, Utc};
use diesel::deserialize::FromSqlRow;
use diesel::expression::AsExpression;
use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Where a plan stands: `draft` → `submitted` → `issued` → `closed`; a submitted plan can be returned to `draft`; an issued one
/// is `superseded` when the edition that amends it is issued.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema, AsExpression, FromSqlRow)]
#[serde(rename_all = "snake_case")]
#[diesel(sql_type = diesel::sql_types::Text)]
#[allow(missing_docs)]
pub enum PlanState {
    Draft,
    Submitted,
    Issued,
    Superseded,
    Closed,
}
crate::text_enum!(PlanState {
    Draft => "draft", Submitted => "submitted", Issued => "issued", Superseded => "superseded", Closed => "closed",
});

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

/// What a rule is about: the tag of its parameters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema, AsExpression, FromSqlRow)]
#[serde(rename_all = "snake_case")]
#[diesel(sql_type = diesel::sql_types::Text)]
#[allow(missing_docs)]
pub enum RuleKind {
    EventWindow,
    ReportLimit,
    Quota,
    SiteKinds,
    PriorityAreas,
    SiteSuitability,
    Guidance,
    InvitationTemplate,
    ChildPlan,
    ChildPlanItems,
    CommunicationPhases,
    FundingSources,
    CostLimit,
    Duty,
    ObstacleRoute,
    Principle,
}
crate::text_enum!(RuleKind {
    EventWindow => "event_window", ReportLimit => "report_limit", Quota => "quota", SiteKinds => "site_kinds",
    PriorityAreas => "priority_areas", SiteSuitability => "site_suitability", Guidance => "guidance",
    InvitationTemplate => "invitation_template", ChildPlan => "child_plan", ChildPlanItems => "child_plan_items",
    CommunicationPhases => "communication_phases", FundingSources => "funding_sources", CostLimit => "cost_limit",
    Duty => "duty", ObstacleRoute => "obstacle_route", Principle => "principle",
});

/// What a clause is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema, AsExpression, FromSqlRow)]
#[serde(rename_all = "snake_case")]
#[diesel(sql_type = diesel::sql_types::Text)]
#[allow(missing_docs)]
pub enum ClauseKind {
    Preamble,
    Section,
    Numbered,
    Lettered,
    Bullet,
    Note,
    Paragraph,
    Footnote,
    Closing,
}
crate::text_enum!(ClauseKind {
    Preamble => "preamble", Section => "section", Numbered => "numbered", Lettered => "lettered", Bullet => "bullet",
    Note => "note", Paragraph => "paragraph", Footnote => "footnote", Closing => "closing",
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
    pub items: Vec<String>,
    pub aliases: PlanAliases,
    pub archive_marks: Vec<String>,
    pub return_comment: Option<String>,
    pub submitted_at: Option<DateTime<Utc>>,
    pub issued_at: Option<DateTime<Utc>>,
    pub closed_at: Option<DateTime<Utc>>,
    pub edition: i32,
    pub first_edition_id: PlanId,
    pub amends_plan_id: Option<PlanId>,
    pub amendment_note: Option<String>,
    pub superseded_at: Option<DateTime<Utc>>,
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
    pub kind: Option<DocumentKind>,
    pub aliases: Vec<String>,
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
    pub parameters: serde_json::Value,
    pub also_in: Vec<String>,
    pub is_confirmed: bool,
    pub confidence: f64,
}

impl Rule {
    /// What it says, in figures.
    pub fn parameters(&self) -> Result<Parameters, AppError> {
        Parameters::deserialize(&self.parameters).map_err(AppError::internal)
    }
}

/// A clause as stored.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = plan_clauses)]
#[allow(missing_docs)]
pub struct Clause {
    pub plan_id: PlanId,
    pub no: i32,
    pub reference: String,
    pub kind: ClauseKind,
    pub marker: Option<String>,
    pub heading: Option<String>,
    pub body: String,
    pub parent_reference: Option<String>,
}

/// The lists of a plan, each in its printed order; the clauses are read by themselves.
#[derive(Debug, Clone, Default)]
pub struct Parts {
    /// Who receives it.
    pub recipients: Vec<Recipient>,
    /// What it rests on.
    pub legal_bases: Vec<LegalBasis>,
    /// What it lays down.
    pub rules: Vec<Rule>,
    /// Its text; only when it is written.
    pub clauses: Vec<Clause>,
    /// Which cited document is which one of the registry, by its place in the list.
    pub links: Vec<(i32, DocumentId)>,
}

impl Parts {
    /// The same lists, as those of another plan.
    pub fn of_plan(mut self, id: PlanId) -> Self {
        self.recipients.iter_mut().for_each(|line| line.plan_id = id);
        self.legal_bases.iter_mut().for_each(|line| line.plan_id = id);
        self.rules.iter_mut().for_each(|line| line.plan_id = id);
        self.clauses.iter_mut().for_each(|line| line.plan_id = id);
        self
    }
}

/// Those lists of a plan that are replaced.
#[derive(Debug, Clone, Default)]
#[allow(missing_docs)]
pub struct NewParts {
    pub recipients: Option<Vec<Recipient>>,
    pub legal_bases: Option<Vec<LegalBasis>>,
    pub rules: Option<Vec<Rule>>,
    pub clauses: Option<Vec<Clause>>,
}
