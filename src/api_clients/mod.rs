//! Machine accounts: other portals and devices, by OAuth 2.0 client credentials.

pub mod dto;
pub mod handlers;
pub mod model;
pub mod queries;

use crate::routes::Routes;

/// Routes.
pub fn configure(config: &mut impl Routes) {
    config
        .service(handlers::list_api_clients)
        .service(handlers::create_api_client)
        .service(handlers::get_api_client)
        .service(handlers::update_api_client)
        .service(handlers::rotate_api_client)
        .service(handlers::delete_api_client);
}
