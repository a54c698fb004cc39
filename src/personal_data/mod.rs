//! All that is held of one person, for that person (law 91/2025/QH15, the right to see and obtain).

pub mod dto;
pub mod handlers;
pub mod queries;

use crate::routes::Routes;

/// Routes.
pub fn configure(config: &mut impl Routes) {
    config.service(handlers::get_participant_personal_data);
}
