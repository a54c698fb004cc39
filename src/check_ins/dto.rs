//! Check-ins as the API takes and shows them.

use super::model::{CheckIn, Direction, RefusalReason};
use super::rules;
use crate::ids::{CampaignId, CheckInId, OrgUnitId, ParticipantId, SiteId};
use crate::participants::unlisted::dto::NewcomerIn;
use crate::problem::ProblemField;
use crate::warning::Warning;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa::openapi::Ref;
use utoipa::openapi::schema::{AnyOfBuilder, Array, ArrayBuilder, ObjectBuilder};
use uuid::Uuid;
use validator::Validate;

/// One entry, exit or refusal, of a guest named by id or by the pass of the invitation.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"participant_id": "018b2f19-e79e-7d6a-a56d-29feb6211b04", "direction": "entry", "device_id": "018b2f19-e79e-7d6a-a56d-29feb6211b05", "op_id": "018b2f19-e79e-7d6a-a56d-29feb6211b06", "occurred_at": "2023-08-12T07:45:00+07:00"}))]
pub struct CheckInIn {
    /// The guest; or the pass.
    pub participant_id: Option<ParticipantId>,
    /// The text of the QR code on the guest's invitation, instead of `participant_id`.
    #[schema(min_length = 1, max_length = 1000)]
    pub pass: Option<String>,
    /// Site at which the guest stands: a guest of another site is refused. Any site in reach when absent; of a device, any of its own.
    pub site_id: Option<SiteId>,
    /// Which way.
    pub direction: Direction,
    /// Why the guest was refused; with `refusal`, and only then.
    pub reason: Option<RefusalReason>,
    /// The device; the caller's own account when absent. An enrolled device says its own or none; an official may say any, also to send
    /// what a broken device logged.
    pub device_id: Option<Uuid>,
    /// Id that the device gave the operation: sent again, it changes nothing. A new one when absent.
    pub op_id: Option<Uuid>,
    /// Time by the device, at most 5 minutes after the receipt; the time of receipt when absent.
    pub occurred_at: Option<DateTime<Utc>>,
}

/// One operation that a device logged while it had no signal.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"op_id": "018b2f19-e79e-7d6a-a56d-29feb6211b06", "participant_id": "018b2f19-e79e-7d6a-a56d-29feb6211b04", "direction": "entry", "occurred_at": "2023-08-12T07:45:00+07:00"}))]
pub struct CheckInOperationIn {
    /// Id that the device gave the operation: sent again, it changes nothing.
    pub op_id: Uuid,
    /// The guest; or the pass.
    pub participant_id: Option<ParticipantId>,
    /// The text of the QR code on the guest's invitation, instead of `participant_id`.
    #[schema(min_length = 1, max_length = 1000)]
    pub pass: Option<String>,
    /// Who came, where nobody had listed the guest, instead of `participant_id` and `pass`: a provisional guest of the site, the same one
    /// however often it is sent, until `merge_participant` says who it was. Not with a refusal.
    pub guest: Option<NewcomerIn>,
    /// Of a later operation of the same provisional guest, with `guest`: the `op_id` of the one that named the guest first. It may arrive before that one.
    pub guest_op_id: Option<Uuid>,
    /// Site at which the guest stood; needed with `guest`, except of a device that has one site. A guest of another site is not logged. Any site in reach when absent; of a device, any of its own.
    pub site_id: Option<SiteId>,
    /// Which way.
    pub direction: Direction,
    /// Why the guest was refused; with `refusal`, and only then.
    pub reason: Option<RefusalReason>,
    /// Time by the device.
    pub occurred_at: DateTime<Utc>,
}

/// What a device logged while it had no signal.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"device_id": "018b2f19-e79e-7d6a-a56d-29feb6211b05", "operations": [{"op_id": "018b2f19-e79e-7d6a-a56d-29feb6211b06", "participant_id": "018b2f19-e79e-7d6a-a56d-29feb6211b04", "direction": "entry", "occurred_at": "2023-08-12T07:45:00+07:00"}]}))]
pub struct CheckInBatchIn {
    /// The device; the caller's own account when absent. An enrolled device says its own or none; an official may say any, also to send
    /// what a broken device logged.
    pub device_id: Option<Uuid>,
    /// Time by the device when it sends: how far its clock is off is kept with an enrolled device.
    pub sent_at: Option<DateTime<Utc>>,
    /// The operations, each as `CheckInOperationIn`; one that is not is told so by its verdict.
    #[schema(schema_with = operations)]
    pub operations: Vec<serde_json::Value>,
}

