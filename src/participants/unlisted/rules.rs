//! What is checked of guests whom nobody had listed, and what to point out when more come than have a seat.

use super::dto::NewcomerIn;
use crate::error::{AppError, Message, message};
use crate::participants::rules::{check_age_band, check_representative};
use crate::sites::model::Site;

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
