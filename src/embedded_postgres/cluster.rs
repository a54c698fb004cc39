//! Makes the cluster when there is none, and knows how its server is started.

use std::ffi::{OsStr, OsString};
use std::fs::{self, DirBuilder, Permissions};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{DirBuilderExt, MetadataExt, PermissionsExt, chown, lchown};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::{env, io, thread};

use tokio_postgres::{Client, Config, NoTls};

use super::identity::Identity;
use super::keeper::MakeCommand;
use super::shim::ShimCommand;
use super::{Binaries, DATABASE, EmbeddedPostgresError, Options, PORT, Place};

/// The kernel's limit for a socket's path, less the name that PostgreSQL adds.
const SOCKET_DIR_LIMIT: usize = 107 - "/.s.PGSQL.5432".len();

/// A cluster that is ready to be served.
#[derive(Debug, Clone)]
pub(super) struct Cluster {
    place: Place,
    postgres: PathBuf,
    shim: PathBuf,
    identity: Identity,
    is_durable: bool,
    pub(super) socket_dir: PathBuf,
}

impl Cluster {
    /// Only for the owner of the place, when no server runs.
    pub(super) fn provide(options: &Options, place: &Place, binaries: &Binaries) -> Result<Self, EmbeddedPostgresError> {
        let identity = Identity::choose(place, binaries, &options.shim)?;
        if let Some((uid, gid)) = identity.owner() {
            let_through(place.data_dir(), uid)?;
            let cluster = place.cluster();
            if fs::metadata(&cluster).is_ok_and(|about| about.uid() != uid) {
                give(&cluster, uid, gid).map_err(EmbeddedPostgresError::file("give to PostgreSQL's user", &cluster))?;
            }
        }
        let cluster = Self {
            place: place.clone(),
            postgres: binaries.program("postgres"),
            shim: options.shim.clone(),
            identity,
            is_durable: options.durable,
            socket_dir: socket_dir(place, identity)?,
        };
        if place.data_version().is_none() {
            cluster.create(&binaries.program("initdb"))?;
        }
        Ok(cluster)
    }

    /// Under another name first: a cluster that bears its name is whole.
    fn create(&self, initdb: &Path) -> Result<(), EmbeddedPostgresError> {
        let (unfinished, finished) = (self.place.unfinished_cluster(), self.place.cluster());
        // glibc and musl have C.UTF-8 nearly everywhere; C sorts the same way.
        let initialised = self.initdb(initdb, &unfinished, "C.UTF-8");
        initialised.or_else(|_| self.initdb(initdb, &unfinished, "C"))?;
        let rename = EmbeddedPostgresError::file("finish the data directory", &finished);
        fs::rename(&unfinished, &finished).map_err(rename)?;
        let sync = |dir: &Path| fs::File::open(dir)?.sync_all();
        let data_dir = self.place.data_dir();
        sync(data_dir).map_err(EmbeddedPostgresError::file("write", data_dir))
    }

    fn initdb(&self, initdb: &Path, dir: &Path, locale: &str) -> Result<(), EmbeddedPostgresError> {
        match fs::remove_dir_all(dir) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                return Err(EmbeddedPostgresError::file("remove", dir)(error));
            }
            _ => private_dir(dir, self.identity)?,
        }
        let shim = ShimCommand { shim: &self.shim, identity: self.identity };
        let mut command = shim.command(initdb);
        command.arg("--pgdata").arg(dir).args(["--username", DATABASE, "--auth", "trust"]);
        command.args(["--encoding", "UTF8", "--locale", locale]);
        if !self.is_durable {
            command.arg("--no-sync");
        }
        let output = command.output().map_err(EmbeddedPostgresError::file("run", initdb))?;
        if output.status.success() {
            return Ok(());
        }
        let said = String::from_utf8_lossy(&output.stderr);
        let is_complaint = |line: &&str| line.contains("error:") || line.contains("FATAL:");
        let complaint = said.lines().find(is_complaint).or_else(|| said.lines().last());
        let reason = complaint.unwrap_or("initdb gave no reason").trim().trim_end_matches('.');
        Err(EmbeddedPostgresError::NotCreated { path: self.place.cluster(), reason: reason.to_owned() })
    }

    /// Builds the command of the server, again for each start.
    pub(super) fn server_command(&self) -> MakeCommand {
        let cluster = self.clone();
        Box::new(move || {
            cluster.place.clear_leftovers(&cluster.socket_dir)?;
            let log = cluster.place.open_log()?;
            let shim = ShimCommand { shim: &cluster.shim, identity: cluster.identity };
            let mut command = shim.command(&cluster.postgres);
            command.arg("-D").arg(cluster.place.cluster());
            for setting in cluster.settings() {
                command.arg("-c").arg(setting);
            }
            command.stdout(Stdio::null()).stderr(log);
            Ok(command)
        })
    }

    fn settings(&self) -> Vec<OsString> {
        let always = [
            "listen_addresses=",
            "unix_socket_permissions=0700",
            "shared_buffers=128MB",
            "logging_collector=off",
            "log_destination=stderr",
            "timezone=UTC",
            "log_timezone=UTC",
        ];
        let durable = ["max_connections=100"];
        let throwaway = ["max_connections=200", "fsync=off", "synchronous_commit=off", "full_page_writes=off"];
        let depending: &[&str] = if self.is_durable { &durable } else { &throwaway };
        let mut settings: Vec<OsString> = always.iter().chain(depending).map(OsString::from).collect();
        settings.push(format!("port={PORT}").into());
        settings.push(quoted_setting("unix_socket_directories", self.socket_dir.as_os_str()));
        settings
    }
}

