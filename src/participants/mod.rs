//! Participants: the guests of a site, persons and collectives; listed, invited, and what they answered.
//!
//! Whoever changes more than one of these rows locks them in this order: site, participants, counters of the site.

pub mod dto;
pub mod handlers;
pub mod invitation_handlers;
pub mod model;
pub mod pass;
pub mod pass_handlers;
pub mod queries;
pub mod rules;
pub mod template;

use crate::routes::Routes;

/// Routes.
pub fn configure(config: &mut impl Routes) {
    config
        .service(handlers::list_participants)
        .service(handlers::create_participant)
        .service(handlers::get_participant)
        .service(handlers::update_participant)
        .service(handlers::delete_participant)
        .service(handlers::invite_participant)
        .service(handlers::accept_participant)
        .service(handlers::decline_participant)
        .service(pass_handlers::get_participant_pass)
        .service(invitation_handlers::create_site_invitations)
        .service(invitation_handlers::get_site_invitation_template)
        .service(invitation_handlers::get_site_attendance);
}
