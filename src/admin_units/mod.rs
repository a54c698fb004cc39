//! Administrative units: territories, each valid from a day to a day. Read only.

pub mod dto;
pub mod handlers;
pub mod model;
pub mod queries;

use crate::routes::Routes;

/// Routes.
pub fn configure(config: &mut impl Routes) {
    config
        .service(handlers::list_admin_units)
        .service(handlers::resolve_admin_unit)
        .service(handlers::get_admin_unit)
        .service(handlers::list_admin_unit_predecessors)
        .service(handlers::list_admin_unit_successors);
}
