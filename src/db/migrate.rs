//! Migrations: forward at start, all in one transaction, one process at a time; and the epoch of the change feed.

use super::{MIGRATIONS, connect};
use crate::events::queries::renew_epoch;
use diesel::migration::{Migration, MigrationSource};
use diesel_async::{AnsiTransactionManager, AsyncMigrationHarness, SimpleAsyncConnection, TransactionManager};
use diesel_migrations::MigrationHarness;

/// Why the schema could not be brought up to date. The old schema stands: all migrations are one transaction.
#[derive(Debug, thiserror::Error)]
pub enum MigrateError {
    /// The server does not answer.
    #[error("the database cannot be reached: {0}. Check DATABASE_URL and that the server runs.")]
    Connect(#[from] diesel::ConnectionError),
    /// A statement failed.
    #[error(
        "a migration failed and was rolled back, so the database has the schema it had before: {0}. Run the previous version of ngayhoi meanwhile; restore no backup."
    )]
    Failed(String),
}

/// An arbitrary, fixed number: the advisory lock that keeps two processes from migrating at once.
const LOCK: i64 = 0x006e_6761_7968_6f69;

/// Applies what is missing. Returns the names of the migrations applied.
/// Needs a multi-thread runtime: the harness blocks in place.
pub async fn up(url: &str) -> Result<Vec<String>, MigrateError> {
    let mut conn = connect(url).await?;
    // Waiting for another process's migration is not a fault.
    conn.batch_execute(&format!("SET statement_timeout = 0; SET lock_timeout = '60s'; SELECT pg_advisory_lock({LOCK})"))
        .await
        .map_err(|error| MigrateError::Failed(error.to_string()))?;
    // One transaction around all of them: either the schema of this version, or the one that was.
    let failed = |error: &dyn std::fmt::Display| MigrateError::Failed(error.to_string());
    AnsiTransactionManager::begin_transaction(&mut conn).await.map_err(|error| failed(&error))?;
    let mut harness = AsyncMigrationHarness::new(conn);
    let outcome = harness.run_pending_migrations(MIGRATIONS).map(|versions| versions.iter().map(ToString::to_string).collect());
    let names = outcome.map_err(|error| failed(&error))?;
    let mut conn = harness.into_inner();
    renew_epoch(&conn).await.map_err(|error| failed(&error))?;
    AnsiTransactionManager::commit_transaction(&mut conn).await.map_err(|error| failed(&error))?;
    Ok(names)
}

/// A name for the state of the embedded migrations: the latest version and how many there are.
pub fn fingerprint() -> String {
    let migrations: Vec<Box<dyn Migration<diesel::pg::Pg>>> = MIGRATIONS.migrations().unwrap_or_default();
    let latest = migrations.iter().map(|migration| migration.name().version().to_string()).max().unwrap_or_default();
    format!("{latest}_{}", migrations.len())
}
