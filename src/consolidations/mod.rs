//! Frozen consolidations: what the accepted reports under a body added up to at one instant (R17, S75), with its provenance and a
//! checksum; signed off, sent to its addressees, and compared with what a later correction makes of it.

pub mod changes;
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
        .service(handlers::list_consolidations)
        .service(handlers::create_consolidation)
        .service(handlers::get_consolidation_version)
        .service(steps::sign_consolidation)
        .service(steps::send_consolidation)
        .service(steps::acknowledge_consolidation)
        .service(changes::get_consolidation_changes);
}
