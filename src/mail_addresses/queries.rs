//! SQL of mail addresses: always the caller's own.

use crate::db::Conn;
use crate::error::AppError;
use crate::ids::UserId;
use crate::schema::{mail_addresses, users};
use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;

/// The address of an account, and since when.
pub async fn find(mut conn: &Conn, user: UserId) -> Result<Option<(String, DateTime<Utc>)>, AppError> {
    let query = mail_addresses::table.find(user).select((mail_addresses::address, mail_addresses::updated_at));
    Ok(query.first(&mut conn).await.optional()?)
}

/// The version of an account, which stays until the end of the transaction.
pub async fn hold_user(mut conn: &Conn, user: UserId) -> Result<i32, AppError> {
    Ok(users::table.find(user).select(users::version).for_key_share().first(&mut conn).await?)
}

/// Writes the address of an account.
pub async fn save(mut conn: &Conn, user: UserId, address: &str, now: DateTime<Utc>) -> Result<(), AppError> {
    let change = (mail_addresses::address.eq(address), mail_addresses::updated_at.eq(now));
    let insert = diesel::insert_into(mail_addresses::table).values((mail_addresses::user_id.eq(user), change));
    insert.on_conflict(mail_addresses::user_id).do_update().set(change).execute(&mut conn).await?;
    Ok(())
}

/// Forgets it; gives whether there was one.
pub async fn delete(mut conn: &Conn, user: UserId) -> Result<bool, AppError> {
    Ok(diesel::delete(mail_addresses::table.find(user)).execute(&mut conn).await? > 0)
}
