//! Rows of report forms.

use super::content::FormContent;
use crate::ids::{CampaignId, ReportFormId};
use crate::schema::report_forms;
use chrono::{DateTime, Utc};
use diesel::deserialize::FromSqlRow;
use diesel::expression::AsExpression;
use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Where a form stands: `draft` → `published`, from when on it is frozen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema, AsExpression, FromSqlRow)]
#[serde(rename_all = "snake_case")]
#[diesel(sql_type = diesel::sql_types::Text)]
#[allow(missing_docs)]
pub enum ReportFormState {
    Draft,
    Published,
}
crate::text_enum!(ReportFormState { Draft => "draft", Published => "published" });

/// A version of a form as stored.
#[derive(Debug, Clone, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = report_forms, primary_key(campaign_id, id), treat_none_as_null = true, treat_none_as_default_value = false)]
#[allow(missing_docs)]
pub struct ReportForm {
    pub campaign_id: CampaignId,
    pub id: ReportFormId,
    pub no: Option<i32>,
    pub state: ReportFormState,
    pub content: FormContent,
    pub published_at: Option<DateTime<Utc>>,
    pub version: i32,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

impl ReportForm {
    /// A draft of a campaign.
    pub fn draft(campaign_id: CampaignId, content: FormContent, now: DateTime<Utc>) -> Self {
        Self {
            campaign_id,
            id: ReportFormId::new(),
            no: None,
            state: ReportFormState::Draft,
            content,
            published_at: None,
            version: 1,
            created_at: now,
            updated_at: now,
        }
    }

    /// The form that a new campaign has from the beginning.
    pub fn first(campaign_id: CampaignId, content: FormContent, now: DateTime<Utc>) -> Self {
        let mut form = Self::draft(campaign_id, content, now);
        form.publish(1, now);
        form
    }

    /// Publishes it as the version of that number.
    pub fn publish(&mut self, no: i32, now: DateTime<Utc>) {
        self.no = Some(no);
        self.state = ReportFormState::Published;
        self.published_at = Some(now);
    }
}
