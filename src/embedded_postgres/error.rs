use std::io;
use std::path::PathBuf;

/// Why the embedded PostgreSQL cannot be had; the text says what to do.
#[derive(Debug, thiserror::Error)]
pub enum EmbeddedPostgresError {
    /// No directory with `initdb` and `postgres` of a version that is new enough.
    #[error(
        "No PostgreSQL server of version 13 or newer was found: run scripts/provide-postgres.sh, \
         install PostgreSQL, set PG_BIN to the directory of its initdb and postgres, \
         or set DATABASE_URL to use a server that is already running."
    )]
    NoServer,
    /// `PG_BIN` is set, but the programs are not there or are too old.
    #[error(
        "PG_BIN is {}, but there is no initdb and postgres of version 13 or newer in it: \
         correct it, or unset it to have the usual places searched.", path.display()
    )]
    NotInPgBin {
        /// What `PG_BIN` says.
        path: PathBuf,
    },
    /// The cluster was made by another major version.
    #[error(
        "The data in {} was made by PostgreSQL {data}, but the server found here is PostgreSQL \
         {server}: install PostgreSQL {data} (or set PG_BIN to it), or set NGAYHOI_DATA_DIR to a \
         new directory and move the data there with pg_dump and pg_restore.", path.display()
    )]
    OtherVersion {
        /// The cluster.
        path: PathBuf,
        /// Major version of the data.
        data: u32,
        /// Major version of the programs.
        server: u32,
    },
    /// The data directory belongs to somebody else.
    #[error(
        "The data directory {} belongs to another user (uid {uid}): run as that user, \
         or set NGAYHOI_DATA_DIR to a directory of your own.", path.display()
    )]
    ForeignDirectory {
        /// The data directory.
        path: PathBuf,
        /// Its owner.
        uid: u32,
    },
    /// Root may not run PostgreSQL, and nobody else can reach the data or the programs.
    #[error(
        "PostgreSQL refuses to run as root, and no other user can reach both {} and {}: set \
         NGAYHOI_DATA_DIR to a directory that others can reach, such as /var/lib/ngayhoi, \
         or run as an ordinary user.", data_dir.display(), bin_dir.display()
    )]
    Unreachable {
        /// The data directory.
        data_dir: PathBuf,
        /// The programs.
        bin_dir: PathBuf,
    },
    /// No private directory with a path short enough for a socket.
    #[error(
        "There is no private directory for PostgreSQL's socket ({}): \
         set NGAYHOI_DATA_DIR to a path of less than 80 bytes without a comma.", path.display()
    )]
    NoSocketDirectory {
        /// The last directory that was tried.
        path: PathBuf,
    },
    /// A file operation failed.
    #[error("Cannot {action} {}: {source}; free or correct it, or set NGAYHOI_DATA_DIR to another directory.", path.display())]
    File {
        /// What was tried.
        action: &'static str,
        /// On what.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// `initdb` failed.
    #[error("PostgreSQL could not make its data in {}: {reason}.", path.display())]
    NotCreated {
        /// The cluster.
        path: PathBuf,
        /// The last thing that `initdb` said.
        reason: String,
    },
    /// The server ended, or was not ready in time.
    #[error("PostgreSQL did not start: {reason}; see {}.", log.display())]
    NotStarted {
        /// The last complaint in its log.
        reason: String,
        /// The log.
        log: PathBuf,
    },
    /// Another process owns the data directory, but its server does not become ready.
    #[error(
        "Another process uses the data directory {}, but its PostgreSQL is not ready: \
         stop that process, or wait for it.", path.display()
    )]
    Busy {
        /// The data directory.
        path: PathBuf,
    },
    /// The service's database could not be made.
    #[error("The database could not be made in the embedded PostgreSQL: {reason}.")]
    NoDatabase {
        /// What the server said.
        reason: String,
    },
    /// The set-up of a child process failed; only its shim returns this.
    #[error("The set-up of a PostgreSQL process failed: {reason}.")]
    Shim {
        /// What failed.
        reason: String,
    },
}

impl EmbeddedPostgresError {
    pub(super) fn file(action: &'static str, path: impl Into<PathBuf>) -> impl FnOnce(io::Error) -> Self {
        let path = path.into();
        move |source| Self::File { action, path, source }
    }
}
