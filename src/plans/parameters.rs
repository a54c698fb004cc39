//! What a rule of a plan says, in figures: what the service judges by. Another plan with other numbers needs no code.

use super::model::RuleKind;
use crate::activities::model::ActivityPhase;
use crate::participants::model::ParticipantCategory;
use crate::sites::dto::PriorityReason;
use crate::sites::model::SiteKind;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::ToSchema;

/// Declares enumerations that are snake_case text in JSON.
macro_rules! choices {
    ($($(#[$doc:meta])* $name:ident { $($variant:ident),+ $(,)? })+) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
        #[serde(rename_all = "snake_case")]
        #[allow(missing_docs)]
        pub enum $name { $($variant,)+ }
    )+};
}

choices! {
    /// Who has to meet a quota: the province, each district, each commune, each of all levels, each agency or unit.
    QuotaBy { Province, District, Commune, EachLevel, Agency }
    /// What a quota counts: sites nominated, selected as pilot sites, or held.
    Measure { Nominated, Selected, Held }
    /// How a count compares.
    Compare { Exactly, AtLeast, AtMost }
    /// Which of the plan's two lists of guests.
    Template { A, B }
    /// Sites that a template is for.
    AppliesTo { ProvincialPilot, OtherSites }
    /// Body that owes a plan of its own.
    PlanBody { DistrictCommittee, ProvincialDepartment, MassOrganisation, CommitteeMember, Agency, CommuneCommittee, EachLevel }
    /// What a plan below this one states (II.3).
    PlanItem { Purpose, Requirements, Content, Programme, Form, Scope, Participants, Time }
    /// Where money comes from.
    #[derive(diesel::expression::AsExpression, diesel::deserialize::FromSqlRow)]
    #[diesel(sql_type = diesel::sql_types::Text)]
    MoneySource { Budget, YearlyEstimate, OtherLawful }
    /// What a cost limit is for.
    CostPer { Campaign, Site, Attendance }
}

crate::text_enum!(MoneySource { Budget => "budget", YearlyEstimate => "yearly_estimate", OtherLawful => "other_lawful" });

impl PlanItem {
    /// Its name in the API.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Purpose => "purpose",
            Self::Requirements => "requirements",
            Self::Content => "content",
            Self::Programme => "programme",
            Self::Form => "form",
            Self::Scope => "scope",
            Self::Participants => "participants",
            Self::Time => "time",
        }
    }
}

/// Where one body's money comes from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Funding {
    /// The body, as printed.
    #[schema(max_length = 300)]
    pub body: String,
    /// The source.
    pub source: MoneySource,
    /// The document that gives it, as printed.
    #[schema(max_length = 300)]
    pub citation: Option<String>,
}

