//! The figures of a report. Three things are kept apart: a value (zero too), a nil return, and nothing said.

use super::indicators::Indicator;
use crate::labels;
use diesel::deserialize::{FromSql, FromSqlRow};
use diesel::expression::AsExpression;
use diesel::pg::{Pg, PgValue};
use diesel::serialize::{Output, ToSql};
use diesel::sql_types::Jsonb;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use utoipa::openapi::schema::{AdditionalProperties, ObjectBuilder, OneOfBuilder, RefBuilder, Schema, Type};
use utoipa::openapi::{RefOr, schema};
use utoipa::{PartialSchema, ToSchema};

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

/// What a body says of one indicator.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "FigureForm", into = "FigureForm")]
pub enum Figure {
    /// A number, zero included.
    Value {
        /// The number.
        value: i64,
        /// How it was found.
        basis: Basis,
    },
    /// A nil return: the body declares that it has none of this.
    Nil,
}

impl Figure {
    /// The number, where there is one.
    pub fn value(self) -> Option<i64> {
        match self {
            Self::Value { value, .. } => Some(value),
            Self::Nil => None,
        }
    }
}

/// One figure: either `value` with `basis`, or `is_nil: true` for a nil return. An indicator that is left out is
/// missing, which is neither zero nor nil.
#[derive(Debug, Clone, Copy, Default, Serialize, Deserialize, ToSchema)]
#[schema(as = Figure, example = json!({"value": 12, "basis": "counted"}))]
#[serde(deny_unknown_fields)]
pub struct FigureForm {
    /// The number; money in whole đồng.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = i64, required = false, minimum = 0, maximum = 1_000_000_000_000_000_i64)]
    pub value: Option<i64>,
    /// Whether it was counted or estimated; with `value`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Basis, required = false)]
    pub basis: Option<Basis>,
    /// Whether the body declares that it has none of this; without `value`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = bool, required = false)]
    pub is_nil: Option<bool>,
}

impl From<Figure> for FigureForm {
    fn from(figure: Figure) -> Self {
        match figure {
            Figure::Value { value, basis } => Self { value: Some(value), basis: Some(basis), is_nil: None },
            Figure::Nil => Self { value: None, basis: None, is_nil: Some(true) },
        }
    }
}

/// Neither a value with its basis nor a nil return, or both.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a figure is a value with its basis, or nil")]
pub struct UnclearFigure;

impl TryFrom<FigureForm> for Figure {
    type Error = UnclearFigure;

    fn try_from(form: FigureForm) -> Result<Self, UnclearFigure> {
        match form {
            FigureForm { value: Some(value), basis: Some(basis), is_nil: None | Some(false) } => Ok(Self::Value { value, basis }),
            FigureForm { value: None, basis: None, is_nil: Some(true) } => Ok(Self::Nil),
            _ => Err(UnclearFigure),
        }
    }
}

/// Figures by indicator, as stored and shown.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, AsExpression, FromSqlRow)]
#[diesel(sql_type = Jsonb)]
#[serde(transparent)]
pub struct Figures(pub BTreeMap<Indicator, Figure>);

impl Figures {
    /// What is said of an indicator.
    pub fn get(&self, indicator: Indicator) -> Option<Figure> {
        self.0.get(&indicator).copied()
    }
}

/// Figures as they arrive: codes are known, the figures themselves are still to be checked.
#[derive(Debug, Default, Deserialize)]
#[serde(transparent)]
pub struct FiguresIn(pub BTreeMap<Indicator, FigureForm>);

/// Changes of figures: what is named is replaced, null takes it out, the others stay.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(transparent)]
pub struct FiguresPatch(pub BTreeMap<Indicator, Option<FigureForm>>);

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

/// An object with one optional property for each indicator and no other.
fn by_indicator(about: &str, property: impl Fn(schema::Ref) -> RefOr<Schema>) -> RefOr<Schema> {
    let object = ObjectBuilder::new()
        .schema_type(Type::Object)
        .description(Some(about))
        .additional_properties(Some(AdditionalProperties::FreeForm(false)))
        .examples([serde_json::json!({"sites_held": {"value": 12, "basis": "counted"}, "forums_held": {"is_nil": true}})]);
    let figure = |indicator: &Indicator| {
        let name = indicator.name();
        let about = format!("{} ({}).", name.vi, name.en);
        RefBuilder::new().ref_location_from_schema_name(FigureForm::name()).description(Some(about)).build()
    };
    let object = Indicator::ALL.iter().fold(object, |object, one| object.property(one.code(), property(figure(one))));
    object.into()
}

impl PartialSchema for Figures {
    fn schema() -> RefOr<Schema> {
        by_indicator("Figures by the code of their indicator. One that is left out is missing, which is not zero.", RefOr::Ref)
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
            |figure| OneOfBuilder::new().item(ObjectBuilder::new().schema_type(Type::Null)).item(figure).into(),
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
    use serde_json::json;

    #[test]
    fn zero_nil_and_missing_stay_three_things() {
        let stored = json!({"sites_held": {"value": 0, "basis": "counted"}, "forums_held": {"is_nil": true}});
        let figures: Figures = serde_json::from_value(stored.clone()).unwrap();
        assert_eq!(figures.get(Indicator::SitesHeld).map(Figure::value), Some(Some(0)));
        assert_eq!(figures.get(Indicator::ForumsHeld).map(Figure::value), Some(None));
        assert_eq!(figures.get(Indicator::Leaflets), None);
        assert_eq!(serde_json::to_value(&figures).unwrap(), stored);
    }

    #[test]
    fn a_value_without_basis_and_a_nil_with_value_are_no_figures() {
        for unclear in [json!({"value": 1}), json!({"value": 1, "basis": "counted", "is_nil": true}), json!({"is_nil": false}), json!({})] {
            assert!(serde_json::from_value::<Figure>(unclear).is_err());
        }
    }
}
