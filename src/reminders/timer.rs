//! The clockwork of the sweep: every minute, on one instance at a time, by the domain's clock.

use super::sweep::{Mailing, sweep_all};
use crate::clock::Clock;
use crate::db::Db;
use std::time::Duration;

/// A reminder comes so late at the most.
pub const PAUSE: Duration = Duration::from_secs(60);

/// Starts the sweeps on the current runtime. One that fails is logged and made up for by the next.
pub fn start(database_url: String, clock: Clock, mailing: Mailing, pause: Duration) -> actix_web::rt::task::JoinHandle<()> {
    actix_web::rt::spawn(async move {
        loop {
            let swept = match Db::new(&database_url) {
                Ok(db) => sweep_all(&db, mailing, clock.now()).await,
                Err(error) => Err(error),
            };
            match swept {
                Ok(None | Some(0)) => {}
                Ok(Some(count)) => log::info!(count = count; "reminders were sent"),
                Err(error) => log::warn!(error = error.to_string().as_str(); "reminders are put off"),
            }
            tokio::time::sleep(pause).await;
        }
    })
}
