//! The figures of a report. Three things are kept apart: a value (zero too), a nil return, and nothing said.

use super::forms::code::FormCode;
use crate::labels;
use crate::text::Prose;
use diesel::deserialize::{FromSql, FromSqlRow};
use diesel::expression::AsExpression;
use diesel::pg::{Pg, PgValue};
use diesel::serialize::{Output, ToSql};
use diesel::sql_types::Jsonb;
use serde::{Deserialize, Serialize};
use serde_json::json;
use std::collections::BTreeMap;
use utoipa::openapi::schema::{AdditionalProperties, ObjectBuilder, OneOfBuilder, RefBuilder, Schema, Type};
use utoipa::openapi::{RefOr, schema};
use utoipa::{PartialSchema, ToSchema};

/// Largest number of a figure.
const LARGEST: i64 = 1_000_000_000_000_000;

/// Whether a figure was counted or estimated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum Basis {
    Counted,
    Estimated,
}

impl Basis {
    /// What it is called in Vietnamese.
    pub fn label(self) -> &'static str {
        match self {
            Self::Counted => labels::vi("counted"),
            Self::Estimated => labels::vi("estimated"),
        }
    }
}

/// The number of each part of an indicator.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct FigureParts(pub BTreeMap<FormCode, i64>);

impl PartialSchema for FigureParts {
    fn schema() -> RefOr<Schema> {
        let number = ObjectBuilder::new()
            .schema_type(Type::Integer)
            .format(Some(schema::SchemaFormat::KnownFormat(schema::KnownFormat::Int64)))
            .minimum(Some(0))
            .maximum(Some(LARGEST));
        ObjectBuilder::new()
            .schema_type(Type::Object)
            .description(Some("The number of each part of the indicator, by the code of the part: all of them, which add up to the value."))
            .additional_properties(Some(AdditionalProperties::RefOr(number.into())))
            .max_properties(Some(50))
            .examples([json!({"village": 9, "agency": 3})])
            .into()
    }
}

impl ToSchema for FigureParts {}

/// What a body says of one indicator.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "FigureForm", into = "FigureForm")]
pub enum Figure {
    /// A number, zero included.
    Value {
        /// The number.
        value: i64,
        /// How it was found, where the form asks.
        basis: Option<Basis>,
        /// Its breakdown, where one is given.
        by_part: Option<FigureParts>,
    },
    /// Words.
    Text(Prose),
    /// A nil return: the body declares that it has none of this.
    Nil,
}

impl Figure {
    /// The number, where there is one.
    pub fn value(&self) -> Option<i64> {
        match self {
            Self::Value { value, .. } => Some(*value),
            Self::Text(_) | Self::Nil => None,
        }
    }

    /// The number that a check compares: a nil return is none.
    pub fn compared(&self) -> Option<i64> {
        match self {
            Self::Value { value, .. } => Some(*value),
            Self::Nil => Some(0),
            Self::Text(_) => None,
        }
    }
}

/// One figure: `value` (with `basis` where the form asks for it), or `text` for an indicator in words, or `is_nil: true` for a nil return. An
/// indicator that is left out is missing, which is neither zero nor nil.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[schema(as = Figure, example = json!({"value": 12, "basis": "counted"}))]
#[serde(deny_unknown_fields)]
pub struct FigureForm {
    /// The number; money in whole đồng.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = i64, required = false, minimum = 0, maximum = 1_000_000_000_000_000_i64)]
    pub value: Option<i64>,
    /// Whether it was counted or estimated; with `value`, where the form asks.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Basis, required = false)]
    pub basis: Option<Basis>,
    /// The breakdown of `value` by the parts of the indicator.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = FigureParts, required = false)]
    pub by_part: Option<FigureParts>,
    /// The words of an indicator that is answered so.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Prose, required = false)]
    pub text: Option<Prose>,
    /// Whether the body declares that it has none of this; alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = bool, required = false)]
    pub is_nil: Option<bool>,
}

impl From<Figure> for FigureForm {
    fn from(figure: Figure) -> Self {
        match figure {
            Figure::Value { value, basis, by_part } => Self { value: Some(value), basis, by_part, ..Self::default() },
            Figure::Text(text) => Self { text: Some(text), ..Self::default() },
            Figure::Nil => Self { is_nil: Some(true), ..Self::default() },
        }
    }
}

/// None of value, text and nil return, or more than one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a figure is a value, a text or nil")]
pub struct UnclearFigure;

impl TryFrom<FigureForm> for Figure {
    type Error = UnclearFigure;

