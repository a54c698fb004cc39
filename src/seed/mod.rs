//! The demo: the administrative units of 2023 and 2025, the bodies of Yên Bái, plan 81/KH-BCĐ and its campaign of 2023,
//! one account for each role; and, for measuring, sites and guests by the thousand.
//!
//! The facts are files of `data/`, embedded. Each file here loads one kind of row; this one gives the order.

mod accounts;
mod admin_units;
mod bench;
mod bench_guests;
mod campaign;
mod draw;
mod org_units;
mod plan;
mod province;

pub use accounts::{USERS_FILE, UsersFile};
pub use bench::{BenchCounts, bench};
pub use province::{Province, ProvinceError, add_province};

use crate::auth::password::HashError;
use crate::clock::Clock;
use chrono::{DateTime, NaiveDate, Utc};
use diesel_async::{AsyncConnection, AsyncPgConnection, SimpleAsyncConnection};
use serde::de::DeserializeOwned;
use std::fmt;
use std::path::{Path, PathBuf};

/// Rows of one INSERT: few round trips, and far below the 65,535 parameters of the protocol.
const CHUNK: usize = 1000;

/// Why the demo could not be loaded. Nothing is left half done: it is one transaction.
#[derive(Debug, thiserror::Error)]
pub enum SeedError {
    /// The database refused.
    #[error("the database refused the demo data: {0}")]
    Database(#[from] diesel::result::Error),
    /// An embedded file contradicts itself or another.
    #[error("data/{file}: {detail}")]
    Data {
        /// The file, below `data/`.
        file: &'static str,
        /// What is wrong in it.
        detail: String,
    },
    /// The file of accounts could not be written or read.
    #[error("{}: {source}", path.display())]
    File {
        /// The file or directory.
        path: PathBuf,
        /// The system's answer.
        source: std::io::Error,
    },
    /// A password could not be hashed.
    #[error(transparent)]
    Hash(#[from] HashError),
    /// A blocking task was stopped.
    #[error("a task of the seed was stopped: {0}")]
    Task(#[from] tokio::task::JoinError),
    /// Data for measuring is asked for where it does not belong.
    #[error("no data for measuring was loaded: {0}")]
    BenchRefused(String),
}

/// What was loaded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Counts {
    /// Administrative units of 2023 and 2025.
    pub admin_units: usize,
    /// Changes of 1 July 2025 that link a unit of the 2023 list to one of 2025.
    pub admin_unit_changes: usize,
    /// Changes left out: their old code came into being after the 2023 list.
    pub skipped_changes: usize,
    /// Bodies of the organisation tree.
    pub org_units: usize,
    /// Bodies that owe a results report.
    pub report_obligations: usize,
    /// Accounts.
    pub accounts: usize,
}

/// How a call of [`demo`] ended; its text is for the command line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// The demo was loaded and its passwords written to the file.
    Loaded {
        /// How many rows.
        counts: Counts,
        /// Where the accounts and passwords are.
        users_file: PathBuf,
    },
    /// The campaign was there already; nothing was changed.
    AlreadyLoaded {
        /// Where the accounts and passwords should be.
        users_file: PathBuf,
        /// Whether they are.
        state: UsersFile,
    },
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Loaded { counts, users_file } => write!(
                f,
                "Demo data loaded: {} administrative units, {} changes of 2025 ({} skipped: old code unknown in 2023), {} bodies, \
                 {} reports owed, {} accounts. Accounts and passwords: {}",
                counts.admin_units,
                counts.admin_unit_changes,
                counts.skipped_changes,
                counts.org_units,
                counts.report_obligations,
                counts.accounts,
                users_file.display()
            ),
            Self::AlreadyLoaded { users_file, state: UsersFile::Present } => {
                write!(f, "Demo data is there. Accounts and passwords: {}", users_file.display())
            }
            Self::AlreadyLoaded { users_file, state } => write!(
                f,
                "Demo data is there, but {} {}. The database keeps only hashes of the passwords: \
                 set a new one with `ngayhoi user reset-password <username>`, for instance for quantri.tinh.",
                users_file.display(),
                if *state == UsersFile::Missing {
                    "is missing (the data was loaded with another data directory)"
                } else {
                    "belongs to another database"
                }
            ),
        }
    }
}

