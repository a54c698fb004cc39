//! Administrative units: territories, each valid from a day to a day. Read only.

pub mod queries;
