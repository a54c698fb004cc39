//! Rows of opinions.

use crate::ids::{ActivityId, CampaignId, OpinionId, OrgUnitId};
use crate::schema::opinions;
use chrono::{DateTime, Utc};
use diesel::deserialize::FromSqlRow;
use diesel::expression::AsExpression;
use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Where an opinion stands: `raised` → `answered`, or → `referred` to a body that answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema, AsExpression, FromSqlRow)]
#[serde(rename_all = "snake_case")]
#[diesel(sql_type = diesel::sql_types::Text)]
#[allow(missing_docs)]
pub enum OpinionState {
    Raised,
    Referred,
    Answered,
}
crate::text_enum!(OpinionState { Raised => "raised", Referred => "referred", Answered => "answered" });

/// An opinion as stored, without its search tokens.
#[derive(Debug, Clone, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = opinions, primary_key(campaign_id, id), treat_none_as_null = true, treat_none_as_default_value = false)]
#[allow(missing_docs)]
pub struct Opinion {
    pub campaign_id: CampaignId,
    pub id: OpinionId,
    pub org_unit_id: OrgUnitId,
    pub activity_id: Option<ActivityId>,
    pub text: String,
    pub raised_at: DateTime<Utc>,
    pub is_anonymous: bool,
    pub raised_by_name: Option<String>,
    pub answer_due_before: Option<DateTime<Utc>>,
    pub state: OpinionState,
    pub referred_to_org_unit_id: Option<OrgUnitId>,
    pub refer_note: Option<String>,
    pub referred_at: Option<DateTime<Utc>>,
    pub answer: Option<String>,
    pub answered_by_org_unit_id: Option<OrgUnitId>,
    pub answered_at: Option<DateTime<Utc>>,
    pub version: i32,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
    pub erased_at: Option<DateTime<Utc>>,
}
