//! The life of a report: its steps, its versions compared, and its lock.

pub mod compare;
pub mod dto;
pub mod handlers;
pub mod model;
pub mod queries;
pub mod rules;

use crate::routes::Routes;

/// Routes.
pub fn configure(config: &mut impl Routes) {
    config
        .service(handlers::list_report_steps)
        .service(handlers::get_report_version)
        .service(handlers::compare_report_versions)
        .service(handlers::lock_report);
}
