//! Duties as the API shows them.

use super::bodies::Addressed;
use super::model::{Duty, DutyReminder, DutyState, DutyStep};
use crate::ids::{CampaignId, DutyId, DutyReminderId, DutyStepId, OrgUnitId, PlanId};
use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// Declares the two forms of a duty: the second has what changes without it.
macro_rules! duty_forms {
    ($($(#[$meta:meta])* $field:ident: $kind:ty,)+) => {
        /// A duty.
        #[derive(Debug, Serialize, ToSchema)]
        #[allow(missing_docs)]
        pub struct DutyOut {
            $($(#[$meta])* pub $field: $kind,)+
        }

        impl From<Duty> for DutyOut {
            fn from(duty: Duty) -> Self {
                let Duty { $($field,)+ } = duty;
                Self { $($field,)+ }
            }
        }

        /// A duty in the list, with how it stands at the instant of the answer.
        #[derive(Debug, Serialize, ToSchema)]
        #[allow(missing_docs)]
        pub struct DutyItem {
            $($(#[$meta])* pub $field: $kind,)+
            /// Name of the body charged.
            pub org_unit_name: String,
            /// Whether the deadline has passed and it is not done.
            pub is_overdue: bool,
        }

        impl DutyItem {
            /// A duty as it stands at an instant.
            pub fn new((duty, org_unit_name): (Duty, String), now: DateTime<Utc>) -> Self {
                let is_overdue = duty.is_overdue(now);
                let Duty { $($field,)+ } = duty;
                Self { $($field,)+ org_unit_name, is_overdue }
            }
        }
    };
}

duty_forms! {
    id: DutyId,
    campaign_id: CampaignId,
    plan_id: PlanId,
    /// Rule of the plan that lays it down; null where it was written by hand.
    rule_id: Option<String>,
    /// The body charged.
    org_unit_id: OrgUnitId,
    /// Issuer of the plan: assigns, cancels, reopens, reminds.
    issuer_org_unit_id: OrgUnitId,
    title: String,
    /// What is to be done, in full.
    statement: Option<String>,
    /// Clause of the plan.
    clause: Option<String>,
    /// Done in time while before this instant.
    deadline: Option<DateTime<Utc>>,
    state: DutyState,
    /// The latest that was said of how far it is.
    progress_note: Option<String>,
    cancel_reason: Option<String>,
    /// Why it was last reopened.
    reopen_comment: Option<String>,
    started_at: Option<DateTime<Utc>>,
    done_at: Option<DateTime<Utc>>,
    /// Account that completed it.
    done_by: Option<Uuid>,
    cancelled_at: Option<DateTime<Utc>>,
    version: i32,
    created_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
}

/// A step of a duty.
#[derive(Debug, Serialize, ToSchema)]
#[allow(missing_docs)]
pub struct DutyStepOut {
    pub id: DutyStepId,
    pub duty_id: DutyId,
    /// What was done, such as `started`, `progressed`, `completed`, `reopened`.
    #[schema(example = "progressed")]
    pub action: String,
    pub from_state: Option<DutyState>,
    pub to_state: DutyState,
    /// What was said with it.
    pub note: Option<String>,
    /// Account.
    pub actor_id: Uuid,
    pub occurred_at: DateTime<Utc>,
}

impl From<DutyStep> for DutyStepOut {
    fn from(step: DutyStep) -> Self {
        let DutyStep { campaign_id: _, id, duty_id, action, from_state, to_state, note, actor_id, occurred_at } = step;
        Self { id, duty_id, action, from_state, to_state, note, actor_id, occurred_at }
    }
}

/// A reminder of a duty.
#[derive(Debug, Serialize, ToSchema)]
#[allow(missing_docs)]
pub struct DutyReminderOut {
    pub id: DutyReminderId,
    pub campaign_id: CampaignId,
    pub duty_id: DutyId,
    /// 1: to the body charged; 2: to the body above it; and so on up to the issuer of the plan.
    #[schema(minimum = 1)]
    pub level: i32,
    /// The body that was reminded.
    pub to_org_unit_id: OrgUnitId,
    pub to_org_unit_name: String,
    pub message: Option<String>,
    /// Day in Viet Nam: a duty has one reminder a day at the most.
    pub reminded_on: NaiveDate,
    pub reminded_at: DateTime<Utc>,
    /// Account that reminded.
    pub reminded_by: Uuid,
}

impl DutyReminderOut {
    /// A reminder with the name of the body it went to.
    pub fn new((reminder, to_org_unit_name): (DutyReminder, String)) -> Self {
        let DutyReminder { campaign_id, id, duty_id, level, to_org_unit_id, message, reminded_on, reminded_at, reminded_by } = reminder;
        Self { id, campaign_id, duty_id, level, to_org_unit_id, to_org_unit_name, message, reminded_on, reminded_at, reminded_by }
    }
}

/// What reminding of all overdue duties did.
#[derive(Debug, Serialize, ToSchema)]
pub struct DutySweepOut {
    /// The campaign.
    pub campaign_id: CampaignId,
    /// Overdue duties that were reminded of.
    #[schema(minimum = 0)]
    pub reminded_count: i64,
    /// Overdue duties left alone, since there was a reminder today.
    #[schema(minimum = 0)]
    pub skipped_count: i64,
    /// The reminders.
    #[schema(max_items = 20_000)]
    pub reminders: Vec<DutyReminderOut>,
}

/// Words of a rule that name no body, or several.
#[derive(Debug, Serialize, ToSchema)]
#[allow(missing_docs)]
pub struct UnboundDutyOut {
    /// Rule of the plan.
    #[schema(example = "R19")]
    pub rule_id: String,
    /// Clause of the plan.
    #[schema(example = "III.3")]
    pub clause: String,
    /// The words, as the rule has them.
    #[schema(example = "các cơ quan liên quan")]
    pub body: String,
}

/// What was made of the rules of a plan.
#[derive(Debug, Serialize, ToSchema)]
pub struct DutyDerivationOut {
    /// The plan.
    pub plan_id: PlanId,
    /// Duties made now.
    #[schema(minimum = 0)]
    pub created_count: i64,
    /// Duties that were there already, cancelled ones too.
    #[schema(minimum = 0)]
    pub existing_count: i64,
    /// Those made now.
    #[schema(max_items = 20_000)]
    pub duties: Vec<DutyOut>,
    /// Words of rules that no body of the tree answers to: a person decides and charges by hand.
    #[schema(max_items = 2_000)]
    pub unbound: Vec<UnboundDutyOut>,
}

/// The words of one rule that are unbound.
pub fn unbound(rule_id: &str, clause: &str, addressed: Addressed) -> impl Iterator<Item = UnboundDutyOut> {
    let (rule_id, clause) = (rule_id.to_owned(), clause.to_owned());
    addressed.unbound.into_iter().map(move |body| UnboundDutyOut { rule_id: rule_id.clone(), clause: clause.clone(), body })
}
