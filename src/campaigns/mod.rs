//! Campaigns: one province's festival of one year, with its window, its report limit and its quotas.

pub mod model;
pub mod queries;
pub mod rules;

use utoipa_actix_web::service_config::ServiceConfig;

/// Routes.
pub fn configure(_config: &mut ServiceConfig) {}
