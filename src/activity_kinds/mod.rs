//! The catalogue of activities of a campaign: phases, and what each kind is asked as results (S83 to S92), as data that a
//! province extends.

pub mod defaults;
pub mod dto;
pub mod handlers;
pub mod model;
pub mod queries;
pub mod results;
pub mod rules;

use crate::routes::Routes;

/// Routes.
pub fn configure(config: &mut impl Routes) {
    config
        .service(handlers::list_activity_kinds)
        .service(handlers::create_activity_kind)
        .service(handlers::get_activity_kind)
        .service(handlers::update_activity_kind);
}
