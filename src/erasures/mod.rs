//! What is taken away of persons for ever: by request of the person, or when the time of keeping is over. What is counted stays.

pub mod dto;
pub mod erase_handlers;
pub mod handlers;
pub mod model;
pub mod queries;
pub mod rules;
pub mod sweep;

use crate::routes::Routes;

/// Routes.
pub fn configure(config: &mut impl Routes) {
    config
        .service(handlers::list_erasures)
        .service(erase_handlers::erase_participant)
        .service(erase_handlers::erase_delegate)
        .service(erase_handlers::erase_opinion)
        .service(erase_handlers::erase_commendation);
}
