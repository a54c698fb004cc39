//! Rows of machine accounts.

use crate::auth::Role;
use crate::ids::{ApiClientId, OrgUnitId};
use crate::schema::api_clients;
use chrono::{DateTime, Utc};
use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// The roles that a machine can have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum MachineRole {
    PortalClient,
    OperationsCentre,
    CheckinOperator,
}

impl From<MachineRole> for Role {
    fn from(role: MachineRole) -> Self {
        match role {
            MachineRole::PortalClient => Self::PortalClient,
            MachineRole::OperationsCentre => Self::OperationsCentre,
            MachineRole::CheckinOperator => Self::CheckinOperator,
        }
    }
}

/// A machine account as stored, without its search tokens.
#[derive(Clone, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = api_clients)]
#[allow(missing_docs)]
pub struct ApiClient {
    pub id: ApiClientId,
    pub name: String,
    pub role: Role,
    pub org_unit_id: OrgUnitId,
    pub secret_hash: Vec<u8>,
    pub is_disabled: bool,
    pub version: i32,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}
