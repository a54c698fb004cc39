//! Consolidation: what the accepted reports of a campaign add up to, each total with its sources.

pub mod document;
pub mod dto;
pub mod handlers;
pub mod queries;
pub mod rules;
pub mod sheets;