    fn try_from(form: FigureForm) -> Result<Self, UnclearFigure> {
        match form {
            FigureForm { value: Some(value), basis, by_part, text: None, is_nil: None | Some(false) } => {
                Ok(Self::Value { value, basis, by_part })
            }
            FigureForm { value: None, basis: None, by_part: None, text: Some(text), is_nil: None | Some(false) } => Ok(Self::Text(text)),
            FigureForm { value: None, basis: None, by_part: None, text: None, is_nil: Some(true) } => Ok(Self::Nil),
            _ => Err(UnclearFigure),
        }
    }
}

/// Figures by indicator, as stored and shown.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, AsExpression, FromSqlRow)]
#[diesel(sql_type = Jsonb)]
#[serde(transparent)]
pub struct Figures(pub BTreeMap<FormCode, Figure>);

impl Figures {
    /// What is said of an indicator.
    pub fn get(&self, code: &FormCode) -> Option<&Figure> {
        self.0.get(code)
    }

    /// Whether all that is said is a nil return.
    pub fn is_nil(&self) -> bool {
        !self.0.is_empty() && self.0.values().all(|figure| *figure == Figure::Nil)
    }
}

/// Figures as they arrive: whether the form asks for them, and so, is still to be checked.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(transparent)]
pub struct FiguresIn(pub BTreeMap<String, FigureForm>);

/// Changes of figures: what is named is replaced, null takes it out, the others stay.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(transparent)]
pub struct FiguresPatch(pub BTreeMap<String, Option<FigureForm>>);

impl From<FiguresIn> for FiguresPatch {
    fn from(figures: FiguresIn) -> Self {
        Self(figures.0.into_iter().map(|(code, form)| (code, Some(form))).collect())
    }
}

impl ToSql<Jsonb, Pg> for Figures {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Pg>) -> diesel::serialize::Result {
        let value = serde_json::to_value(self)?;
        <serde_json::Value as ToSql<Jsonb, Pg>>::to_sql(&value, &mut out.reborrow())
    }
}

impl FromSql<Jsonb, Pg> for Figures {
    fn from_sql(bytes: PgValue<'_>) -> diesel::deserialize::Result<Self> {
        let value = <serde_json::Value as FromSql<Jsonb, Pg>>::from_sql(bytes)?;
        Ok(serde_json::from_value(value)?)
    }
}

/// An object with a figure for each indicator of the form that the report follows.
fn by_indicator(about: &str, figure: RefOr<Schema>) -> RefOr<Schema> {
    ObjectBuilder::new()
        .schema_type(Type::Object)
        .description(Some(about))
        .additional_properties(Some(AdditionalProperties::RefOr(figure)))
        .max_properties(Some(300))
        .examples([json!({"sites_held": {"value": 12, "basis": "counted"}, "forums_held": {"is_nil": true}})])
        .into()
}

fn figure() -> schema::Ref {
    RefBuilder::new().ref_location_from_schema_name(FigureForm::name()).build()
}

impl PartialSchema for Figures {
    fn schema() -> RefOr<Schema> {
        by_indicator(
            "Figures by the code of their indicator in the form that the report follows. One that is left out is missing, which is not zero.",
            RefOr::Ref(figure()),
        )
    }
}

impl ToSchema for Figures {
    fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
        schemas.push((FigureForm::name().into_owned(), FigureForm::schema()));
        FigureForm::schemas(schemas);
    }
}

impl PartialSchema for FiguresPatch {
    fn schema() -> RefOr<Schema> {
        by_indicator(
            "Changes of figures by the code of their indicator: what is named is replaced, null takes it out, the others stay.",
            OneOfBuilder::new().item(ObjectBuilder::new().schema_type(Type::Null)).item(figure()).into(),
        )
    }
}

impl ToSchema for FiguresPatch {
    fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
        Figures::schemas(schemas);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zero_nil_words_and_missing_stay_four_things() {
        let stored =
            json!({"sites_held": {"value": 0, "basis": "counted"}, "forums_held": {"is_nil": true}, "lessons": {"text": "Bám sát cơ sở."}});
        let figures: Figures = serde_json::from_value(stored.clone()).unwrap();
        let get = |code: &str| figures.get(&FormCode::parse(code).unwrap());
        assert_eq!(get("sites_held").map(Figure::value), Some(Some(0)));
        assert_eq!(get("forums_held").map(Figure::value), Some(None));
        assert_eq!(get("lessons").map(Figure::compared), Some(None));
        assert_eq!(get("leaflets"), None);
        assert_eq!(serde_json::to_value(&figures).unwrap(), stored);
    }

    #[test]
    fn a_nil_with_value_and_words_with_a_number_are_no_figures() {
        for unclear in [
            json!({"value": 1, "basis": "counted", "is_nil": true}),
            json!({"value": 1, "text": "một"}),
            json!({"basis": "counted"}),
            json!({"is_nil": false}),
            json!({}),
        ] {
            assert!(serde_json::from_value::<Figure>(unclear).is_err());
        }
    }
}
