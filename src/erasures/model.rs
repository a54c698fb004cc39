//! Rows of the log of erasures.

use crate::ids::{CampaignId, ErasureId, OrgUnitId};
use crate::processing_purposes::model::DataKind;
use crate::schema::erasures;
use chrono::{DateTime, Utc};
use diesel::deserialize::FromSqlRow;
use diesel::expression::AsExpression;
use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// Why data were erased: a person asked for it, or the days of keeping were over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema, AsExpression, FromSqlRow)]
#[serde(rename_all = "snake_case")]
#[diesel(sql_type = diesel::sql_types::Text)]
#[allow(missing_docs)]
pub enum ErasureCause {
    Request,
    Retention,
}
crate::text_enum!(ErasureCause { Request => "request", Retention => "retention" });

impl ErasureCause {
    /// What stands in the place of a name.
    pub fn pseudonym(self) -> &'static str {
        match self {
            Self::Request => "Đã xóa theo yêu cầu",
            Self::Retention => "Đã xóa do hết thời hạn lưu giữ",
        }
    }
}

/// One erasure, in the append-only log: counts, no name.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = erasures)]
#[allow(missing_docs)]
pub struct Erasure {
    pub campaign_id: CampaignId,
    pub id: ErasureId,
    pub org_unit_id: OrgUnitId,
    pub data_kind: DataKind,
    pub cause: ErasureCause,
    pub object_id: Option<Uuid>,
    pub row_count: i32,
    pub reason: Option<String>,
    pub erased_by: Option<Uuid>,
    pub erased_at: DateTime<Utc>,
}
