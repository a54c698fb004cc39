//! Duties as the API takes them; [`super::out`] is how it shows them.

use super::model::DutyState;
use crate::ids::{CampaignId, OrgUnitId, PlanId};
use crate::patch::Patch;
use crate::text::{Label, Line, Prose};
use chrono::{DateTime, Utc};
use serde::Deserialize;
use utoipa::ToSchema;
use validator::Validate;

/// A new duty.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"plan_id": "018b2f19-e79e-7d6a-a56d-29feb6211b06", "org_unit_id": "018b2f19-e79e-7d6a-a56d-29feb6211b05", "title": "Lựa chọn ít nhất 01 điểm tổ chức Ngày hội để tỉnh xét chọn", "clause": "III.3", "deadline": "2023-06-30T17:00:00+07:00"}))]
pub struct DutyIn {
    /// The issued plan that charges the body.
    pub plan_id: PlanId,
    /// The body charged: the issuer of the plan, or one below it.
    pub org_unit_id: OrgUnitId,
    /// Rule of the plan that lays the duty down; one duty a rule and body.
    pub rule_id: Option<Label>,
    /// What is to be done, in a line.
    pub title: Line,
    /// What is to be done, in full.
    pub statement: Option<Prose>,
    /// Clause of the plan.
    pub clause: Option<Label>,
    /// Done in time while before this instant; none where the plan sets none.
    pub deadline: Option<DateTime<Utc>>,
}

/// Changes of a duty (JSON Merge Patch).
#[derive(Debug, Clone, Default, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"deadline": "2023-07-15T17:00:00+07:00"}))]
pub struct DutyPatch {
    /// What is to be done, in a line.
    #[serde(default)]
    #[schema(value_type = Line, required = false)]
    pub title: Patch<Line>,
    /// What is to be done, in full.
    #[serde(default)]
    #[schema(value_type = Option<Prose>)]
    pub statement: Patch<Prose>,
    /// Clause of the plan.
    #[serde(default)]
    #[schema(value_type = Option<Label>)]
    pub clause: Patch<Label>,
    /// Done in time while before this instant.
    #[serde(default)]
    #[schema(value_type = Option<DateTime<Utc>>)]
    pub deadline: Patch<DateTime<Utc>>,
}

/// What is said when a duty is begun.
#[derive(Debug, Clone, Default, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"note": "Đã phân công phòng Bảo vệ dân phố chủ trì."}))]
pub struct DutyStartIn {
    /// How far it is.
    pub note: Option<Prose>,
}

/// How far a duty is, or how it was done.
#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"note": "Đã khảo sát 03 địa bàn, trình Ban Chỉ đạo cho ý kiến."}))]
pub struct DutyNoteIn {
    /// What was done.
    pub note: Prose,
}

/// Why a duty is not to be done any more.
#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"reason": "Đã chuyển nhiệm vụ cho đơn vị khác."}))]
pub struct DutyCancelIn {
    /// Why.
    pub reason: Prose,
}

/// Why a duty is to be gone on with.
#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"comment": "Chưa có biên bản lựa chọn địa bàn, đề nghị bổ sung."}))]
pub struct DutyReopenIn {
    /// What is missing.
    pub comment: Prose,
}

/// What holds for all duties that are made from rules.
#[derive(Debug, Clone, Default, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"deadline": "2023-08-20T00:00:00+07:00"}))]
pub struct DutyDeriveIn {
    /// Deadline of the duties that are made; none where the plan sets none.
    pub deadline: Option<DateTime<Utc>>,
}

/// What is said with a reminder.
#[derive(Debug, Clone, Default, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"message": "Đề nghị báo cáo tiến độ trước ngày 15/7."}))]
pub struct DutyRemindIn {
    /// What is asked for.
    pub message: Option<Prose>,
}

crate::list_query! {
    /// Filters of the list of duties.
    DutyQuery sort ["created_at", "updated_at", "deadline"] {
        /// Only duties in this campaign.
        campaign_id: CampaignId,
        /// Only duties under this plan, in any of its editions.
        plan_id: PlanId,
        /// Only duties that this rule of a plan lays down.
        #[param(max_length = 60, example = "R16")]
        rule_id: String,
        /// Only the duties of this body.
        org_unit_id: OrgUnitId,
        /// Only the duties of this body and of all below it.
        under_org_unit_id: OrgUnitId,
        /// Only duties in this state.
        state: DutyState,
        /// Only duties that were, or were not, cancelled.
        is_cancelled: bool,
        /// Only duties whose deadline has passed and that are not done, or the others.
        is_overdue: bool,
        /// Only duties whose deadline lies before this instant.
        due_before: DateTime<Utc>,
    }
}

crate::list_query! {
    /// How to list the steps of a duty.
    DutyStepQuery sort ["occurred_at"] without q {}
}

crate::list_query! {
    /// How to list the reminders of a duty.
    DutyReminderQuery sort ["reminded_at"] without q {}
}
