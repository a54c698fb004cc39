//! The application over HTTP, on a database of its own.

use super::client::Client;
use super::cluster::{self, Shared};
use super::{Role, Value, sql};
use ngayhoi::app;
use ngayhoi::attachments::settings::Attachments;
use ngayhoi::attachments::store::Store;
use ngayhoi::clock::Clock;
use ngayhoi::config::Config;
use ngayhoi::db;
use ngayhoi::mail_deliveries::settings::Mail;
use ngayhoi::rate_limit::RateLimits;
use std::net::TcpListener;
use std::sync::Arc;
use std::sync::mpsc;
use std::thread;
use std::time::Duration;
use uuid::Uuid;

/// How a test wants its application.
#[derive(Debug, Clone)]
pub struct Setup {
    pub workers: usize,
    pub is_demo: bool,
    pub rate_limit: u32,
    pub body_timeout: Duration,
    /// Where attachments are kept; a directory of the cluster's when absent.
    pub attachments: Option<Attachments>,
    /// Where webhooks may lead.
    pub webhook_origins: Vec<String>,
    /// The mail server, if any.
    pub mail: Option<Mail>,
    /// Another database than a clone of the template.
    pub database_url: Option<String>,
}

impl Default for Setup {
    fn default() -> Self {
        Self {
            workers: 1,
            is_demo: true,
            rate_limit: 50_000,
            body_timeout: Duration::from_secs(10),
            attachments: None,
            webhook_origins: Vec::new(),
            mail: None,
            database_url: None,
        }
    }
}

/// A running application. When it is dropped, server and database go away.
pub struct TestApp {
    pub shared: &'static Shared,
    pub address: std::net::SocketAddr,
    pub clock: Clock,
    pub database_url: String,
    /// The bytes of attachments.
    pub store: Store,
    http: reqwest::Client,
    database: Option<String>,
    handle: actix_web::dev::ServerHandle,
}

impl TestApp {
    /// Starts with one worker and the clock at [`cluster::START`].
    pub async fn start() -> Self {
        Self::start_with(Setup::default()).await
    }

    /// Starts with two workers, for tests of what happens at once.
    pub async fn start_wide() -> Self {
        Self::start_with(Setup { workers: 2, ..Setup::default() }).await
    }

    /// Starts as a test asks for it.
    pub async fn start_with(setup: Setup) -> Self {
        let shared = cluster::shared();
        let (database, database_url) = match setup.database_url {
            Some(url) => (None, url),
            None => {
                let name = shared.clone_template().await;
                let url = shared.cluster.url(&name);
                (Some(name), url)
            }
        };
        let clock = Clock::default();
        let config = Config {
            database_url: None,
            listen: "127.0.0.1:0".parse().unwrap(),
            data_dir: shared.cluster.data_dir.clone(),
            workers: setup.workers,
            rate_limit: setup.rate_limit,
            trusted_proxies: Vec::new(),
            body_timeout: setup.body_timeout,
            allowed_origins: Vec::new(),
            attachments: setup.attachments.unwrap_or_else(|| Attachments::below(&shared.cluster.data_dir)),
            webhook_origins: setup.webhook_origins,
            mail: setup.mail,
            is_demo: setup.is_demo,
        };
        let listener = TcpListener::bind(config.listen).unwrap();
        let address = listener.local_addr().unwrap();
        let store = Store::open(&config.attachments).unwrap();
        let parts = app::Shared {
            store: store.clone(),
            config,
            database_url: database_url.clone(),
            clock: clock.clone(),
            keys: Arc::clone(&shared.keys),
            limits: Arc::new(RateLimits::new(setup.rate_limit)),
        };
        let handle = serve(parts, listener);
        // No connection is kept idle: a kept one may just be closing when it is used again.
        let http = reqwest::Client::builder().pool_max_idle_per_host(32).no_proxy().build().unwrap();
        let app = Self { shared, address, clock, database_url, store, http, database, handle };
        app.set_now(cluster::START);
        app
    }

    /// Sets the domain's clock; it runs on from there.
    pub fn set_now(&self, now: &str) {
        self.clock.set(now.parse().unwrap());
    }

    /// The demo account of a role.
    pub async fn sign_in(&self, role: Role) -> Client {
        let account = self.shared.account(role);
        self.anonymous().with_token(&account.token)
    }

