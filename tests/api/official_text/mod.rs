//! The reader of official texts: the real plan, variants of it, ten others, files, and whatever else may come.

mod common;
mod containers;
mod fuzz;
mod other_plans;
mod real_plan;
mod variants;
