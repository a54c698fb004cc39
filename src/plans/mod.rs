//! Plans: the document that sets a campaign going, and the plans of other bodies under it.

pub mod addressed;
pub mod aliases;
pub mod compare;
pub mod delivery;
pub mod dto;
pub mod editions;
pub mod handlers;
pub mod import;
pub mod inheritance;
pub mod lists;
pub mod model;
pub mod numbers;
pub mod obligations;
pub mod out;
pub mod parameters;
pub mod parts;
pub mod queries;
pub mod rules;
pub mod steps;
pub mod tree;

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
        .service(editions::amend_plan)
        .service(editions::list_plan_editions)
        .service(editions::compare_plans)
        .service(tree::get_plan_gaps)
        .service(tree::get_plan_tree)
        .service(numbers::list_plan_numbers)
        .service(obligations::handlers::list_plan_obligations)
        .service(obligations::handlers::get_plan_obligation)
        .service(obligations::handlers::exempt_plan_obligation)
        .service(obligations::handlers::restore_plan_obligation);
}
