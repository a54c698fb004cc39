//! Two guests of a site who are one person: merged into one, and un-merged when that was wrong.

pub mod dto;
pub mod handlers;
pub mod queries;
pub mod rules;
