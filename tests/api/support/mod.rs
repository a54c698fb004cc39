//! What every test stands on.

#![allow(dead_code, unused_imports, reason = "a room for all tests; not each tool is used at every moment")]

pub mod app;
pub mod client;
pub mod cluster;
pub mod contract;
pub mod fixtures;
pub mod proxy;
pub mod receiver;
pub mod smtp;
pub mod sql;
pub mod world;

pub use app::{Setup, TestApp};
pub use client::{Answer, Client};
pub use ngayhoi::auth::Role;
pub use serde_json::{Value, json};
