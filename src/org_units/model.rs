//! Rows of org units and their enumerations.

use crate::ids::{AdminUnitId, OrgUnitId};
use crate::schema::org_units;
use chrono::{DateTime, NaiveDate, Utc};
use diesel::deserialize::FromSqlRow;
use diesel::expression::AsExpression;
use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Level of a body, from the top down. Data, since a reform can remove one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema, AsExpression, FromSqlRow)]
#[serde(rename_all = "snake_case")]
#[diesel(sql_type = diesel::sql_types::Text)]
#[allow(missing_docs)]
pub enum OrgLevel {
    Central,
    Province,
    District,
    Commune,
    Unit,
}
crate::text_enum!(OrgLevel {
    Central => "central", Province => "province", District => "district", Commune => "commune", Unit => "unit",
});

/// Kind of a body.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema, AsExpression, FromSqlRow)]
#[serde(rename_all = "snake_case")]
#[diesel(sql_type = diesel::sql_types::Text)]
#[allow(missing_docs)]
pub enum OrgUnitKind {
    CentralCommittee,
    Ministry,
    CentralDepartment,
    ProvincialCommittee,
    ProvincialPolice,
    MovementDivision,
    PartyCommittee,
    PeoplesCommittee,
    FatherlandFront,
    MilitaryCommand,
    ProvincialDepartment,
    InformationDepartment,
    MassOrganisation,
    PressAgency,
    OperationsCentre,
    DistrictCommittee,
    DistrictPolice,
    CommuneCommittee,
    CommunePolice,
    Agency,
    Enterprise,
    EducationalInstitution,
    ResidentialArea,
}
crate::text_enum!(OrgUnitKind {
    CentralCommittee => "central_committee", Ministry => "ministry", CentralDepartment => "central_department",
    ProvincialCommittee => "provincial_committee", ProvincialPolice => "provincial_police", MovementDivision => "movement_division",
    PartyCommittee => "party_committee", PeoplesCommittee => "peoples_committee", FatherlandFront => "fatherland_front",
    MilitaryCommand => "military_command", ProvincialDepartment => "provincial_department",
    InformationDepartment => "information_department", MassOrganisation => "mass_organisation", PressAgency => "press_agency",
    OperationsCentre => "operations_centre", DistrictCommittee => "district_committee", DistrictPolice => "district_police",
    CommuneCommittee => "commune_committee", CommunePolice => "commune_police", Agency => "agency", Enterprise => "enterprise",
    EducationalInstitution => "educational_institution", ResidentialArea => "residential_area",
});

/// A body as stored, without its search tokens.
#[derive(Debug, Clone, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = org_units, treat_none_as_null = true, treat_none_as_default_value = false)]
#[allow(missing_docs)]
pub struct OrgUnit {
    pub id: OrgUnitId,
    pub no: i64,
    pub parent_id: Option<OrgUnitId>,
    pub path: String,
    pub kind: OrgUnitKind,
    pub level: OrgLevel,
    pub name: String,
    pub short_name: Option<String>,
    pub admin_unit_id: Option<AdminUnitId>,
    pub valid_from: NaiveDate,
    pub valid_to: Option<NaiveDate>,
    pub version: i32,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}
