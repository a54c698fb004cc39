//! Completeness: how many of the bodies that owe a report have delivered it, and in time.

pub mod dto;
pub mod handlers;
pub mod model;
pub mod queries;
pub mod snapshots;
