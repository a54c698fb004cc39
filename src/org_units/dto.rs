//! Org units as the API takes and shows them.

use super::model::{OrgLevel, OrgUnit, OrgUnitKind};
use crate::ids::{AdminUnitId, OrgUnitId};
use crate::patch::Patch;
use crate::text::{Label, Line};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

/// A new body.
#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"parent_id": "018b2f19-e79e-7d6a-a56d-29feb6211b04", "kind": "enterprise", "level": "unit", "name": "Công ty chế biến chè"}))]
pub struct OrgUnitIn {
    /// Body above it, in the caller's subtree.
    pub parent_id: OrgUnitId,
    /// Kind; some kinds belong to one level.
    pub kind: OrgUnitKind,
    /// Level: below the parent's, or the same for a body beside a committee, such as police or department.
    pub level: OrgLevel,
    /// Name; unique under the parent.
    pub name: Line,
    /// Short name.
    pub short_name: Option<Label>,
    /// Territory, by its id.
    pub admin_unit_id: Option<AdminUnitId>,
    /// First day; today when absent.
    pub valid_from: Option<NaiveDate>,
}

/// Changes of a body (JSON Merge Patch).
#[derive(Debug, Clone, Default, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"short_name": "BCĐ 138 huyện Lục Yên", "valid_to": "2025-06-30"}))]
pub struct OrgUnitPatch {
    /// Name.
    #[serde(default)]
    #[schema(value_type = Line, required = false)]
    pub name: Patch<Line>,
    /// Short name.
    #[serde(default)]
    #[schema(value_type = Option<Label>)]
    pub short_name: Patch<Label>,
    /// Territory.
    #[serde(default)]
    #[schema(value_type = Option<AdminUnitId>)]
    pub admin_unit_id: Patch<AdminUnitId>,
    /// Last day; null while the body exists.
    #[serde(default)]
    #[schema(value_type = Option<NaiveDate>)]
    pub valid_to: Patch<NaiveDate>,
}

/// A body of the organisation tree.
#[derive(Debug, Serialize, ToSchema)]
#[allow(missing_docs)]
pub struct OrgUnitOut {
    pub id: OrgUnitId,
    /// Body above it; null at the top.
    pub parent_id: Option<OrgUnitId>,
    /// Short numbers of the bodies above it and its own: what begins with it lies below.
    #[schema(example = "/1/17/204/")]
    pub path: String,
    pub kind: OrgUnitKind,
    pub level: OrgLevel,
    #[schema(example = "Ban Chỉ đạo 138 huyện Lục Yên")]
    pub name: String,
    pub short_name: Option<String>,
    /// Territory.
    pub admin_unit_id: Option<AdminUnitId>,
    /// First day.
    pub valid_from: NaiveDate,
    /// Last day; null while the body exists.
    pub valid_to: Option<NaiveDate>,
    pub version: i32,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

impl From<OrgUnit> for OrgUnitOut {
    fn from(unit: OrgUnit) -> Self {
        let OrgUnit {
            id,
            no: _,
            parent_id,
            path,
            kind,
            level,
            name,
            short_name,
            admin_unit_id,
            valid_from,
            valid_to,
            version,
            created_at,
            updated_at,
        } = unit;
        Self { id, parent_id, path, kind, level, name, short_name, admin_unit_id, valid_from, valid_to, version, created_at, updated_at }
    }
}

crate::list_query! {
    /// Filters of the list of org units.
    OrgUnitQuery sort ["path", "created_at", "updated_at"] {
        /// Only bodies of this kind.
        kind: OrgUnitKind,
        /// Only bodies of this level.
        level: OrgLevel,
        /// Only bodies directly below this one.
        parent_id: OrgUnitId,
        /// Only this body and all below it.
        under: OrgUnitId,
        /// Only bodies that are valid on this day.
        #[param(example = "2023-08-19")]
        on: NaiveDate,
    }
}

crate::list_query! {
    /// Filters of the list of the bodies below one.
    OrgUnitChildrenQuery sort ["path", "created_at", "updated_at"] {
        /// Only bodies of this kind.
        kind: OrgUnitKind,
        /// Only bodies that are valid on this day.
        #[param(example = "2023-08-19")]
        on: NaiveDate,
    }
}

impl OrgUnitChildrenQuery {
    /// The same as filters of the whole list.
    pub fn of(self, parent: OrgUnitId) -> OrgUnitQuery {
        OrgUnitQuery { kind: self.kind, parent_id: Some(parent), on: self.on, q: self.q, ..OrgUnitQuery::default() }
    }
}
