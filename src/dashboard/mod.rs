//! Dashboards and maps: one call with exact figures for operations centres.

use utoipa_actix_web::service_config::ServiceConfig;

/// Routes.
pub fn configure(_config: &mut ServiceConfig) {}