/// What a rule says; `kind` tells which members there are.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
#[schema(example = json!({"kind": "quota", "by": "province", "measure": "selected", "compare": "exactly", "count": 2, "pilot": true, "site_kind": null}))]
pub enum Parameters {
    /// The festival is held within these days, both included.
    #[schema(title = "EventWindowRule")]
    EventWindow {
        /// First day.
        from: NaiveDate,
        /// Last day.
        to: NaiveDate,
    },
    /// Results reports are due.
    #[schema(title = "ReportLimitRule")]
    ReportLimit {
        /// The day that the plan names.
        on: NaiveDate,
        /// Whether a report of that day is in time: not for “trước ngày”.
        inclusive: bool,
        /// To whom.
        #[schema(max_length = 300)]
        receiver: Option<String>,
        /// Through whom.
        #[schema(max_length = 300)]
        through: Option<String>,
        /// The first day on which reports are taken.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[schema(value_type = NaiveDate, required = false)]
        opens_on: Option<NaiveDate>,
        /// Days after the limit in which a report is still taken, as late; not with `closes_on`.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[schema(value_type = i32, required = false, minimum = 0, maximum = 3650)]
        grace_days: Option<i32>,
        /// The last day on which reports are taken.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[schema(value_type = NaiveDate, required = false)]
        closes_on: Option<NaiveDate>,
    },
    /// So many sites for each body.
    #[schema(title = "QuotaRule")]
    Quota {
        /// Who has to meet it.
        by: QuotaBy,
        /// What counts.
        measure: Measure,
        /// How.
        compare: Compare,
        /// How many.
        #[schema(minimum = 0, maximum = 100_000)]
        count: i32,
        /// Whether only pilot sites count.
        pilot: bool,
        /// Whether only one kind of site counts.
        site_kind: Option<SiteKind>,
    },
    /// The kinds of site.
    #[schema(title = "SiteKindsRule")]
    SiteKinds {
        /// The kinds.
        #[schema(max_items = 20)]
        kinds: Vec<SiteKind>,
    },
    /// Which areas come first.
    #[schema(title = "PriorityAreasRule")]
    PriorityAreas {
        /// The reasons.
        #[schema(max_items = 20)]
        areas: Vec<PriorityReason>,
        /// Whether the list is open: it ends in “…”.
        open: bool,
    },
    /// A pilot site suits the activities and can be reached.
    #[schema(title = "SiteSuitabilityRule")]
    SiteSuitability {},
    /// Content and form follow a guidance.
    #[schema(title = "GuidanceRule")]
    Guidance {
        /// Number and symbol, as printed.
        #[schema(max_length = 300)]
        citation: String,
    },
    /// Whom to invite.
    #[schema(title = "InvitationTemplateRule")]
    InvitationTemplate {
        /// A or B.
        template: Template,
        /// For which sites.
        applies_to: AppliesTo,
        /// The categories.
        #[schema(max_items = 20)]
        categories: Vec<ParticipantCategory>,
        /// Whether localities may adapt it.
        adaptable: bool,
    },
    /// Who draws up a plan of its own.
    #[schema(title = "ChildPlanRule")]
    ChildPlan {
        /// The bodies.
        #[schema(max_items = 20)]
        bodies: Vec<PlanBody>,
    },
    /// What such a plan states.
    #[schema(title = "ChildPlanItemsRule")]
    ChildPlanItems {
        /// The items.
        #[schema(max_items = 20)]
        items: Vec<PlanItem>,
    },
    /// When to communicate.
    #[schema(title = "CommunicationPhasesRule")]
    CommunicationPhases {
        /// The phases.
        #[schema(max_items = 20)]
        phases: Vec<ActivityPhase>,
    },
    /// Where the money comes from.
    #[schema(title = "FundingSourcesRule")]
    FundingSources {
        /// Body by body.
        #[schema(max_items = 50)]
        sources: Vec<Funding>,
    },
    /// So much money at the most.
    #[schema(title = "CostLimitRule")]
    CostLimit {
        /// đồng.
        #[schema(minimum = 0)]
        amount_vnd: i64,
        /// For what.
        per: CostPer,
    },
    /// What one body has to do.
    #[schema(title = "DutyRule")]
    Duty {
        /// The body, as printed.
        #[schema(max_length = 1000)]
        body: String,
        /// The duty.
        #[schema(max_length = 5000)]
        text: String,
    },
    /// To whom difficulties are raised.
    #[schema(title = "ObstacleRouteRule")]
    ObstacleRoute {
        /// To whom.
        #[schema(max_length = 300)]
        to: String,
        /// Through whom.
        #[schema(max_length = 300)]
        through: Option<String>,
    },
    /// A principle, judged by people.
    #[schema(title = "PrincipleRule")]
    Principle {
        /// What it says.
        #[schema(max_length = 5000)]
        text: String,
    },
}

impl Parameters {
    /// The kind of rule that has such parameters.
    pub fn kind(&self) -> RuleKind {
        match self {
            Self::EventWindow { .. } => RuleKind::EventWindow,
            Self::ReportLimit { .. } => RuleKind::ReportLimit,
            Self::Quota { .. } => RuleKind::Quota,
            Self::SiteKinds { .. } => RuleKind::SiteKinds,
            Self::PriorityAreas { .. } => RuleKind::PriorityAreas,
            Self::SiteSuitability {} => RuleKind::SiteSuitability,
            Self::Guidance { .. } => RuleKind::Guidance,
            Self::InvitationTemplate { .. } => RuleKind::InvitationTemplate,
            Self::ChildPlan { .. } => RuleKind::ChildPlan,
            Self::ChildPlanItems { .. } => RuleKind::ChildPlanItems,
            Self::CommunicationPhases { .. } => RuleKind::CommunicationPhases,
            Self::FundingSources { .. } => RuleKind::FundingSources,
            Self::CostLimit { .. } => RuleKind::CostLimit,
            Self::Duty { .. } => RuleKind::Duty,
            Self::ObstacleRoute { .. } => RuleKind::ObstacleRoute,
            Self::Principle { .. } => RuleKind::Principle,
        }
    }
}

/// The rules that answers of the service cite.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Cited {
    EventWindow,
    ReportLimit,
    /// How many sites the province selects.
    ProvincialPilots,
    /// How many sites each district nominates.
    DistrictNominations,
    /// Whether a site suits.
    SiteSuitability,
    InvitationTemplate(Template),
    ChildPlan,
    FundingSources,
}

impl Cited {
    /// What the parameters of the rule hold.
    pub fn members(self) -> Value {
        match self {
            Self::EventWindow => json!({"kind": "event_window"}),
            Self::ReportLimit => json!({"kind": "report_limit"}),
            Self::ProvincialPilots => json!({"kind": "quota", "by": "province", "measure": "selected"}),
            Self::DistrictNominations => json!({"kind": "quota", "by": "district", "measure": "nominated"}),
            Self::SiteSuitability => json!({"kind": "site_suitability"}),
            Self::InvitationTemplate(template) => json!({"kind": "invitation_template", "template": template}),
            Self::ChildPlan => json!({"kind": "child_plan"}),
            Self::FundingSources => json!({"kind": "funding_sources"}),
        }
    }
}
