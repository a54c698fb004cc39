//! Results of a campaign: the totals of all its ledgers in one call, and what the ledgers share.

pub mod dto;
pub mod handlers;
pub mod ledgers;
pub mod queries;
pub mod references;
pub mod rules;

use crate::routes::Routes;

/// Routes.
pub fn configure(config: &mut impl Routes) {
    config.service(handlers::get_campaign_results);
}
