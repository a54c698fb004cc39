//! Recipients and their deliveries as the API takes and shows them.

use super::model::{DeliveryChannel, DeliveryState, PlanDelivery, PlanRecipient};
use crate::ids::{OrgUnitId, PlanDeliveryId, PlanId};
use crate::text::Prose;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;
use validator::Validate;

/// Which recipients to list.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct PlanRecipientQuery {
    /// Only recipients in this state of delivery.
    pub state: Option<DeliveryState>,
}

/// How a plan is sent.
#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"channel": "electronic"}))]
pub struct PlanSendIn {
    /// On paper, over the network of official documents, or by e-mail.
    pub channel: DeliveryChannel,
    /// A remark, such as the number in the register of outgoing documents.
    pub note: Option<Prose>,
}

/// What is said with an acknowledgement.
#[derive(Debug, Clone, Default, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"note": "Đã nhận bản giấy ngày 28/3/2023, có ký nhận."}))]
pub struct PlanAcknowledgeIn {
    /// A remark; needed when the issuer notes an acknowledgement for another body: how it came.
    pub note: Option<Prose>,
}

/// A recipient of a plan and whether the plan reached it.
#[derive(Debug, Serialize, ToSchema)]
#[allow(missing_docs)]
pub struct PlanRecipientOut {
    /// Place in the list, from 1.
    pub no: i32,
    pub name: String,
    /// The body, where the line is linked to one.
    pub org_unit_id: Option<OrgUnitId>,
    pub state: DeliveryState,
    /// How it was sent.
    pub channel: Option<DeliveryChannel>,
    pub sent_at: Option<DateTime<Utc>>,
    /// Account that recorded it as sent.
    pub sent_by: Option<Uuid>,
    pub acknowledged_at: Option<DateTime<Utc>>,
    /// Account that acknowledged it, or noted that it was acknowledged.
    pub acknowledged_by: Option<Uuid>,
    /// Whether the issuer noted it for the recipient; null before it is acknowledged.
    pub is_noted_by_issuer: Option<bool>,
    pub acknowledge_note: Option<String>,
    pub version: i32,
}

impl From<PlanRecipient> for PlanRecipientOut {
    fn from(recipient: PlanRecipient) -> Self {
        let PlanRecipient {
            plan_id: _,
            no,
            name,
            org_unit_id,
            state,
            channel,
            sent_at,
            sent_by,
            acknowledged_at,
            acknowledged_by,
            is_noted_by_issuer,
            acknowledge_note,
            version,
        } = recipient;
        Self {
            no,
            name,
            org_unit_id,
            state,
            channel,
            sent_at,
            sent_by,
            acknowledged_at,
            acknowledged_by,
            is_noted_by_issuer,
            acknowledge_note,
            version,
        }
    }
}

/// How many recipients are in which state.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, ToSchema)]
#[allow(missing_docs)]
pub struct DeliveryCountsOut {
    #[schema(minimum = 0)]
    pub pending_count: i64,
    #[schema(minimum = 0)]
    pub sent_count: i64,
    #[schema(minimum = 0)]
    pub acknowledged_count: i64,
}

impl DeliveryCountsOut {
    /// Counts a list.
    pub fn of(recipients: &[PlanRecipient]) -> Self {
        let mut counts = Self::default();
        for recipient in recipients {
            *match recipient.state {
                DeliveryState::Pending => &mut counts.pending_count,
                DeliveryState::Sent => &mut counts.sent_count,
                DeliveryState::Acknowledged => &mut counts.acknowledged_count,
            } += 1;
        }
        counts
    }
}

/// The recipients of a plan.
#[derive(Debug, Serialize, ToSchema)]
pub struct PlanRecipientsOut {
    /// The plan.
    pub plan_id: PlanId,
    /// Those asked for, in printed order.
    #[schema(max_items = 200)]
    pub items: Vec<PlanRecipientOut>,
    /// Always null: the list is whole.
    pub next_cursor: Option<String>,
    /// Of the whole list.
    pub counts: DeliveryCountsOut,
}

/// What sending a plan to all did.
#[derive(Debug, Serialize, ToSchema)]
pub struct PlanDistributionOut {
    /// The plan.
    pub plan_id: PlanId,
    /// Recipients that were pending and are sent now.
    #[schema(minimum = 0)]
    pub newly_sent_count: i64,
    /// Of the whole list, after it.
    pub counts: DeliveryCountsOut,
}

/// A line of the log of deliveries.
#[derive(Debug, Serialize, ToSchema)]
#[allow(missing_docs)]
pub struct PlanDeliveryOut {
    pub id: PlanDeliveryId,
    pub plan_id: PlanId,
    /// Place of the recipient in its list.
    pub recipient_no: i32,
    /// What was recorded: `sent` or `acknowledged`.
    pub state: DeliveryState,
    pub channel: Option<DeliveryChannel>,
    pub note: Option<String>,
    /// Account that recorded it.
    pub actor_id: Uuid,
    pub occurred_at: DateTime<Utc>,
}

impl From<PlanDelivery> for PlanDeliveryOut {
    fn from(delivery: PlanDelivery) -> Self {
        let PlanDelivery { campaign_id: _, id, plan_id, recipient_no, state, channel, note, actor_id, occurred_at } = delivery;
        Self { id, plan_id, recipient_no, state, channel, note, actor_id, occurred_at }
    }
}

crate::list_query! {
    /// Filters of the log of deliveries.
    PlanDeliveryQuery sort ["occurred_at"] without q {
        /// Only of this line of the list of recipients.
        recipient_no: i32,
    }
}
