//! Settings: a TOML file, then the environment over it. All that is wrong is reported at once.

use crate::attachments::settings::Attachments;
use crate::mail_deliveries::settings::Mail;
use serde::{Deserialize, Deserializer};
use std::net::{IpAddr, SocketAddr};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// The settings of a running service.
#[derive(Debug, Clone)]
pub struct Config {
    /// PostgreSQL to use; an embedded one when absent.
    pub database_url: Option<String>,
    /// Address to serve on.
    pub listen: SocketAddr,
    /// Keys, embedded database, demo accounts.
    pub data_dir: PathBuf,
    /// Worker threads.
    pub workers: usize,
    /// Requests a second that one caller may send in the long run.
    pub rate_limit: u32,
    /// Proxies whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Vec<IpAddr>,
    /// A body that takes longer than this is cut off. Not to be set from outside.
    pub body_timeout: Duration,
    /// Origins whose pages may call from a browser.
    pub allowed_origins: Vec<String>,
    /// Origins that webhooks may lead to; there are none without.
    pub webhook_origins: Vec<String>,
    /// Where attachments are kept, and how large they may be.
    pub attachments: Attachments,
    /// The mail server that takes reminders; none are mailed without.
    pub mail: Option<Mail>,
    /// Whether this is a demo: the 2023 campaign is loaded and the clock can be set.
    pub is_demo: bool,
}

/// One or more settings cannot be used.
#[derive(Debug, thiserror::Error)]
#[error("the settings cannot be used:\n{}", .0.iter().map(|line| format!("  - {line}")).collect::<Vec<_>>().join("\n"))]
pub struct ConfigError(Vec<String>);

/// What a TOML file may hold; the same names as the variables, in lower case and without the prefix.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    database_url: Option<String>,
    listen: Option<String>,
    data_dir: Option<String>,
    #[serde(default, deserialize_with = "number_or_text")]
    workers: Option<String>,
    #[serde(default, deserialize_with = "number_or_text")]
    rate_limit: Option<String>,
    trusted_proxies: Option<String>,
    allowed_origins: Option<String>,
    attachments_url: Option<String>,
    #[serde(default, deserialize_with = "number_or_text")]
    attachment_limit_mb: Option<String>,
    webhook_origins: Option<String>,
    smtp_url: Option<String>,
    smtp_from: Option<String>,
}

/// `workers = 4` as well as `workers = "4"`.
fn number_or_text<'de, D: Deserializer<'de>>(source: D) -> Result<Option<String>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Either {
        Number(i64),
        Text(String),
    }
    Ok(Some(match Either::deserialize(source)? {
        Either::Number(number) => number.to_string(),
        Either::Text(text) => text,
    }))
}

const DEFAULT_LISTEN: &str = "127.0.0.1:8080";
const DEFAULT_DATA_DIR: &str = ".ngayhoi";
/// Enough for any dashboard; a runaway client is stopped, the house is not.
const DEFAULT_RATE_LIMIT: u32 = 50_000;
const BODY_TIMEOUT: Duration = Duration::from_secs(10);

