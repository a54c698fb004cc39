//! The demo's clock as the API takes and shows it.

use crate::extract::field_rule;
use chrono::{DateTime, Datelike, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::{Validate, ValidationError};

/// A time to set.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[validate(schema(function = "check_year"))]
pub struct ClockIn {
    /// What the clock shall show at this moment, in the years in which a campaign can be; it runs on from there.
    #[schema(example = "2023-08-19T23:59:00+07:00")]
    pub now: DateTime<Utc>,
}

fn check_year(body: &ClockIn) -> Result<(), ValidationError> {
    if (2005..=2100).contains(&body.now.year()) {
        return Ok(());
    }
    Err(field_rule("/now", "year_out_of_range", "Năm phải từ 2005 đến 2100.", "The year must lie between 2005 and 2100."))
}

/// The domain's clock.
#[derive(Debug, Serialize, ToSchema)]
pub struct ClockOut {
    /// What it shows: deadlines and windows are judged by it.
    pub now: DateTime<Utc>,
    /// Whether it can be set: in demo mode only.
    pub is_settable: bool,
}
