//! The own mail address as the API takes and shows it.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

/// Where to write to.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"address": "vanphong@example.org"}))]
pub struct MyEmailIn {
    /// E-mail address (RFC 5321, 4.1.2) in ASCII.
    #[schema(min_length = 3, max_length = 254, pattern = r"^[A-Za-z0-9.!#$%&'*+/=?^_{|}~-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+$")]
    pub address: String,
}

/// Where the caller is written to.
#[derive(Serialize, ToSchema)]
pub struct MyEmailOut {
    /// E-mail address; none where the caller gets no mail.
    #[schema(max_length = 254, example = "vanphong@example.org")]
    pub address: Option<String>,
    /// Whether the service sends mail at all.
    pub is_mail_sent: bool,
    /// When it was given.
    pub updated_at: Option<DateTime<Utc>>,
}
