//! Rows of gifts.

use crate::ids::{ActivityId, CampaignId, GiftId, OrgUnitId, SiteId};
use crate::schema::gifts;
use chrono::{DateTime, NaiveDate, Utc};
use diesel::deserialize::FromSqlRow;
use diesel::expression::AsExpression;
use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Who receives.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema, AsExpression, FromSqlRow)]
#[serde(rename_all = "snake_case")]
#[diesel(sql_type = diesel::sql_types::Text)]
pub enum GiftRecipientCategory {
    /// Policy beneficiaries (đối tượng chính sách).
    PolicyBeneficiary,
    /// Poor households.
    PoorHousehold,
    /// People in special hardship.
    SpecialHardship,
    /// People of standing in the community (người có uy tín).
    CommunityElder,
    /// Forces on duty.
    ForceOnDuty,
    /// Pupils.
    Pupil,
    /// Collectives.
    Collective,
    /// Others.
    Other,
}
crate::text_enum!(GiftRecipientCategory { PolicyBeneficiary => "policy_beneficiary", PoorHousehold => "poor_household", SpecialHardship => "special_hardship", CommunityElder => "community_elder", ForceOnDuty => "force_on_duty", Pupil => "pupil", Collective => "collective", Other => "other" });

/// A gift as stored, without its search tokens.
#[derive(Debug, Clone, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = gifts, primary_key(campaign_id, id), treat_none_as_null = true, treat_none_as_default_value = false)]
#[allow(missing_docs)]
pub struct Gift {
    pub campaign_id: CampaignId,
    pub id: GiftId,
    pub org_unit_id: OrgUnitId,
    pub recipient_category: GiftRecipientCategory,
    pub recipient_count: i32,
    pub value_vnd: i64,
    pub giver: String,
    pub content: Option<String>,
    pub given_on: NaiveDate,
    pub site_id: Option<SiteId>,
    pub activity_id: Option<ActivityId>,
    pub version: i32,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}
