//! Rows of delegates and their enumerations.

use crate::ids::{CampaignId, DelegateId, OrgUnitId, SiteId};
use crate::schema::delegates;
use chrono::{DateTime, Utc};
use diesel::deserialize::FromSqlRow;
use diesel::expression::AsExpression;
use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// Who leads the delegation to a site, and who goes with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema, AsExpression, FromSqlRow)]
#[serde(rename_all = "snake_case")]
#[diesel(sql_type = diesel::sql_types::Text)]
#[allow(missing_docs)]
pub enum DelegateRole {
    HeadOfDelegation,
    Member,
}
crate::text_enum!(DelegateRole { HeadOfDelegation => "head_of_delegation", Member => "member" });

/// Where an assignment stands: `proposed` → `approved` → `accepted` or `declined` → `attended` or `absent`; `withdrawn` ends
/// it before the day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema, AsExpression, FromSqlRow)]
#[serde(rename_all = "snake_case")]
#[diesel(sql_type = diesel::sql_types::Text)]
#[allow(missing_docs)]
pub enum DelegateState {
    Proposed,
    Approved,
    Accepted,
    Declined,
    Attended,
    Absent,
    Withdrawn,
}
crate::text_enum!(DelegateState {
    Proposed => "proposed", Approved => "approved", Accepted => "accepted", Declined => "declined", Attended => "attended",
    Absent => "absent", Withdrawn => "withdrawn",
});

/// States in which the delegate is expected at the site, or was.
pub const EXPECTED: [DelegateState; 4] = [DelegateState::Approved, DelegateState::Accepted, DelegateState::Attended, DelegateState::Absent];

/// An assignment as stored, without its search tokens.
#[derive(Debug, Clone, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = delegates, primary_key(campaign_id, id), treat_none_as_null = true, treat_none_as_default_value = false)]
#[allow(missing_docs)]
pub struct Delegate {
    pub campaign_id: CampaignId,
    pub id: DelegateId,
    pub site_id: SiteId,
    pub site_org_unit_id: OrgUnitId,
    pub org_unit_id: OrgUnitId,
    pub full_name: String,
    pub name_key: String,
    pub title: Option<String>,
    pub delegate_role: DelegateRole,
    pub state: DelegateState,
    pub reason: Option<String>,
    pub proposed_by: Uuid,
    pub approved_at: Option<DateTime<Utc>>,
    pub answered_at: Option<DateTime<Utc>>,
    pub attended_at: Option<DateTime<Utc>>,
    pub withdrawn_at: Option<DateTime<Utc>>,
    pub version: i32,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
    pub erased_at: Option<DateTime<Utc>>,
}
