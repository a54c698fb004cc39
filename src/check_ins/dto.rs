//! Check-ins as the API takes and shows them.

use super::model::{CheckIn, Direction};
use crate::ids::{CampaignId, CheckInId, OrgUnitId, ParticipantId, SiteId};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;
use validator::Validate;

/// One entry or exit.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"participant_id": "018b2f19-e79e-7d6a-a56d-29feb6211b04", "direction": "entry", "device_id": "018b2f19-e79e-7d6a-a56d-29feb6211b05", "op_id": "018b2f19-e79e-7d6a-a56d-29feb6211b06", "occurred_at": "2023-08-12T07:45:00+07:00"}))]
pub struct CheckInIn {
    /// The guest.
    pub participant_id: ParticipantId,
    /// Which way.
    pub direction: Direction,
    /// The device; the caller's own account when absent.
    pub device_id: Option<Uuid>,
    /// Id that the device gave the operation: sent again, it changes nothing. A new one when absent.
    pub op_id: Option<Uuid>,
    /// Time by the device, at most 5 minutes after the receipt; the time of receipt when absent.
    pub occurred_at: Option<DateTime<Utc>>,
}

/// One entry or exit in the log.
#[derive(Debug, Serialize, ToSchema)]
#[allow(missing_docs)]
pub struct CheckInOut {
    pub id: CheckInId,
    pub campaign_id: CampaignId,
    pub site_id: SiteId,
    pub participant_id: ParticipantId,
    /// Body that organises the site.
    pub org_unit_id: OrgUnitId,
    pub device_id: Uuid,
    pub op_id: Uuid,
    pub direction: Direction,
    /// Time by the device.
    pub occurred_at: DateTime<Utc>,
    /// Time of receipt.
    pub received_at: DateTime<Utc>,
    /// Receipt minus device time, in milliseconds: delay and skew of the device's clock together.
    pub skew_ms: i64,
}

impl From<CheckIn> for CheckInOut {
    fn from(row: CheckIn) -> Self {
        let CheckIn { campaign_id, id, site_id, participant_id, org_unit_id, device_id, op_id, direction, occurred_at, received_at } = row;
        let skew_ms = (received_at - occurred_at).num_milliseconds();
        Self { id, campaign_id, site_id, participant_id, org_unit_id, device_id, op_id, direction, occurred_at, received_at, skew_ms }
    }
}

crate::list_query! {
    /// Filters of the check-in log.
    CheckInQuery sort ["occurred_at", "received_at"] without q {
        /// Only of this campaign.
        campaign_id: CampaignId,
        /// Only at this site.
        site_id: SiteId,
        /// Only of this guest.
        participant_id: ParticipantId,
        /// Only from this device.
        device_id: Uuid,
        /// Only this way.
        direction: Direction,
        /// Only at or after this instant, by device time.
        occurred_from: DateTime<Utc>,
        /// Only before this instant, by device time.
        occurred_before: DateTime<Utc>,
    }
}
