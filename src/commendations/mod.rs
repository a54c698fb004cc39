//! Commendations: who was commended, for what, in which form, by whom (I.2).

pub mod dto;
pub mod handlers;
pub mod model;
pub mod queries;
pub mod rules;

use crate::routes::Routes;

/// Routes.
pub fn configure(config: &mut impl Routes) {
    config
        .service(handlers::list_commendations)
        .service(handlers::create_commendation)
        .service(handlers::get_commendation)
        .service(handlers::update_commendation)
        .service(handlers::delete_commendation);
}
