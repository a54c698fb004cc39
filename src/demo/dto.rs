//! The demo's clock as the API takes and shows it.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

/// A time to set.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ClockIn {
    /// What the clock shall show at this moment; it runs on from there.
    #[schema(example = "2023-08-19T23:59:00+07:00")]
    pub now: DateTime<Utc>,
}

/// The domain's clock.
#[derive(Debug, Serialize, ToSchema)]
pub struct ClockOut {
    /// What it shows: deadlines and windows are judged by it.
    pub now: DateTime<Utc>,
    /// Whether it can be set: in demo mode only.
    pub is_settable: bool,
}
