//! Activities: what is done before, during and after the festival.

use utoipa_actix_web::service_config::ServiceConfig;

/// Routes.
pub fn configure(_config: &mut ServiceConfig) {}
