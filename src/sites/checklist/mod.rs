//! Whether one site suits the festival (R9, III.3, note): its answers to the checklist of its campaign, with evidence.

pub mod dto;
pub mod handlers;
pub mod model;
pub mod queries;
pub mod rules;
