//! The snapshot that a device takes along to check guests in without signal: whole at first, then what changed.
//!
//! What changed is found by the transaction that wrote the row of a guest last, which PostgreSQL keeps with the row (`xmin`): no writer can
//! forget to tell. Who was deleted is told by the change feed. Both go as far back as the oldest transaction that ran when the stretch
//! before began, as the feed does (`events::queries`), so a cursor misses nothing.

pub mod cursor;
pub mod dto;
pub mod handlers;
pub mod queries;
pub mod rules;
