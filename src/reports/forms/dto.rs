//! Report forms as the API takes and shows them.

use super::content::{FormCheck, FormContent, FormIndicator};
use super::model::{ReportForm, ReportFormState};
use crate::ids::{CampaignId, ReportFormId};
use crate::patch::Patch;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

/// A new version of a form: a draft.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"campaign_id": "018b2f19-e79e-7d6a-a56d-29feb6211b04", "indicators": [{"code": "sites_held", "name_vi": "Số điểm, địa bàn tổ chức Ngày hội", "name_en": "Sites where the festival was held", "kind": "integer", "unit": "sites", "unit_vi": "điểm", "unit_en": "sites", "is_required": true, "is_basis_asked": true, "parts": [{"code": "village", "name_vi": "Thôn, bản", "name_en": "Villages"}, {"code": "agency", "name_vi": "Cơ quan, doanh nghiệp, nhà trường", "name_en": "Agencies, enterprises and schools"}]}, {"code": "households_signed", "name_vi": "Số hộ đăng ký an toàn về an ninh, trật tự", "name_en": "Households that registered as safe", "kind": "integer", "unit": "households", "unit_vi": "hộ", "unit_en": "households", "is_required": false, "is_basis_asked": true}, {"code": "lessons", "name_vi": "Bài học kinh nghiệm", "name_en": "Lessons learned", "kind": "text", "is_required": false, "is_basis_asked": false}], "checks": [{"code": "households_without_site", "rule": "implies", "left": ["households_signed"], "right": "sites_held", "severity": "warning", "message_vi": "Có hộ đăng ký nhưng không có điểm nào.", "message_en": "Households registered but there is no site."}]}))]
pub struct ReportFormIn {
    /// Campaign.
    pub campaign_id: CampaignId,
    /// Indicators in the order of the form.
    #[schema(min_items = 1, max_items = 300)]
    pub indicators: Vec<FormIndicator>,
    /// Checks between them.
    #[serde(default)]
    #[schema(max_items = 200)]
    pub checks: Vec<FormCheck>,
}

/// Changes of a draft (JSON Merge Patch): a list that is given replaces the one before.
#[derive(Debug, Clone, Default, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"checks": []}))]
pub struct ReportFormPatch {
    /// Indicators in the order of the form.
    #[serde(default)]
    #[schema(value_type = Vec<FormIndicator>, required = false, min_items = 1, max_items = 300)]
    pub indicators: Patch<Vec<FormIndicator>>,
    /// Checks between them.
    #[serde(default)]
    #[schema(value_type = Vec<FormCheck>, required = false, max_items = 200)]
    pub checks: Patch<Vec<FormCheck>>,
}

/// A version of the form of a campaign's reports.
#[derive(Debug, Serialize, ToSchema)]
#[allow(missing_docs)]
pub struct ReportFormOut {
    pub id: ReportFormId,
    pub campaign_id: CampaignId,
    /// Order of publication, from 1; the last one is current. Null for a draft.
    #[schema(minimum = 1)]
    pub no: Option<i32>,
    pub state: ReportFormState,
    /// Indicators in the order of the form.
    pub indicators: Vec<FormIndicator>,
    /// Checks between them.
    pub checks: Vec<FormCheck>,
    pub published_at: Option<DateTime<Utc>>,
    pub version: i32,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

impl From<ReportForm> for ReportFormOut {
    fn from(form: ReportForm) -> Self {
        let ReportForm { campaign_id, id, no, state, content, published_at, version, created_at, updated_at } = form;
        let FormContent { indicators, checks } = content;
        Self { id, campaign_id, no, state, indicators, checks, published_at, version, created_at, updated_at }
    }
}

crate::list_query! {
    /// Filters of the list of report forms.
    ReportFormQuery sort ["created_at", "updated_at"] without q {
        /// Only versions of this campaign.
        campaign_id: CampaignId,
        /// Only drafts, or only published versions.
        state: ReportFormState,
    }
}
