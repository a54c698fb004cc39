//! Dashboards and maps: one call with exact figures for operations centres.
//!
//! Figures are read in one statement, so they agree with each other, from the counters that every write keeps in
//! its own transaction, so they are never behind.

pub mod dto;
pub mod handlers;
pub mod map;
pub mod queries;

use crate::routes::Routes;

/// Routes.
pub fn configure(config: &mut impl Routes) {
    config.service(handlers::get_overview).service(map::get_sites_map);
}
