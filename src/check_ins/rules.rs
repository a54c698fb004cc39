//! What a check-in may say.

use super::model::{Direction, Notice, RefusalReason};
use crate::auth::Actor;
use crate::auth::token::Keys;
use crate::error::{AppError, ErrorCode, FieldError, Language, message};
use crate::ids::{ParticipantId, SiteId};
use crate::participants::pass::Pass;
use crate::warning::Warning;
use chrono::{DateTime, Duration, Utc};
use uuid::Uuid;

/// How far the clock of a device may be ahead. `log.sql` and the filter of the list say the same.
const AHEAD: Duration = Duration::minutes(5);

/// Whether the device's clock was ahead: presence follows from the latest operation by device time, and this one would stay
/// the latest.
pub fn is_ahead(occurred_at: DateTime<Utc>, received_at: DateTime<Utc>) -> bool {
    occurred_at - AHEAD > received_at
}

/// 422 when the device's clock is ahead: a device with signal can mend it at once. What was logged without signal is kept.
pub fn check_clock(pointer: &'static str, occurred_at: DateTime<Utc>, received_at: DateTime<Utc>) -> Result<(), AppError> {
    if !is_ahead(occurred_at, received_at) {
        return Ok(());
    }
    let text = message(
        "Giờ của thiết bị không được nhanh hơn giờ nhận quá 5 phút.",
        "The device's time may be at most 5 minutes after the time of receipt.",
    );
    Err(AppError::field(FieldError::new(pointer, "in_future", text)))
}

/// 422 unless a refusal has a reason, and nothing else has one.
pub fn check_reason(direction: Direction, reason: Option<RefusalReason>) -> Result<(), AppError> {
    let (code, text) = match (direction, reason) {
        (Direction::Refusal, None) => ("required_for_refusal", message("Từ chối phải nêu lý do.", "A refusal needs a reason.")),
        (Direction::Entry | Direction::Exit, Some(_)) => {
            ("only_for_refusal", message("Chỉ từ chối mới có lý do.", "Only a refusal has a reason."))
        }
        (Direction::Refusal, Some(_)) | (Direction::Entry | Direction::Exit, None) => return Ok(()),
    };
    Err(AppError::field(FieldError::new("/reason", code, text)))
}

/// The device of an operation: the one that is said, or the caller. 403 for an enrolled device that says another one.
/// An official may say any: what a broken device logged is sent under its own id, so that nothing counts twice.
pub fn device(actor: &Actor, device_id: Option<Uuid>) -> Result<Uuid, AppError> {
    let said = device_id.unwrap_or(actor.id);
    if actor.site_ids.is_some() && said != actor.id {
        return Err(AppError::new(ErrorCode::Forbidden)
            .because(message("Thiết bị chỉ gửi thao tác của chính mình.", "A device sends its own operations only.")));
    }
    Ok(said)
}

/// Where an operation may be logged: at the sites of a device, at the site that is said, or anywhere in reach.
pub fn right_sites(actor: &Actor, said: Option<SiteId>) -> Option<Vec<SiteId>> {
    match (&actor.site_ids, said) {
        (Some(own), Some(site)) => Some(own.iter().copied().filter(|one| *one == site).collect()),
        (Some(own), None) => Some(own.clone()),
        (None, Some(site)) => Some(vec![site]),
        (None, None) => None,
    }
}

/// Whether a device may log at the site; who is no device may wherever the scope reaches.
pub fn is_own_site(own: Option<&[SiteId]>, site: SiteId) -> bool {
    own.is_none_or(|own| own.contains(&site))
}

/// 404 for a device at a site that is not one of its own.
pub fn check_own_site(right_sites: Option<&[SiteId]>, site: SiteId) -> Result<(), AppError> {
    if is_own_site(right_sites, site) { Ok(()) } else { Err(AppError::not_found()) }
}

/// The site at which a newcomer came: the one that is said, or the only one of a device; 422 where neither is there.
pub fn newcomer_site(actor: &Actor, said: Option<SiteId>) -> Result<SiteId, AppError> {
    let only = || match actor.site_ids.as_deref() {
        Some([only]) => Some(*only),
        Some(_) | None => None,
    };
    said.or_else(only).ok_or_else(|| {
        let text = message("Cần site_id khi ghi tên khách.", "An operation that names a guest needs site_id.");
        AppError::field(FieldError::new("/site_id", "required", text))
    })
}

/// 422 unless the guest is named in one way, and when a guest who is refused is named: of whom was not let in nothing is kept.
pub fn check_newcomer(names_otherwise: bool, direction: Direction) -> Result<(), AppError> {
    let (code, text) = if names_otherwise {
        ("only_one_of", message("Chỉ gửi một trong ba: participant_id, pass hoặc guest.", "Send one of participant_id, pass and guest."))
    } else if direction == Direction::Refusal {
        ("not_for_refusal", message("Không ghi tên người bị từ chối.", "Who is refused is not named."))
    } else {
        return Ok(());
    };
    Err(AppError::field(FieldError::new("/guest", code, text)))
}

/// 422 when an operation refers to the one that named its guest, and does not say whom.
pub fn check_guest_op(has_guest: bool, guest_op_id: Option<Uuid>) -> Result<(), AppError> {
    if has_guest || guest_op_id.is_none() {
        return Ok(());
    }
    let text = message("guest_op_id chỉ đi cùng guest.", "guest_op_id goes with guest only.");
    Err(AppError::field(FieldError::new("/guest_op_id", "only_with_guest", text)))
}

/// What to tell at the door. Who declined and comes all the same is let in: nobody sends a neighbour away, and people who came
/// are facts. The answer stays as it was given.
pub fn warnings(direction: Direction, notice: Notice, language: Language) -> Vec<Warning> {
    if !notice.has_declined || direction != Direction::Entry {
        return Vec::new();
    }
    let text = message("Khách này đã trả lời không dự.", "This guest had declined the invitation.");
    vec![Warning::new("guest_declined", &text, None, language)]
}

/// The guest, named by exactly one of id and pass, and the site that the pass names; 422 otherwise.
pub fn guest(keys: &Keys, participant_id: Option<ParticipantId>, pass: Option<&str>) -> Result<(ParticipantId, Option<SiteId>), AppError> {
    match (participant_id, pass) {
        (Some(id), None) => Ok((id, None)),
        (None, Some(text)) => Pass::verify(keys, text).map(|pass| (pass.participant_id, Some(pass.site_id))).ok_or_else(|| {
            let text = message("Thẻ mời không do hệ thống này cấp.", "The pass was not signed by this service.");
            AppError::field(FieldError::new("/pass", "invalid_pass", text))
        }),
        (None, None) => {
            let text = message("Cần participant_id hoặc pass.", "Either participant_id or pass is needed.");
            Err(AppError::field(FieldError::new("/participant_id", "required", text)))
        }
        (Some(_), Some(_)) => {
            let text = message("Chỉ gửi một trong hai: participant_id hoặc pass.", "Send participant_id or pass, not both.");
            Err(AppError::field(FieldError::new("/pass", "only_one_of", text)))
        }
    }
}
