//! Rows of kinds of activity.

use crate::activities::model::ActivityPhase;
use crate::ids::{ActivityKindId, CampaignId};
use crate::schema::activity_kinds;
use chrono::{DateTime, Utc};
use diesel::deserialize::{FromSql, FromSqlRow};
use diesel::expression::AsExpression;
use diesel::pg::{Pg, PgValue};
use diesel::prelude::*;
use diesel::serialize::{Output, ToSql};
use diesel::sql_types::Jsonb;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What a result is: a number of things, an amount of money in whole đồng, or words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum ResultValueKind {
    Integer,
    Vnd,
    Text,
}

/// One result that a kind of activity asks for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ResultField {
    /// Stable code; unique in the kind.
    #[schema(max_length = 40, pattern = "^[a-z][a-z0-9_]{1,39}$", example = "gift_count")]
    pub code: String,
    /// What it is called, in Vietnamese.
    #[schema(min_length = 1, max_length = 300, pattern = "^[^\\u0000-\\u001F\\u007F-\\u009F\\u202A-\\u202E\\u2066-\\u2069]+$")]
    pub name_vi: String,
    /// What it is called, in English.
    #[schema(min_length = 1, max_length = 300, pattern = "^[^\\u0000-\\u001F\\u007F-\\u009F\\u202A-\\u202E\\u2066-\\u2069]+$")]
    pub name_en: String,
    /// Unit, in Vietnamese; empty for words.
    #[schema(max_length = 60, pattern = "^[^\\u0000-\\u001F\\u007F-\\u009F\\u202A-\\u202E\\u2066-\\u2069]*$")]
    pub unit_vi: String,
    /// Unit, in English; empty for words.
    #[schema(max_length = 60, pattern = "^[^\\u0000-\\u001F\\u007F-\\u009F\\u202A-\\u202E\\u2066-\\u2069]*$")]
    pub unit_en: String,
    /// What it is.
    pub value_kind: ResultValueKind,
    /// Whether results without it are refused.
    pub is_required: bool,
}

/// The results that a kind asks for, as stored.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, AsExpression, FromSqlRow)]
#[diesel(sql_type = Jsonb)]
#[serde(transparent)]
pub struct ResultFields(pub Vec<ResultField>);

impl ToSql<Jsonb, Pg> for ResultFields {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Pg>) -> diesel::serialize::Result {
        let value = serde_json::to_value(self)?;
        <serde_json::Value as ToSql<Jsonb, Pg>>::to_sql(&value, &mut out.reborrow())
    }
}

impl FromSql<Jsonb, Pg> for ResultFields {
    fn from_sql(bytes: PgValue<'_>) -> diesel::deserialize::Result<Self> {
        let value = <serde_json::Value as FromSql<Jsonb, Pg>>::from_sql(bytes)?;
        Ok(serde_json::from_value(value)?)
    }
}

/// A kind of activity as stored.
#[derive(Debug, Clone, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = activity_kinds, primary_key(campaign_id, id))]
#[allow(missing_docs)]
pub struct ActivityKind {
    pub campaign_id: CampaignId,
    pub id: ActivityKindId,
    pub code: String,
    pub name_vi: String,
    pub name_en: String,
    pub phases: Vec<ActivityPhase>,
    pub result_fields: ResultFields,
    pub is_builtin: bool,
    pub is_active: bool,
    pub version: i32,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}
