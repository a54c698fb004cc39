//! The next year's campaign from the last one: dates moved, rules kept, bodies mapped; what has no addressee any more is listed
//! and left for people to decide.

pub mod addressees;
pub mod dates;
pub mod dto;
pub mod handlers;
