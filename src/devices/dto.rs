//! Devices as the API takes and shows them.

use super::model::{Device, DeviceState};
use crate::ids::{CampaignId, DeviceId, OrgUnitId, SiteId};
use crate::patch::Patch;
use crate::text::Label;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

/// A new device.
#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"campaign_id": "018b2f19-e79e-7d6a-a56d-29feb6211b04", "org_unit_id": "018b2f19-e79e-7d6a-a56d-29feb6211b05", "name": "Bàn đón tiếp số 1", "site_ids": ["018b2f19-e79e-7d6a-a56d-29feb6211b06"]}))]
pub struct DeviceIn {
    /// Campaign.
    pub campaign_id: CampaignId,
    /// Body whose sites it serves.
    pub org_unit_id: OrgUnitId,
    /// Name; unique among the devices of the body that are not revoked.
    pub name: Label,
    /// Sites of that body or of bodies below it, in the same campaign: it checks guests in there and nowhere else.
    #[schema(min_items = 1, max_items = 50)]
    pub site_ids: Vec<SiteId>,
}

/// Changes of a device (JSON Merge Patch).
#[derive(Debug, Clone, Default, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"name": "Bàn đón tiếp số 2"}))]
pub struct DevicePatch {
    /// Name.
    #[serde(default)]
    #[schema(value_type = Label, required = false)]
    pub name: Patch<Label>,
    /// All of its sites; in force within a second.
    #[serde(default)]
    #[schema(value_type = Vec<SiteId>, required = false, min_items = 1, max_items = 50)]
    pub site_ids: Patch<Vec<SiteId>>,
}

/// The code that an organiser reads out to whoever holds the device.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"code": "K7QX-2MPD-9HTA"}))]
pub struct DeviceEnrolIn {
    /// The code. Case, spaces and hyphens do not count.
    #[schema(min_length = 1, max_length = 40)]
    pub code: String,
}

/// A device.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[allow(missing_docs)]
pub struct DeviceOut {
    pub id: DeviceId,
    pub campaign_id: CampaignId,
    /// Body whose sites it serves.
    pub org_unit_id: OrgUnitId,
    pub name: String,
    /// Sites at which it checks guests in.
    pub site_ids: Vec<SiteId>,
    pub state: DeviceState,
    /// Until when its code can be used; null where it has none.
    pub code_expires_at: Option<DateTime<Utc>>,
    pub enrolled_at: Option<DateTime<Utc>>,
    pub revoked_at: Option<DateTime<Utc>>,
    pub version: i32,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

impl DeviceOut {
    /// A device with its sites.
    pub fn new(device: &Device, site_ids: Vec<SiteId>) -> Self {
        Self {
            id: device.id,
            campaign_id: device.campaign_id,
            org_unit_id: device.org_unit_id,
            name: device.name.clone(),
            site_ids,
            state: device.state(),
            code_expires_at: device.code_expires_at,
            enrolled_at: device.enrolled_at,
            revoked_at: device.revoked_at,
            version: device.version,
            created_at: device.created_at,
            updated_at: device.updated_at,
        }
    }
}

/// A device as the list shows it, with when it was last heard of: that changes without a new version.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[allow(missing_docs)]
pub struct DeviceItemOut {
    pub id: DeviceId,
    pub campaign_id: CampaignId,
    /// Body whose sites it serves.
    pub org_unit_id: OrgUnitId,
    pub name: String,
    /// Sites at which it checks guests in.
    pub site_ids: Vec<SiteId>,
    pub state: DeviceState,
    /// Until when its code can be used; null where it has none.
    pub code_expires_at: Option<DateTime<Utc>>,
    pub enrolled_at: Option<DateTime<Utc>>,
    pub revoked_at: Option<DateTime<Utc>>,
    /// When it last enrolled, asked for an access token (every 15 minutes at least while it works) or sent a batch.
    pub last_seen_at: Option<DateTime<Utc>>,
    /// How far its clock is behind ours (ahead when negative), in milliseconds, by the `sent_at` of its last batch; null until it
    /// tells.
    pub clock_skew_ms: Option<i64>,
    pub version: i32,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

impl DeviceItemOut {
    /// A device with its sites.
    pub fn new(device: &Device, site_ids: Vec<SiteId>) -> Self {
        let (last_seen_at, clock_skew_ms) = (device.last_seen_at, device.clock_skew_ms);
        let DeviceOut {
            id,
            campaign_id,
            org_unit_id,
            name,
            site_ids,
            state,
            code_expires_at,
            enrolled_at,
            revoked_at,
            version,
            created_at,
            updated_at,
        } = DeviceOut::new(device, site_ids);
        Self {
            id,
            campaign_id,
            org_unit_id,
            name,
            site_ids,
            state,
            code_expires_at,
            enrolled_at,
            revoked_at,
            last_seen_at,
            clock_skew_ms,
            version,
            created_at,
            updated_at,
        }
    }
}

/// A device with the code that enrols it.
#[derive(Debug, Serialize, ToSchema)]
#[allow(missing_docs)]
pub struct DeviceCodeOut {
    pub id: DeviceId,
    /// The code, shown this once. Null when the answer is repeated by its idempotency key: then `rotate` gives a new one.
    #[schema(required = true, format = Password, max_length = 40, example = "K7QX-2MPD-9HTA")]
    pub code: Option<String>,
    /// Until when the code can be used.
    pub code_expires_at: Option<DateTime<Utc>>,
    pub campaign_id: CampaignId,
    /// Body whose sites it serves.
    pub org_unit_id: OrgUnitId,
    pub name: String,
    /// Sites at which it checks guests in.
    pub site_ids: Vec<SiteId>,
    pub state: DeviceState,
    pub version: i32,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

impl DeviceCodeOut {
    /// A device with its new code, or with none for whoever asks again.
    pub fn new(device: &Device, site_ids: Vec<SiteId>, code: Option<String>) -> Self {
        Self {
            id: device.id,
            code,
            code_expires_at: device.code_expires_at,
            campaign_id: device.campaign_id,
            org_unit_id: device.org_unit_id,
            name: device.name.clone(),
            site_ids,
            state: device.state(),
            version: device.version,
            created_at: device.created_at,
            updated_at: device.updated_at,
        }
    }
}

/// What an enrolled device keeps: with it, it gets access tokens at `/oauth/token` (grant `client_credentials`).
#[derive(Debug, Serialize, ToSchema)]
#[allow(missing_docs)]
pub struct DeviceCredentialOut {
    pub device_id: DeviceId,
    /// What to send to `/oauth/token` as `client_id`: the id.
    pub client_id: DeviceId,
    /// The secret, shown this once.
    #[schema(format = Password, max_length = 200, example = "nhd_mC2sV0x9…")]
    pub client_secret: String,
    pub campaign_id: CampaignId,
    pub name: String,
    /// Sites at which it checks guests in.
    pub site_ids: Vec<SiteId>,
    pub enrolled_at: DateTime<Utc>,
}

crate::list_query! {
    /// Filters of the list of devices.
    DeviceQuery sort ["created_at", "updated_at"] {
        /// Only of this campaign.
        campaign_id: CampaignId,
        /// Only for sites of this body.
        org_unit_id: OrgUnitId,
        /// Only for sites of this body and of those below it.
        under_org_unit_id: OrgUnitId,
        /// Only those that serve this site.
        site_id: SiteId,
        /// Only those that stand so.
        state: DeviceState,
        /// Only those not heard of since before this instant, or never.
        unseen_since: DateTime<Utc>,
    }
}