/// Any object passes as an operation: its form is judged by its verdict, so that it does not block the others.
fn operations() -> Array {
    let form = AnyOfBuilder::new().item(Ref::from_schema_name("CheckInOperationIn")).item(ObjectBuilder::new());
    let about = "The operations, each as `CheckInOperationIn`; one that is not is told so by its verdict, and the others are logged.";
    ArrayBuilder::new().items(form).min_items(Some(1)).max_items(Some(1000)).description(Some(about)).build()
}

/// What became of one operation of a batch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum CheckInVerdict {
    /// It is in the log now.
    Logged,
    /// The log had it before.
    Repeated,
    /// The device used the operation id for something else; not logged.
    OpReused,
    /// No such guest in the caller's scope; not logged.
    UnknownParticipant,
    /// The guest of another site: not one of the device's, or not the one that was said; not logged.
    WrongSite,
    /// The campaign is closed; not logged.
    CampaignNotOpen,
    /// The site is not in a state in which guests come; not logged, and can be sent again.
    SiteNotOpen,
    /// The operation breaks a rule of its form; not logged.
    Invalid,
}

/// The verdict on one operation of a batch.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[allow(missing_docs)]
pub struct CheckInVerdictOut {
    /// The operation; null where its id could not be read.
    pub op_id: Option<Uuid>,
    pub verdict: CheckInVerdict,
    /// The line of the log that holds it.
    pub check_in_id: Option<CheckInId>,
    /// Time by the device; of a repeated operation, as the log has it.
    pub occurred_at: Option<DateTime<Utc>>,
    /// Time of receipt; of a repeated operation, that of the first time.
    pub received_at: DateTime<Utc>,
    /// Receipt minus device time, in milliseconds: delay and skew of the device's clock together.
    pub skew_ms: Option<i64>,
    /// Whether the device's clock was more than 5 minutes ahead: the operation counts, but does not say who is present.
    pub is_ahead: bool,
    /// What is wrong with an invalid operation.
    pub errors: Vec<ProblemField>,
    /// `guest_declined` where the guest had declined the invitation, and came; `more_present_than_seats` where a newcomer came to a place that
    /// holds fewer than are there. The entry counts.
    pub warnings: Vec<Warning>,
}

/// What became of a batch.
#[derive(Debug, Serialize, ToSchema)]
pub struct CheckInBatchOut {
    /// The device.
    pub device_id: Uuid,
    /// Time of receipt.
    pub received_at: DateTime<Utc>,
    /// One verdict for each operation, in their order.
    pub verdicts: Vec<CheckInVerdictOut>,
}

/// One line of the log: an entry, an exit or a refusal.
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
    /// Why the guest was refused; null of entries and exits.
    pub reason: Option<RefusalReason>,
    /// Time by the device.
    pub occurred_at: DateTime<Utc>,
    /// Time of receipt.
    pub received_at: DateTime<Utc>,
    /// Receipt minus device time, in milliseconds: delay and skew of the device's clock together.
    pub skew_ms: i64,
    /// Whether the device's clock was more than 5 minutes ahead: the operation counts, but does not say who is present.
    pub is_ahead: bool,
    /// In the answer to the one who logged it: `guest_declined` where the guest had declined the invitation, and came. The entry counts.
    pub warnings: Vec<Warning>,
}

impl CheckInOut {
    /// A line of the log, with what stands out about it.
    pub fn new(row: CheckIn, warnings: Vec<Warning>) -> Self {
        let CheckIn {
            campaign_id,
            id,
            site_id,
            participant_id,
            org_unit_id,
            device_id,
            op_id,
            direction,
            occurred_at,
            received_at,
            reason,
        } = row;
        let skew_ms = (received_at - occurred_at).num_milliseconds();
        let is_ahead = rules::is_ahead(occurred_at, received_at);
        Self {
            id,
            campaign_id,
            site_id,
            participant_id,
            org_unit_id,
            device_id,
            op_id,
            direction,
            reason,
            occurred_at,
            received_at,
            skew_ms,
            is_ahead,
            warnings,
        }
    }
}

crate::list_query! {
    /// Filters of the check-in log.
    CheckInQuery sort ["occurred_at", "received_at"] without q {
        /// Only of this campaign.
        campaign_id: CampaignId,
        /// Only at this site.
        site_id: SiteId,
        /// Only of this guest, and of provisional guests who were this one.
        participant_id: ParticipantId,
        /// Only from this device.
        device_id: Uuid,
        /// Only this way.
        direction: Direction,
        /// Only refusals for this reason.
        reason: RefusalReason,
        /// Only operations whose device was, or was not, more than 5 minutes ahead.
        is_ahead: bool,
        /// Only at or after this instant, by device time.
        occurred_from: DateTime<Utc>,
        /// Only before this instant, by device time.
        occurred_before: DateTime<Utc>,
    }
}
