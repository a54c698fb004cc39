//! Inspections: one body looks at how another carries out the plan (III.1), and whether its advice is followed.

pub mod dto;
pub mod handlers;
pub mod model;
pub mod queries;
pub mod rules;
pub mod steps;

use crate::routes::Routes;

/// Routes.
pub fn configure(config: &mut impl Routes) {
    config
        .service(handlers::list_inspections)
        .service(handlers::create_inspection)
        .service(handlers::get_inspection)
        .service(handlers::update_inspection)
        .service(handlers::delete_inspection)
        .service(steps::complete_inspection)
        .service(steps::follow_up_inspection)
        .service(steps::cancel_inspection);
}
