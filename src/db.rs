//! The database: connections, short reads over one pipelined connection, write transactions, migrations.
//!
//! Each worker thread has a [`Db`] of its own, so nothing here is shared between threads.

use crate::error::{AppError, ErrorCode, database_away};
use deadpool::managed::{PoolError as ManagedPoolError, Timeouts};
use diesel::ConnectionError;
use diesel_async::pooled_connection::deadpool::{Object, Pool, PoolError};
use diesel_async::pooled_connection::{AsyncDieselConnectionManager, ManagerConfig, RecyclingMethod};
use diesel_async::{AnsiTransactionManager, AsyncPgConnection, TransactionManager};
use diesel_migrations::{EmbeddedMigrations, embed_migrations};
use futures_util::FutureExt;
use futures_util::future::LocalBoxFuture;
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::str::FromStr;
use std::sync::OnceLock;
use std::time::Duration;
use tokio::time::timeout;

pub mod cached;
pub mod in_scope;
pub mod migrate;
pub mod sweep;

/// A connection. Queries take it shared: statements of one worker's reads travel pipelined over one connection.
pub type Conn = AsyncPgConnection;

/// The migrations, embedded.
pub const MIGRATIONS: EmbeddedMigrations = embed_migrations!("migrations");

/// What every connection is set to. `lc_messages` makes the server's texts predictable for [`crate::error`].
const SESSION_SETTINGS: &str = "-c lock_timeout=5s -c idle_in_transaction_session_timeout=15s \
                                -c timezone=UTC -c lc_messages=C -c application_name=ngayhoi";
/// How long a statement may run.
const STATEMENT_LIMIT: Duration = Duration::from_secs(10);
/// The same on the connection that a worker's reads share: PostgreSQL runs their statements one after the other, so
/// each waits for those before it. What is not short goes elsewhere.
const READER_STATEMENT_LIMIT: Duration = Duration::from_millis(300);
/// A read that has not come back over the shared connection by then waits for a dead server or in a long queue.
const READER_WAIT: Duration = Duration::from_secs(1);
/// Sent data that nobody confirms for so long: the other side is gone without a word.
const UNCONFIRMED: Duration = Duration::from_secs(10);

/// How long a request waits for a connection before it is told to come back later.
const POOL_WAIT: Duration = Duration::from_secs(2);
const CONNECT_WAIT: Duration = Duration::from_secs(3);
const CONNECTIONS_PER_WORKER: usize = 4;
/// Serialization failures, deadlocks and reads over closed connections are run again this often.
const ATTEMPTS: usize = 3;

/// Opens a connection, with TLS where the server or the address asks for it.
pub async fn connect(url: &str) -> diesel::ConnectionResult<Conn> {
    connect_with(url, STATEMENT_LIMIT).await
}

async fn connect_with(url: &str, statement_limit: Duration) -> diesel::ConnectionResult<Conn> {
    let bad = |error: tokio_postgres::Error| ConnectionError::BadConnection(error.to_string());
    let mut config = tokio_postgres::Config::from_str(url).map_err(bad)?;
    config
        .options(format!("{SESSION_SETTINGS} -c statement_timeout={}", statement_limit.as_millis()))
        .connect_timeout(CONNECT_WAIT)
        .tcp_user_timeout(UNCONFIRMED)
        .keepalives_idle(Duration::from_secs(10))
        .keepalives_interval(Duration::from_secs(3))
        .keepalives_retries(3);
    let (client, connection) = config.connect(tls()).await.map_err(bad)?;
    AsyncPgConnection::try_from_client_and_connection(client, connection).await
}

/// Certificates are checked against the system's roots.
pub(crate) fn tls() -> tokio_postgres_rustls::MakeRustlsConnect {
    static TLS: OnceLock<rustls::ClientConfig> = OnceLock::new();
    let config = TLS.get_or_init(|| {
        let mut roots = rustls::RootCertStore::empty();
        roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
        rustls::ClientConfig::builder().with_root_certificates(roots).with_no_client_auth()
    });
    tokio_postgres_rustls::MakeRustlsConnect::new(config.clone())
}

/// Work on a connection, of one kind for the compiler: how it is run and repeated is compiled once, not for each handler.
trait Work {
    fn run<'c>(&'c self, conn: &'c Conn) -> LocalBoxFuture<'c, Result<(), AppError>>;
}

/// Work, and what came out of its last run.
struct Job<F, T> {
    work: F,
    answer: Cell<Option<T>>,
}

impl<T, F: AsyncFn(&Conn) -> Result<T, AppError>> Job<F, T> {
    fn of(work: F) -> Self {
        Self { work, answer: Cell::new(None) }
    }

    fn answer(self) -> Result<T, AppError> {
        self.answer.into_inner().ok_or_else(|| AppError::internal("work that succeeded left no answer"))
    }
}

impl<T, F: AsyncFn(&Conn) -> Result<T, AppError>> Work for Job<F, T> {
    fn run<'c>(&'c self, conn: &'c Conn) -> LocalBoxFuture<'c, Result<(), AppError>> {
        Box::pin(async move {
            self.answer.set(Some((self.work)(conn).await?));
            Ok(())
        })
    }
}

/// One worker's way to the database.
pub struct Db {
    url: String,
    pool: Pool<Conn>,
    reader: RefCell<Option<Rc<Conn>>>,
    /// Held by the one request that opens the reader: the others wait for it instead of opening one each.
    connecting: tokio::sync::Mutex<()>,
}

