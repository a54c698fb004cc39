//! Who may be merged into whom.

use crate::error::{AppError, ErrorCode, FieldError, message};
use crate::ids::ParticipantId;
use crate::participants::model::Participant;
use crate::participants::rules::{check_not_erased, check_not_merged};

/// 422 when the two are the same guest.
pub fn check_two(guest: ParticipantId, into: ParticipantId) -> Result<(), AppError> {
    if guest != into {
        return Ok(());
    }
    let text = message("Không thể gộp khách với chính mình.", "A guest cannot be merged into itself.");
    Err(AppError::field(FieldError::new("/into_participant_id", "same_guest", text)))
}

/// 409 unless the other guest may be the same: of the same site and kind, neither merged nor erased.
pub fn check_pair(guest: &Participant, into: &Participant) -> Result<(), AppError> {
    let text = if (into.campaign_id, into.site_id) != (guest.campaign_id, guest.site_id) {
        message("Chỉ gộp được hai khách của cùng một địa bàn.", "Only two guests of one site can be merged.")
    } else if into.kind != guest.kind {
        message("Cá nhân chỉ gộp với cá nhân, tập thể với tập thể.", "A person is merged into a person, a collective into a collective.")
    } else {
        check_not_erased(into.erased_at)?;
        return check_not_merged(into);
    };
    Err(AppError::new(ErrorCode::InvalidTransition).because(text))
}

/// 409 when others are merged into a guest, naming the first: a merger goes one level deep, and who stays stays on the list.
pub fn check_nobody_merged_in(merged_in: &[Participant]) -> Result<(), AppError> {
    let Some(one) = merged_in.first() else { return Ok(()) };
    let (count, id) = (merged_in.len(), one.id.0);
    Err(AppError::new(ErrorCode::InUse).because(message(
        format!("Đã có {count} khách gộp vào khách này, trong đó có {id}; hãy tách ra trước."),
        format!("{count} guests are merged into this one, {id} among them; un-merge them first."),
    )))
}
