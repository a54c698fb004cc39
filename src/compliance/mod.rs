//! Whether the rules of a plan are kept: facts of one instant, judged by pure functions.

pub mod document;
pub mod dto;
pub mod facts;
pub mod handlers;
pub mod judge;
pub mod queries;

use crate::routes::Routes;

/// Routes.
pub fn configure(config: &mut impl Routes) {
    config.service(handlers::get_campaign_compliance).service(handlers::get_compliance_document).service(handlers::get_org_unit_compliance);
}
