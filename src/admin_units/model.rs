//! Rows of administrative units and of the changes that link them.

use crate::ids::AdminUnitId;
use crate::schema::{admin_unit_changes, admin_units};
use chrono::NaiveDate;
use diesel::deserialize::FromSqlRow;
use diesel::expression::AsExpression;
use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Level of a territory; there have been no districts since 1 July 2025.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema, AsExpression, FromSqlRow)]
#[serde(rename_all = "snake_case")]
#[diesel(sql_type = diesel::sql_types::Text)]
#[allow(missing_docs)]
pub enum AdminLevel {
    Province,
    District,
    Commune,
}
crate::text_enum!(AdminLevel { Province => "province", District => "district", Commune => "commune" });

/// What became of a unit: nothing but its day, another name, a place in a larger unit, or places in several.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema, AsExpression, FromSqlRow)]
#[serde(rename_all = "snake_case")]
#[diesel(sql_type = diesel::sql_types::Text)]
#[allow(missing_docs)]
pub enum ChangeKind {
    Unchanged,
    Rename,
    Merge,
    Split,
}
crate::text_enum!(ChangeKind { Unchanged => "unchanged", Rename => "rename", Merge => "merge", Split => "split" });

/// How much of the old unit went into the new one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema, AsExpression, FromSqlRow)]
#[serde(rename_all = "snake_case")]
#[diesel(sql_type = diesel::sql_types::Text)]
#[allow(missing_docs)]
pub enum ChangePortion {
    Whole,
    Part,
    AreaPart,
    AreaPartPopulationWhole,
    PopulationPart,
}
crate::text_enum!(ChangePortion {
    Whole => "whole", Part => "part", AreaPart => "area_part", AreaPartPopulationWhole => "area_part_population_whole",
    PopulationPart => "population_part",
});

/// A unit as stored, without its search tokens.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = admin_units)]
#[allow(missing_docs)]
pub struct AdminUnit {
    pub id: AdminUnitId,
    pub code: String,
    pub parent_id: Option<AdminUnitId>,
    pub level: AdminLevel,
    pub type_vi: String,
    pub name: String,
    pub valid_from: NaiveDate,
    pub valid_to: Option<NaiveDate>,
    pub lat: Option<f64>,
    pub lon: Option<f64>,
}

/// A change as stored, without the units it links.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = admin_unit_changes)]
#[allow(missing_docs)]
pub struct AdminUnitChange {
    pub kind: ChangeKind,
    pub portion: ChangePortion,
    pub note: String,
    pub effective_on: NaiveDate,
}
