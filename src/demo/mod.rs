//! Demo mode: the clock can be read and set. Refused everywhere else.

pub mod dto;
pub mod handlers;
pub mod queries;

use utoipa_actix_web::service_config::ServiceConfig;

/// Routes.
pub fn configure(config: &mut ServiceConfig) {
    config.service(handlers::get_clock).service(handlers::set_clock);
}
