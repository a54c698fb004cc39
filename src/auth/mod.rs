//! Sign-in, tokens, and the one place where permission is decided: [`policy`] (what) and [`scope`] (how far).

pub mod actor;
pub mod dto;
pub mod handlers;
pub mod password;
pub mod policy;
pub mod policy_table;
pub mod queries;
pub mod scope;
pub mod token;

pub use actor::Actor;
pub use policy::{Action, Role};
pub use scope::Scope;
