//! What the reports of a campaign ask for, as data: indicators in their order and checks between them, in versions.
//!
//! The plan sets no form. The first one (`data/report_form.json`) holds the figures that reviews of the festival quote;
//! `public_tips` is left out: it may be classified. A campaign adds indicators of its own by publishing a version.

pub mod code;
pub mod content;
pub mod dto;
pub mod handlers;
pub mod model;
pub mod queries;
pub mod rules;

use crate::routes::Routes;

/// Routes.
pub fn configure(config: &mut impl Routes) {
    config
        .service(handlers::get_campaign_report_form)
        .service(handlers::list_report_forms)
        .service(handlers::create_report_form)
        .service(handlers::get_report_form)
        .service(handlers::update_report_form)
        .service(handlers::delete_report_form)
        .service(handlers::publish_report_form);
}
