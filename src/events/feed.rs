//! The change feed as one caller sees it: the same for who reads it and for whom it is brought to.

use super::RESOURCES;
use super::dto::ChangesOut;
use super::queries::{self, EventRow, Stretch};
use crate::auth::{Actor, Scope};
use crate::db::Conn;
use crate::error::AppError;
use crate::ids::CampaignId;

/// What a caller wants of the feed.
#[derive(Debug)]
pub struct Wanted<'a> {
    /// Position of the last change read: transaction and sequence number.
    pub after: (i64, i64),
    /// Campaign, if only one.
    pub campaign_id: Option<CampaignId>,
    /// Kinds of objects, if not all.
    pub resources: Option<&'a [String]>,
    /// Changes at the most.
    pub limit: u32,
}

/// A stretch of the feed.
#[derive(Debug)]
pub struct Told {
    /// The changes, oldest first.
    pub rows: Vec<EventRow>,
    /// Where to go on.
    pub position: (i64, i64),
    /// Whether more are waiting.
    pub has_more: bool,
}

/// What a caller is told: changes in scope of objects that the role may read.
pub async fn read(conn: &Conn, scope: &Scope, actor: &Actor, wanted: &Wanted<'_>) -> Result<Told, AppError> {
    let below = queries::horizon(conn, scope).await?;
    let is_wanted = |name: &str| wanted.resources.is_none_or(|names| names.iter().any(|one| one == name));
    let readable = RESOURCES.iter().filter(|(name, read)| is_wanted(name) && actor.allows(*read).is_some());
    let stretch = Stretch {
        after: wanted.after,
        below,
        readable: readable.map(|(name, _)| *name).collect(),
        campaign_id: wanted.campaign_id,
        rows: i64::from(wanted.limit) + 1,
    };
    let mut rows = queries::after(conn, scope, stretch).await?;
    let kept = usize::try_from(wanted.limit).unwrap_or(usize::MAX);
    let has_more = rows.len() > kept;
    rows.truncate(kept);
    let last = rows.last().map_or(wanted.after, |row| (row.xid, row.seq));
    // All below the horizon has been looked through: the next read begins there, before its first change.
    Ok(Told { position: if has_more { last } else { last.max((below, 0)) }, rows, has_more })
}

impl From<Told> for ChangesOut {
    fn from(Told { rows, position: (xid, seq), has_more }: Told) -> Self {
        Self { items: rows.into_iter().map(Into::into).collect(), next_cursor: format!("{xid}-{seq}"), has_more }
    }
}
