//! Report obligations: which body owes a results report, to whom, through which desk, by when.

pub mod decisions;
pub mod dto;
pub mod expected;
pub mod handlers;
pub mod model;
pub mod queries;
pub mod rules;

use crate::routes::Routes;

/// Routes.
pub fn configure(config: &mut impl Routes) {
    config
        .service(handlers::list_report_obligations)
        .service(handlers::create_report_obligation)
        .service(handlers::get_report_obligation)
        .service(handlers::delete_report_obligation)
        .service(decisions::list_report_obligation_decisions)
        .service(decisions::extend_report_obligation)
        .service(decisions::exempt_report_obligation)
        .service(decisions::restore_report_obligation);
}
