//! Warnings: what a plan encourages and an answer points out. They never refuse anything.

use crate::error::{Language, Message, RuleRef};
use serde::Serialize;
use utoipa::ToSchema;

/// One warning.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Warning {
    /// Stable code.
    #[schema(example = "last_day_report_due_same_day")]
    pub code: String,
    /// What to look at, in the language of the answer.
    pub message: String,
    /// Rule of the plan, where it states one.
    #[schema(example = "R2")]
    pub rule_id: Option<String>,
    /// Clause of the plan.
    #[schema(example = "III.3")]
    pub clause: Option<String>,
}

impl Warning {
    /// A warning in the caller's language.
    pub fn new(code: &str, message: &Message, rule: Option<RuleRef>, language: Language) -> Self {
        let (rule_id, clause) = rule.map_or((None, None), |rule| (Some(rule.rule_id), Some(rule.clause)));
        Self { code: code.to_owned(), message: message.in_language(language), rule_id, clause }
    }
}
