//! Budget lines: money by source, what it is for, and what was spent of it, spending by spending (R21, II.4).

pub mod dto;
pub mod handlers;
pub mod model;
pub mod queries;
pub mod rules;
pub mod spendings;
pub mod steps;

use crate::routes::Routes;

/// Routes.
pub fn configure(config: &mut impl Routes) {
    config
        .service(handlers::list_budget_lines)
        .service(handlers::create_budget_line)
        .service(handlers::get_budget_line)
        .service(handlers::update_budget_line)
        .service(handlers::delete_budget_line)
        .service(spendings::spend_budget_line)
        .service(spendings::list_budget_spendings);
}
