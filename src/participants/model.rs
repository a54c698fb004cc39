//! Rows of participants and their enumerations.

use crate::ids::{CampaignId, OrgUnitId, ParticipantId, SiteId};
use crate::schema::participants;
use chrono::{DateTime, Utc};
use diesel::deserialize::FromSqlRow;
use diesel::expression::AsExpression;
use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

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
}
