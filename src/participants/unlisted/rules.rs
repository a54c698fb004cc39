//! Who may be taken for whom, and what to point out when more come than have a seat.

use super::dto::NewcomerIn;
use crate::error::{AppError, ErrorCode, FieldError, Message, message};
use crate::participants::model::{Participant, ParticipantOrigin};
use crate::participants::rules::{check_age_band, check_representative};
use crate::sites::model::Site;

/// 409 unless the guest is provisional, and 422 unless the other one may be the same: another guest of the same site and kind, who is
/// neither matched nor erased.
pub fn check_match(provisional: &Participant, other: &Participant) -> Result<(), AppError> {
    if provisional.origin != ParticipantOrigin::Provisional {
        return Err(AppError::new(ErrorCode::InvalidTransition)
            .because(message("Chỉ ghép được khách tạm.", "Only a provisional guest can be matched.")));
    }
    let (code, text) = if other.id == provisional.id {
        ("same_guest", message("Không thể ghép khách với chính mình.", "A guest cannot be matched to itself."))
    } else if other.site_id != provisional.site_id {
        ("wrong_site", message("Khách này thuộc địa bàn khác.", "The guest belongs to another site."))
    } else if other.kind != provisional.kind {
        (
            "other_kind",
            message("Cá nhân chỉ ghép với cá nhân, tập thể với tập thể.", "A person is matched to a person, a collective to a collective."),
        )
    } else if other.matched_to_id.is_some() {
        ("is_matched", message("Khách này đã được ghép với một khách khác.", "The guest is matched to another one."))
    } else if other.erased_at.is_some() {
        ("is_erased", message("Dữ liệu cá nhân của khách này đã bị xóa.", "The personal data of the guest were erased."))
    } else {
        return Ok(());
    };
    Err(AppError::field(FieldError::new("/participant_id", code, text)))
}

/// 422 at members of `/guest` where what is said of a newcomer does not fit the kind.
pub fn check_newcomer(guest: &NewcomerIn) -> Result<(), AppError> {
    let below = |mut error: AppError| {
        error.errors.iter_mut().for_each(|field| field.pointer.insert_str(0, "/guest"));
        error
    };
    check_representative(guest.kind, guest.representative_name.is_some()).map_err(below)?;
    check_age_band(guest.kind, guest.age_band.is_some()).map_err(below)
}

/// What to point out when more are there than the site has seats. Who came is let in and counted all the same: it is a fact.
pub fn more_present_than_seats(site: &Site, present: i32) -> Option<Message> {
    let capacity = site.capacity.filter(|capacity| present > *capacity)?;
    Some(message(
        format!("Đang có {present} khách, địa bàn chỉ có {capacity} chỗ."),
        format!("{present} guests are there; the site has {capacity} seats."),
    ))
}
