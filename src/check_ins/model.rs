//! Rows of the check-in log.

use crate::campaigns::model::CampaignState;
use crate::ids::{CampaignId, CheckInId, OrgUnitId, ParticipantId, SiteId};
use crate::schema::check_ins;
use chrono::{DateTime, Utc};
use diesel::deserialize::FromSqlRow;
use diesel::expression::AsExpression;
use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// Which way a guest went, or that the guest was not let in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema, AsExpression, FromSqlRow)]
#[serde(rename_all = "snake_case")]
#[diesel(sql_type = diesel::sql_types::Text)]
#[allow(missing_docs)]
pub enum Direction {
    Entry,
    Exit,
    Refusal,
}
crate::text_enum!(Direction { Entry => "entry", Exit => "exit", Refusal => "refusal" });

/// Why a guest was not let in: the list of the site does not name the guest (any more); the guest belongs to another site;
/// the place is full; security; another reason.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema, AsExpression, FromSqlRow)]
#[serde(rename_all = "snake_case")]
#[diesel(sql_type = diesel::sql_types::Text)]
#[allow(missing_docs)]
pub enum RefusalReason {
    NotOnList,
    WrongSite,
    Full,
    Security,
    Other,
}
crate::text_enum!(RefusalReason {
    NotOnList => "not_on_list", WrongSite => "wrong_site", Full => "full", Security => "security", Other => "other",
});

/// One line of the log.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, QueryableByName, Selectable)]
#[diesel(table_name = check_ins)]
#[allow(missing_docs)]
pub struct CheckIn {
    pub campaign_id: CampaignId,
    pub id: CheckInId,
    pub site_id: SiteId,
    pub participant_id: ParticipantId,
    pub org_unit_id: OrgUnitId,
    pub device_id: Uuid,
    pub op_id: Uuid,
    pub direction: Direction,
    pub occurred_at: DateTime<Utc>,
    pub received_at: DateTime<Utc>,
    pub reason: Option<RefusalReason>,
}

/// An operation that is to be logged.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct Operation {
    pub id: CheckInId,
    pub participant_id: ParticipantId,
    pub device_id: Uuid,
    pub op_id: Uuid,
    pub direction: Direction,
    pub occurred_at: DateTime<Utc>,
    pub received_at: DateTime<Utc>,
    pub reason: Option<RefusalReason>,
    pub actor_id: Uuid,
    /// Sites at which it may be logged: of a device its own, of an official the one that was said; any where none.
    pub right_sites: Option<Vec<SiteId>>,
    /// The site that the pass names, where the guest was named by a pass.
    pub pass_site: Option<SiteId>,
    /// Path prefix of the caller's scope: the statement that writes checks it too.
    pub scope_prefix: String,
}

/// What stands out about a guest who was logged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Notice {
    /// The guest has declined the invitation, and came.
    pub has_declined: bool,
}

/// What became of one operation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// It is in the log now; and what stands out about the guest.
    Logged(CheckIn, Notice),
    /// The log had it before.
    Repeated(CheckIn, Notice),
    /// The device used the operation id for something else.
    OperationReused,
    /// No such participant in scope.
    UnknownParticipant,
    /// The guest of another site.
    WrongSite,
    /// The campaign is closed.
    CampaignNotOpen(CampaignState),
    /// The site is not in a state in which guests come.
    SiteNotOpen(String),
}