    /// Nobody.
    pub fn anonymous(&self) -> Client {
        Client::new(self.http.clone(), format!("http://{}", self.address))
    }

    /// The district account of the committee of a district, such as `Lục Yên`.
    pub async fn district(&self, name: &str) -> Client {
        let unit = self.org_unit_of_kind("district_committee", name).await;
        self.account(Role::District, &unit).await
    }

    /// An account of any role at any unit, made if there is none, and signed in.
    pub async fn account(&self, role: Role, org_unit_id: &str) -> Client {
        let existing = format!("SELECT id FROM users WHERE role = '{role}' AND org_unit_id = '{org_unit_id}' AND NOT is_disabled");
        let id = match self.sql(&existing).await.first() {
            Some(row) => row["id"].as_str().unwrap().parse().unwrap(),
            None => self.insert_user(role, org_unit_id).await,
        };
        self.session_of(id, role).await
    }

    /// Makes an account whose password nobody knows.
    pub async fn insert_user(&self, role: Role, org_unit_id: &str) -> Uuid {
        let id = Uuid::now_v7();
        let insert = format!(
            "INSERT INTO users (id, username, full_name, password_hash, role, org_unit_id, tokens, created_at, updated_at)
             VALUES ('{id}', 'u{}', 'Người dùng thử', 'none', '{role}', '{org_unit_id}', '{{}}', now(), now())",
            id.simple()
        );
        self.execute(&insert).await;
        id
    }

    /// A new session of an account.
    pub async fn session_of(&self, user: Uuid, role: Role) -> Client {
        let conn = db::connect(&self.database_url).await.unwrap();
        self.anonymous().with_token(&cluster::sign_in(&conn, &self.shared.keys, user, role).await)
    }

    /// The demo campaign.
    pub async fn campaign_id(&self) -> String {
        self.text("SELECT id FROM campaigns WHERE year = 2023").await
    }

    /// A unit by a part of its name: of those that match, the one highest in the tree, then the shortest name.
    pub async fn org_unit(&self, part: &str) -> String {
        self.find_unit("true", part).await
    }

    /// A unit of a kind by a part of its name.
    pub async fn org_unit_of_kind(&self, kind: &str, part: &str) -> String {
        self.find_unit(&format!("kind = '{kind}'"), part).await
    }

    async fn find_unit(&self, condition: &str, part: &str) -> String {
        let part = part.replace('\'', "''");
        self.text(&format!(
            "SELECT id FROM org_units WHERE {condition} AND (name LIKE '%{part}%' OR short_name LIKE '%{part}%')
             ORDER BY length(path) - length(replace(path, '/', '')), length(name), no LIMIT 1"
        ))
        .await
    }

    /// The rows of a query, each as a JSON object.
    pub async fn sql(&self, query: &str) -> Vec<Value> {
        sql::query(&self.database_url, query).await
    }

    /// Runs statements.
    pub async fn execute(&self, statements: &str) {
        sql::execute(&self.database_url, statements).await;
    }

    /// The one value of a query, as text.
    pub async fn text(&self, query: &str) -> String {
        let rows = self.sql(query).await;
        let value = rows.first().and_then(|row| row.as_object()?.values().next().cloned()).unwrap_or_else(|| panic!("nothing: {query}"));
        value.as_str().map_or_else(|| value.to_string(), str::to_owned)
    }

    /// The one number of a query.
    pub async fn number(&self, query: &str) -> i64 {
        self.text(query).await.parse().unwrap()
    }
}

/// Serves on a thread of its own, as the service does on its main thread.
fn serve(shared: app::Shared, listener: TcpListener) -> actix_web::dev::ServerHandle {
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || {
        actix_web::rt::System::new().block_on(async move {
            let server = app::serve(shared, listener).unwrap();
            sender.send(server.handle()).unwrap();
            // How it ended is nobody's concern once the test is over.
            let _ = server.await;
        });
    });
    receiver.recv().unwrap()
}

impl Drop for TestApp {
    fn drop(&mut self) {
        // The order to stop is sent at once; the future only waits for its end.
        drop(self.handle.stop(false));
        if let Some(database) = &self.database {
            self.shared.drop_later(database);
        }
    }
}
