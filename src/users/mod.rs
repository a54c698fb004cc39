//! Users: accounts of persons.

pub mod dto;
pub mod handlers;
pub mod model;
pub mod queries;
pub mod rules;

use crate::routes::Routes;

/// Routes.
pub fn configure(config: &mut impl Routes) {
    config
        .service(handlers::list_users)
        .service(handlers::create_user)
        .service(handlers::get_user)
        .service(handlers::update_user)
        .service(handlers::delete_user);
}
