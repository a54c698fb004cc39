//! Why personal data of each kind are held, on what legal basis, and how long after the campaign (law 91/2025/QH15).

pub mod defaults;
pub mod dto;
pub mod handlers;
pub mod model;
pub mod queries;
pub mod rules;

use crate::routes::Routes;

/// Routes.
pub fn configure(config: &mut impl Routes) {
    config
        .service(handlers::list_processing_purposes)
        .service(handlers::get_processing_purpose)
        .service(handlers::update_processing_purpose)
        .service(handlers::list_processing_purpose_changes);
}