impl Db {
    /// Prepares the pool; connections are opened when they are first needed.
    pub fn new(url: &str) -> Result<Self, AppError> {
        let mut config = ManagerConfig::default();
        // A look at the connection's own state; a query at each checkout would cost a round trip.
        config.recycling_method = RecyclingMethod::Fast;
        config.custom_setup = Box::new(|url| connect(url).boxed());
        let manager = AsyncDieselConnectionManager::new_with_config(url, config);
        let pool = Pool::builder(manager)
            .max_size(CONNECTIONS_PER_WORKER)
            .runtime(deadpool::Runtime::Tokio1)
            .timeouts(Timeouts { wait: Some(POOL_WAIT), create: Some(CONNECT_WAIT), recycle: Some(POOL_WAIT) })
            .build()
            .map_err(AppError::internal)?;
        Ok(Self { url: url.to_owned(), pool, reader: RefCell::new(None), connecting: tokio::sync::Mutex::new(()) })
    }

    /// The URL, for connections of another kind (COPY, LISTEN).
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Runs a read outside a transaction over the worker's pipelined connection: once more over a new one when that
    /// turns out to be closed, and as a long one when it turns out not to be short.
    pub async fn read<T>(&self, work: impl AsyncFn(&Conn) -> Result<T, AppError>) -> Result<T, AppError> {
        let job = Job::of(work);
        self.run_read(&job).await?;
        job.answer()
    }

    async fn run_read(&self, work: &dyn Work) -> Result<(), AppError> {
        for _ in 0..2 {
            let conn = self.reader().await?;
            match timeout(READER_WAIT, work.run(&conn)).await {
                Ok(Err(error)) if error.is_cut_off() => break,
                Ok(Err(error)) if error.is_database_away() => self.forget_reader(&conn),
                Ok(answer) => return answer,
                Err(_) => {
                    self.forget_reader(&conn);
                    break;
                }
            }
        }
        self.run_read_long(work).await
    }

    /// Runs a read outside a transaction over a connection of the pool: nobody waits behind it.
    pub async fn read_long<T>(&self, work: impl AsyncFn(&Conn) -> Result<T, AppError>) -> Result<T, AppError> {
        let job = Job::of(work);
        self.run_read_long(&job).await?;
        job.answer()
    }

    async fn run_read_long(&self, work: &dyn Work) -> Result<(), AppError> {
        let mut attempt = 1;
        loop {
            let conn = self.checkout().await?;
            match work.run(&conn).await {
                Err(error) if error.is_database_away() && attempt < ATTEMPTS => {
                    attempt += 1;
                    drop(Object::take(conn));
                }
                answer => return answer,
            }
        }
    }

    async fn reader(&self) -> Result<Rc<Conn>, AppError> {
        if let Some(conn) = self.open_reader() {
            return Ok(conn);
        }
        // Nobody waits longer than for a connection of their own.
        let _turn = timeout(CONNECT_WAIT, self.connecting.lock()).await.map_err(|_| database_away())?;
        if let Some(conn) = self.open_reader() {
            return Ok(conn);
        }
        let connecting = timeout(CONNECT_WAIT, connect_with(&self.url, READER_STATEMENT_LIMIT)).await;
        let conn = Rc::new(connecting.map_err(|_| database_away())?.map_err(|_| database_away())?);
        *self.reader.borrow_mut() = Some(Rc::clone(&conn));
        Ok(conn)
    }

    fn open_reader(&self) -> Option<Rc<Conn>> {
        self.reader.borrow().as_ref().map(Rc::clone)
    }

    fn forget_reader(&self, broken: &Rc<Conn>) {
        let mut reader = self.reader.borrow_mut();
        if reader.as_ref().is_some_and(|conn| Rc::ptr_eq(conn, broken)) {
            *reader = None;
        }
    }

    /// Runs work in one transaction and commits it before it answers. The work is run again after a
    /// serialization failure, a deadlock, or a pooled connection that had died while idle; it must
    /// have no effect outside the transaction.
    pub async fn transaction<T>(&self, work: impl AsyncFn(&Conn) -> Result<T, AppError>) -> Result<T, AppError> {
        let job = Job::of(work);
        self.run_transaction(&job).await?;
        job.answer()
    }

    async fn run_transaction(&self, work: &dyn Work) -> Result<(), AppError> {
        let mut attempt = 1;
        loop {
            let mut conn = self.checkout().await?;
            let begun = AnsiTransactionManager::begin_transaction(&mut *conn).await;
            let may_retry = attempt < ATTEMPTS;
            attempt += 1;
            if let Err(error) = begun {
                let error = AppError::from(error);
                // The connection had died while idle; nothing was sent.
                let _ = Object::take(conn);
                if may_retry && error.is_database_away() { continue } else { return Err(error) }
            }
            match work.run(&conn).await {
                Ok(()) => match AnsiTransactionManager::commit_transaction(&mut *conn).await {
                    Ok(()) => return Ok(()),
                    // Whether the commit happened is not known: the caller's idempotency key tells.
                    Err(error) => return Err(error.into()),
                },
                Err(error) => {
                    if AnsiTransactionManager::rollback_transaction(&mut *conn).await.is_err() {
                        let _ = Object::take(conn);
                    }
                    if !(may_retry && error.is_conflict()) {
                        return Err(error);
                    }
                }
            }
        }
    }

    /// Takes a connection from the pool.
    pub async fn checkout(&self) -> Result<Object<Conn>, AppError> {
        self.pool.get().await.map_err(|error: PoolError| match error {
            ManagedPoolError::Timeout(deadpool::managed::TimeoutType::Wait) => AppError::new(ErrorCode::Overloaded).retry_after(1),
            ManagedPoolError::Timeout(_) | ManagedPoolError::Backend(_) => database_away(),
            other => AppError::internal(other),
        })
    }
}

diesel::define_sql_function! {
    /// Whether a text begins with another: how a path lies in a subtree.
    fn starts_with(text: diesel::sql_types::Text, prefix: diesel::sql_types::Text) -> diesel::sql_types::Bool;
}
