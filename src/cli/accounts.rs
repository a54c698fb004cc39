//! Accounts from the command line: for who has the machine but no password.

use super::Outcome;
use crate::auth::handlers::password_changed;
use crate::auth::token::random_secret;
use crate::auth::{Scope, password, queries};
use crate::db::Db;
use crate::seed::Province;
use crate::text::{Label, Line};
use crate::{events, users};
use uuid::Uuid;

/// Gives an account a new random password, prints it, and ends its sessions.
pub async fn reset_password(db: &Db, username: &str) -> Outcome<()> {
    let username = username.to_lowercase();
    let scope = Scope::system("a password is reset from the command line");
    let secret = random_secret("");
    let hash = password::hash(&secret)?;
    let now = chrono::Utc::now();
    let is_known = db
        .transaction(async |conn| {
            let Some(account) = queries::credentials(conn, &username).await? else { return Ok(false) };
            let user = users::queries::lock(conn, &scope, account.id).await?;
            let version = queries::set_password(conn, user.id, &hash, now).await?;
            queries::revoke_sessions_of(conn, user.id, None, now).await?;
            // Done by who has the machine, and so by no account.
            events::queries::insert(conn, password_changed(user.id, user.org_unit_id, version), Uuid::nil(), now).await?;
            Ok(true)
        })
        .await?;
    if !is_known {
        return Err(format!("there is no account {username:?}").into());
    }
    println!("{secret}");
    Ok(())
}

/// The province that the arguments name, or what is wrong with them.
pub fn province(code: String, committee: &str, username: &str) -> Outcome<Province> {
    let committee = Line::parse(committee).map_err(|error| format!("--committee: {error}"))?;
    let username = Label::parse(username).map_err(|error| format!("--username: {error}"))?;
    Ok(Province { code, committee, username })
}
