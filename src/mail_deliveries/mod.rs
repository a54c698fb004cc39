//! Reminders by mail: an outbox written with the reminder, and the postman who takes from it. Each letter goes out once.

pub mod dto;
pub mod handlers;
pub mod letter;
pub mod model;
pub mod outbox;
pub mod postman;
pub mod queries;
pub mod settings;

use crate::routes::Routes;

/// Routes.
pub fn configure(config: &mut impl Routes) {
    config.service(handlers::list_mail_deliveries).service(handlers::get_mail_delivery);
}