/// The server's user must be able to pass through the data directory, though not to look around.
fn let_through(data_dir: &Path, uid: u32) -> Result<(), EmbeddedPostgresError> {
    let open = || EmbeddedPostgresError::file("open to PostgreSQL's user", data_dir);
    let about = fs::metadata(data_dir).map_err(open())?;
    if about.uid() == uid {
        return Ok(());
    }
    fs::set_permissions(data_dir, Permissions::from_mode(about.mode() | 0o011)).map_err(open())
}

/// Changes the owner of a cluster that was made where user namespaces were allowed.
fn give(dir: &Path, uid: u32, gid: u32) -> io::Result<()> {
    for entry in fs::read_dir(dir)? {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            give(&entry.path(), uid, gid)?;
        } else {
            lchown(entry.path(), Some(uid), Some(gid))?;
        }
    }
    // Last, so that an interrupted change is taken up again.
    lchown(dir, Some(uid), Some(gid))
}

/// `name="value"`: an unquoted list of directories would be split at commas and trimmed.
fn quoted_setting(name: &str, value: &OsStr) -> OsString {
    let mut text = name.as_bytes().to_vec();
    text.extend_from_slice(b"=\"");
    for byte in value.as_bytes() {
        text.push(*byte);
        if *byte == b'"' {
            text.push(*byte);
        }
    }
    text.push(b'"');
    OsStr::from_bytes(&text).to_owned()
}

/// A private directory for the socket: beside the data, or under the temporary directory when
/// that path is too long for a socket or has a comma, at which every client would split it.
fn socket_dir(place: &Place, identity: Identity) -> Result<PathBuf, EmbeddedPostgresError> {
    let mut hasher = DefaultHasher::new();
    place.data_dir().hash(&mut hasher);
    let user = identity.owner().map_or_else(|| nix::unistd::geteuid().as_raw(), |(uid, _)| uid);
    let name = format!("ngayhoi-{user}-{:016x}", hasher.finish());
    let beside = place.data_dir().join("socket");
    let fits = |dir: &PathBuf| {
        let path = dir.as_os_str().as_bytes();
        path.len() <= SOCKET_DIR_LIMIT && !path.contains(&b',') && dir.is_absolute()
    };
    let dir = [beside.clone(), env::temp_dir().join(&name), Path::new("/tmp").join(&name)]
        .into_iter()
        .find(fits)
        .ok_or(EmbeddedPostgresError::NoSocketDirectory { path: beside })?;
    private_dir(&dir, identity)?;
    Ok(dir)
}

/// Makes a directory that only the server's user can enter, or checks that it is one.
fn private_dir(dir: &Path, identity: Identity) -> Result<(), EmbeddedPostgresError> {
    let make = || EmbeddedPostgresError::file("make", dir);
    match DirBuilder::new().mode(0o700).create(dir) {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => return Err(make()(error)),
        Err(_) => {}
        Ok(()) => {
            if let Some((uid, gid)) = identity.owner() {
                chown(dir, Some(uid), Some(gid)).map_err(make())?;
            }
        }
    }
    let own = nix::unistd::geteuid().as_raw();
    let user = identity.owner().map_or(own, |(uid, _)| uid);
    let about = fs::symlink_metadata(dir).map_err(make())?;
    if about.is_dir() && about.uid() == user && about.mode() & 0o077 == 0 {
        return Ok(());
    }
    Err(EmbeddedPostgresError::NoSocketDirectory { path: dir.to_owned() })
}

/// Makes the service's database if it is not there.
pub(super) fn ensure_database(url: &str) -> Result<(), EmbeddedPostgresError> {
    let failed = |reason: String| EmbeddedPostgresError::NoDatabase { reason };
    let url = url.to_owned();
    // A thread of its own, as the caller's may already run a runtime.
    let made = thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        let runtime = runtime.map_err(|error| error.to_string())?;
        runtime
            .block_on(create_if_missing(&url))
            .map_err(|error| error.as_db_error().map_or_else(|| error.to_string(), |said| said.message().to_owned()))
    });
    let made = made.join().unwrap_or_else(|_| Err("its thread failed".to_owned()));
    made.map_err(failed)
}

async fn create_if_missing(url: &str) -> Result<(), tokio_postgres::Error> {
    let (client, connection) = url.parse::<Config>()?.connect(NoTls).await?;
    let connection = tokio::spawn(connection);
    if !is_there(&client).await? {
        let create = format!("CREATE DATABASE {DATABASE} TEMPLATE template0 ENCODING 'UTF8'");
        let created = client.batch_execute(&create).await;
        // Another process may have made it at the same moment.
        if created.is_err() && !is_there(&client).await? {
            return created;
        }
    }
    drop(client);
    // The connection ends with its client; how it ended no longer matters.
    let _ = connection.await;
    Ok(())
}

async fn is_there(client: &Client) -> Result<bool, tokio_postgres::Error> {
    let found = "SELECT 1 FROM pg_database WHERE datname = $1";
    Ok(client.query_opt(found, &[&DATABASE]).await?.is_some())
}
