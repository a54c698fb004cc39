//! Contacts as the API takes and shows them.

use super::model::{ContactReading, Contacts, ReadContent};
use super::rules;
use crate::error::AppError;
use crate::ids::{CampaignId, ContactReadingId, OrgUnitId, ParticipantId, SiteId};
use crate::text::Line;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;
use validator::Validate;

/// How to reach a guest: a phone number, an e-mail address, or both. What is not given is not kept.
#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"phone": "0912 345 678", "email": "an.hoang@example.org"}))]
pub struct ParticipantContactsIn {
    /// Phone number in the national form (a mobile number of 10 digits from 03, 05, 07, 08, 09; a landline of 11 digits from 02) or
    /// in E.164, spaces, dots and hyphens allowed; kept as E.164.
    #[schema(min_length = 7, max_length = 25, pattern = r"^\+?[0-9][0-9 .()-]{5,23}$")]
    pub phone: Option<String>,
    /// E-mail address.
    #[schema(min_length = 3, max_length = 254, pattern = r"^[A-Za-z0-9.!#$%&'*+/=?^_{|}~-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+$")]
    pub email: Option<String>,
}

/// Why contacts are read.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct ReadingReasonQuery {
    /// Why: it is logged with the caller, the time and the guest.
    #[param(min_length = 1, max_length = 300, example = "Báo đổi giờ khai mạc")]
    pub reason: String,
}

impl ReadingReasonQuery {
    /// The reason as one line of text, or 400.
    pub fn into_reason(self) -> Result<String, AppError> {
        Ok(Line::parse(&self.reason)?.into_string())
    }
}

/// How to reach a guest.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[allow(missing_docs)]
pub struct ParticipantContactsOut {
    pub participant_id: ParticipantId,
    /// E.164; of a masked one the country code and the last three digits.
    #[schema(example = "+84912345678", max_length = 20)]
    pub phone: Option<String>,
    /// Of a masked one the first letter and the domain.
    #[schema(example = "an.hoang@example.org", max_length = 260)]
    pub email: Option<String>,
    /// Whether the values are masked: the caller sees that there are some, and not which.
    pub is_masked: bool,
    /// 0 where none were ever kept.
    #[schema(minimum = 0)]
    pub version: i32,
    /// When they were changed last; null where none were ever kept.
    pub updated_at: Option<DateTime<Utc>>,
}

impl ParticipantContactsOut {
    /// The contacts of a guest, or that there are none.
    pub fn new(participant_id: ParticipantId, contacts: Option<Contacts>, is_masked: bool) -> Self {
        let (phone, email, version, updated_at) = match contacts {
            Some(Contacts { phone, email, version, updated_at, .. }) => (phone, email, version, Some(updated_at)),
            None => (None, None, 0, None),
        };
        if !is_masked {
            return Self { participant_id, phone, email, is_masked, version, updated_at };
        }
        let (phone, email) = (phone.as_deref().map(rules::mask_phone), email.as_deref().map(rules::mask_email));
        Self { participant_id, phone, email, is_masked, version, updated_at }
    }
}

/// One reading of a guest's contacts.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[allow(missing_docs)]
pub struct ContactReadingOut {
    pub id: ContactReadingId,
    pub campaign_id: CampaignId,
    /// Whose contacts.
    pub participant_id: ParticipantId,
    pub site_id: SiteId,
    /// Body that organises the site.
    pub org_unit_id: OrgUnitId,
    /// Account that read.
    pub reader_id: Uuid,
    /// Its role at that time.
    #[schema(example = "district")]
    pub reader_role: String,
    /// What was read.
    pub content: ReadContent,
    /// Why, as the reader said.
    pub reason: String,
    pub read_at: DateTime<Utc>,
}

impl From<ContactReading> for ContactReadingOut {
    fn from(reading: ContactReading) -> Self {
        let ContactReading { campaign_id, id, participant_id, site_id, org_unit_id, reader_id, reader_role, content, reason, read_at } =
            reading;
        Self { id, campaign_id, participant_id, site_id, org_unit_id, reader_id, reader_role, content, reason, read_at }
    }
}

crate::list_query! {
    /// Filters of the log of readings.
    ContactReadingQuery sort ["read_at"] without q {
        /// Only readings in this campaign.
        campaign_id: CampaignId,
        /// Only readings of this guest.
        participant_id: ParticipantId,
        /// Only readings of guests of this site.
        site_id: SiteId,
        /// Only readings of guests of sites that this body organises.
        org_unit_id: OrgUnitId,
        /// Only readings of guests of sites of this body and of all below it.
        under_org_unit_id: OrgUnitId,
        /// Only readings by this account.
        reader_id: Uuid,
        /// Only readings of this content.
        content: ReadContent,
        /// Only readings at this instant or after it.
        read_from: DateTime<Utc>,
        /// Only readings before this instant.
        read_before: DateTime<Utc>,
    }
}
