//! The desk: what came in, what waits, what is overdue, each count with the list it is the total of.

pub mod counts;
pub mod dto;
pub mod handlers;
pub mod items;
pub mod labels;

use crate::routes::Routes;

/// Routes.
pub fn configure(config: &mut impl Routes) {
    config.service(handlers::get_desk).service(handlers::list_desk_items);
}
