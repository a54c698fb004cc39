//! A province of one's own on an empty database: the administrative units, its committee, the first account.

use super::{SeedError, admin_units, org_units};
use crate::auth::password;
use crate::auth::policy::Role;
use crate::auth::token::random_secret;
use crate::schema::{admin_units as units, users};
use crate::text::{Label, Line, search_tokens};
use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use diesel_async::{AsyncConnection, AsyncPgConnection, RunQueryDsl, SimpleAsyncConnection};
use uuid::Uuid;

/// What to set up.
#[derive(Debug, Clone)]
pub struct Province {
    /// Code of the province in the list of administrative units that is in force today, such as 15.
    pub code: String,
    /// Name of its steering committee.
    pub committee: Line,
    /// Name its first administrator signs in with.
    pub username: Label,
}

/// Why a province could not be set up. Nothing is left half done: it is one transaction.
#[derive(Debug, thiserror::Error)]
pub enum ProvinceError {
    /// As with the demo.
    #[error(transparent)]
    Seed(#[from] SeedError),
    /// No province has the code today.
    #[error("no province has the code {0} today; the codes are in data/admin_units_2025.csv")]
    UnknownCode(String),
    /// The name is taken, by a body or by an account.
    #[error("{0} is there already; nothing was changed")]
    Taken(String),
    /// The database refused.
    #[error("the database refused: {0}")]
    Database(#[from] diesel::result::Error),
}

/// Sets a province up and answers with the password of its first administrator.
pub async fn add_province(conn: &mut AsyncPgConnection, province: &Province, now: DateTime<Utc>) -> Result<String, ProvinceError> {
    let secret = random_secret("");
    let hash = password::hash(&secret).map_err(SeedError::from)?;
    let today = crate::clock::local_date(now);
    conn.transaction(async |conn| {
        conn.batch_execute("SET LOCAL lock_timeout = '60s'; SET LOCAL statement_timeout = '60s'; SELECT pg_advisory_xact_lock(8138, 2023)")
            .await?;
        if units::table.select(units::id).first::<Uuid>(conn).await.optional()?.is_none() {
            admin_units::load(conn).await?;
        }
        let territory = territory(conn, &province.code, today).await?;
        let committee = org_units::add_committee(conn, province.committee.as_str(), territory, today, now).await?;
        let committee = committee.ok_or_else(|| ProvinceError::Taken(province.committee.clone().into_string()))?;
        add_administrator(conn, &province.username, &hash, committee, now).await
    })
    .await?;
    Ok(secret)
}

async fn territory(conn: &mut AsyncPgConnection, code: &str, today: NaiveDate) -> Result<Uuid, ProvinceError> {
    let query = units::table
        .filter(units::level.eq("province"))
        .filter(units::code.eq(code))
        .filter(units::valid_from.le(today))
        .filter(units::valid_to.is_null().or(units::valid_to.ge(today)));
    query.select(units::id).first(conn).await.optional()?.ok_or_else(|| ProvinceError::UnknownCode(code.to_owned()))
}

async fn add_administrator(
    conn: &mut AsyncPgConnection,
    username: &Label,
    hash: &str,
    committee: Uuid,
    now: DateTime<Utc>,
) -> Result<(), ProvinceError> {
    let name = username.as_str().to_lowercase();
    if users::table.filter(users::username.eq(&name)).select(users::id).first::<Uuid>(conn).await.optional()?.is_some() {
        return Err(ProvinceError::Taken(name));
    }
    let account = (
        users::id.eq(Uuid::now_v7()),
        users::username.eq(&name),
        users::full_name.eq(&name),
        users::password_hash.eq(hash),
        users::role.eq(Role::ProvincialAdministrator),
        users::org_unit_id.eq(committee),
        users::tokens.eq(search_tokens(&[&name])),
        users::created_at.eq(now),
        users::updated_at.eq(now),
    );
    diesel::insert_into(users::table).values(account).execute(conn).await?;
    Ok(())
}
