//! Webhooks: the change feed of a machine account, brought to a URL of its own as it grows (Standard Webhooks 1.0).

pub mod described;
pub mod dispatcher;
pub mod dto;
pub mod handlers;
pub mod model;
pub mod queries;
pub mod rules;
pub mod signature;

use crate::routes::Routes;

/// Routes.
pub fn configure(config: &mut impl Routes) {
    config
        .service(handlers::list_webhooks)
        .service(handlers::create_webhook)
        .service(handlers::get_webhook)
        .service(handlers::update_webhook)
        .service(handlers::rotate_webhook)
        .service(handlers::delete_webhook);
}
