//! Findings: what a person should look at before the draft is used.

use serde::Serialize;
use utoipa::ToSchema;

/// How grave a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// The draft cannot be used without an answer to it.
    Error,
    /// Probably wrong in the text, or read wrongly.
    Warning,
    /// Good to know.
    Info,
}

/// A message in both languages.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Message {
    /// Vietnamese.
    pub vi: String,
    /// English.
    pub en: String,
}

/// Something to look at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Finding {
    /// Stable code.
    pub code: &'static str,
    /// How grave it is.
    pub severity: Severity,
    /// Clause, where it concerns one.
    pub clause: Option<String>,
    /// Line of the text, where it concerns one.
    pub line: Option<u32>,
    /// The words it is about.
    pub quote: Option<String>,
    /// What to say about it.
    pub message: Message,
}

impl Finding {
    /// A finding that is about the text as a whole.
    pub fn new(code: &'static str, severity: Severity, vi: impl Into<String>, en: impl Into<String>) -> Self {
        Self { code, severity, clause: None, line: None, quote: None, message: Message { vi: vi.into(), en: en.into() } }
    }

    /// Says where it stands.
    #[must_use]
    pub fn at(mut self, clause: Option<&str>, line: u32, quote: &str) -> Self {
        self.clause = clause.map(str::to_owned);
        self.line = Some(line);
        self.quote = Some(super::words::clip(quote, 300).to_owned());
        self
    }
}
