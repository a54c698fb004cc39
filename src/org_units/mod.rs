//! Org units: committees, police, departments, agencies. One tree; scope is a subtree of it.

pub mod dto;
pub mod handlers;
pub mod letterhead;
pub mod model;
pub mod queries;
pub mod rules;

use crate::routes::Routes;

/// Routes.
pub fn configure(config: &mut impl Routes) {
    config
        .service(handlers::list_org_units)
        .service(handlers::create_org_unit)
        .service(handlers::get_org_unit)
        .service(handlers::update_org_unit)
        .service(handlers::delete_org_unit)
        .service(handlers::list_org_unit_children)
        .service(handlers::list_org_unit_ancestors);
}
