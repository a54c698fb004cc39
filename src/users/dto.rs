//! Users as the API takes and shows them. A password goes in and never comes out.

use super::model::User;
use crate::auth::Role;
use crate::ids::{OrgUnitId, UserId};
use crate::patch::Patch;
use crate::text::Line;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

/// A new account.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"username": "huyen.tranyen", "full_name": "Thư ký Ban Chỉ đạo 138 huyện Trấn Yên", "password": "mot-mat-khau-dai-va-rieng", "role": "district", "org_unit_id": "018b2f19-e79e-7d6a-a56d-29feb6211b04"}))]
pub struct UserIn {
    /// Name to sign in with: small letters, digits, `.`, `_`, `-`; it stays.
    #[schema(min_length = 3, max_length = 60, pattern = "^[a-z0-9][a-z0-9._-]{2,59}$", example = "huyen.tranyen")]
    pub username: String,
    /// Name of the person, or of the post.
    pub full_name: Line,
    /// Password of 12 to 200 characters.
    #[schema(format = Password, min_length = 12, max_length = 200, example = "mot-mat-khau-dai-va-rieng")]
    pub password: String,
    /// Role; not wider than the caller may give, and fit for the unit.
    pub role: Role,
    /// Unit, in the caller's subtree.
    pub org_unit_id: OrgUnitId,
}

/// Changes of an account (JSON Merge Patch).
#[derive(Default, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"is_disabled": true}))]
pub struct UserPatch {
    /// Name of the person, or of the post.
    #[serde(default)]
    #[schema(value_type = Line, required = false)]
    pub full_name: Patch<Line>,
    /// Role; in force at once.
    #[serde(default)]
    #[schema(value_type = Role, required = false)]
    pub role: Patch<Role>,
    /// Unit; in force at once.
    #[serde(default)]
    #[schema(value_type = OrgUnitId, required = false)]
    pub org_unit_id: Patch<OrgUnitId>,
    /// Password of 12 to 200 characters; all sessions of the account end.
    #[serde(default)]
    #[schema(value_type = String, format = Password, min_length = 12, max_length = 200, required = false)]
    pub password: Patch<String>,
    /// Whether the account may not be used; when it is disabled all its sessions end.
    #[serde(default)]
    #[schema(value_type = bool, required = false)]
    pub is_disabled: Patch<bool>,
}

/// An account of a person.
#[derive(Debug, Serialize, ToSchema)]
#[allow(missing_docs)]
pub struct UserOut {
    pub id: UserId,
    /// Name to sign in with.
    #[schema(example = "huyen.tranyen")]
    pub username: String,
    /// Name of the person, or of the post.
    pub full_name: String,
    pub role: Role,
    pub org_unit_id: OrgUnitId,
    /// Whether the account may not be used.
    pub is_disabled: bool,
    pub version: i32,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

impl From<User> for UserOut {
    fn from(user: User) -> Self {
        let User { id, username, full_name, password_hash: _, role, org_unit_id, is_disabled, version, created_at, updated_at } = user;
        Self { id, username, full_name, role, org_unit_id, is_disabled, version, created_at, updated_at }
    }
}

crate::list_query! {
    /// Filters of the list of users.
    UserQuery sort ["username", "created_at", "updated_at"] {
        /// Only accounts of this role.
        role: Role,
        /// Only accounts of this body.
        org_unit_id: OrgUnitId,
        /// Only accounts that may not be used, or that may.
        is_disabled: bool,
    }
}