impl Config {
    /// Reads the settings. `variable` is the environment: a function, so that tests can do without it.
    pub fn load(variable: impl Fn(&str) -> Option<String>, is_demo: bool) -> Result<Self, ConfigError> {
        let mut wrong = Vec::new();
        let file = match variable("NGAYHOI_CONFIG").map(|path| read_file(Path::new(&path))) {
            None => File::default(),
            Some(Ok(file)) => file,
            Some(Err(line)) => {
                wrong.push(line);
                File::default()
            }
        };
        let setting = |name: &str, from_file: Option<String>| {
            variable(name).or(from_file).map(|text| text.trim().to_owned()).filter(|text| !text.is_empty())
        };

        let database_url = setting("DATABASE_URL", file.database_url);
        if let Some(Err(_)) = database_url.as_deref().map(str::parse::<tokio_postgres::Config>) {
            wrong.push("DATABASE_URL is not a PostgreSQL URL such as postgresql://user:password@host:5432/ngayhoi".to_owned());
        }
        let listen =
            parse(&mut wrong, "NGAYHOI_LISTEN", setting("NGAYHOI_LISTEN", file.listen), "an address and port such as 127.0.0.1:8080")
                .or_else(|| DEFAULT_LISTEN.parse().ok());
        let cores = std::thread::available_parallelism().map_or(2, usize::from);
        let workers = parse(&mut wrong, "NGAYHOI_WORKERS", setting("NGAYHOI_WORKERS", file.workers), "a number of threads such as 4")
            .unwrap_or(cores);
        let rate_limit = parse(
            &mut wrong,
            "NGAYHOI_RATE_LIMIT",
            setting("NGAYHOI_RATE_LIMIT", file.rate_limit),
            "a number of requests a second such as 500",
        )
        .unwrap_or(DEFAULT_RATE_LIMIT);
        let mut origins = |name: &str, from_file| origins(&mut wrong, name, &setting(name, from_file).unwrap_or_default());
        let allowed_origins = origins("NGAYHOI_ALLOWED_ORIGINS", file.allowed_origins);
        let webhook_origins = origins("NGAYHOI_WEBHOOK_ORIGINS", file.webhook_origins);
        let proxies = setting("NGAYHOI_TRUSTED_PROXIES", file.trusted_proxies).unwrap_or_default();
        let trusted_proxies = proxies
            .split(',')
            .map(str::trim)
            .filter(|text| !text.is_empty())
            .filter_map(|text| {
                parse(
                    &mut wrong,
                    "NGAYHOI_TRUSTED_PROXIES",
                    Some(text.to_owned()),
                    "addresses separated by commas such as 10.0.0.1,10.0.0.2",
                )
            })
            .collect();
        if workers == 0 || workers > 256 {
            wrong.push("NGAYHOI_WORKERS must be between 1 and 256".to_owned());
        }
        if rate_limit == 0 {
            wrong.push("NGAYHOI_RATE_LIMIT must be at least 1".to_owned());
        }
        let data_dir = PathBuf::from(setting("NGAYHOI_DATA_DIR", file.data_dir).unwrap_or_else(|| DEFAULT_DATA_DIR.to_owned()));
        if let Err(error) = std::fs::create_dir_all(&data_dir) {
            wrong.push(format!("NGAYHOI_DATA_DIR ({}) cannot be made: {error}", data_dir.display()));
        }
        let url = setting("NGAYHOI_ATTACHMENTS_URL", file.attachments_url);
        let limit_mb = setting("NGAYHOI_ATTACHMENT_LIMIT_MB", file.attachment_limit_mb);
        let attachments = Attachments::load(&variable, url, limit_mb, &data_dir, &mut wrong);
        let smtp_url = setting("NGAYHOI_SMTP_URL", file.smtp_url);
        let mail = Mail::load(smtp_url, setting("NGAYHOI_SMTP_FROM", file.smtp_from), &mut wrong);
        match listen {
            Some(listen) if wrong.is_empty() => {
                let body_timeout = BODY_TIMEOUT;
                Ok(Self {
                    database_url,
                    listen,
                    data_dir,
                    workers,
                    rate_limit,
                    trusted_proxies,
                    body_timeout,
                    allowed_origins,
                    webhook_origins,
                    attachments,
                    mail,
                    is_demo,
                })
            }
            _ => Err(ConfigError(wrong)),
        }
    }
}

fn read_file(path: &Path) -> Result<File, String> {
    let text = std::fs::read_to_string(path).map_err(|error| format!("NGAYHOI_CONFIG ({}) cannot be read: {error}", path.display()))?;
    toml::from_str(&text).map_err(|error| format!("NGAYHOI_CONFIG ({}): {}", path.display(), error.message()))
}

/// An origin is what a browser sends: scheme, host, port, and no path.
fn origins(wrong: &mut Vec<String>, name: &str, text: &str) -> Vec<String> {
    let (good, bad): (Vec<&str>, Vec<&str>) = text.split(',').map(str::trim).filter(|one| !one.is_empty()).partition(|one| {
        one.split_once("://").is_some_and(|(scheme, host)| matches!(scheme, "http" | "https") && !host.is_empty() && !host.contains('/'))
    });
    wrong.extend(
        bad.iter().map(|one| format!("{name} must be origins separated by commas such as https://dashboard.example.org, not {one:?}")),
    );
    good.into_iter().map(str::to_owned).collect()
}

fn parse<T: std::str::FromStr>(wrong: &mut Vec<String>, name: &str, text: Option<String>, expected: &str) -> Option<T> {
    let text = text?;
    let parsed = text.parse().ok();
    if parsed.is_none() {
        wrong.push(format!("{name} must be {expected}, not {text:?}"));
    }
    parsed
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_may_hold_numbers_as_numbers_and_as_texts() {
        for text in ["workers = 3\nrate_limit = 70", "workers = \"3\"\nrate_limit = \"70\""] {
            let file: File = toml::from_str(text).unwrap();
            assert_eq!((file.workers.as_deref(), file.rate_limit.as_deref()), (Some("3"), Some("70")));
        }
    }

    #[test]
    fn everything_that_is_wrong_is_named_at_once() {
        let error = Config::load(
            |name| match name {
                "DATABASE_URL" => Some("mysql://x".to_owned()),
                "NGAYHOI_LISTEN" => Some("here".to_owned()),
                "NGAYHOI_WORKERS" => Some("many".to_owned()),
                "NGAYHOI_DATA_DIR" => Some(std::env::temp_dir().display().to_string()),
                _ => None,
            },
            false,
        );
        let text = error.unwrap_err().to_string();
        for name in ["DATABASE_URL", "NGAYHOI_LISTEN", "NGAYHOI_WORKERS"] {
            assert!(text.contains(name), "{text}");
        }
    }
}
