//! How to reach a guest: a phone number and an e-mail address, apart from the guest list. Every reading is logged with its reason
//! (law 91/2025/QH15; S110).

pub mod dto;
pub mod handlers;
pub mod model;
pub mod queries;
pub mod reading_handlers;
pub mod readings;
pub mod rules;

use crate::routes::Routes;

/// Routes.
pub fn configure(config: &mut impl Routes) {
    config
        .service(handlers::get_participant_contacts)
        .service(handlers::set_participant_contacts)
        .service(handlers::delete_participant_contacts)
        .service(reading_handlers::list_contact_readings);
}
