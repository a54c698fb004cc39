//! Rows of participants and their enumerations.

use crate::ids::{CampaignId, OrgUnitId, ParticipantId, SiteId};
use crate::schema::participants;
use chrono::{DateTime, Utc};
use diesel::deserialize::FromSqlRow;
use diesel::expression::AsExpression;
use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// One person, or a collective such as a self-defence group (S35).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema, AsExpression, FromSqlRow)]
#[serde(rename_all = "snake_case")]
#[diesel(sql_type = diesel::sql_types::Text)]
#[allow(missing_docs)]
pub enum ParticipantKind {
    Person,
    Collective,
}
crate::text_enum!(ParticipantKind { Person => "person", Collective => "collective" });

/// In what quality a guest comes (II.2.2.2): leaders of the provincial Party Committee and its mass-mobilisation
/// board; members of Steering Committee 138; leaders of the Party, the authorities and the communes of the place;
/// the movement force, former and serving; the commended; people of standing in the community; the press; the
/// Fatherland Front and mass organisations; delegates of other localities who come to learn; residents; others.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema, AsExpression, FromSqlRow)]
#[serde(rename_all = "snake_case")]
#[diesel(sql_type = diesel::sql_types::Text)]
#[allow(missing_docs)]
pub enum ParticipantCategory {
    ProvincialLeader,
    CommitteeMember,
    LocalLeader,
    MovementForce,
    Commended,
    CommunityElder,
    Press,
    FrontAndUnions,
    VisitingDelegate,
    Resident,
    Other,
}
crate::text_enum!(ParticipantCategory {
    ProvincialLeader => "provincial_leader", CommitteeMember => "committee_member", LocalLeader => "local_leader",
    MovementForce => "movement_force", Commended => "commended", CommunityElder => "community_elder", Press => "press",
    FrontAndUnions => "front_and_unions", VisitingDelegate => "visiting_delegate", Resident => "resident", Other => "other",
});

/// Where a guest stands: `listed` → `invited` → `accepted` or `declined`, which may change until the site is held.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema, AsExpression, FromSqlRow)]
#[serde(rename_all = "snake_case")]
#[diesel(sql_type = diesel::sql_types::Text)]
#[allow(missing_docs)]
pub enum ParticipantState {
    Listed,
    Invited,
    Accepted,
    Declined,
}
crate::text_enum!(ParticipantState { Listed => "listed", Invited => "invited", Accepted => "accepted", Declined => "declined" });

/// How a guest came onto the list: before the festival, by hand or by a file; at the door (`walk_in`); or named by a device that had no
/// signal (`provisional`), and may turn out to be somebody who is listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema, AsExpression, FromSqlRow)]
#[serde(rename_all = "snake_case")]
#[diesel(sql_type = diesel::sql_types::Text)]
#[allow(missing_docs)]
pub enum ParticipantOrigin {
    Listed,
    WalkIn,
    Provisional,
}
crate::text_enum!(ParticipantOrigin { Listed => "listed", WalkIn => "walk_in", Provisional => "provisional" });

/// How old a guest is, in bands (S55): no birthday is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema, AsExpression, FromSqlRow)]
#[diesel(sql_type = diesel::sql_types::Text)]
#[allow(missing_docs)]
pub enum AgeBand {
    #[serde(rename = "under_16")]
    Under16,
    #[serde(rename = "16_to_30")]
    From16To30,
    #[serde(rename = "31_to_60")]
    From31To60,
    #[serde(rename = "over_60")]
    Over60,
}
crate::text_enum!(AgeBand { Under16 => "under_16", From16To30 => "16_to_30", From31To60 => "31_to_60", Over60 => "over_60" });

/// A band of age, or that it is not known; a collective has none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[allow(missing_docs)]
pub enum AgeGroup {
    #[serde(rename = "under_16")]
    Under16,
    #[serde(rename = "16_to_30")]
    From16To30,
    #[serde(rename = "31_to_60")]
    From31To60,
    #[serde(rename = "over_60")]
    Over60,
    #[serde(rename = "unknown")]
    Unknown,
}

impl AgeGroup {
    /// All groups, in the order of their age.
    pub const ALL: [Self; 5] = [Self::Under16, Self::From16To30, Self::From31To60, Self::Over60, Self::Unknown];

    /// The band, where it is known.
    pub fn band(self) -> Option<AgeBand> {
        match self {
            Self::Under16 => Some(AgeBand::Under16),
            Self::From16To30 => Some(AgeBand::From16To30),
            Self::From31To60 => Some(AgeBand::From31To60),
            Self::Over60 => Some(AgeBand::Over60),
            Self::Unknown => None,
        }
    }
}

/// How an invitation, or a reminder of it, reached the guest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema, AsExpression, FromSqlRow)]
#[serde(rename_all = "snake_case")]
#[diesel(sql_type = diesel::sql_types::Text)]
#[allow(missing_docs)]
pub enum InvitationChannel {
    Paper,
    Phone,
    Zalo,
    Email,
    Other,
}
crate::text_enum!(InvitationChannel { Paper => "paper", Phone => "phone", Zalo => "zalo", Email => "email", Other => "other" });

/// Where an invitation stands: `prepared` when the guest is invited and has a number, `sent` once it left.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum InvitationState {
    Prepared,
    Sent,
}

/// A participant as stored, without its search tokens and the bookkeeping of check-ins.
/// What check-ins write is read here and never written back.
#[derive(Debug, Clone, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = participants, primary_key(campaign_id, id), treat_none_as_null = true, treat_none_as_default_value = false)]
#[allow(missing_docs)]
pub struct Participant {
    pub campaign_id: CampaignId,
    pub id: ParticipantId,
    pub site_id: SiteId,
    pub org_unit_id: OrgUnitId,
    pub kind: ParticipantKind,
    pub category: ParticipantCategory,
    pub state: ParticipantState,
    pub full_name: String,
    pub title: Option<String>,
    pub organisation: Option<String>,
    pub representative_name: Option<String>,
    pub invited_at: Option<DateTime<Utc>>,
    pub responded_at: Option<DateTime<Utc>>,
    pub decline_reason: Option<String>,
    #[diesel(skip_update)]
    pub entry_count: i32,
    #[diesel(skip_update)]
    pub is_present: bool,
    #[diesel(skip_update)]
    pub first_entered_at: Option<DateTime<Utc>>,
    #[diesel(skip_update)]
    pub version: i32,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
    pub age_band: Option<AgeBand>,
    pub invitation_no: Option<i32>,
    pub sent_channel: Option<InvitationChannel>,
    pub sent_at: Option<DateTime<Utc>>,
    pub sent_by: Option<Uuid>,
    pub answered_by: Option<String>,
    pub erased_at: Option<DateTime<Utc>>,
    #[diesel(skip_update)]
    pub origin: ParticipantOrigin,
    #[diesel(skip_update)]
    pub merged_into_id: Option<ParticipantId>,
    #[diesel(skip_update)]
    pub merged_at: Option<DateTime<Utc>>,
    #[diesel(skip_update)]
    pub merged_by: Option<Uuid>,
    #[diesel(skip_update)]
    pub merge_reason: Option<String>,
}

impl Participant {
    /// Where the invitation stands; none before the guest is invited.
    pub fn invitation_state(&self) -> Option<InvitationState> {
        self.invited_at.map(|_| if self.sent_at.is_some() { InvitationState::Sent } else { InvitationState::Prepared })
    }
}
