//! Whether the rules of a plan are kept: facts of one instant, judged by pure functions.

pub mod dto;
pub mod facts;
pub mod handlers;
pub mod judge;
pub mod queries;

use utoipa_actix_web::service_config::ServiceConfig;

/// Routes.
pub fn configure(config: &mut ServiceConfig) {
    config.service(handlers::get_campaign_compliance).service(handlers::get_org_unit_compliance);
}
