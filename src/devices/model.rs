//! Rows of devices.

use crate::ids::{CampaignId, DeviceId, OrgUnitId, SiteId};
use crate::schema::{device_sites, devices};
use chrono::{DateTime, Utc};
use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// Where a device stands: waiting for somebody to enrol it by its code; enrolled; out for good.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum DeviceState {
    Waiting,
    Enrolled,
    Revoked,
}

impl DeviceState {
    /// The code of the state.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Enrolled => "enrolled",
            Self::Revoked => "revoked",
        }
    }
}

/// A device as stored, without its search tokens and sites.
#[derive(Clone, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = devices, primary_key(campaign_id, id), treat_none_as_null = true, treat_none_as_default_value = false)]
#[allow(missing_docs)]
pub struct Device {
    pub campaign_id: CampaignId,
    pub id: DeviceId,
    pub org_unit_id: OrgUnitId,
    pub name: String,
    pub code_hash: Option<Vec<u8>>,
    pub code_expires_at: Option<DateTime<Utc>>,
    pub enrolment_id: Option<Uuid>,
    pub secret_hash: Option<Vec<u8>>,
    pub enrolled_at: Option<DateTime<Utc>>,
    pub revoked_at: Option<DateTime<Utc>>,
    pub last_seen_at: Option<DateTime<Utc>>,
    pub clock_skew_ms: Option<i64>,
    pub version: i32,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

/// One site of a device.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = device_sites)]
#[allow(missing_docs)]
pub struct DeviceSite {
    pub campaign_id: CampaignId,
    pub device_id: DeviceId,
    pub site_id: SiteId,
}

impl Device {
    /// Where it stands.
    pub fn state(&self) -> DeviceState {
        match (self.revoked_at, &self.secret_hash) {
            (Some(_), _) => DeviceState::Revoked,
            (None, Some(_)) => DeviceState::Enrolled,
            (None, None) => DeviceState::Waiting,
        }
    }
}
