//! Media items: what press, radio, networks and walls said about the festival (III.2).

pub mod dto;
pub mod handlers;
pub mod model;
pub mod queries;
pub mod rules;

use crate::routes::Routes;

/// Routes.
pub fn configure(config: &mut impl Routes) {
    config
        .service(handlers::list_media_items)
        .service(handlers::create_media_item)
        .service(handlers::get_media_item)
        .service(handlers::update_media_item)
        .service(handlers::delete_media_item);
}
