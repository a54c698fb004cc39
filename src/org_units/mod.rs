//! Org units: committees, police, departments, agencies. One tree; scope is a subtree of it.

pub mod queries;
