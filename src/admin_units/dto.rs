//! Administrative units as the API shows them.

use super::model::{AdminLevel, AdminUnit, AdminUnitChange, ChangeKind, ChangePortion};
use crate::ids::AdminUnitId;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// An administrative unit in one period of validity. Its code is not an identity: `15` was Yên Bái, now Lào Cai.
#[derive(Debug, Serialize, ToSchema)]
#[allow(missing_docs)]
pub struct AdminUnitOut {
    pub id: AdminUnitId,
    /// Code of the statistics office: 2 digits a province, 3 a district, 5 a commune.
    #[schema(example = "04252")]
    pub code: String,
    pub level: AdminLevel,
    /// Type, in Vietnamese.
    #[schema(example = "Phường")]
    pub type_vi: String,
    /// Full name, with the type.
    #[schema(example = "Phường Yên Ninh")]
    pub name: String,
    /// Unit above it; null for a province.
    pub parent_id: Option<AdminUnitId>,
    /// Name of the unit above it: many units share one name.
    pub parent_name: Option<String>,
    /// First day.
    pub valid_from: NaiveDate,
    /// Last day on which the unit is known to exist; null while it exists.
    pub valid_to: Option<NaiveDate>,
    /// Latitude, WGS 84, decimal degrees; null where unknown.
    pub lat: Option<f64>,
    /// Longitude, WGS 84, decimal degrees; null where unknown.
    pub lon: Option<f64>,
}

impl AdminUnitOut {
    /// A unit with the name of the one above it.
    pub fn new(unit: AdminUnit, parent_name: Option<String>) -> Self {
        let AdminUnit { id, code, parent_id, level, type_vi, name, valid_from, valid_to, lat, lon } = unit;
        Self { id, code, level, type_vi, name, parent_id, parent_name, valid_from, valid_to, lat, lon }
    }
}

/// What links a unit to one that came before or after it.
#[derive(Debug, Serialize, ToSchema)]
pub struct AdminUnitChangeOut {
    /// What became of the earlier unit.
    pub kind: ChangeKind,
    /// How much of the earlier unit went into the later one.
    pub portion: ChangePortion,
    /// The change in words, as the source has it.
    #[schema(example = "Phường Yên Ninh -> Phường Yên Bái")]
    pub note: String,
    /// First day of the later unit.
    pub effective_on: NaiveDate,
    /// The other unit.
    pub unit: AdminUnitOut,
}

impl AdminUnitChangeOut {
    /// A change with the unit at its other end.
    pub fn new(change: AdminUnitChange, unit: AdminUnitOut) -> Self {
        let AdminUnitChange { kind, portion, note, effective_on } = change;
        Self { kind, portion, note, effective_on, unit }
    }
}

/// Which code on which day.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct ResolveQuery {
    /// Code of the statistics office.
    #[param(min_length = 2, max_length = 5, pattern = "^[0-9]{2,5}$", example = "04252")]
    pub code: String,
    /// The day.
    #[param(example = "2023-08-19")]
    pub on: NaiveDate,
}

crate::list_query! {
    /// Filters of the list of administrative units.
    AdminUnitQuery sort ["code"] {
        /// Only units of this level.
        level: AdminLevel,
        /// Only units directly below this one.
        parent_id: AdminUnitId,
        /// Only units with this code.
        #[param(min_length = 2, max_length = 5, pattern = "^[0-9]{2,5}$", example = "15")]
        code: String,
        /// Only units that are valid on this day; today when absent.
        #[param(example = "2023-08-19")]
        on: NaiveDate,
    }
}
