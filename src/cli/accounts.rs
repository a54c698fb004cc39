//! Accounts from the command line: for who has the machine but no password.

use super::Outcome;
use crate::auth::token::random_secret;
use crate::auth::{password, queries};
use crate::db::Conn;
use crate::schema::users;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;

/// Gives an account a new random password, prints it, and ends its sessions.
pub async fn reset_password(mut conn: &Conn, username: &str) -> Outcome<()> {
    let username = username.to_lowercase();
    let Some(account) = queries::credentials(conn, &username).await? else {
        return Err(format!("there is no account {username:?}").into());
    };
    let secret = random_secret("");
    let hash = password::hash(&secret)?;
    diesel::update(users::table.find(account.id))
        .set((users::password_hash.eq(hash), users::version.eq(users::version + 1), users::updated_at.eq(chrono::Utc::now())))
        .execute(&mut conn)
        .await?;
    queries::revoke_sessions_of(conn, account.id, chrono::Utc::now()).await?;
    println!("{secret}");
    Ok(())
}
