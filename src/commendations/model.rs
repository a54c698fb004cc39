//! Rows of commendations.

use crate::ids::{ActivityId, CampaignId, CommendationId, OrgUnitId, SiteId};
use crate::schema::commendations;
use chrono::{DateTime, NaiveDate, Utc};
use diesel::deserialize::FromSqlRow;
use diesel::expression::AsExpression;
use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Who is commended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema, AsExpression, FromSqlRow)]
#[serde(rename_all = "snake_case")]
#[diesel(sql_type = diesel::sql_types::Text)]
#[allow(missing_docs)]
pub enum AwardeeKind {
    Collective,
    Individual,
}
crate::text_enum!(AwardeeKind { Collective => "collective", Individual => "individual" });

/// Form of a commendation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema, AsExpression, FromSqlRow)]
#[serde(rename_all = "snake_case")]
#[diesel(sql_type = diesel::sql_types::Text)]
pub enum AwardForm {
    /// Certificate of merit (bằng khen).
    BangKhen,
    /// Certificate of commendation (giấy khen).
    GiayKhen,
    /// Memorial medal (kỷ niệm chương).
    KyNiemChuong,
    /// Another form.
    Other,
}
crate::text_enum!(AwardForm { BangKhen => "bang_khen", GiayKhen => "giay_khen", KyNiemChuong => "ky_niem_chuong", Other => "other" });

/// Level that awards.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema, AsExpression, FromSqlRow)]
#[serde(rename_all = "snake_case")]
#[diesel(sql_type = diesel::sql_types::Text)]
#[allow(missing_docs)]
pub enum AwardLevel {
    Central,
    Province,
    District,
    Commune,
    Unit,
}
crate::text_enum!(AwardLevel { Central => "central", Province => "province", District => "district", Commune => "commune", Unit => "unit" });

/// A commendation as stored, without its search tokens.
#[derive(Debug, Clone, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = commendations, primary_key(campaign_id, id), treat_none_as_null = true, treat_none_as_default_value = false)]
#[allow(missing_docs)]
pub struct Commendation {
    pub campaign_id: CampaignId,
    pub id: CommendationId,
    pub org_unit_id: OrgUnitId,
    pub awardee_kind: AwardeeKind,
    pub awardee_name: String,
    pub award_form: AwardForm,
    pub award_level: AwardLevel,
    pub decision_number: Option<String>,
    pub decided_on: Option<NaiveDate>,
    pub awarding_body: Option<String>,
    pub awarding_org_unit_id: Option<OrgUnitId>,
    pub reason: String,
    pub site_id: Option<SiteId>,
    pub activity_id: Option<ActivityId>,
    pub version: i32,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
    pub erased_at: Option<DateTime<Utc>>,
}
