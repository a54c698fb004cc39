//! Nobody types a figure twice: reports are filled in from what is recorded, and say why where they say otherwise.

pub mod dto;
pub mod handlers;
pub mod model;
pub mod queries;
pub mod rules;

use crate::routes::Routes;

/// Routes.
pub fn configure(config: &mut impl Routes) {
    config
        .service(handlers::prefill_report)
        .service(handlers::get_report_prefill)
        .service(handlers::correct_report)
        .service(handlers::list_report_corrections)
        .service(handlers::list_report_records);
}
