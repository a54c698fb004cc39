//! What looks wrong in the reports that are added up: against the records, against the reports of peers, against each other.
//! A finding is computed each time; what is kept is how it was settled.

pub mod dto;
pub mod handlers;
pub mod queries;
pub mod rules;
