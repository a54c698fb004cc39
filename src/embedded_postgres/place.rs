//! The files of the data directory, and what they tell of a running server.

use std::fs::{self, DirBuilder, File, OpenOptions, TryLockError};
use std::io::{Read, Seek, SeekFrom};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt, chown};
use std::path::{Path, PathBuf};

use super::EmbeddedPostgresError;

/// A log longer than this is put aside at the next start.
const LOG_LIMIT: u64 = 10 * 1024 * 1024;

/// The data directory: it exists, is ours (or we are root), and its path is absolute.
#[derive(Debug, Clone)]
pub(super) struct Place {
    data_dir: PathBuf,
}

/// What `postmaster.pid` says, once its process is known to be that server.
#[derive(Debug)]
pub(super) struct RunningServer {
    pub(super) pid: i32,
    pub(super) socket_dir: PathBuf,
    pub(super) is_ready: bool,
}

impl Place {
    pub(super) fn prepare(data_dir: &Path) -> Result<Self, EmbeddedPostgresError> {
        let make = EmbeddedPostgresError::file("make the data directory", data_dir);
        DirBuilder::new().recursive(true).mode(0o700).create(data_dir).map_err(make)?;
        let open = || EmbeddedPostgresError::file("open the data directory", data_dir);
        let data_dir = fs::canonicalize(data_dir).map_err(open())?;
        let uid = fs::metadata(&data_dir).map_err(open())?.uid();
        let user = nix::unistd::geteuid();
        if !user.is_root() && uid != user.as_raw() {
            return Err(EmbeddedPostgresError::ForeignDirectory { path: data_dir, uid });
        }
        Ok(Self { data_dir })
    }

    pub(super) fn data_dir(&self) -> &Path {
        &self.data_dir
    }

    pub(super) fn cluster(&self) -> PathBuf {
        self.data_dir.join("postgres")
    }

    pub(super) fn unfinished_cluster(&self) -> PathBuf {
        self.data_dir.join("postgres.new")
    }

    pub(super) fn log(&self) -> PathBuf {
        self.data_dir.join("postgres.log")
    }

    fn pid_file(&self) -> PathBuf {
        self.cluster().join("postmaster.pid")
    }

    /// The major version of the cluster, if there is one.
    pub(super) fn data_version(&self) -> Option<u32> {
        fs::read_to_string(self.cluster().join("PG_VERSION")).ok()?.trim().parse().ok()
    }

    /// The lock that the owner of the server holds while it lives; kill -9 frees it too.
    pub(super) fn try_own(&self) -> Result<Option<File>, EmbeddedPostgresError> {
        let lock = self.open("postgres.lock")?;
        match lock.try_lock() {
            Ok(()) => Ok(Some(lock)),
            Err(TryLockError::WouldBlock) => Ok(None),
            Err(TryLockError::Error(source)) => {
                let path = self.data_dir.join("postgres.lock");
                Err(EmbeddedPostgresError::File { action: "lock", path, source })
            }
        }
    }

    /// Opens the log for a child's output.
    pub(super) fn open_log(&self) -> Result<File, EmbeddedPostgresError> {
        self.open("postgres.log")
    }

    /// Puts a long log aside; says where in the file the new part begins.
    pub(super) fn rotate_log(&self) -> Result<u64, EmbeddedPostgresError> {
        let log = self.log();
        if fs::metadata(&log).is_ok_and(|about| about.len() > LOG_LIMIT) {
            let aside = self.data_dir.join("postgres.log.1");
            fs::rename(&log, aside).map_err(EmbeddedPostgresError::file("put aside", &log))?;
        }
        Ok(fs::metadata(&log).map_or(0, |about| about.len()))
    }

