//! Accounts from the command line: for who has the machine but no password.

use super::Outcome;
use crate::auth::token::random_secret;
use crate::auth::{password, queries};
use crate::db::Conn;
use crate::seed::Province;
use crate::text::{Label, Line};

/// Gives an account a new random password, prints it, and ends its sessions.
pub async fn reset_password(conn: &Conn, username: &str) -> Outcome<()> {
    let username = username.to_lowercase();
    let Some(account) = queries::credentials(conn, &username).await? else {
        return Err(format!("there is no account {username:?}").into());
    };
    let secret = random_secret("");
    let hash = password::hash(&secret)?;
    let now = chrono::Utc::now();
    queries::set_password(conn, account.id, &hash, now).await?;
    queries::revoke_sessions_of(conn, account.id, None, now).await?;
    println!("{secret}");
    Ok(())
}

/// The province that the arguments name, or what is wrong with them.
pub fn province(code: String, committee: &str, username: &str) -> Outcome<Province> {
    let committee = Line::parse(committee).map_err(|error| format!("--committee: {error}"))?;
    let username = Label::parse(username).map_err(|error| format!("--username: {error}"))?;
    Ok(Province { code, committee, username })
}
