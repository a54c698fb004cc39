//! The outbox as the API shows it.

use super::model::{MailDelivery, MailState};
use crate::ids::{CampaignId, MailDeliveryId, OrgUnitId, ReminderId, UserId};
use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;

/// A reminder on its way to one official by mail. Times are real ones, in a demo with another clock too.
#[derive(Debug, Serialize, ToSchema)]
#[allow(missing_docs)]
pub struct MailDeliveryOut {
    pub id: MailDeliveryId,
    pub campaign_id: CampaignId,
    /// What is sent.
    pub reminder_id: ReminderId,
    /// Account that it goes to; the address is not shown.
    pub user_id: UserId,
    /// Body of the account, which was reminded.
    pub org_unit_id: OrgUnitId,
    pub state: MailState,
    /// Conversations with the mail server so far.
    #[schema(minimum = 0)]
    pub attempts: i32,
    /// Why it was put off, failed or is not known: `smtp_` and the code of the reply (RFC 5321, 4.2), `unreachable`, `broken_off`,
    /// `interrupted`, `no_address`.
    #[schema(max_length = 40, example = "smtp_450")]
    pub failure: Option<String>,
    /// When it is tried (again), of one that is queued.
    pub next_attempt_at: Option<DateTime<Utc>>,
    /// When it was sent, or given up.
    pub finished_at: Option<DateTime<Utc>>,
    pub created_at: DateTime<Utc>,
}

impl From<MailDelivery> for MailDeliveryOut {
    fn from(delivery: MailDelivery) -> Self {
        let MailDelivery {
            campaign_id,
            id,
            reminder_id,
            user_id,
            org_unit_id,
            state,
            attempts,
            failure,
            next_attempt_at,
            claimed_at: _,
            finished_at,
            created_at,
        } = delivery;
        Self { id, campaign_id, reminder_id, user_id, org_unit_id, state, attempts, failure, next_attempt_at, finished_at, created_at }
    }
}

crate::list_query! {
    /// Filters of the list of mail deliveries.
    MailDeliveryQuery sort ["created_at"] without q {
        /// Only those of this campaign.
        campaign_id: CampaignId,
        /// Only those of this reminder.
        reminder_id: ReminderId,
        /// Only those to this account.
        user_id: UserId,
        /// Only those to accounts of this body.
        org_unit_id: OrgUnitId,
        /// Only those to accounts of this body and all below it.
        under_org_unit_id: OrgUnitId,
        /// Only those in this state.
        state: MailState,
    }
}
