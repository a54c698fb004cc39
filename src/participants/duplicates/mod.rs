//! Duplicates: guests of one site who may be the same person or collective, with a score and what it is made of. Proposed by the
//! service, decided by people: they are merged, or told apart.

pub mod dto;
pub mod handlers;
pub mod queries;
