//! What the commands do.

use crate::app::{self, Shared};
use crate::attachments::store::Store;
use crate::auth::{self, token::Keys};
use crate::clock::Clock;
use crate::config::Config;
use crate::db::{self, Db, migrate};
use crate::embedded_postgres::{self, EmbeddedPostgres};
use crate::ids::{CampaignId, OrgUnitId, PlanId};
use crate::plans::import::Place;
use crate::rate_limit::RateLimits;
use crate::reminders::sweep::Mailing;
use crate::{demo, documents, health, housekeeping, mail_deliveries, memory, openapi, participant_imports, reminders, seed, webhooks};
use clap::{Args, Parser, Subcommand};
use std::error::Error;
use std::net::TcpListener;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;
use uuid::Uuid;

mod accounts;
mod healthcheck;
mod plans;

type Outcome<T> = Result<T, Box<dyn Error>>;

/// The campaign of the festival “Ngày hội toàn dân bảo vệ an ninh Tổ quốc” as a REST/JSON service.
#[derive(Debug, Parser)]
#[command(name = "ngayhoi", version, about)]
pub struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve the API. Without DATABASE_URL an embedded PostgreSQL is started in NGAYHOI_DATA_DIR.
    Serve(ServeArgs),
    /// Bring the schema up to date and end.
    Migrate,
    /// Load data.
    Seed {
        /// Which data.
        #[command(subcommand)]
        what: Seed,
    },
    /// Plans.
    Plan {
        /// What to do.
        #[command(subcommand)]
        what: PlanCommand,
    },
    /// Provinces.
    Province {
        /// What to do.
        #[command(subcommand)]
        what: ProvinceCommand,
    },
    /// Accounts.
    User {
        /// What to do.
        #[command(subcommand)]
        what: User,
    },
    /// Print the OpenAPI document.
    Openapi,
    /// Print who may do what, as the documentation holds it.
    #[command(hide = true)]
    Policy,
    /// Ask a running service whether it is ready; exit status 0 when it is.
    Healthcheck,
}

#[derive(Debug, Args)]
struct ServeArgs {
    /// Load the 2023 campaign once, and let the clock be set.
    #[arg(long)]
    demo: bool,
}

#[derive(Debug, Subcommand)]
enum Seed {
    /// The administrative units, the bodies of Yên Bái, the 2023 campaign, one account for each role.
    Demo,
    /// 1,500 sites and 150,000 participants on top of the demo, to measure with.
    Bench,
}

#[derive(Debug, Subcommand)]
enum PlanCommand {
    /// Read the official text of a plan (.txt, .docx, .pdf) and print what was read, as JSON. With a campaign and a body a
    /// draft is made of it, and its id is printed instead.
    Import {
        /// The file.
        file: PathBuf,
        /// Id of the campaign.
        #[arg(long, requires = "org_unit")]
        campaign: Option<Uuid>,
        /// Id of the body that issues it.
        #[arg(long, requires = "campaign")]
        org_unit: Option<Uuid>,
        /// Id of the issued plan that it carries out; without one it is the campaign's own.
        #[arg(long, requires = "campaign")]
        parent_plan: Option<Uuid>,
    },
}

#[derive(Debug, Subcommand)]
enum ProvinceCommand {
    /// Set up a province on a database without the demo: the administrative units, its committee, its first
    /// administrator, whose password is printed.
    Add {
        /// Code of the province today, such as 15 for Lào Cai.
        #[arg(long)]
        code: String,
        /// Name of its steering committee.
        #[arg(long)]
        committee: String,
        /// Name the administrator signs in with.
        #[arg(long)]
        username: String,
    },
}

#[derive(Debug, Subcommand)]
enum User {
    /// Give an account a new random password, print it, and end its sessions.
    ResetPassword {
        /// User name.
        username: String,
    },
}

