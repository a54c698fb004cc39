//! One PostgreSQL for a run, in a directory that goes away with it, and a seeded template that tests clone.

use super::Role;
use super::sql;
use ngayhoi::auth::token::{Keys, SubjectKind, random_secret, secret_hash};
use ngayhoi::clock::Clock;
use ngayhoi::db::{self, migrate};
use ngayhoi::embedded_postgres::{EmbeddedPostgres, Options};
use ngayhoi::{auth, ids, seed};
use std::fs::{self, File};
use std::io::ErrorKind;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Sender, channel};
use std::sync::{Arc, Mutex, OnceLock};
use std::thread;
use uuid::Uuid;

/// What the domain's clock shows when a test begins.
pub const START: &str = "2023-07-10T08:00:00+07:00";
const TEMPLATE: &str = "template_demo";
/// Access tokens of the template outlive any run.
const TOKEN_SECONDS: i64 = 6 * 3600;
const DIRECTORY: &str = "cluster-";

/// A demo account, signed in.
#[derive(Debug, Clone)]
pub struct Account {
    pub id: Uuid,
    pub username: String,
    pub password: String,
    pub role: Role,
    pub org_unit_id: Uuid,
    pub token: String,
}

/// A server with a directory of its own.
pub struct Cluster {
    pub server: EmbeddedPostgres,
    pub data_dir: PathBuf,
    lock: File,
    sweeper: Child,
}

/// What all tests share.
pub struct Shared {
    pub cluster: Cluster,
    pub keys: Arc<Keys>,
    pub accounts: Vec<Account>,
    cleaner: Mutex<Sender<String>>,
}

/// The cluster of this run, started by whoever asks first. `NGAYHOI_LOG=error` shows what is behind an answer of 500.
pub fn shared() -> &'static Shared {
    static SHARED: OnceLock<Shared> = OnceLock::new();
    let _ = env_logger::Builder::from_env(env_logger::Env::new().filter_or("NGAYHOI_LOG", "off")).try_init();
    SHARED.get_or_init(|| thread::spawn(Shared::start).join().expect("the cluster of the tests starts"))
}

/// Runs async work to its end on a thread of its own, from wherever.
pub fn block_on<T: Send + 'static>(work: impl Future<Output = T> + Send + 'static) -> T {
    let run = move || tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap().block_on(work);
    thread::spawn(run).join().expect("work on a thread of its own")
}

impl Cluster {
    /// Starts a server with empty data in `name`, below the directory for tests.
    pub fn start(name: &str) -> Self {
        let tests = Path::new(env!("CARGO_TARGET_TMPDIR"));
        fs::create_dir_all(tests).unwrap();
        sweep(tests);
        let name = format!("{DIRECTORY}{}-{name}", std::process::id());
        let lock = File::create(tests.join(format!("{name}.lock"))).unwrap();
        lock.lock().unwrap();
        let data_dir = tests.join(&name);
        let sweeper = sweep_when_this_process_ends(&data_dir);
        let options = Options { data_dir: data_dir.clone(), durable: false, shim: PathBuf::from(env!("CARGO_BIN_EXE_ngayhoi")) };
        let server = EmbeddedPostgres::start(&options).unwrap_or_else(|error| panic!("{error}"));
        Self { server, data_dir, lock, sweeper }
    }

    /// Stops the server; the directory stays as long as what is returned.
    pub fn stop(self) -> (File, Child) {
        self.server.stop();
        (self.lock, self.sweeper)
    }

    pub fn url(&self, database: &str) -> String {
        self.server.database_url(database)
    }
}

/// Removes the directories of runs that are over: nobody holds their locks.
fn sweep(tests: &Path) {
    for entry in fs::read_dir(tests).into_iter().flatten().flatten() {
        let path = entry.path();
        let is_ours = entry.file_name().to_string_lossy().starts_with(DIRECTORY) && path.is_dir();
        let lock = path.with_extension("lock");
        if is_ours && File::create(&lock).is_ok_and(|lock| lock.try_lock().is_ok()) {
            match fs::remove_dir_all(&path) {
                Err(error) if error.kind() != ErrorKind::NotFound => {}
                _ => drop(fs::remove_file(&lock)),
            }
        }
    }
}

