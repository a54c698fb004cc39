//! Dashboards and maps: one call with exact figures for operations centres.
//!
//! Figures are read in one statement, so they agree with each other, from the counters that every write keeps in
//! its own transaction, so they are never behind.

pub mod dto;
pub mod handlers;
pub mod map;
pub mod queries;

use utoipa_actix_web::service_config::ServiceConfig;

/// Routes.
pub fn configure(config: &mut ServiceConfig) {
    config.service(handlers::get_overview).service(map::get_sites_map);
}