/// Loads the demo campaign once, in one transaction, and writes its accounts to [`USERS_FILE`] in `data_dir`.
/// Does nothing when the campaign is there.
pub async fn demo(conn: &mut AsyncPgConnection, clock: &Clock, data_dir: &Path) -> Result<Outcome, SeedError> {
    let facts = Facts::read()?;
    let users_file = data_dir.join(USERS_FILE);
    if campaign::is_loaded(conn, &facts).await? {
        let state = accounts::file_state(conn, &users_file).await?;
        return Ok(Outcome::AlreadyLoaded { users_file, state });
    }
    // Hashing takes longest and needs no lock.
    let accounts = accounts::prepare().await?;
    let now = clock.now();
    let counts = conn.transaction(async |conn| load(conn, &facts, &accounts, now, &users_file).await).await?;
    Ok(match counts {
        Some(counts) => Outcome::Loaded { counts, users_file },
        None => Outcome::AlreadyLoaded { state: accounts::file_state(conn, &users_file).await?, users_file },
    })
}

/// Whether the demo is in the database already.
pub async fn is_loaded(conn: &mut AsyncPgConnection) -> Result<bool, SeedError> {
    campaign::is_loaded(conn, &Facts::read()?).await
}

/// The steps of the transaction. `None`: another process was first.
async fn load(
    conn: &mut AsyncPgConnection,
    facts: &Facts,
    accounts: &[accounts::Prepared],
    now: DateTime<Utc>,
    users_file: &Path,
) -> Result<Option<Counts>, SeedError> {
    // Two processes that start at once: the second waits here and finds the work done.
    conn.batch_execute("SET LOCAL lock_timeout = '60s'; SET LOCAL statement_timeout = '60s'; SELECT pg_advisory_xact_lock(8138, 2023)")
        .await?;
    if campaign::is_loaded(conn, facts).await? {
        return Ok(None);
    }
    let (units, changes) = admin_units::load(conn).await?;
    let bodies = org_units::load(conn, &facts.org_units, &units, now).await?;
    let campaign_id = campaign::load(conn, &facts.campaign, &bodies, &units, now).await?;
    plan::load(conn, campaign_id, &bodies, now).await?;
    let report_obligations = campaign::load_obligations(conn, campaign_id, now).await?;
    let entries = accounts::load(conn, accounts, &bodies, now).await?;
    // Before the commit, so that no account exists whose password nobody knows.
    accounts::write_file(users_file, &entries)?;
    Ok(Some(Counts {
        admin_units: units.count(),
        admin_unit_changes: changes.loaded,
        skipped_changes: changes.skipped,
        org_units: bodies.count(),
        report_obligations,
        accounts: entries.len(),
    }))
}

/// What must be known before the transaction begins.
struct Facts {
    org_units: Vec<org_units::Entry>,
    campaign: campaign::Entry,
}

impl Facts {
    fn read() -> Result<Self, SeedError> {
        Ok(Self { org_units: org_units::entries()?, campaign: campaign::entry()? })
    }
}

/// Reads an embedded JSON file.
fn from_json<T: DeserializeOwned>(file: &'static str, text: &str) -> Result<T, SeedError> {
    serde_json::from_str(text).map_err(|error| SeedError::Data { file, detail: error.to_string() })
}

/// A date of the sources.
#[allow(clippy::panic, reason = "evaluated in constants only: a wrong date does not compile")]
const fn day(year: i32, month: u32, day: u32) -> NaiveDate {
    match NaiveDate::from_ymd_opt(year, month, day) {
        Some(date) => date,
        None => panic!("no such day"),
    }
}
