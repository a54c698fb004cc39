//! Pledges (ký cam kết, giao ước thi đua): how many households, persons and collectives signed what.

pub mod dto;
pub mod handlers;
pub mod model;
pub mod queries;
pub mod rules;

use crate::routes::Routes;

/// Routes.
pub fn configure(config: &mut impl Routes) {
    config
        .service(handlers::list_pledges)
        .service(handlers::create_pledge)
        .service(handlers::get_pledge)
        .service(handlers::update_pledge)
        .service(handlers::delete_pledge);
}
