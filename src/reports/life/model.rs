//! Rows of the steps of reports, and comments by field.

use crate::ids::{CampaignId, ReportId, ReportObligationId, ReportStepId};
use crate::reports::model::{Report, ReportState};
use crate::schema::report_steps;
use chrono::{DateTime, Utc};
use diesel::deserialize::{FromSql, FromSqlRow};
use diesel::expression::AsExpression;
use diesel::pg::{Pg, PgValue};
use diesel::prelude::*;
use diesel::serialize::{Output, ToSql};
use diesel::sql_types::Jsonb;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// A comment on one field of a report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = FieldCommentOut)]
pub struct FieldComment {
    /// Which field of the report (RFC 6901).
    #[schema(example = "/figures/attendance_count")]
    pub pointer: String,
    /// What is to be put right there.
    pub text: String,
}

/// Comments by field, as stored.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, AsExpression, FromSqlRow)]
#[diesel(sql_type = Jsonb)]
#[serde(transparent)]
pub struct FieldComments(pub Vec<FieldComment>);

impl ToSql<Jsonb, Pg> for FieldComments {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Pg>) -> diesel::serialize::Result {
        let value = serde_json::to_value(self)?;
        <serde_json::Value as ToSql<Jsonb, Pg>>::to_sql(&value, &mut out.reborrow())
    }
}

impl FromSql<Jsonb, Pg> for FieldComments {
    fn from_sql(bytes: PgValue<'_>) -> diesel::deserialize::Result<Self> {
        let value = <serde_json::Value as FromSql<Jsonb, Pg>>::from_sql(bytes)?;
        Ok(serde_json::from_value(value)?)
    }
}

/// A step of a report; never changed. What the report was judged to be stands in each, so that the last step before an
/// instant tells all that was known of the report then.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = report_steps)]
#[allow(missing_docs)]
pub struct ReportStep {
    pub campaign_id: CampaignId,
    pub id: ReportStepId,
    pub report_id: ReportId,
    pub obligation_id: ReportObligationId,
    pub action: String,
    pub from_state: Option<ReportState>,
    pub to_state: Option<ReportState>,
    pub version_no: Option<i32>,
    pub first_submitted_at: Option<DateTime<Utc>>,
    pub is_late: Option<bool>,
    pub is_nil: Option<bool>,
    pub comment: Option<String>,
    pub comments: FieldComments,
    pub actor_id: Option<Uuid>,
    pub occurred_at: DateTime<Utc>,
}

/// Who took a step, and when.
#[derive(Debug, Clone, Copy)]
pub struct Taken {
    /// Account.
    pub by: Uuid,
    /// By the domain's clock.
    pub at: DateTime<Utc>,
}

impl ReportStep {
    /// The step by which a report came to be as it is. A comment belongs to it only if it opened the report again.
    pub fn new(report: &Report, action: &'static str, from: Option<ReportState>, version_no: Option<i32>, taken: Taken) -> Self {
        let is_given_back = from != Some(ReportState::Returned) && report.state == ReportState::Returned;
        Self {
            campaign_id: report.campaign_id,
            id: ReportStepId::new(),
            report_id: report.id,
            obligation_id: report.obligation_id,
            action: action.to_owned(),
            from_state: from,
            to_state: Some(report.state),
            version_no,
            first_submitted_at: report.first_submitted_at,
            is_late: report.is_late,
            is_nil: report.is_nil,
            comment: report.return_comment.clone().filter(|_| is_given_back),
            comments: if is_given_back { report.return_comments.clone() } else { FieldComments::default() },
            actor_id: Some(taken.by),
            occurred_at: taken.at,
        }
    }

    /// The deletion of a draft.
    pub fn deleted(report: &Report, taken: Taken) -> Self {
        Self { to_state: None, ..Self::new(report, "deleted", Some(report.state), None, taken) }
    }
}
