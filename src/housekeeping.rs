//! What is done from time to time: expired idempotency keys, sessions that ended long ago and quiet callers are forgotten.

use crate::db::Conn;
use crate::db::sweep::sweep;
use crate::rate_limit::RateLimits;
use crate::{db, idempotency};
use chrono::{DateTime, Utc};
use std::sync::Arc;
use std::time::Duration;

const PAUSE: Duration = Duration::from_secs(600);
/// Sessions and used refresh tokens are kept so long after their end: a replay is noticed, and can be looked into.
const KEPT: chrono::Duration = chrono::Duration::days(30);

/// Starts the housekeeping on the current runtime.
pub fn start(database_url: String, limits: Arc<RateLimits>) -> actix_web::rt::task::JoinHandle<()> {
    actix_web::rt::spawn(async move {
        loop {
            tokio::time::sleep(PAUSE).await;
            limits.sweep();
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

/// Deletes what nobody needs any more. A session takes its refresh tokens along; of one that goes on, those used long
/// ago go.
pub async fn forget(conn: &Conn, now: DateTime<Utc>) -> diesel::QueryResult<()> {
    sweep(conn, "idempotency_keys", "created_at", now - idempotency::KEPT).await?;
    sweep(conn, "sessions", "expires_at", now - KEPT).await?;
    sweep(conn, "refresh_tokens", "used_at", now - KEPT).await
}
