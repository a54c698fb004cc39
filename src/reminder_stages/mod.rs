//! The schedule of reminders of a campaign, as data: how many days before or after a limit, at what hour, to whom.

pub mod defaults;
pub mod dto;
pub mod handlers;
pub mod model;
pub mod queries;
pub mod rules;

use crate::routes::Routes;

/// Routes.
pub fn configure(config: &mut impl Routes) {
    config
        .service(handlers::list_reminder_stages)
        .service(handlers::create_reminder_stage)
        .service(handlers::get_reminder_stage)
        .service(handlers::update_reminder_stage)
        .service(handlers::delete_reminder_stage);
}
