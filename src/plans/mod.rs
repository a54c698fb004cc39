//! Plans: the document that sets a campaign going, and the plans of other bodies under it.

pub mod addressed;
pub mod delivery;
pub mod dto;
pub mod handlers;
pub mod import;
pub mod lists;
pub mod model;
pub mod out;
pub mod parameters;
pub mod parts;
pub mod queries;
pub mod rules;
pub mod steps;

use crate::routes::Routes;

/// Routes.
pub fn configure(config: &mut impl Routes) {
    config
        .service(handlers::list_plans)
        .service(handlers::create_plan)
        .service(import::import_plan)
        .service(handlers::get_plan)
        .service(handlers::update_plan)
        .service(handlers::delete_plan)
        .service(steps::submit_plan)
        .service(steps::return_plan)
        .service(steps::issue_plan)
        .service(steps::close_plan)
        .service(lists::list_plan_children)
        .configure(delivery::configure)
        .service(lists::list_plan_rules)
        .service(lists::list_plan_clauses)
        .service(lists::get_plan_gaps);
}
