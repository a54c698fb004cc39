//! Delegates: which members of the committee attend which site (S38, S71). The standing agency proposes, the provincial
//! committee approves, the delegate's body answers, the organiser of the site records who came.
//!
//! Whoever changes more than one of these rows locks them in this order: site, delegates by id.

pub mod document;
pub mod dto;
pub mod handlers;
pub mod model;
pub mod queries;
pub mod rules;
pub mod steps;

use crate::routes::Routes;

/// Routes.
pub fn configure(config: &mut impl Routes) {
    config
        .service(handlers::list_delegates)
        .service(handlers::create_delegate)
        .service(handlers::get_delegate)
        .service(handlers::update_delegate)
        .service(steps::approve_delegate)
        .service(steps::accept_delegate)
        .service(steps::decline_delegate)
        .service(steps::attend_delegate)
        .service(steps::miss_delegate)
        .service(steps::withdraw_delegate)
        .service(handlers::get_site_delegates_document);
}
