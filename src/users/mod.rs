//! Users: accounts of persons.

use utoipa_actix_web::service_config::ServiceConfig;

/// Routes.
pub fn configure(_config: &mut ServiceConfig) {}
