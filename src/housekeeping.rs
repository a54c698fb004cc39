//! What is done from time to time: expired idempotency keys and quiet callers are forgotten.

use crate::rate_limit::RateLimits;
use crate::{db, idempotency};
use std::sync::Arc;
use std::time::Duration;

const PAUSE: Duration = Duration::from_secs(600);

/// Starts the housekeeping on the current runtime.
pub fn start(database_url: String, limits: Arc<RateLimits>) -> actix_web::rt::task::JoinHandle<()> {
    actix_web::rt::spawn(async move {
        loop {
            tokio::time::sleep(PAUSE).await;
            limits.sweep();
            // The database may be away for a while: next time, then.
            if let Ok(conn) = db::connect(&database_url).await {
                let _ = idempotency::sweep(&conn, chrono::Utc::now()).await;
            }
        }
    })
}
