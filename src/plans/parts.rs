//! The lists of a plan as the API takes and shows them: recipients, cited documents, rules; and who is still to issue one.

use super::model::{LegalBasis, Obligation, Recipient, Rule, RuleKind};
use crate::ids::{OrgUnitId, PlanId};
use crate::text::{Label, Line, Prose};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A line of "Nơi nhận".
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"name": "Công an tỉnh", "org_unit_id": "018b2f19-e79e-7d6a-a56d-29feb6211b05"}))]
pub struct RecipientIn {
    /// Who, as printed.
    pub name: Line,
    /// The body, where the line names one of the province.
    pub org_unit_id: Option<OrgUnitId>,
}

/// A document that the plan cites.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"citation": "521/QĐ-TTg", "issuer": "Thủ tướng Chính phủ", "issued_on": "2005-06-13"}))]
pub struct LegalBasisIn {
    /// Number and symbol, as printed; one document can be cited under two.
    pub citation: Line,
    /// Where in the plan.
    pub clause: Option<Line>,
    /// Who issued it.
    pub issuer: Option<Line>,
    /// Its date.
    pub issued_on: Option<NaiveDate>,
    /// What it is about.
    pub subject: Option<Prose>,
    /// A remark, such as a conflict of citations.
    pub note: Option<Prose>,
}

/// A rule that the plan lays down.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"rule_id": "R2", "kind": "report_limit", "clause": "III.3", "obligation": "must", "statement": "Báo cáo kết quả trước ngày 20/8/2023."}))]
pub struct RuleIn {
    /// Its name within the plan; unique there.
    pub rule_id: Label,
    /// What it is about.
    pub kind: RuleKind,
    /// Clause of the plan.
    pub clause: Label,
    /// How strongly the plan words it; only "must" can refuse anything.
    pub obligation: Obligation,
    /// What it says.
    pub statement: Prose,
}

/// A line of "Nơi nhận".
#[derive(Debug, Serialize, ToSchema)]
#[allow(missing_docs)]
pub struct RecipientOut {
    /// Place in the list, from 1.
    pub no: i32,
    pub name: String,
    /// The body, where the line is linked to one.
    pub org_unit_id: Option<OrgUnitId>,
}

/// A document that the plan cites.
#[derive(Debug, Serialize, ToSchema)]
#[allow(missing_docs)]
pub struct LegalBasisOut {
    /// Place in the list, from 1.
    pub no: i32,
    pub citation: String,
    pub clause: Option<String>,
    pub issuer: Option<String>,
    pub issued_on: Option<NaiveDate>,
    pub subject: Option<String>,
    pub note: Option<String>,
}

/// A rule of the plan.
#[derive(Debug, Serialize, ToSchema)]
#[allow(missing_docs)]
pub struct RuleOut {
    /// Place in the list, from 1.
    pub no: i32,
    pub rule_id: String,
    pub kind: RuleKind,
    pub clause: String,
    pub obligation: Obligation,
    pub statement: String,
}

/// A body that owes a plan of its own and has issued none.
#[derive(Debug, Serialize, ToSchema)]
#[allow(missing_docs)]
pub struct MissingPlanOut {
    pub org_unit_id: OrgUnitId,
    pub name: String,
    /// Kind of body.
    pub kind: String,
}

/// Who has not issued a plan under this one (R12, III.3): a figure, never a refusal.
#[derive(Debug, Serialize, ToSchema)]
pub struct PlanGapsOut {
    /// The plan.
    pub plan_id: PlanId,
    /// Bodies below the issuer, in the caller's reach, that owe a plan: the set frozen when the campaign's plan was issued.
    #[schema(minimum = 0)]
    pub expected_count: i64,
    /// Those of them that have issued one under this plan.
    #[schema(minimum = 0)]
    pub issued_count: i64,
    /// Those that have not.
    pub missing: Vec<MissingPlanOut>,
    /// Rule of the plan; null where no issued plan states it.
    #[schema(example = "R12")]
    pub rule_id: Option<String>,
    /// Clause of the plan.
    #[schema(example = "III.3")]
    pub clause: Option<String>,
}

impl From<Recipient> for RecipientOut {
    fn from(Recipient { plan_id: _, no, name, org_unit_id }: Recipient) -> Self {
        Self { no, name, org_unit_id }
    }
}

impl From<LegalBasis> for LegalBasisOut {
    fn from(LegalBasis { plan_id: _, no, citation, clause, issuer, issued_on, subject, note }: LegalBasis) -> Self {
        Self { no, citation, clause, issuer, issued_on, subject, note }
    }
}

impl From<Rule> for RuleOut {
    fn from(Rule { plan_id: _, no, rule_id, kind, clause, obligation, statement }: Rule) -> Self {
        Self { no, rule_id, kind, clause, obligation, statement }
    }
}

/// Rows of a list of recipients.
pub fn recipients(plan_id: PlanId, list: Vec<RecipientIn>) -> Vec<Recipient> {
    let row = |(no, RecipientIn { name, org_unit_id })| Recipient { plan_id, no, name: String::from(name), org_unit_id };
    (1..).zip(list).map(row).collect()
}

/// Rows of a list of cited documents.
pub fn legal_bases(plan_id: PlanId, list: Vec<LegalBasisIn>) -> Vec<LegalBasis> {
    let row = |(no, LegalBasisIn { citation, clause, issuer, issued_on, subject, note })| LegalBasis {
        plan_id,
        no,
        citation: String::from(citation),
        clause: clause.map(String::from),
        issuer: issuer.map(String::from),
        issued_on,
        subject: subject.map(String::from),
        note: note.map(String::from),
    };
    (1..).zip(list).map(row).collect()
}

/// Rows of a list of rules.
pub fn rules(plan_id: PlanId, list: Vec<RuleIn>) -> Vec<Rule> {
    let row = |(no, RuleIn { rule_id, kind, clause, obligation, statement })| Rule {
        plan_id,
        no,
        rule_id: String::from(rule_id),
        kind,
        clause: String::from(clause),
        obligation,
        statement: String::from(statement),
    };
    (1..).zip(list).map(row).collect()
}
