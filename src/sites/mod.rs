//! Sites: where the festival is held. A district nominates, the provincial police shortlist, the province selects, the organiser schedules and holds.

pub mod checklist;
pub mod dto;
pub mod handlers;
pub mod model;
pub mod queries;
pub mod quota;
pub mod rules;
pub mod steps;

use crate::routes::Routes;

/// Routes.
pub fn configure(config: &mut impl Routes) {
    config
        .service(handlers::list_sites)
        .service(handlers::create_site)
        .service(handlers::get_site)
        .service(handlers::update_site)
        .service(handlers::delete_site)
        .service(steps::nominate_site)
        .service(steps::shortlist_site)
        .service(steps::select_site)
        .service(steps::decline_site)
        .service(steps::withdraw_site)
        .service(steps::schedule_site)
        .service(steps::hold_site)
        .service(steps::close_site)
        .service(steps::list_site_history)
        .service(checklist::handlers::get_site_checklist)
        .service(checklist::handlers::set_site_checklist);
}