/// Runs a command.
pub fn run(cli: Cli) -> Outcome<()> {
    log_as_json();
    match cli.command {
        Command::Openapi => {
            print!("{}", openapi::document_text());
            Ok(())
        }
        Command::Policy => {
            print!("{}", auth::policy_table::markdown());
            Ok(())
        }
        Command::Healthcheck => healthcheck::run(&config(false)?),
        Command::Serve(args) => serve(config(args.demo)?),
        Command::Migrate => with_database(|_, url| {
            block_on(async {
                for name in migrate::up(url).await? {
                    println!("applied {name}");
                }
                Ok(())
            })
        }),
        Command::Seed { what } => with_database(|config, url| {
            block_on(async {
                migrate::up(url).await?;
                let mut conn = db::connect(url).await?;
                match what {
                    Seed::Demo => println!("{}", seed::demo(&mut conn, &Clock::default(), &config.data_dir).await?),
                    Seed::Bench => println!("{:?}", seed::bench(&mut conn).await?),
                }
                Ok(())
            })
        }),
        Command::Plan { what: PlanCommand::Import { file, campaign, org_unit, parent_plan } } => {
            let reading = plans::read(&file)?;
            let (Some(campaign), Some(org_unit)) = (campaign, org_unit) else {
                println!("{}", serde_json::to_string_pretty(&reading)?);
                return Ok(());
            };
            let place =
                Place { campaign_id: CampaignId(campaign), org_unit_id: OrgUnitId(org_unit), parent_plan_id: parent_plan.map(PlanId) };
            with_database(|_, url| block_on(async { plans::keep(&Db::new(url)?, &reading, place).await }))
        }
        Command::Province { what: ProvinceCommand::Add { code, committee, username } } => {
            let province = accounts::province(code, &committee, &username)?;
            with_database(|_, url| {
                block_on(async {
                    migrate::up(url).await?;
                    println!("{}", seed::add_province(&mut db::connect(url).await?, &province, Clock::default().now()).await?);
                    Ok(())
                })
            })
        }
        Command::User { what: User::ResetPassword { username } } => {
            with_database(|_, url| block_on(async { accounts::reset_password(&Db::new(url)?, &username).await }))
        }
    }
}

/// Huge pages make a service of a few megabytes take many: it does not want them. Where that cannot be said, it runs all the same.
pub fn prefer_small_pages() {
    #[cfg(target_os = "linux")]
    let _ = nix::sys::prctl::set_thp_disable(true);
}

fn config(is_demo: bool) -> Outcome<Config> {
    Ok(Config::load(|name| std::env::var(name).ok(), is_demo)?)
}

/// Logs are JSON lines on standard error. They hold no personal data: routes, not paths.
fn log_as_json() {
    use std::io::Write;
    let environment = env_logger::Env::default().filter_or("NGAYHOI_LOG", "warn,ngayhoi=info");
    env_logger::Builder::from_env(environment)
        .format(|out, record| {
            let mut line = serde_json::Map::new();
            line.insert("at".to_owned(), chrono::Utc::now().to_rfc3339_opts(chrono::SecondsFormat::Micros, true).into());
            line.insert("level".to_owned(), record.level().as_str().into());
            line.insert("target".to_owned(), record.target().into());
            line.insert("message".to_owned(), record.args().to_string().into());
            let mut pairs = Pairs(line);
            let _ = record.key_values().visit(&mut pairs);
            writeln!(out, "{}", serde_json::Value::Object(pairs.0))
        })
        .init();
}

struct Pairs(serde_json::Map<String, serde_json::Value>);

impl<'kv> log::kv::VisitSource<'kv> for Pairs {
    fn visit_pair(&mut self, key: log::kv::Key<'kv>, value: log::kv::Value<'kv>) -> Result<(), log::kv::Error> {
        let value = serde_json::to_value(&value).unwrap_or_else(|_| value.to_string().into());
        self.0.insert(key.as_str().to_owned(), value);
        Ok(())
    }
}

fn block_on<T>(work: impl Future<Output = Outcome<T>>) -> Outcome<T> {
    // Two threads at least: the migration harness blocks one.
    tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?.block_on(work)
}

/// The database that the settings name, or the embedded one.
fn open_database(config: &Config) -> Outcome<(String, Option<EmbeddedPostgres>)> {
    if let Some(url) = &config.database_url {
        return Ok((url.clone(), None));
    }
    let options = embedded_postgres::Options { data_dir: config.data_dir.clone(), durable: true, shim: std::env::current_exe()? };
    let server = EmbeddedPostgres::start(&options)?;
    Ok((server.database_url(embedded_postgres::DATABASE), Some(server)))
}

fn with_database(work: impl FnOnce(&Config, &str) -> Outcome<()>) -> Outcome<()> {
    let config = config(false)?;
    let (url, server) = open_database(&config)?;
    let outcome = work(&config, &url);
    if let Some(server) = server {
        server.stop();
    }
    outcome
}

