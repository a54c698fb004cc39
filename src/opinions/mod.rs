//! Opinions raised at a forum “Công an lắng nghe ý kiến Nhân dân”, their clock and their answers (III.3).

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
        .service(handlers::list_opinions)
        .service(handlers::create_opinion)
        .service(handlers::get_opinion)
        .service(handlers::update_opinion)
        .service(handlers::delete_opinion)
        .service(steps::answer_opinion)
        .service(steps::refer_opinion);
}
