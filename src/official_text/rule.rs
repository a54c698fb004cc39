//! Proposed rules of a plan.

use crate::plans::model::{Obligation, RuleKind};
use crate::plans::parameters::Parameters;
use serde::Serialize;
use utoipa::ToSchema;

/// A proposed rule.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
#[schema(as = ProposedRule)]
pub struct Rule {
    /// R1, R2 … in the order of the text.
    pub rule_id: String,
    /// What it is about: the tag of its parameters.
    pub kind: RuleKind,
    /// What it says, in figures.
    pub parameters: Parameters,
    /// Clause in which it is first stated.
    pub clause: String,
    /// Other clauses that state the same.
    pub also_in: Vec<String>,
    /// How strongly it is worded.
    pub obligation: Obligation,
    /// The sentence.
    pub statement: String,
    /// As for any value read.
    pub confidence: f64,
    /// The words it was read from.
    pub quote: String,
    /// Line of the text, from 1.
    pub line: u32,
}
