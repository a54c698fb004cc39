//! Participants: the guests of a site, persons and collectives; listed, invited, and what they answered.
//!
//! Whoever changes more than one of these rows locks them in this order: site, participants, counters of the site.

pub mod card;
pub mod composition;
pub mod counts;
pub mod dto;
pub mod duplicates;
pub mod handlers;
pub mod identity;
pub mod invitation_handlers;
pub mod merging;
pub mod model;
pub mod pass;
pub mod pass_handlers;
pub mod queries;
pub mod reminder_handlers;
pub mod reminders;
pub mod rules;
pub mod site_dto;
pub mod steps;
pub mod template;
pub mod template_changes;
pub mod template_handlers;
pub mod unlisted;

use crate::routes::Routes;

/// Routes.
pub fn configure(config: &mut impl Routes) {
    config
        .service(handlers::list_participants)
        .service(handlers::create_participant)
        .service(duplicates::handlers::list_participant_duplicates)
        .service(duplicates::handlers::distinguish_participant)
        .service(handlers::get_participant)
        .service(handlers::update_participant)
        .service(handlers::delete_participant)
        .service(steps::invite_participant)
        .service(steps::send_participant_invitation)
        .service(steps::accept_participant)
        .service(steps::decline_participant)
        .service(merging::handlers::merge_participant)
        .service(merging::handlers::unmerge_participant)
        .service(unlisted::walk_ins::create_walk_in)
        .service(pass_handlers::get_participant_pass)
        .service(invitation_handlers::create_site_invitations)
        .service(invitation_handlers::send_site_invitations)
        .service(reminder_handlers::remind_site_guests)
        .service(reminder_handlers::list_invitation_reminders)
        .service(template_handlers::get_site_invitation_template)
        .service(template_handlers::set_site_invitation_template)
        .service(template_handlers::delete_site_invitation_template)
        .service(composition::get_site_composition)
        .service(card::handlers::get_invitation_card)
        .service(card::handlers::get_site_invitation_cards)
        .service(invitation_handlers::get_site_attendance);
}
