//! Obstacles: difficulties that bodies raise to the province through its police, and what is done about them (R20).

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
        .service(handlers::list_obstacles)
        .service(handlers::create_obstacle)
        .service(handlers::get_obstacle)
        .service(handlers::update_obstacle)
        .service(handlers::delete_obstacle)
        .service(steps::start_obstacle)
        .service(steps::answer_obstacle)
        .service(steps::close_obstacle);
}
