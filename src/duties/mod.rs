//! Duties: what a plan charges each body with (section III), how far it is, and who was reminded of it.

pub mod bodies;
pub mod derive;
pub mod dto;
pub mod handlers;
pub mod model;
pub mod out;
pub mod queries;
pub mod remind;
pub mod reminders;
pub mod rules;
pub mod steps;

use crate::routes::Routes;

/// Routes.
pub fn configure(config: &mut impl Routes) {
    config
        .service(handlers::list_duties)
        .service(handlers::create_duty)
        .service(handlers::get_duty)
        .service(handlers::update_duty)
        .service(handlers::list_duty_steps)
        .service(derive::derive_plan_duties)
        .service(steps::start_duty)
        .service(steps::report_duty_progress)
        .service(steps::complete_duty)
        .service(steps::cancel_duty)
        .service(steps::reopen_duty)
        .service(remind::remind_duty)
        .service(remind::list_duty_reminders)
        .service(remind::remind_campaign_duties);
}
