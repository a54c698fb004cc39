//! A report as an official document: what was reported, for signature, counting on, or other programs.

pub mod content;
pub mod handlers;
