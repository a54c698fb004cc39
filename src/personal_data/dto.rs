//! All that is held of one person, as the API shows it.

use crate::check_ins::dto::CheckInOut;
use crate::erasures::dto::ErasureOut;
use crate::participant_contacts::dto::{ContactReadingOut, ParticipantContactsOut};
use crate::participants::dto::ParticipantOut;
use crate::participants::site_dto::InvitationReminderOut;
use crate::processing_purposes::dto::ProcessingPurposeOut;
use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;

/// All that is held of one guest, at one instant.
#[derive(Debug, Serialize, ToSchema)]
pub struct PersonalDataOut {
    /// When it was put together.
    pub as_of: DateTime<Utc>,
    /// The guest, with the invitation and the answer.
    pub participant: ParticipantOut,
    /// How to reach the guest.
    pub contacts: ParticipantContactsOut,
    /// Reminders of the invitation, oldest first.
    #[schema(max_items = 10_000)]
    pub invitation_reminders: Vec<InvitationReminderOut>,
    /// Who is merged into the guest: listed twice, or written down by a device without signal.
    #[schema(max_items = 10_000)]
    pub merged: Vec<ParticipantOut>,
    /// How these are reached, in the same order.
    #[schema(max_items = 10_000)]
    pub merged_contacts: Vec<ParticipantContactsOut>,
    /// Entries, exits and refusals, in the order in which they were received.
    #[schema(max_items = 10_000)]
    pub check_ins: Vec<CheckInOut>,
    /// Who read the contacts, this reading included, oldest first.
    #[schema(max_items = 10_000)]
    pub contact_readings: Vec<ContactReadingOut>,
    /// What was erased, by request.
    #[schema(max_items = 10_000)]
    pub erasures: Vec<ErasureOut>,
    /// What the data are for, on what basis, and how long they are kept.
    #[schema(max_items = 100)]
    pub purposes: Vec<ProcessingPurposeOut>,
}
