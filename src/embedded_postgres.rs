//! A private PostgreSQL for machines that have no database server: made in the data directory,
//! reached by a Unix socket only, stopped with the process that started it.
//!
//! The data directory holds `postgres/` (the cluster), `postgres.log`, `postgres.lock` (held by the
//! owning process for as long as it lives) and, where its path is short enough, `socket/`.

use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

mod binaries;
mod cluster;
mod error;
mod identity;
mod keeper;
mod place;
mod shim;

use binaries::Binaries;
use cluster::Cluster;
use keeper::Keeper;
use place::{Place, RunningServer};

pub use error::EmbeddedPostgresError;
pub use shim::{SHIM_COMMAND, shim};

/// The superuser of the cluster and the name of the service's database.
pub const DATABASE: &str = "ngayhoi";

/// The port only names the socket's file: nothing listens on TCP.
const PORT: u16 = 5432;
/// Recovery after a crash comes before the server is ready, so this is generous.
const START_LIMIT: Duration = Duration::from_secs(120);
/// What an ownerless server gets to finish going away before it is taken as one to use.
const ORPHAN_LIMIT: Duration = Duration::from_secs(5);
const POLL: Duration = Duration::from_millis(10);

/// Where the server keeps its data and how it is started.
#[derive(Debug, Clone)]
pub struct Options {
    /// `NGAYHOI_DATA_DIR`; made when it is missing.
    pub data_dir: PathBuf,
    /// `false` only for throwaway data of tests: a crash of the machine may then lose everything.
    pub durable: bool,
    /// A program that runs [`shim`] when its first argument is [`SHIM_COMMAND`]: this binary.
    pub shim: PathBuf,
}

/// A running server; the process that started it stops it when this value is dropped.
#[derive(Debug)]
pub struct EmbeddedPostgres {
    bin_dir: PathBuf,
    socket_dir: PathBuf,
    /// `None` when another process owns the server.
    keeper: Option<Keeper>,
    _lock: Option<std::fs::File>,
}

impl EmbeddedPostgres {
    /// Starts the server of `options.data_dir`, or uses the one that another process runs there.
    ///
    /// Blocks until the server answers. May be called from any thread, also inside a runtime.
    pub fn start(options: &Options) -> Result<Self, EmbeddedPostgresError> {
        let place = Place::prepare(&options.data_dir)?;
        let binaries = Binaries::find(&place)?;
        let asked_at = Instant::now();
        loop {
            if let Some(lock) = place.try_own()? {
                return Self::own(options, &place, binaries, lock);
            }
            if let Some(server) = place.running_server().filter(|server| server.is_ready) {
                return Self::guest(binaries, server);
            }
            if asked_at.elapsed() > START_LIMIT {
                return Err(EmbeddedPostgresError::Busy { path: place.data_dir().to_owned() });
            }
            thread::sleep(POLL);
        }
    }

    fn own(options: &Options, place: &Place, binaries: Binaries, lock: std::fs::File) -> Result<Self, EmbeddedPostgresError> {
        if let Some(server) = outlive_orphan(place) {
            return Self::guest(binaries, server);
        }
        // Another process may have made the cluster since the binaries were chosen.
        let binaries = binaries.checked_for(place)?;
        let cluster = Cluster::provide(options, place, &binaries)?;
        let log_start = place.rotate_log()?;
        let keeper = Keeper::start(cluster.server_command())?;
        wait_until_ready(place, &keeper, log_start)?;
        keeper.restart_from_now_on();
        let server = Self { bin_dir: binaries.dir, socket_dir: cluster.socket_dir, keeper: Some(keeper), _lock: Some(lock) };
        cluster::ensure_database(&server.database_url("postgres"))?;
        Ok(server)
    }

    fn guest(binaries: Binaries, server: RunningServer) -> Result<Self, EmbeddedPostgresError> {
        let RunningServer { socket_dir, .. } = server;
        let server = Self { bin_dir: binaries.dir, socket_dir, keeper: None, _lock: None };
        // Its owner may not have come to that yet.
        cluster::ensure_database(&server.database_url("postgres"))?;
        Ok(server)
    }

    /// The URL of a database of this server, for tokio-postgres and for PostgreSQL's own programs.
    #[must_use]
    pub fn database_url(&self, database: &str) -> String {
        use std::os::unix::ffi::OsStrExt;
        format!(
            "postgresql:///{}?host={}&port={PORT}&user={DATABASE}",
            percent_encoded(database.as_bytes()),
            percent_encoded(self.socket_dir.as_os_str().as_bytes()),
        )
    }

    /// The directory of the server's programs, such as `pg_dump` and `pgbench`.
    #[must_use]
    pub fn bin_dir(&self) -> &Path {
        &self.bin_dir
    }

    /// Whether this process started the server, and so will stop it.
    #[must_use]
    pub fn is_owner(&self) -> bool {
        self.keeper.is_some()
    }

    /// Stops the server if this process owns it: quickly, but with everything written.
    pub fn stop(self) {
        drop(self);
    }
}

impl Drop for EmbeddedPostgres {
    /// The lock is freed after this, when nothing of the server is left.
    fn drop(&mut self) {
        if let Some(keeper) = self.keeper.take() {
            drop(keeper);
            // A directory that is not empty stays; the next start makes or checks it anyway.
            let _ = std::fs::remove_dir(&self.socket_dir);
        }
    }
}

/// Waits for a server whose owner is gone; gives it back if it means to stay.
fn outlive_orphan(place: &Place) -> Option<RunningServer> {
    let asked_at = Instant::now();
    loop {
        let server = place.running_server()?;
        if asked_at.elapsed() > ORPHAN_LIMIT && server.is_ready {
            return Some(server);
        }
        if asked_at.elapsed() > START_LIMIT {
            return None;
        }
        thread::sleep(POLL);
    }
}

fn wait_until_ready(place: &Place, keeper: &Keeper, log_start: u64) -> Result<(), EmbeddedPostgresError> {
    let asked_at = Instant::now();
    loop {
        let is_ours = |server: &RunningServer| Some(server.pid) == keeper.pid();
        if place.running_server().filter(is_ours).is_some_and(|server| server.is_ready) {
            return Ok(());
        }
        let has_ended = keeper.pid().is_none();
        if has_ended || asked_at.elapsed() > START_LIMIT {
            return Err(EmbeddedPostgresError::NotStarted { reason: place.last_complaint(log_start), log: place.log() });
        }
        thread::sleep(POLL);
    }
}

fn percent_encoded(bytes: &[u8]) -> String {
    use std::fmt::Write;
    bytes.iter().fold(String::new(), |mut text, byte| {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(byte) {
            text.push(char::from(*byte));
        } else {
            // Writing to a String cannot fail.
            let _ = write!(text, "%{byte:02X}");
        }
        text
    })
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use tokio_postgres::config::{Config, Host};

    use super::EmbeddedPostgres;

    #[test]
    fn the_database_url_is_understood_for_any_socket_directory() {
        let socket_dir = PathBuf::from("/srv/Yên Bái/a b&c=%?#/socket");
        let host = Host::Unix(socket_dir.clone());
        let server = EmbeddedPostgres { bin_dir: PathBuf::new(), socket_dir, keeper: None, _lock: None };
        let config = server.database_url("thử 1").parse::<Config>();
        let config = config.unwrap_or_default();
        assert_eq!(config.get_hosts(), [host]);
        assert_eq!(config.get_dbname(), Some("thử 1"));
        assert_eq!(config.get_user(), Some("ngayhoi"));
        assert_eq!(config.get_ports(), [5432]);
    }
}
