//! Activities: what is done before, during and after the festival, and what came of it.

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
        .service(handlers::list_activities)
        .service(handlers::create_activity)
        .service(handlers::get_activity)
        .service(handlers::update_activity)
        .service(handlers::delete_activity)
        .service(handlers::hold_activity)
        .service(handlers::cancel_activity)
        .service(results::set_activity_results)
        .service(results::get_activity_results);
}
