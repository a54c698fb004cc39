//! Where an official wants to be written to: given and taken back by the official, and shown to nobody else.

pub mod dto;
pub mod handlers;
pub mod queries;

use crate::routes::Routes;

/// Routes.
pub fn configure(config: &mut impl Routes) {
    config.service(handlers::get_my_email).service(handlers::set_my_email).service(handlers::delete_my_email);
}
