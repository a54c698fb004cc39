//! The snapshot of a device over HTTP.

use super::cursor::Cursor;
use super::dto::{CheckInSnapshotOut, CheckInSnapshotQuery, SnapshotGoneSiteOut, SnapshotSiteOut};
use super::{queries, rules};
use crate::auth::Action;
use crate::call::Call;
use crate::error::AppError;
use crate::events;
use crate::extract::Query;
use crate::ids::SiteId;
use crate::problem::Problem404;
use crate::reply::Reply;
use actix_web::get;

const DEFAULT_LIMIT: u32 = 200;

/// Take the guests of one's sites along
///
/// What a device needs to check guests in without signal: its sites, and their guests with what is needed at the door. Without `after` the whole of it,
/// in pages; with the `next_cursor` of the answer before, the rest, and then what changed. Apply an answer in this order: drop all guests of
/// `gone_sites`, put in `guests`, drop `gone_guests`; keep `next_cursor` with it; go on at once while `has_more`. Nothing is missed
/// whoever writes meanwhile, a guest may come again unchanged, and an answer that was lost is asked for again by the cursor before it.
///
/// Dropped are guests who were taken off the list, erased, or merged into another; and all of a site that left the device, or is closed. Who
/// declined stays, because such a guest is let in with a warning. An official who checks guests in says `site_id`. A cursor holds for the caller and the `site_id`
/// that it was given to. One that does not, one from before the data were restored, and one that is a thousand million changes behind
/// are 400 `cursor_invalid`, with `foreign_cursor` or `cursor_too_old` at `?after`: leave `after` out, and put what comes in the place of everything kept.
///
/// `Snapshot-Signature` is a compact JWS (RFC 7515; EdDSA) that any library for JWTs verifies by the keys of `/.well-known/jwks.json`: `typ` is
/// `snapshot+jwt`, `aud` is `check-in-snapshot`, `sub` the holder, `iat` the instant, and `sha256` the SHA-256 of the bytes of the body, base64url without
/// padding. Keep the bytes as they came with it, and verify both before you trust them again. The bytes hold the holder, the sites, the instant and the cursor. It
/// does not expire. Personal data: names, for who may check guests in; no contacts.
#[utoipa::path(tag = "check-ins", params(CheckInSnapshotQuery), responses((status = 200, body = CheckInSnapshotOut, headers(("Snapshot-Signature" = String))), (status = 404, response = Problem404)))]
#[get("/check-ins/snapshot")]
pub async fn get_check_in_snapshot(call: Call, query: Query<CheckInSnapshotQuery>) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::CheckInWrite)?;
    let CheckInSnapshotQuery { after, site_id, limit } = query.parse()?;
    let (keys, holder) = (call.keys(), call.actor().id);
    let given = match after {
        None => Cursor::new(holder, site_id),
        Some(text) => Cursor::open(&keys, &text, holder, site_id).ok_or_else(rules::foreign_cursor)?,
    };
    let asked = rules::asked_sites(call.actor(), site_id)?;
    let limit = limit.unwrap_or(DEFAULT_LIMIT);
    let (cursor, found, left, guests) = call
        .read_long(async |conn| {
            let mut cursor = given.clone();
            // The horizon first: every page behind it sees all that is below it.
            let horizon = events::queries::horizon_and_base(conn, &scope).await?;
            rules::check_reach(cursor.from(), horizon)?;
            let found = queries::sites(conn, &scope, &asked).await?;
            if site_id.is_some() && found.is_empty() {
                return Err(AppError::not_found());
            }
            let own: Vec<SiteId> = found.iter().filter(|site| rules::is_served(site)).map(|site| site.id).collect();
            let left = cursor.enter(&own, horizon.xid);
            let guests = queries::guests(conn, &scope, &found, &cursor, limit).await?;
            cursor.advance(guests.more_behind);
            Ok((cursor, found, left, guests))
        })
        .await?;
    let gone_sites = left.into_iter().map(|site_id| SnapshotGoneSiteOut { site_id, reason: rules::why_gone(site_id, &found) }).collect();
    let sites: Vec<SnapshotSiteOut> = found.into_iter().filter(rules::is_served).map(SnapshotSiteOut::from).collect();
    let own: Vec<SiteId> = sites.iter().map(|site| site.id).collect();
    let body = CheckInSnapshotOut {
        holder_id: holder,
        as_of: call.now(),
        has_more: cursor.has_more(&own),
        next_cursor: cursor.seal(&keys)?,
        sites,
        gone_sites,
        guests: guests.kept,
        gone_guests: guests.gone,
    };
    let count = body.guests.len() + body.gone_guests.len();
    Reply::page(&body, count)?.signed(|bytes| rules::sign(&keys, holder, body.as_of, bytes))
}
