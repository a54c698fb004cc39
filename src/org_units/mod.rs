//! Org units: committees, police, departments, agencies. One tree; scope is a subtree of it.

pub mod queries;

use utoipa_actix_web::service_config::ServiceConfig;

/// Routes.
pub fn configure(_config: &mut ServiceConfig) {}
