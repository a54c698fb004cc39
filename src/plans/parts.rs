//! The lists of a plan as the API takes and shows them: recipients, cited documents, rules, clauses.

use super::model::{Clause, ClauseKind, LegalBasis, Obligation, Recipient, Rule, RuleKind};
use super::parameters::Parameters;
use crate::ids::{DocumentId, OrgUnitId, PlanId};
use crate::official_text::draft::DocumentKind;
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
    /// Kind as the plan calls it; by the symbol when absent.
    pub kind: Option<DocumentKind>,
    /// Other numbers and symbols under which the plan cites the same document.
    #[serde(default)]
    #[schema(max_items = 20)]
    pub aliases: Vec<Line>,
}

/// A rule that the plan lays down.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"rule_id": "R2", "clause": "III.3", "obligation": "must", "statement": "Báo cáo kết quả trước ngày 20/8/2023.",
    "parameters": {"kind": "report_limit", "on": "2023-08-20", "inclusive": false}}))]
pub struct RuleIn {
    /// Its name within the plan; unique there.
    pub rule_id: Label,
    /// Clause of the plan.
    pub clause: Label,
    /// Other clauses that state the same.
    #[serde(default)]
    #[schema(max_items = 50)]
    pub also_in: Vec<Label>,
    /// How strongly the plan words it; only "must" can refuse anything.
    pub obligation: Obligation,
    /// What it says.
    pub statement: Prose,
    /// What it says, in figures: what the service judges by.
    pub parameters: Parameters,
    /// Whether an official confirms it; a plan with a rule that nobody confirmed is not issued. True when absent.
    pub is_confirmed: Option<bool>,
}

/// A clause of the plan's text.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"reference": "II.2.2.3", "kind": "numbered", "marker": "2.2.3.", "heading": "Thời gian", "body": "Từ ngày 01/7/2023 đến ngày 19/8/2023.", "parent_reference": "II.2.2"}))]
pub struct ClauseIn {
    /// Stable name, such as `II.2.2.2.a`, `III.3-1`, `preamble`, `closing` or `footnote-1`; unique in the plan.
    pub reference: Label,
    /// What it is.
    pub kind: ClauseKind,
    /// Number, letter or dash as printed.
    pub marker: Option<Label>,
    /// Its heading.
    pub heading: Option<Prose>,
    /// Its text, without marker and heading; empty where it has none of its own.
    #[schema(max_length = 20_000)]
    pub body: String,
    /// The clause it stands in; an earlier one of the list.
    pub parent_reference: Option<Label>,
}

/// A clause of the plan's text.
#[derive(Debug, Serialize, ToSchema)]
#[allow(missing_docs)]
pub struct ClauseOut {
    /// Place in the text, from 1.
    pub no: i32,
    pub reference: String,
    pub kind: ClauseKind,
    pub marker: Option<String>,
    pub heading: Option<String>,
    pub body: String,
    pub parent_reference: Option<String>,
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
    /// Kind as the plan calls it.
    pub kind: Option<DocumentKind>,
    /// Other numbers and symbols under which the plan cites the same document.
    pub aliases: Vec<String>,
    /// The document in the registry; null before the plan is issued, and where it cannot be told for sure which one it is.
    pub document_id: Option<DocumentId>,
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
    /// Other clauses that state the same.
    pub also_in: Vec<String>,
    /// What it says, in figures.
    #[schema(value_type = Parameters)]
    pub parameters: serde_json::Value,
    /// Whether an official confirmed it; before, it binds nobody.
    pub is_confirmed: bool,
    /// How surely it was read from a text; 1 when written by hand.
    pub confidence: f64,
}

impl From<Recipient> for RecipientOut {
    fn from(Recipient { plan_id: _, no, name, org_unit_id }: Recipient) -> Self {
        Self { no, name, org_unit_id }
    }
}

impl LegalBasisOut {
    /// A cited document, and which one of the registry it is.
    pub fn new(basis: LegalBasis, links: &[(i32, DocumentId)]) -> Self {
        let LegalBasis { plan_id: _, no, citation, clause, issuer, issued_on, subject, note, kind, aliases } = basis;
        let document_id = links.iter().find(|(place, _)| *place == no).map(|(_, document)| *document);
        Self { no, citation, clause, issuer, issued_on, subject, note, kind, aliases, document_id }
    }
}

impl From<Rule> for RuleOut {
    fn from(rule: Rule) -> Self {
        let Rule { plan_id: _, no, rule_id, kind, clause, obligation, statement, parameters, also_in, is_confirmed, confidence } = rule;
        Self { no, rule_id, kind, clause, obligation, statement, also_in, parameters, is_confirmed, confidence }
    }
}

impl From<Clause> for ClauseOut {
    fn from(Clause { plan_id: _, no, reference, kind, marker, heading, body, parent_reference }: Clause) -> Self {
        Self { no, reference, kind, marker, heading, body, parent_reference }
    }
}

/// Rows of a list of recipients.
pub fn recipients(plan_id: PlanId, list: Vec<RecipientIn>) -> Vec<Recipient> {
    let row = |(no, RecipientIn { name, org_unit_id })| Recipient { plan_id, no, name: String::from(name), org_unit_id };
    (1..).zip(list).map(row).collect()
}

/// Rows of a list of cited documents.
pub fn legal_bases(plan_id: PlanId, list: Vec<LegalBasisIn>) -> Vec<LegalBasis> {
    let row = |(no, LegalBasisIn { citation, clause, issuer, issued_on, subject, note, kind, aliases })| LegalBasis {
        plan_id,
        no,
        citation: String::from(citation),
        clause: clause.map(String::from),
        issuer: issuer.map(String::from),
        issued_on,
        subject: subject.map(String::from),
        note: note.map(String::from),
        kind,
        aliases: aliases.into_iter().map(String::from).collect(),
    };
    (1..).zip(list).map(row).collect()
}

/// Rows of a list of rules.
pub fn rules(plan_id: PlanId, list: Vec<RuleIn>) -> Vec<Rule> {
    let row = |(no, RuleIn { rule_id, clause, also_in, obligation, statement, parameters, is_confirmed })| Rule {
        plan_id,
        no,
        rule_id: String::from(rule_id),
        kind: parameters.kind(),
        clause: String::from(clause),
        obligation,
        statement: String::from(statement),
        parameters: serde_json::to_value(&parameters).unwrap_or_default(),
        also_in: also_in.into_iter().map(String::from).collect(),
        is_confirmed: is_confirmed.unwrap_or(true),
        confidence: 1.0,
    };
    (1..).zip(list).map(row).collect()
}

/// Rows of the clauses of a text.
pub fn clauses(plan_id: PlanId, list: Vec<ClauseIn>) -> Vec<Clause> {
    let row = |(no, ClauseIn { reference, kind, marker, heading, body, parent_reference })| Clause {
        plan_id,
        no,
        reference: String::from(reference),
        kind,
        marker: marker.map(String::from),
        heading: heading.map(String::from),
        body,
        parent_reference: parent_reference.map(String::from),
    };
    (1..).zip(list).map(row).collect()
}
