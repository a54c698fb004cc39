//! What a form asks for: indicators and checks, as they are sent, stored and shown.

use super::code::FormCode;
use crate::reports::prefill::model::RecordedFigure;
use crate::text::{Label, Line};
use diesel::deserialize::{FromSql, FromSqlRow};
use diesel::expression::AsExpression;
use diesel::pg::{Pg, PgValue};
use diesel::serialize::{Output, ToSql};
use diesel::sql_types::Jsonb;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What an indicator is answered with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum IndicatorKind {
    /// A whole number; its unit says of what.
    Integer,
    /// Money, in whole đồng.
    Vnd,
    /// Words. They are gathered, never added.
    Text,
}

/// A kind or level by which an indicator is broken down.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct IndicatorPart {
    /// Code, as in `by_part` of a figure.
    pub code: FormCode,
    /// Name in Vietnamese.
    pub name_vi: Line,
    /// Name in English.
    pub name_en: Line,
}

/// An indicator of a form.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"code": "households_signed", "name_vi": "Số hộ đăng ký “An toàn về an ninh, trật tự”", "name_en": "Households that registered as safe", "kind": "integer", "unit": "households", "unit_vi": "hộ", "unit_en": "households", "is_required": false, "is_basis_asked": true, "parts": []}))]
pub struct FormIndicator {
    /// Code, as in `figures`. Within a campaign it keeps its kind and its unit in every version.
    pub code: FormCode,
    /// Name in Vietnamese.
    pub name_vi: Line,
    /// Name in English.
    pub name_en: Line,
    /// What it is answered with.
    pub kind: IndicatorKind,
    /// What it counts; `vnd` for money, none for words. Attendances (“lượt người”) are visits, never persons (S117): only figures of one
    /// unit are compared or added by a check.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<FormCode>,
    /// Name of the unit in Vietnamese; with `unit`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit_vi: Option<Label>,
    /// Name of the unit in English; with `unit`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit_en: Option<Label>,
    /// Whether a report cannot be submitted without an answer or a nil return for it.
    pub is_required: bool,
    /// Whether the report says if the number was counted or estimated; never for words.
    pub is_basis_asked: bool,
    /// Kinds or levels by which the number may be broken down; a breakdown names all of them and adds up to the number.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 50)]
    pub parts: Vec<IndicatorPart>,
    /// What it can be filled in from; money from money, other numbers from other figures.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<RecordedFigure>,
}

impl FormIndicator {
    /// Where its figure stands in a report: `/figures/sites_held`.
    pub fn pointer(&self) -> String {
        format!("/figures/{}", self.code)
    }

    /// The name of its unit, as a column of a table has it; nothing for words.
    pub fn unit_label(&self) -> &str {
        self.unit_vi.as_ref().map_or("", Label::as_str)
    }
}

/// How a check compares. A nil return is none; a check of which a figure is missing is not made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum CheckRule {
    /// The sum of `left` is not larger than `right`.
    AtMost,
    /// The sum of `left` is `right`.
    Sum,
    /// Where `left` is more than zero, so is `right`.
    Implies,
}

/// What follows when a check fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum CheckSeverity {
    /// The figures are refused (422).
    Error,
    /// The figures are kept, and the answer carries a warning.
    Warning,
}

/// A check between indicators of a form.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"code": "more_than_received", "rule": "at_most", "left": ["opinions_answered"], "right": "opinions_received", "severity": "error", "message_vi": "Số ý kiến đã trả lời lớn hơn số tiếp nhận.", "message_en": "More opinions are answered than were received."}))]
pub struct FormCheck {
    /// Code of the error or warning.
    pub code: FormCode,
    /// How it compares.
    pub rule: CheckRule,
    /// Indicators on the left; one for `implies`.
    #[schema(min_items = 1, max_items = 20)]
    pub left: Vec<FormCode>,
    /// Indicator on the right.
    pub right: FormCode,
    /// What follows when it fails.
    pub severity: CheckSeverity,
    /// What is said then, in Vietnamese.
    pub message_vi: Line,
    /// What is said then, in English.
    pub message_en: Line,
}

/// What a form asks for.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, AsExpression, FromSqlRow)]
#[diesel(sql_type = Jsonb)]
#[serde(deny_unknown_fields)]
pub struct FormContent {
    /// Indicators in the order of the form.
    pub indicators: Vec<FormIndicator>,
    /// Checks between them.
    pub checks: Vec<FormCheck>,
}

impl FormContent {
    /// The indicator with a code.
    pub fn indicator(&self, code: &str) -> Option<&FormIndicator> {
        self.indicators.iter().find(|indicator| indicator.code.as_str() == code)
    }

    /// The form that a campaign begins with.
    pub fn first() -> Result<Self, serde_json::Error> {
        serde_json::from_str(include_str!("../../../data/report_form.json"))
    }
}

impl ToSql<Jsonb, Pg> for FormContent {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Pg>) -> diesel::serialize::Result {
        let value = serde_json::to_value(self)?;
        <serde_json::Value as ToSql<Jsonb, Pg>>::to_sql(&value, &mut out.reborrow())
    }
}

impl FromSql<Jsonb, Pg> for FormContent {
    fn from_sql(bytes: PgValue<'_>) -> diesel::deserialize::Result<Self> {
        let value = <serde_json::Value as FromSql<Jsonb, Pg>>::from_sql(bytes)?;
        Ok(serde_json::from_value(value)?)
    }
}
