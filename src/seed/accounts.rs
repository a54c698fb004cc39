//! One account for each role, with a random password that only the file of accounts knows.

use super::{SeedError, from_json, org_units::Bodies};
use crate::auth::password;
use crate::auth::policy::Role;
use crate::schema::users;
use crate::text::search_tokens;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, Utc};
use diesel::{ExpressionMethods, Insertable, QueryDsl};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use serde::{Deserialize, Serialize};
use std::fs;
use std::io::{self, Write};
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};
use uuid::Uuid;

/// Name of the file of accounts in the data directory.
pub const USERS_FILE: &str = "demo-users.json";
const FILE: &str = "demo/accounts.json";
/// 120 bits; 20 characters when encoded.
const PASSWORD_BYTES: usize = 15;

/// The file of accounts, when the demo is already in the database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UsersFile {
    /// It is there and belongs to this database.
    Present,
    /// It is not there.
    Missing,
    /// It is there, but names no account of this database.
    OfAnotherDatabase,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Account {
    username: String,
    role: Role,
    org_unit: String,
    full_name: String,
}

/// An account with its password, not yet in the database.
pub(super) struct Prepared {
    account: Account,
    password: String,
    hash: String,
}

/// An account as the file shows it.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct UserEntry {
    username: String,
    password: String,
    role: Role,
    org_unit: Uuid,
    org_unit_name: String,
}

#[derive(Insertable)]
#[diesel(table_name = users)]
struct Row<'a> {
    id: Uuid,
    username: &'a str,
    full_name: &'a str,
    password_hash: &'a str,
    role: Role,
    org_unit_id: Uuid,
    tokens: Vec<String>,
    created_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
}

fn entries() -> Result<Vec<Account>, SeedError> {
    from_json(FILE, include_str!("../../data/demo/accounts.json"))
}

/// Draws and hashes the passwords, on as many threads as there are.
pub(super) async fn prepare() -> Result<Vec<Prepared>, SeedError> {
    let tasks: Vec<_> = entries()?
        .into_iter()
        .map(|account| {
            tokio::task::spawn_blocking(move || {
                let password = URL_SAFE_NO_PAD.encode(rand::random::<[u8; PASSWORD_BYTES]>());
                let hash = password::hash(&password)?;
                Ok::<_, SeedError>(Prepared { account, password, hash })
            })
        })
        .collect();
    let mut prepared = Vec::with_capacity(tasks.len());
    for task in tasks {
        prepared.push(task.await??);
    }
    Ok(prepared)
}

/// Loads the accounts; returns what goes into the file.
pub(super) async fn load(
    conn: &mut AsyncPgConnection,
    prepared: &[Prepared],
    bodies: &Bodies,
    now: DateTime<Utc>,
) -> Result<Vec<UserEntry>, SeedError> {
    let mut rows = Vec::with_capacity(prepared.len());
    let mut entries = Vec::with_capacity(prepared.len());
    for Prepared { account, password, hash } in prepared {
        let Account { username, role, org_unit, full_name } = account;
        let body = bodies.get(FILE, org_unit)?;
        rows.push(Row {
            id: Uuid::now_v7(),
            username,
            full_name,
            password_hash: hash,
            role: *role,
            org_unit_id: body.id,
            tokens: search_tokens(&[username, full_name]),
            created_at: now,
            updated_at: now,
        });
        entries.push(UserEntry {
            username: username.clone(),
            password: password.clone(),
            role: *role,
            org_unit: body.id,
            org_unit_name: body.name.clone(),
        });
    }
    diesel::insert_into(users::table).values(&rows).execute(conn).await?;
    Ok(entries)
}

/// Writes the file: readable by its owner only, whole or not at all. A file of another database is kept beside it as `.old`.
pub(super) fn write_file(path: &Path, entries: &[UserEntry]) -> Result<(), SeedError> {
    let at = |path: &Path| {
        let path = path.to_owned();
        move |source| SeedError::File { path, source }
    };
    let directory = path.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(directory).map_err(at(directory))?;
    let draft = with_suffix(path, ".tmp");
    write_private(&draft, entries).map_err(at(&draft))?;
    if path.exists() {
        fs::rename(path, with_suffix(path, ".old")).map_err(at(path))?;
    }
    fs::rename(&draft, path).map_err(at(path))?;
    // The rename itself must survive a loss of power, or the accounts would outlive their passwords.
    fs::File::open(directory).and_then(|directory| directory.sync_all()).map_err(at(directory))
}

fn write_private(path: &Path, entries: &[UserEntry]) -> io::Result<()> {
    let mut file = fs::OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(path)?;
    // The mode above holds for a new file only; a draft may be left over.
    file.set_permissions(fs::Permissions::from_mode(0o600))?;
    serde_json::to_writer_pretty(&mut file, entries)?;
    file.write_all(b"\n")?;
    file.sync_all()
}

fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    name.into()
}

/// Whether the file is there and names accounts of this database.
pub(super) async fn file_state(conn: &mut AsyncPgConnection, path: &Path) -> Result<UsersFile, SeedError> {
    let text = match fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(UsersFile::Missing),
        Err(source) => return Err(SeedError::File { path: path.to_owned(), source }),
    };
    let listed: Vec<UserEntry> = serde_json::from_str(&text).unwrap_or_default();
    let known: Vec<(String, Uuid)> = users::table
        .filter(users::username.eq_any(listed.iter().map(|entry| entry.username.as_str())))
        .select((users::username, users::org_unit_id))
        .load(conn)
        .await?;
    // The unit's id differs from database to database, the usernames do not.
    let is_ours = listed.iter().any(|entry| known.iter().any(|(username, unit)| *username == entry.username && *unit == entry.org_unit));
    Ok(if is_ours { UsersFile::Present } else { UsersFile::OfAnotherDatabase })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_role_has_one_account() {
        let accounts = entries().unwrap();
        for role in Role::ACCOUNTS {
            assert_eq!(accounts.iter().filter(|account| account.role == *role).count(), 1, "{role}");
        }
    }

    #[test]
    fn the_file_is_private_and_the_former_one_is_kept() {
        let directory = std::env::temp_dir().join(format!("ngayhoi seed {}", Uuid::now_v7()));
        let path = directory.join(USERS_FILE);
        write_file(&path, &[]).unwrap();
        write_file(&path, &[]).unwrap();
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        assert!(with_suffix(&path, ".old").exists());
        assert!(!with_suffix(&path, ".tmp").exists());
        fs::remove_dir_all(directory).unwrap();
    }
}
