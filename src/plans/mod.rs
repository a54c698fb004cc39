//! Plans: the document that sets a campaign going, and the plans of other bodies under it.

pub mod queries;
