//! Plans: the document that sets a campaign going, and the plans of other bodies under it.

pub mod queries;

use utoipa_actix_web::service_config::ServiceConfig;

/// Routes.
pub fn configure(_config: &mut ServiceConfig) {}