fn serve(config: Config) -> Outcome<()> {
    // First of all: a port that is taken is found out before anything is started.
    let listener = TcpListener::bind(config.listen).map_err(|error| {
        format!("cannot listen on {}: {error}. Stop what uses it, or choose another address with NGAYHOI_LISTEN.", config.listen)
    })?;
    let (url, server) = open_database(&config)?;
    let outcome = block_on_actix(config, url, listener);
    if let Some(server) = server {
        server.stop();
    }
    outcome
}

fn block_on_actix(config: Config, database_url: String, listener: TcpListener) -> Outcome<()> {
    let clock = Clock::default();
    let users_file = config.data_dir.join("demo-users.json");
    block_on(async {
        migrate::up(&database_url).await?;
        documents::registry::register_missing(&Db::new(&database_url)?, clock.now()).await?;
        if config.is_demo {
            let mut conn = db::connect(&database_url).await?;
            if seed::is_loaded(&mut conn).await? {
                println!("{}", seed::demo(&mut conn, &clock, &config.data_dir).await?);
            } else {
                load_demo_apart(&config, &database_url)?;
            }
            demo::start_clock(&conn, &clock).await?;
        }
        Ok(())
    })?;
    let address = listener.local_addr()?;
    let store = Store::open(&config.attachments)?;
    let demo_clock = clock.clone();
    let shared = Shared {
        keys: Arc::new(Keys::load_or_create(&config.data_dir)?),
        limits: Arc::new(RateLimits::new(config.rate_limit)),
        config: config.clone(),
        database_url,
        clock,
        store,
    };
    actix_web::rt::System::new().block_on(async move {
        let keeper =
            housekeeping::start(shared.database_url.clone(), Arc::clone(&shared.limits), shared.store.clone(), shared.clock.clone());
        let importer = participant_imports::worker::start(shared.database_url.clone(), shared.clock.clone());
        let reminding =
            reminders::timer::start(shared.database_url.clone(), shared.clock.clone(), Mailing::of(&config), reminders::timer::PAUSE);
        let keys = Arc::clone(&shared.keys);
        let dispatcher = (!config.webhook_origins.is_empty())
            .then(|| webhooks::dispatcher::start(shared.database_url.clone(), keys, config.webhook_origins.clone()));
        let postman = config.mail.as_ref().map(|mail| mail_deliveries::postman::start(shared.database_url.clone(), mail));
        let server = app::serve(shared, listener)?;
        println!("ngayhoi serves on http://{address}");
        println!("  API        http://{address}/api/v1   (OpenAPI: http://{address}/api/openapi.json)");
        println!("  docs page  http://{address}/docs/");
        if config.is_demo {
            println!("  accounts   {}", users_file.display());
            println!(
                "  clock      {} (set it: PUT /api/v1/demo/clock)",
                demo_clock.now().with_timezone(&chrono_tz::Asia::Ho_Chi_Minh).to_rfc3339()
            );
        }
        actix_web::rt::spawn(memory::give_back());
        let handle = server.handle();
        actix_web::rt::spawn(async move {
            until_told_to_stop().await;
            health::IS_STOPPING.store(true, Ordering::Relaxed);
            handle.stop(true).await;
        });
        server.await?;
        keeper.abort();
        importer.abort();
        reminding.abort();
        for task in [postman, dispatcher].into_iter().flatten() {
            task.abort();
        }
        Ok(())
    })
}

/// Loads the demo in a process of its own, so that the memory it takes is given back.
fn load_demo_apart(config: &Config, database_url: &str) -> Outcome<()> {
    let mut command = std::process::Command::new(std::env::current_exe()?);
    command.args(["seed", "demo"]).env("DATABASE_URL", database_url).env("NGAYHOI_DATA_DIR", &config.data_dir);
    if command.status()?.success() { Ok(()) } else { Err("the demo data could not be loaded; the reason is above".into()) }
}

/// So long a service that is told to stop still serves although `/readyz` says no: proxies ask it every second or two,
/// and send nobody any more when the listener ends. Nobody waits for that at a terminal.
const DRAIN: Duration = Duration::from_secs(3);

async fn until_told_to_stop() {
    use tokio::signal::unix::{SignalKind, signal};
    let (Ok(mut terminate), Ok(mut interrupt)) = (signal(SignalKind::terminate()), signal(SignalKind::interrupt())) else { return };
    tokio::select! {
        _ = terminate.recv() => {
            health::IS_STOPPING.store(true, Ordering::Relaxed);
            tokio::select! {
                () = tokio::time::sleep(DRAIN) => {}
                _ = interrupt.recv() => {}
            }
        }
        _ = interrupt.recv() => {}
    }
}
