//! Guests whom nobody had listed, as the API takes and shows them.

use crate::check_ins::dto::CheckInOut;
use crate::participants::dto::ParticipantOut;
use crate::participants::model::{AgeBand, ParticipantCategory, ParticipantKind};
use crate::text::Line;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

/// A guest whom nobody had listed, as named at the door.
#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"kind": "person", "category": "resident", "full_name": "Lò Thị Mai", "age_band": "31_to_60"}))]
pub struct NewcomerIn {
    /// A person or a collective.
    pub kind: ParticipantKind,
    /// In what quality the guest comes (II.2.2.2); `other` when absent.
    pub category: Option<ParticipantCategory>,
    /// Name of the person or of the collective, whole.
    pub full_name: Line,
    /// Post or rank.
    pub title: Option<Line>,
    /// Body the guest comes from.
    pub organisation: Option<Line>,
    /// Who represents the collective; not for a person.
    pub representative_name: Option<Line>,
    /// Band of age; not for a collective. No birthday is kept.
    pub age_band: Option<AgeBand>,
}

/// A guest who came without being listed.
#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"guest": {"kind": "person", "category": "resident", "full_name": "Lò Thị Mai", "age_band": "31_to_60"}}))]
pub struct WalkInIn {
    /// Who came.
    pub guest: NewcomerIn,
    /// When, by the device, at most 5 minutes after the receipt; the time of receipt when absent.
    pub occurred_at: Option<DateTime<Utc>>,
}

/// A guest who came without being listed, and the entry.
#[derive(Debug, Serialize, ToSchema)]
pub struct WalkInOut {
    /// The guest, with a warning `more_present_than_seats` where the place holds fewer than are there.
    pub participant: ParticipantOut,
    /// The line of the log.
    pub check_in: CheckInOut,
}
