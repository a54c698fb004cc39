//! Check-ins: the append-only log of entries and exits, and the figures derived from it.

use utoipa_actix_web::service_config::ServiceConfig;

/// Routes.
pub fn configure(_config: &mut ServiceConfig) {}
