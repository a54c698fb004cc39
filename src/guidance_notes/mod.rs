//! Guidance notes: how a body tells those below it to carry out the plan, such as 01/HD-BCĐ (II.2.1).

pub mod dto;
pub mod handlers;
pub mod model;
pub mod queries;
pub mod rules;

use crate::routes::Routes;

/// Routes.
pub fn configure(config: &mut impl Routes) {
    config
        .service(handlers::list_guidance_notes)
        .service(handlers::create_guidance_note)
        .service(handlers::get_guidance_note)
        .service(handlers::update_guidance_note)
        .service(handlers::delete_guidance_note)
        .service(handlers::issue_guidance_note);
}
