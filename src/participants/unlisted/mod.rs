//! Guests whom nobody had listed: at the door, or named by a device without signal; and who the latter turned out to be.

pub mod dto;
pub mod matching;
pub mod queries;
pub mod rules;
pub mod walk_ins;
