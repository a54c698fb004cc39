//! Reminders of reports and duties: sent on time, each once, by the schedule of the campaign.

pub mod dto;
pub mod handlers;
pub mod model;
pub mod queries;
pub mod schedule;
pub mod sweep;
pub mod timer;

use crate::routes::Routes;

/// Routes.
pub fn configure(config: &mut impl Routes) {
    config.service(handlers::list_reminders).service(handlers::get_reminder).service(handlers::get_obligation_reminders);
}
