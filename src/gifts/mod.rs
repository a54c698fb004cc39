//! Gifts: visits with gifts to families and forces (S86); counts and values, no name of a family.

pub mod dto;
pub mod handlers;
pub mod model;
pub mod queries;
pub mod rules;

use crate::routes::Routes;

/// Routes.
pub fn configure(config: &mut impl Routes) {
    config
        .service(handlers::list_gifts)
        .service(handlers::create_gift)
        .service(handlers::get_gift)
        .service(handlers::update_gift)
        .service(handlers::delete_gift);
}
