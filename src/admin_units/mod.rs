//! Administrative units: territories, each valid from a day to a day. Read only.

pub mod queries;

use utoipa_actix_web::service_config::ServiceConfig;

/// Routes.
pub fn configure(_config: &mut ServiceConfig) {}
