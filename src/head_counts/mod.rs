//! Head counts: how many people were at a site at one moment, where nobody should be listed. An append-only log.

pub mod dto;
pub mod handlers;
pub mod model;
pub mod queries;
pub mod rules;

use crate::routes::Routes;

/// Routes.
pub fn configure(config: &mut impl Routes) {
    config.service(handlers::list_head_counts).service(handlers::create_head_count).service(handlers::get_head_count);
}
