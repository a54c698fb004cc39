//! What is done from time to time: expired idempotency keys, sessions that ended long ago and quiet callers are forgotten;
//! objects of the store that no attachment names are taken away; personal data that were kept as long as their purpose allows are erased.

use crate::attachments::{self, store::Store};
use crate::clock::Clock;
use crate::db::sweep::sweep;
use crate::db::{Conn, Db};
use crate::rate_limit::RateLimits;
use crate::{db, erasures, idempotency};
use chrono::{DateTime, Utc};
use std::sync::Arc;
use std::time::Duration;

const PAUSE: Duration = Duration::from_secs(600);
/// The store is gone through every hour or so: that lists all it holds.
const STORE_EVERY: u64 = 6;
/// Sessions and used refresh tokens are kept so long after their end: a replay is noticed, and can be looked into.
const KEPT: chrono::Duration = chrono::Duration::days(30);

/// Starts the housekeeping on the current runtime.
pub fn start(database_url: String, limits: Arc<RateLimits>, store: Store, clock: Clock) -> actix_web::rt::task::JoinHandle<()> {
    actix_web::rt::spawn(async move {
        for round in 1_u64.. {
            tokio::time::sleep(PAUSE).await;
            limits.sweep();
            if round % STORE_EVERY == 0 {
                sweep_store(&database_url, &store).await;
            }
            erase(&database_url, &clock).await;
            let swept = match db::connect(&database_url).await {
                Ok(conn) => forget(&conn, Utc::now()).await.map_err(|error| error.to_string()),
                Err(error) => Err(error.to_string()),
            };
            if let Err(error) = swept {
                // The database may be away for a while: next time, then.
                log::warn!(error = error.as_str(); "housekeeping is put off");
            }
        }
    })
}

/// A store that is away is swept next time.
async fn sweep_store(database_url: &str, store: &Store) {
    let swept = match Db::new(database_url) {
        Ok(db) => attachments::sweep::sweep(&db, store, Utc::now()).await,
        Err(error) => Err(error),
    };
    match swept {
        Ok(0) => {}
        Ok(count) => log::info!(count = count; "objects that no attachment names were taken away"),
        Err(error) => log::warn!(error = error.to_string().as_str(); "the sweep of attachments is put off"),
    }
}

/// The days of keeping are the plan's time, so they go by the domain's clock.
async fn erase(database_url: &str, clock: &Clock) {
    let erased = match Db::new(database_url) {
        Ok(db) => erasures::sweep::sweep(&db, clock.now()).await,
        Err(error) => Err(error),
    };
    match erased {
        Ok(0) => {}
        Ok(count) => log::info!(count = count; "personal data past their time were erased"),
        Err(error) => log::warn!(error = error.to_string().as_str(); "the erasure of personal data is put off"),
    }
}

/// Deletes what nobody needs any more. A session takes its refresh tokens along; of one that goes on, those used long
/// ago go.
pub async fn forget(conn: &Conn, now: DateTime<Utc>) -> diesel::QueryResult<()> {
    sweep(conn, "idempotency_keys", "created_at", now - idempotency::KEPT).await?;
    sweep(conn, "sessions", "expires_at", now - KEPT).await?;
    sweep(conn, "refresh_tokens", "used_at", now - KEPT).await
}
