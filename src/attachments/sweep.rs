//! Takes away the objects that no row names: what a crash between object and row left, and what was deleted.

use super::queries;
use super::store::Store;
use crate::auth::Scope;
use crate::db::Db;
use crate::error::AppError;
use chrono::{DateTime, Duration, Utc};

/// An object that no row names may belong to an upload that is under way; one of a day ago does not.
const KEPT: Duration = Duration::days(1);
/// Objects asked for at once.
const CHUNK: usize = 500;

/// Sweeps once. Gives how many objects were taken away.
pub async fn sweep(db: &Db, store: &Store, now: DateTime<Utc>) -> Result<usize, AppError> {
    let scope = Scope::system("objects that no attachment names are swept");
    let before = now - KEPT;
    let mut swept = 0;
    for chunk in store.written_before(before).await?.chunks(CHUNK) {
        let needed = db.read_long(async |conn| queries::needed(conn, &scope, chunk).await).await?;
        for checksum in chunk.iter().filter(|checksum| !needed.contains(checksum)) {
            swept += usize::from(sweep_one(db, store, &scope, checksum, before).await?);
        }
    }
    Ok(swept)
}

/// Looks again under the lock that uploads take: whoever sends the same bytes meanwhile has their row written before, or
/// finds the object gone after.
async fn sweep_one(db: &Db, store: &Store, scope: &Scope, checksum: &String, before: DateTime<Utc>) -> Result<bool, AppError> {
    db.transaction(async |conn| {
        queries::lock_object(conn, checksum).await?;
        let is_needed = !queries::needed(conn, scope, std::slice::from_ref(checksum)).await?.is_empty();
        if is_needed || store.written_at(checksum).await?.is_none_or(|at| at >= before) {
            return Ok(false);
        }
        store.delete(checksum).await?;
        Ok(true)
    })
    .await
}
