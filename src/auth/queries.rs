//! SQL of sign-in: accounts, sessions, refresh tokens.

use super::actor::Actor;
use super::policy::Role;
use super::token::SubjectKind;
use crate::db::Conn;
use crate::db::cached::Cached;
use crate::error::AppError;
use crate::ids::{OrgUnitId, SiteId, UserId};
use crate::schema::{api_clients, devices, org_units, refresh_tokens, sessions, users};
use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_types::{Array, Nullable, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use uuid::Uuid;

/// The topmost ancestor of level `province`, or the unit itself above that level. Ancestors are asked for by their
/// paths, every stretch of the own path up to a slash, which are found by the index.
const PROVINCE_PATH: &str = "COALESCE((SELECT p.path FROM org_units p WHERE p.level = 'province' AND p.path = ANY (ARRAY( \
                             SELECT left(org_units.path, n) FROM generate_series(2, length(org_units.path)) n \
                             WHERE substr(org_units.path, n, 1) = '/')) ORDER BY length(p.path) LIMIT 1), org_units.path)";

fn province_path() -> diesel::expression::SqlLiteral<diesel::sql_types::Text> {
    diesel::dsl::sql(PROVINCE_PATH)
}

/// The path of the province that a body belongs to.
pub async fn province_of(mut conn: &Conn, unit: OrgUnitId) -> Result<String, AppError> {
    Ok(org_units::table.find(unit).select(province_path()).first(&mut conn).await?)
}

type AccountRow = (String, Role, OrgUnitId, String, String);

fn actor(kind: SubjectKind, id: Uuid, session_id: Uuid, row: AccountRow) -> Actor {
    let (name, role, org_unit_id, path, province_path) = row;
    Actor { id, kind, session_id, name, role, org_unit_id, site_ids: None, path, province_path }
}

/// The person behind a token, while neither the account is disabled nor the session revoked.
pub async fn user_actor(mut conn: &Conn, user: Uuid, session: Uuid) -> Result<Option<Actor>, AppError> {
    let query = users::table
        .inner_join(org_units::table)
        .inner_join(sessions::table)
        .filter(users::id.eq(user))
        .filter(users::is_disabled.eq(false))
        .filter(sessions::id.eq(session))
        .filter(sessions::revoked_at.is_null())
        .select((users::username, users::role, users::org_unit_id, org_units::path, province_path()));
    let row = Cached(query).get_result::<AccountRow>(&mut conn).await.optional()?;
    Ok(row.map(|row| actor(SubjectKind::User, user, session, row)))
}

/// The machine behind a token, while it is not disabled.
pub async fn api_client_actor(mut conn: &Conn, client: Uuid) -> Result<Option<Actor>, AppError> {
    let query = api_clients::table
        .inner_join(org_units::table)
        .filter(api_clients::id.eq(client))
        .filter(api_clients::is_disabled.eq(false))
        .select((api_clients::name, api_clients::role, api_clients::org_unit_id, org_units::path, province_path()));
    let row = Cached(query).get_result::<AccountRow>(&mut conn).await.optional()?;
    Ok(row.map(|row| actor(SubjectKind::ApiClient, client, client, row)))
}

/// The sites of a device, by the key of its table.
fn own_sites() -> diesel::expression::SqlLiteral<Nullable<Array<SqlUuid>>> {
    diesel::dsl::sql(
        "(SELECT array_agg(d.site_id) FROM device_sites d WHERE d.campaign_id = devices.campaign_id AND d.device_id = devices.id)",
    )
}

/// The device behind a token, while it is of the enrolment that the token was got with; revoked and rotated ones have none.
pub async fn device_actor(mut conn: &Conn, device: Uuid, enrolment: Uuid) -> Result<Option<Actor>, AppError> {
    let query = devices::table
        .inner_join(org_units::table)
        .filter(devices::id.eq(device))
        .filter(devices::enrolment_id.eq(enrolment))
        .select((devices::name, devices::org_unit_id, org_units::path, province_path(), own_sites()));
    type Row = (String, OrgUnitId, String, String, Option<Vec<SiteId>>);
    let row = Cached(query).get_result::<Row>(&mut conn).await.optional()?;
    Ok(row.map(|(name, org_unit_id, path, province_path, site_ids)| Actor {
        site_ids: Some(site_ids.unwrap_or_default()),
        ..actor(SubjectKind::Device, device, enrolment, (name, Role::Device, org_unit_id, path, province_path))
    }))
}

/// What sign-in needs of an account.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = users)]
pub struct Credentials {
    /// Account.
    pub id: UserId,
    /// PHC string.
    pub password_hash: String,
    /// Role.
    pub role: Role,
    /// Whether it may not sign in.
    pub is_disabled: bool,
}

/// The credentials under a user name.
pub async fn credentials(mut conn: &Conn, username: &str) -> Result<Option<Credentials>, AppError> {
    let row = users::table.filter(users::username.eq(username)).select(Credentials::as_select()).first(&mut conn).await.optional()?;
    Ok(row)
}

/// The credentials of an account, held until the end of the transaction: what is decided by them waits for a change of
/// them, or a change waits for it.
pub async fn hold_credentials(mut conn: &Conn, user: UserId) -> Result<Option<Credentials>, AppError> {
    Ok(users::table.find(user).select(Credentials::as_select()).for_no_key_update().first(&mut conn).await.optional()?)
}

/// Gives an account another password; answers with its new version.
pub async fn set_password(mut conn: &Conn, user: UserId, password_hash: &str, now: DateTime<Utc>) -> Result<i32, AppError> {
    let change = (users::password_hash.eq(password_hash), users::version.eq(users::version + 1), users::updated_at.eq(now));
    Ok(diesel::update(users::table.find(user)).set(change).returning(users::version).get_result(&mut conn).await?)
}

/// Opens a session with its first refresh token.
pub async fn open_session(
    mut conn: &Conn,
    user: UserId,
    now: DateTime<Utc>,
    expires_at: DateTime<Utc>,
    token_hash: &[u8],
) -> Result<Uuid, AppError> {
    let id = Uuid::now_v7();
    diesel::insert_into(sessions::table)
        .values((sessions::id.eq(id), sessions::user_id.eq(user), sessions::created_at.eq(now), sessions::expires_at.eq(expires_at)))
        .execute(&mut conn)
        .await?;
    add_refresh_token(conn, id, now, token_hash).await?;
    Ok(id)
}

/// Adds the next refresh token of a session.
pub async fn add_refresh_token(mut conn: &Conn, session: Uuid, now: DateTime<Utc>, token_hash: &[u8]) -> Result<(), AppError> {
    diesel::insert_into(refresh_tokens::table)
        .values((refresh_tokens::token_hash.eq(token_hash), refresh_tokens::session_id.eq(session), refresh_tokens::issued_at.eq(now)))
        .execute(&mut conn)
        .await?;
    Ok(())
}

/// A refresh token with its session and account.
#[derive(Debug, Clone)]
pub struct Refresh {
    /// Session: the family.
    pub session_id: Uuid,
    /// Account.
    pub user_id: UserId,
    /// Role of the account now.
    pub role: Role,
    /// Used before: a replay.
    pub is_used: bool,
    /// Revoked, expired, or the account is disabled.
    pub is_dead: bool,
}

/// Looks a refresh token up and locks its session, so that two uses of one token meet one after the other.
pub async fn lock_refresh(mut conn: &Conn, token_hash: &[u8], now: DateTime<Utc>) -> Result<Option<Refresh>, AppError> {
    let session: Option<Uuid> =
        refresh_tokens::table.find(token_hash).select(refresh_tokens::session_id).first(&mut conn).await.optional()?;
    let Some(session_id) = session else { return Ok(None) };
    let (user_id, expires_at, revoked_at): (UserId, DateTime<Utc>, Option<DateTime<Utc>>) = sessions::table
        .find(session_id)
        .select((sessions::user_id, sessions::expires_at, sessions::revoked_at))
        .for_no_key_update()
        .first(&mut conn)
        .await?;
    let used_at: Option<DateTime<Utc>> = refresh_tokens::table.find(token_hash).select(refresh_tokens::used_at).first(&mut conn).await?;
    let (role, is_disabled): (Role, bool) = users::table.find(user_id).select((users::role, users::is_disabled)).first(&mut conn).await?;
    Ok(Some(Refresh {
        session_id,
        user_id,
        role,
        is_used: used_at.is_some(),
        is_dead: revoked_at.is_some() || is_disabled || expires_at <= now,
    }))
}

/// Marks a refresh token as used: its session goes on until `expires_at`.
pub async fn use_refresh_token(
    mut conn: &Conn,
    token_hash: &[u8],
    session: Uuid,
    now: DateTime<Utc>,
    expires_at: DateTime<Utc>,
) -> Result<(), AppError> {
    diesel::update(refresh_tokens::table.find(token_hash)).set(refresh_tokens::used_at.eq(now)).execute(&mut conn).await?;
    diesel::update(sessions::table.find(session)).set(sessions::expires_at.eq(expires_at)).execute(&mut conn).await?;
    Ok(())
}

/// Ends a session and with it every token of its family.
pub async fn revoke_session(mut conn: &Conn, session: Uuid, now: DateTime<Utc>) -> Result<(), AppError> {
    diesel::update(sessions::table.find(session))
        .filter(sessions::revoked_at.is_null())
        .set(sessions::revoked_at.eq(now))
        .execute(&mut conn)
        .await?;
    Ok(())
}

/// Ends every session of an account but one, if one is to go on.
pub async fn revoke_sessions_of(mut conn: &Conn, user: UserId, but: Option<Uuid>, now: DateTime<Utc>) -> Result<(), AppError> {
    diesel::update(sessions::table)
        .filter(sessions::user_id.eq(user))
        .filter(sessions::id.ne(but.unwrap_or_default()))
        .filter(sessions::revoked_at.is_null())
        .set(sessions::revoked_at.eq(now))
        .execute(&mut conn)
        .await?;
    Ok(())
}

/// Hash of the secret of an enrolled device, and its enrolment.
pub async fn device_credentials(mut conn: &Conn, device: Uuid) -> Result<Option<(Vec<u8>, Uuid)>, AppError> {
    let row: Option<(Option<Vec<u8>>, Option<Uuid>)> = devices::table
        .filter(devices::id.eq(device))
        .select((devices::secret_hash, devices::enrolment_id))
        .first(&mut conn)
        .await
        .optional()?;
    Ok(row.and_then(|(hash, enrolment)| hash.zip(enrolment)))
}

/// A machine account by its client id: hash of its secret, role, whether it is disabled.
pub async fn api_client_credentials(mut conn: &Conn, client: Uuid) -> Result<Option<(Vec<u8>, Role, bool)>, AppError> {
    let row = api_clients::table
        .find(client)
        .select((api_clients::secret_hash, api_clients::role, api_clients::is_disabled))
        .first(&mut conn)
        .await
        .optional()?;
    Ok(row)
}

/// What `GET /me` adds about the unit: name and kind.
pub async fn unit_name(mut conn: &Conn, unit: OrgUnitId) -> Result<(String, String), AppError> {
    Ok(org_units::table.find(unit).select((org_units::name, org_units::kind)).first(&mut conn).await?)
}
