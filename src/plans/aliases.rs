//! Short names that a plan defines for its own text (S04), such as "BCĐ 138 tỉnh".

use crate::error::{AppError, FieldError, message};
use crate::text::{Label, Line};
use diesel::deserialize::{FromSql, FromSqlRow};
use diesel::expression::AsExpression;
use diesel::pg::{Pg, PgValue};
use diesel::serialize::{Output, ToSql};
use diesel::sql_types::Jsonb;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use utoipa::ToSchema;

/// A short name and what it stands for.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"short": "BCĐ 138 tỉnh", "long": "Ban Chỉ đạo phòng, chống tội phạm, tệ nạn xã hội và xây dựng phong trào toàn dân bảo vệ an ninh Tổ quốc tỉnh"}))]
pub struct PlanAliasIn {
    /// The short name; once in a plan.
    pub short: Label,
    /// What it stands for, where the plan says so.
    pub long: Option<Line>,
    /// Clause that defines it.
    pub clause: Option<Label>,
}

/// A short name of a plan and what it stands for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = PlanAliasOut)]
pub struct PlanAlias {
    /// The short name.
    #[schema(example = "BCĐ 138 tỉnh")]
    pub short: String,
    /// What it stands for; null where the plan does not say.
    pub long: Option<String>,
    /// Clause that defines it.
    pub clause: Option<String>,
}

/// The short names of a plan, as stored.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, AsExpression, FromSqlRow)]
#[diesel(sql_type = Jsonb)]
#[serde(transparent)]
pub struct PlanAliases(pub Vec<PlanAlias>);

impl PlanAliases {
    /// The short names alone, for the search.
    pub fn shorts(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|alias| alias.short.as_str())
    }
}

impl From<Vec<PlanAliasIn>> for PlanAliases {
    fn from(list: Vec<PlanAliasIn>) -> Self {
        let kept = |PlanAliasIn { short, long, clause }| PlanAlias {
            short: short.into_string(),
            long: long.map(String::from),
            clause: clause.map(String::from),
        };
        Self(list.into_iter().map(kept).collect())
    }
}

impl FromSql<Jsonb, Pg> for PlanAliases {
    fn from_sql(bytes: PgValue<'_>) -> diesel::deserialize::Result<Self> {
        Ok(serde_json::from_value(<serde_json::Value as FromSql<Jsonb, Pg>>::from_sql(bytes)?)?)
    }
}

impl ToSql<Jsonb, Pg> for PlanAliases {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Pg>) -> diesel::serialize::Result {
        let value = serde_json::to_value(self)?;
        <serde_json::Value as ToSql<Jsonb, Pg>>::to_sql(&value, &mut out.reborrow())
    }
}

/// 422 for each short name that the plan has already.
pub fn check(aliases: &PlanAliases) -> Result<(), AppError> {
    let mut seen = BTreeSet::new();
    let repeated = aliases.shorts().enumerate().filter(|(_, short)| !seen.insert(*short));
    let text = || message("Kế hoạch đã có tên viết tắt này.", "The plan has this short name already.");
    let bad: Vec<_> = repeated.map(|(at, _)| FieldError::new(format!("/aliases/{at}/short"), "duplicate", text())).collect();
    if bad.is_empty() { Ok(()) } else { Err(AppError::validation(bad)) }
}
