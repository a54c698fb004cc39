//! Rows of contacts and of the log of their readings.

use crate::ids::{CampaignId, ContactReadingId, OrgUnitId, ParticipantId, SiteId};
use crate::schema::{contact_readings, participant_contacts};
use chrono::{DateTime, Utc};
use diesel::deserialize::FromSqlRow;
use diesel::expression::AsExpression;
use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// The contacts of a guest as stored; without values after they were deleted.
#[derive(Debug, Clone, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = participant_contacts, primary_key(campaign_id, participant_id), treat_none_as_null = true, treat_none_as_default_value = false)]
#[allow(missing_docs)]
pub struct Contacts {
    pub campaign_id: CampaignId,
    pub participant_id: ParticipantId,
    pub phone: Option<String>,
    pub email: Option<String>,
    pub version: i32,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

/// What of a guest was read: contacts in full, masked ones, or all that is held.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema, AsExpression, FromSqlRow)]
#[serde(rename_all = "snake_case")]
#[diesel(sql_type = diesel::sql_types::Text)]
#[allow(missing_docs)]
pub enum ReadContent {
    Contacts,
    MaskedContacts,
    PersonalData,
}
crate::text_enum!(ReadContent { Contacts => "contacts", MaskedContacts => "masked_contacts", PersonalData => "personal_data" });

/// One reading, in the append-only log.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = contact_readings)]
#[allow(missing_docs)]
pub struct ContactReading {
    pub campaign_id: CampaignId,
    pub id: ContactReadingId,
    pub participant_id: ParticipantId,
    pub site_id: SiteId,
    pub org_unit_id: OrgUnitId,
    pub reader_id: Uuid,
    pub reader_role: String,
    pub content: ReadContent,
    pub reason: String,
    pub read_at: DateTime<Utc>,
}