/// Statics are never dropped: a shell waits for the end of its input, which is the end of this process however
/// it comes, and then for the server, which ends with it.
fn sweep_when_this_process_ends(data_dir: &Path) -> Child {
    let script = "cat; for i in $(seq 100); do [ -e \"$0/postgres/postmaster.pid\" ] || break; sleep 0.1; done; rm -rf \"$0\" \"$0.lock\"";
    Command::new("sh")
        .args(["-c", script])
        .arg(data_dir)
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .process_group(0)
        .spawn()
        .unwrap()
}

impl Shared {
    fn start() -> Self {
        let cluster = Cluster::start("shared");
        let keys = Arc::new(Keys::load_or_create(&cluster.data_dir).unwrap());
        let admin = cluster.url("postgres");
        block_on(async move { sql::execute(&admin, &format!("CREATE DATABASE {TEMPLATE}")).await });
        let (url, data_dir, signing) = (cluster.url(TEMPLATE), cluster.data_dir.clone(), Arc::clone(&keys));
        let accounts = block_on(async move { load_demo(&url, &data_dir, &signing).await });
        let (cleaner, dropped) = channel::<String>();
        let admin = cluster.url("postgres");
        thread::spawn(move || {
            for database in dropped {
                let admin = admin.clone();
                // At the end of a run the server may be gone first.
                block_on(async move { sql::try_execute(&admin, &format!("DROP DATABASE {database} WITH (FORCE)")).await.ok() });
            }
        });
        Self { cluster, keys, accounts, cleaner: Mutex::new(cleaner) }
    }

    /// A new database like the template. Returns its name.
    pub async fn clone_template(&self) -> String {
        static NUMBER: AtomicUsize = AtomicUsize::new(1);
        let name = format!("test_{}", NUMBER.fetch_add(1, Ordering::Relaxed));
        sql::execute(&self.cluster.url("postgres"), &format!("CREATE DATABASE {name} TEMPLATE {TEMPLATE}")).await;
        name
    }

    /// A new database without any table. Returns its name.
    pub async fn empty_database(&self) -> String {
        let name = format!("empty_{}", Uuid::now_v7().simple());
        sql::execute(&self.cluster.url("postgres"), &format!("CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8'")).await;
        name
    }

    /// Drops a database behind the scenes.
    pub fn drop_later(&self, database: &str) {
        // The cleaner only ends with the process.
        let _ = self.cleaner.lock().unwrap().send(database.to_owned());
    }

    pub fn account(&self, role: Role) -> &Account {
        self.accounts.iter().find(|account| account.role == role).expect("a demo account of each role")
    }
}

/// Schema, demo data, and a session for each demo account: no test pays for a password hash it does not ask for.
pub async fn load_demo(url: &str, data_dir: &Path, keys: &Keys) -> Vec<Account> {
    migrate::up(url).await.unwrap();
    let clock = Clock::default();
    clock.set(START.parse().unwrap());
    let mut conn = db::connect(url).await.unwrap();
    seed::demo(&mut conn, &clock, data_dir).await.unwrap();
    let file = fs::read_to_string(data_dir.join(seed::USERS_FILE)).unwrap();
    let entries: Vec<serde_json::Value> = serde_json::from_str(&file).unwrap();
    let mut accounts = Vec::new();
    for entry in entries {
        let text = |name: &str| entry[name].as_str().unwrap().to_owned();
        let username = text("username");
        let id = Uuid::from(auth::queries::credentials(&conn, &username).await.unwrap().unwrap().id);
        let role: Role = serde_json::from_value(entry["role"].clone()).unwrap();
        accounts.push(Account {
            id,
            password: text("password"),
            role,
            org_unit_id: text("org_unit").parse().unwrap(),
            token: sign_in(&conn, keys, id, role).await,
            username,
        });
    }
    accounts
}

/// Opens a session without a password and returns its access token.
pub async fn sign_in(conn: &db::Conn, keys: &Keys, user: Uuid, role: Role) -> String {
    let now = chrono::Utc::now();
    let hash = secret_hash(&random_secret("nhr_"));
    let session = auth::queries::open_session(conn, ids::UserId(user), now, now + chrono::Duration::days(14), &hash).await.unwrap();
    keys.sign(SubjectKind::User, user, session, role.as_str(), TOKEN_SECONDS).unwrap()
}