    /// The last complaint in the log after `start`, without its time stamp.
    pub(super) fn last_complaint(&self, start: u64) -> String {
        let mut bytes = Vec::new();
        let read = File::open(self.log()).and_then(|mut log| {
            log.seek(SeekFrom::Start(start))?;
            log.read_to_end(&mut bytes)
        });
        let text = String::from_utf8_lossy(&bytes);
        let complaint = text.lines().rev().find_map(|line| {
            let at = line.find("FATAL:").or_else(|| line.find("PANIC:"))?;
            line.get(at..).map(|rest| rest.get(6..).unwrap_or(rest).trim().to_owned())
        });
        let last = || text.lines().last().map(str::to_owned);
        let unknown = || "it gave no reason".to_owned();
        read.ok().and_then(|_| complaint.or_else(last)).unwrap_or_else(unknown)
    }

    /// The server of this cluster, whoever started it, if its process lives.
    pub(super) fn running_server(&self) -> Option<RunningServer> {
        let text = fs::read_to_string(self.pid_file()).ok()?;
        let mut lines = text.lines();
        let pid = lines.next()?.trim().parse().ok()?;
        if !self.is_postmaster(pid) {
            return None;
        }
        let socket_dir = PathBuf::from(lines.nth(3).unwrap_or_default());
        let is_ready = lines.nth(2).is_some_and(|status| status.trim() == "ready");
        Some(RunningServer { pid, socket_dir, is_ready })
    }

    /// The number may have been given to another process since: look at what the process is.
    #[cfg(target_os = "linux")]
    fn is_postmaster(&self, pid: i32) -> bool {
        let process = PathBuf::from(format!("/proc/{pid}"));
        let Ok(command) = fs::read(process.join("cmdline")) else {
            return false;
        };
        let mut arguments = command.split(|byte| *byte == 0);
        let program = arguments.next().unwrap_or_default();
        if !program.ends_with(b"postgres") && !program.ends_with(b"postmaster") {
            return false;
        }
        let cluster = self.cluster();
        // A process of another user hides its directory, but not its arguments.
        fs::read_link(process.join("cwd"))
            .map_or_else(|_| arguments.any(|argument| argument == cluster.as_os_str().as_bytes()), |dir| dir == cluster)
    }

    #[cfg(not(target_os = "linux"))]
    fn is_postmaster(&self, pid: i32) -> bool {
        nix::sys::signal::kill(nix::unistd::Pid::from_raw(pid), None).is_ok()
    }

    /// Makes what a killed server left harmless. Only for the owner, when no server runs.
    pub(super) fn clear_leftovers(&self, socket_dir: &Path) -> Result<(), EmbeddedPostgresError> {
        for entry in fs::read_dir(socket_dir).into_iter().flatten().flatten() {
            if entry.file_name().as_bytes().starts_with(b".s.PGSQL.") {
                let remove = EmbeddedPostgresError::file("remove", entry.path());
                fs::remove_file(entry.path()).map_err(remove)?;
            }
        }
        // The process that now has the old server's number would keep PostgreSQL from starting.
        // Our own number there does not, as a parent is no rival, and unlike removing the file it
        // keeps PostgreSQL's check that no process of the old server still uses the shared memory.
        let path = self.pid_file();
        if let Ok(text) = fs::read_to_string(&path)
            && let Some((_, rest)) = text.split_once('\n')
        {
            let text = format!("{}\n{rest}", std::process::id());
            fs::write(&path, text).map_err(EmbeddedPostgresError::file("write", &path))?;
        }
        Ok(())
    }

    fn open(&self, name: &str) -> Result<File, EmbeddedPostgresError> {
        let path = self.data_dir.join(name);
        let open = || EmbeddedPostgresError::file("open", &path);
        let mut options = OpenOptions::new();
        let file = options.create(true).append(true).mode(0o600).open(&path).map_err(open())?;
        if nix::unistd::geteuid().is_root() {
            // The owner of the directory must be able to open it the next time.
            let owner = fs::metadata(&self.data_dir).map_err(open())?;
            chown(&path, Some(owner.uid()), Some(owner.gid())).map_err(open())?;
        }
        Ok(file)
    }
}
