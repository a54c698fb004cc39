//! For whom a snapshot is, which cursors are good, and its signature.

use super::dto::SnapshotSiteGone;
use super::queries::SiteRow;
use crate::auth::Actor;
use crate::auth::token::Keys;
use crate::campaigns::model::CampaignState;
use crate::error::{AppError, ErrorCode, FieldError, Message, message};
use crate::events::queries::Horizon;
use crate::ids::SiteId;
use crate::sites::model::SiteState;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, Utc};
use serde::Serialize;
use sha2::{Digest, Sha256};
use uuid::Uuid;

/// Neither the audience nor the type of any other token.
const AUDIENCE: &str = "check-in-snapshot";
const TOKEN_TYPE: &str = "snapshot+jwt";
/// How many transactions a cursor may be behind: half of what the number in a row can tell apart, and a margin.
const REACH: i64 = 1 << 30;

/// The sites that are asked for: of a device, its own, or the one of them that it says; of anybody else, the one that is said. 404 for a
/// device at a site of others.
pub fn asked_sites(actor: &Actor, said: Option<SiteId>) -> Result<Vec<SiteId>, AppError> {
    match (&actor.site_ids, said) {
        (Some(own), None) => Ok(own.clone()),
        (Some(own), Some(site)) if !own.contains(&site) => Err(AppError::not_found()),
        (_, Some(site)) => Ok(vec![site]),
        (None, None) => {
            let text = message("Cần site_id khi không phải là thiết bị.", "Who is no device says site_id.");
            Err(AppError::new(ErrorCode::InvalidParameter).with_field(FieldError::new("?site_id", "required", text)))
        }
    }
}

fn refused(code: &'static str, text: Message) -> AppError {
    AppError::new(ErrorCode::CursorInvalid).with_field(FieldError::new("?after", code, text))
}

/// A cursor that we did not give to this caller for this question.
pub fn foreign_cursor() -> AppError {
    refused(
        "foreign_cursor",
        message(
            "Con trỏ không được cấp cho bên gọi này với site_id này. Bỏ after để tải lại toàn bộ.",
            "The cursor was not given to this caller with this site_id. Leave after out and take the whole snapshot.",
        ),
    )
}

/// 400 for a cursor from before a restore, or so old that the rows cannot tell any more what came behind it.
pub fn check_reach(from: Option<i64>, horizon: Horizon) -> Result<(), AppError> {
    match from {
        Some(from) if from < horizon.base || from > horizon.xid || horizon.xid - from > REACH => Err(refused(
            "cursor_too_old",
            message(
                "Con trỏ quá cũ, hoặc có từ trước khi dữ liệu được khôi phục. Bỏ after để tải lại toàn bộ.",
                "The cursor is too old, or from before the data were restored. Leave after out and take the whole snapshot.",
            ),
        )),
        Some(_) | None => Ok(()),
    }
}

/// Whether guests may still come: what nobody needs any more is not given out.
pub fn is_served(site: &SiteRow) -> bool {
    site.state != SiteState::Closed && site.campaign_state != CampaignState::Closed
}

/// Why the guests of a site are to be dropped.
pub fn why_gone(site: SiteId, found: &[SiteRow]) -> SnapshotSiteGone {
    if found.iter().any(|row| row.id == site) { SnapshotSiteGone::Closed } else { SnapshotSiteGone::Left }
}

#[derive(Serialize)]
struct Claims {
    aud: &'static str,
    sub: Uuid,
    iat: i64,
    sha256: String,
}

/// The signature of an answer: a JWS (RFC 7515, EdDSA by RFC 8037) over the SHA-256 of its bytes, which hold the holder, the sites, the instant
/// and the cursor. Any library for JWTs checks it; the bytes themselves stay JSON that can be read as it is.
pub fn sign(keys: &Keys, holder: Uuid, as_of: DateTime<Utc>, bytes: &[u8]) -> Result<String, AppError> {
    let claims = Claims { aud: AUDIENCE, sub: holder, iat: as_of.timestamp(), sha256: URL_SAFE_NO_PAD.encode(Sha256::digest(bytes)) };
    keys.sign_as(TOKEN_TYPE, &claims).map_err(AppError::internal)
}

#[cfg(test)]
mod tests {
    use super::{REACH, check_reach};
    use crate::events::queries::Horizon;

    #[test]
    fn a_cursor_is_good_from_the_base_of_the_feed_up_to_the_horizon_and_not_too_far_back() {
        let horizon = Horizon { base: 5_000_000_000, xid: 8_000_000_000 };
        for good in [None, Some(8_000_000_000), Some(8_000_000_000 - REACH)] {
            assert!(check_reach(good, horizon).is_ok());
        }
        for bad in [4_999_999_999, 8_000_000_000 - REACH - 1, 8_000_000_001] {
            let error = check_reach(Some(bad), horizon).unwrap_err();
            assert_eq!(error.errors[0].code, "cursor_too_old");
        }
        let young = Horizon { base: 0, xid: 10 };
        assert!(check_reach(Some(0), young).is_ok());
    }
}
