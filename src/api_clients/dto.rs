//! Machine accounts as the API takes and shows them.

use super::model::{ApiClient, MachineRole};
use crate::auth::Role;
use crate::ids::{ApiClientId, OrgUnitId};
use crate::patch::Patch;
use crate::text::Line;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

/// A new machine account.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"name": "Cổng thông tin điện tử tỉnh", "role": "portal_client", "org_unit_id": "018b2f19-e79e-7d6a-a56d-29feb6211b04"}))]
pub struct ApiClientIn {
    /// Name; unique at the unit.
    pub name: Line,
    /// Role; not wider than the caller may give, and fit for the unit.
    pub role: MachineRole,
    /// Unit, in the caller's subtree.
    pub org_unit_id: OrgUnitId,
}

/// Changes of a machine account (JSON Merge Patch).
#[derive(Debug, Default, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"is_disabled": true}))]
pub struct ApiClientPatch {
    /// Name.
    #[serde(default)]
    #[schema(value_type = Line, required = false)]
    pub name: Patch<Line>,
    /// Whether the account may not be used.
    #[serde(default)]
    #[schema(value_type = bool, required = false)]
    pub is_disabled: Patch<bool>,
}

/// A machine account.
#[derive(Debug, Serialize, ToSchema)]
#[allow(missing_docs)]
pub struct ApiClientOut {
    pub id: ApiClientId,
    pub name: String,
    pub role: Role,
    pub org_unit_id: OrgUnitId,
    /// Whether the account may not be used.
    pub is_disabled: bool,
    pub version: i32,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

impl From<ApiClient> for ApiClientOut {
    fn from(client: ApiClient) -> Self {
        let ApiClient { id, name, role, org_unit_id, secret_hash: _, is_disabled, version, created_at, updated_at } = client;
        Self { id, name, role, org_unit_id, is_disabled, version, created_at, updated_at }
    }
}

/// A machine account with the credentials to get tokens with.
#[derive(Debug, Serialize, ToSchema)]
#[allow(missing_docs)]
pub struct ApiClientSecretOut {
    pub id: ApiClientId,
    /// What to send to `/oauth/token` as `client_id`: the id.
    pub client_id: ApiClientId,
    /// The secret, shown this once. Null when the answer is repeated by its idempotency key: then `rotate` gives a new one.
    #[schema(required = true, format = Password, max_length = 200, example = "nhc_mC2sV0x9…")]
    pub client_secret: Option<String>,
    pub name: String,
    pub role: Role,
    pub org_unit_id: OrgUnitId,
    /// Whether the account may not be used.
    pub is_disabled: bool,
    pub version: i32,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

impl ApiClientSecretOut {
    /// An account with its new secret, or with none for whoever asks again.
    pub fn new(client: ApiClient, client_secret: Option<String>) -> Self {
        let ApiClientOut { id, name, role, org_unit_id, is_disabled, version, created_at, updated_at } = client.into();
        Self { id, client_id: id, client_secret, name, role, org_unit_id, is_disabled, version, created_at, updated_at }
    }
}

crate::list_query! {
    /// Filters of the list of machine accounts.
    ApiClientQuery sort ["created_at", "updated_at"] {
        /// Only accounts of this role.
        role: MachineRole,
        /// Only accounts of this body.
        org_unit_id: OrgUnitId,
        /// Only accounts that may not be used, or that may.
        is_disabled: bool,
    }
}
