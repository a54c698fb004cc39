//! Accepting many reports at once: all that match a filter, when there are as many as the caller has confirmed.

pub mod dto;
pub mod handlers;
pub mod queries;
pub mod rules;
