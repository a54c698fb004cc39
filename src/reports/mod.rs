//! Reports: who owes one, what was reported, completeness and consolidation.

use utoipa_actix_web::service_config::ServiceConfig;

/// Routes.
pub fn configure(_config: &mut ServiceConfig) {}
