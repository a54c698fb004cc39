//! Inspections as the API takes and shows them.

use super::model::{Inspection, InspectionState};
use crate::ids::{CampaignId, InspectionId, OrgUnitId};
use crate::patch::Patch;
use crate::text::{Label, Line, Prose};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

/// A new inspection.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"campaign_id": "018b2f19-e79e-7d6a-a56d-29feb6211b04", "org_unit_id": "018b2f19-e79e-7d6a-a56d-29feb6211b05", "inspector_org_unit_id": "018b2f19-e79e-7d6a-a56d-29feb6211b07", "planned_on": "2023-07-20", "subject": "Kiểm tra công tác chuẩn bị Ngày hội", "clause": "III.1"}))]
pub struct InspectionIn {
    /// Campaign.
    pub campaign_id: CampaignId,
    /// The body that is inspected.
    pub org_unit_id: OrgUnitId,
    /// The body that inspects; another one.
    pub inspector_org_unit_id: OrgUnitId,
    /// Day it is planned for.
    pub planned_on: NaiveDate,
    /// Who leads the team.
    pub team_lead: Option<Line>,
    /// What is looked at.
    pub subject: Line,
    /// Clause of the plan.
    pub clause: Option<Label>,
}

/// Changes of an inspection (JSON Merge Patch).
#[derive(Debug, Clone, Default, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"planned_on": "2023-07-25", "team_lead": "Phó Giám đốc Công an tỉnh"}))]
pub struct InspectionPatch {
    /// Day it is planned for.
    #[serde(default)]
    #[schema(value_type = NaiveDate, required = false)]
    pub planned_on: Patch<NaiveDate>,
    /// Who leads the team.
    #[serde(default)]
    #[schema(value_type = Option<Line>)]
    pub team_lead: Patch<Line>,
    /// What is looked at.
    #[serde(default)]
    #[schema(value_type = Line, required = false)]
    pub subject: Patch<Line>,
    /// Clause of the plan.
    #[serde(default)]
    #[schema(value_type = Option<Label>)]
    pub clause: Patch<Label>,
}

/// What an inspection found.
#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"findings": "Đã có kế hoạch; chưa phân công lực lượng bảo đảm giao thông.", "recommendations": "Bổ sung phương án giao thông trước ngày 01/8."}))]
pub struct InspectionCompleteIn {
    /// The day it took place; today when absent, and never after it.
    pub inspected_on: Option<NaiveDate>,
    /// What was found.
    pub findings: Prose,
    /// What is advised.
    pub recommendations: Option<Prose>,
}

/// What came of the advice.
#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"note": "Đơn vị đã bổ sung phương án giao thông."}))]
pub struct InspectionFollowUpIn {
    /// What was done about it.
    pub note: Prose,
}

/// Why an inspection does not take place.
#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"reason": "Ghép với đoàn kiểm tra của tỉnh."}))]
pub struct InspectionCancelIn {
    /// Why.
    pub reason: Prose,
}

/// An inspection.
#[derive(Debug, Serialize, ToSchema)]
#[allow(missing_docs)]
pub struct InspectionOut {
    pub id: InspectionId,
    pub campaign_id: CampaignId,
    /// The body that is inspected.
    pub org_unit_id: OrgUnitId,
    /// The body that inspects.
    pub inspector_org_unit_id: OrgUnitId,
    pub planned_on: NaiveDate,
    pub inspected_on: Option<NaiveDate>,
    pub team_lead: Option<String>,
    pub subject: String,
    pub findings: Option<String>,
    pub recommendations: Option<String>,
    pub follow_up_note: Option<String>,
    /// Clause of the plan.
    pub clause: Option<String>,
    pub state: InspectionState,
    pub cancel_reason: Option<String>,
    pub done_at: Option<DateTime<Utc>>,
    pub followed_up_at: Option<DateTime<Utc>>,
    pub cancelled_at: Option<DateTime<Utc>>,
    pub version: i32,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

impl From<Inspection> for InspectionOut {
    fn from(inspection: Inspection) -> Self {
        let Inspection {
            campaign_id,
            id,
            org_unit_id,
            inspector_org_unit_id,
            planned_on,
            inspected_on,
            team_lead,
            subject,
            findings,
            recommendations,
            follow_up_note,
            clause,
            state,
            cancel_reason,
            done_at,
            followed_up_at,
            cancelled_at,
            version,
            created_at,
            updated_at,
        } = inspection;
        Self {
            id,
            campaign_id,
            org_unit_id,
            inspector_org_unit_id,
            planned_on,
            inspected_on,
            team_lead,
            subject,
            findings,
            recommendations,
            follow_up_note,
            clause,
            state,
            cancel_reason,
            done_at,
            followed_up_at,
            cancelled_at,
            version,
            created_at,
            updated_at,
        }
    }
}

crate::list_query! {
    /// Filters of the list of inspections.
    InspectionQuery sort ["created_at", "updated_at", "planned_on"] {
        /// Only inspections in this campaign.
        campaign_id: CampaignId,
        /// Only inspections of this body.
        org_unit_id: OrgUnitId,
        /// Only inspections of this body and of all below it.
        under_org_unit_id: OrgUnitId,
        /// Only inspections by this body.
        inspector_org_unit_id: OrgUnitId,
        /// Only inspections in this state.
        state: InspectionState,
        /// Only inspections planned for this day or a later one.
        planned_from: NaiveDate,
        /// Only inspections planned for a day before this one.
        planned_before: NaiveDate,
    }
}
