//! The checklist of a campaign: what makes a place suit the festival (R9, III.3, note), as data that a province extends.

pub mod defaults;
pub mod dto;
pub mod handlers;
pub mod model;
pub mod queries;

use crate::routes::Routes;

/// Routes.
pub fn configure(config: &mut impl Routes) {
    config
        .service(handlers::list_checklist_items)
        .service(handlers::create_checklist_item)
        .service(handlers::get_checklist_item)
        .service(handlers::update_checklist_item);
}
