//! Who owes a plan under a plan (R12, III.3): the set frozen when that is issued, exemptions with their reason, and what is missing.

pub mod dto;
pub mod handlers;
pub mod model;
pub mod queries;
pub mod rules;
