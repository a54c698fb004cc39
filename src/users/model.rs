//! Rows of users.

use crate::auth::Role;
use crate::ids::{OrgUnitId, UserId};
use crate::schema::users;
use chrono::{DateTime, Utc};
use diesel::prelude::*;

/// An account of a person as stored, without its search tokens.
#[derive(Clone, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = users)]
#[allow(missing_docs)]
pub struct User {
    pub id: UserId,
    pub username: String,
    pub full_name: String,
    pub password_hash: String,
    pub role: Role,
    pub org_unit_id: OrgUnitId,
    pub is_disabled: bool,
    pub version: i32,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}
