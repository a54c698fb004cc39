//! Machine accounts: other portals and devices, by OAuth 2.0 client credentials.

use utoipa_actix_web::service_config::ServiceConfig;

/// Routes.
pub fn configure(_config: &mut ServiceConfig) {}
