//! Guests whom nobody had listed: at the door, or named by a device without signal.

pub mod dto;
pub mod queries;
pub mod rules;
pub mod walk_ins;
