//! Check-ins: the append-only log of entries, exits and refusals, and the figures derived from it.
//!
//! An operation is named by its device and an id that the device gave it, so a repeated one changes nothing.
//! Whether a guest is present follows from the latest operation by device time, so the order of arrival does
//! not matter. Operations that wait at the same time are written together, in one statement and one commit.

pub mod batch_handlers;
pub mod dto;
pub mod handlers;
pub mod model;
pub mod newcomers;
pub mod queries;
pub mod rules;
pub mod snapshot;
pub mod writer;

use crate::routes::Routes;

/// Routes.
pub fn configure(config: &mut impl Routes) {
    config
        .service(handlers::list_check_ins)
        .service(handlers::create_check_in)
        .service(batch_handlers::create_check_in_batch)
        .service(snapshot::handlers::get_check_in_snapshot)
        .service(handlers::get_check_in);
}
