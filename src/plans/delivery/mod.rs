//! How an issued plan reaches those on its list of recipients: sent, acknowledged, with a log that is never rewritten.

pub mod dto;
pub mod handlers;
pub mod model;
pub mod queries;
pub mod rules;

use crate::routes::Routes;

/// Routes.
pub fn configure(config: &mut impl Routes) {
    config
        .service(handlers::list_plan_recipients)
        .service(handlers::get_plan_recipient)
        .service(handlers::send_plan_recipient)
        .service(handlers::acknowledge_plan_recipient)
        .service(handlers::distribute_plan)
        .service(handlers::list_plan_deliveries);
}
