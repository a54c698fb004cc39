//! Reports: who owes one, what was reported, how complete it is, and what it adds up to.

pub mod bulk_accept;
pub mod checks;
pub mod completeness;
pub mod consolidation;
pub mod coverage;
pub mod document;
pub mod dto;
pub mod figures;
pub mod findings;
pub mod forms;
pub mod handlers;
pub mod life;
pub mod model;
pub mod obligations;
pub mod prefill;
pub mod queries;
pub mod rules;

use crate::routes::Routes;

/// Routes.
pub fn configure(config: &mut impl Routes) {
    config
        .configure(obligations::configure)
        .configure(forms::configure)
        .configure(prefill::configure)
        .service(handlers::list_report_indicators)
        .service(handlers::list_reports)
        .service(handlers::create_report)
        .service(handlers::get_report)
        .service(document::handlers::get_report_document)
        .service(handlers::update_report)
        .service(handlers::delete_report)
        .service(handlers::adopt_report_form)
        .service(handlers::submit_report)
        .service(handlers::return_report)
        .service(handlers::accept_report)
        .service(bulk_accept::handlers::accept_campaign_reports)
        .service(handlers::list_report_versions)
        .configure(life::configure)
        .service(completeness::handlers::get_completeness)
        .service(completeness::snapshots::list_report_snapshots)
        .service(consolidation::handlers::get_consolidation)
        .service(consolidation::handlers::get_consolidation_document)
        .service(findings::handlers::list_report_findings)
        .service(findings::handlers::settle_report_finding);
}
