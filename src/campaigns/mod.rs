//! Campaigns: one province's festival of one year, with its window, its report limit and its quotas.

pub mod clone;
pub mod dto;
pub mod handlers;
pub mod model;
pub mod nominations;
pub mod queries;
pub mod rules;

use crate::routes::Routes;

/// Routes.
pub fn configure(config: &mut impl Routes) {
    config
        .service(handlers::list_campaigns)
        .service(handlers::create_campaign)
        .service(handlers::get_campaign)
        .service(handlers::update_campaign)
        .service(handlers::delete_campaign)
        .service(handlers::issue_campaign)
        .service(handlers::start_campaign)
        .service(handlers::open_campaign_reporting)
        .service(handlers::close_campaign)
        .service(clone::handlers::clone_campaign)
        .service(nominations::get_campaign_nominations);
}
