//! Sites: where the festival is held. A district nominates, the province selects, the organiser schedules and holds.

pub mod dto;
pub mod handlers;
pub mod model;
pub mod queries;
pub mod rules;

use crate::routes::Routes;

/// Routes.
pub fn configure(config: &mut impl Routes) {
    config
        .service(handlers::list_sites)
        .service(handlers::create_site)
        .service(handlers::get_site)
        .service(handlers::update_site)
        .service(handlers::delete_site)
        .service(handlers::nominate_site)
        .service(handlers::select_site)
        .service(handlers::decline_site)
        .service(handlers::schedule_site)
        .service(handlers::hold_site)
        .service(handlers::close_site);
}
