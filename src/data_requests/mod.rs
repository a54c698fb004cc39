//! What persons asked about their data, and by when it is answered and done (law 91/2025/QH15, decree 356/2025/NĐ-CP).

pub mod dto;
pub mod handlers;
pub mod model;
pub mod queries;
pub mod rules;
pub mod steps;

use crate::routes::Routes;

/// Routes.
pub fn configure(config: &mut impl Routes) {
    config
        .service(handlers::list_data_requests)
        .service(handlers::create_data_request)
        .service(handlers::get_data_request)
        .service(handlers::update_data_request)
        .service(handlers::list_data_request_steps)
        .service(steps::answer_data_request)
        .service(steps::complete_data_request)
        .service(steps::refuse_data_request)
        .service(steps::extend_data_request);
}
