//! Grassroots models (mô hình) of the movement, and the places that took them over (II.1).

pub mod dto;
pub mod handlers;
pub mod model;
pub mod queries;
pub mod replications;
pub mod rules;
pub mod steps;

use crate::routes::Routes;

/// Routes.
pub fn configure(config: &mut impl Routes) {
    config
        .service(handlers::list_grassroots_models)
        .service(handlers::create_grassroots_model)
        .service(handlers::get_grassroots_model)
        .service(handlers::update_grassroots_model)
        .service(handlers::delete_grassroots_model)
        .service(replications::replicate_grassroots_model)
        .service(replications::list_model_replications)
        .service(steps::end_grassroots_model);
}
