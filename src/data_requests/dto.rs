//! Requests as the API takes and shows them.

use super::model::{DataRequest, DataRequestKind, DataRequestState, DataRequestStep};
use super::rules;
use crate::ids::{CampaignId, DataRequestId, DataRequestStepId, OrgUnitId, ParticipantId};
use crate::patch::Patch;
use crate::text::{Line, Prose};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;
use validator::Validate;

/// A request that a body received.
#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"campaign_id": "018b2f19-e79e-7d6a-a56d-29feb6211b04", "org_unit_id": "018b2f19-e79e-7d6a-a56d-29feb6211b05", "kind": "access", "participant_id": "018b2f19-e79e-7d6a-a56d-29feb6211b06", "received_at": "2023-06-30T08:30:00+07:00"}))]
pub struct DataRequestIn {
    /// Campaign.
    pub campaign_id: CampaignId,
    /// Body that received it and answers.
    pub org_unit_id: OrgUnitId,
    /// What is asked for.
    pub kind: DataRequestKind,
    /// The guest it is about; or `reference`.
    pub participant_id: Option<ParticipantId>,
    /// Whom or what it is about where it is no guest, such as the number of an opinion.
    pub reference: Option<Line>,
    /// Whether processors or third parties take part in the processing.
    #[serde(default)]
    pub involves_third_parties: bool,
    /// When it came; now when absent, never later.
    pub received_at: Option<DateTime<Utc>>,
}

/// Changes of a request (JSON Merge Patch). Its limits follow.
#[derive(Debug, Clone, Default, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"involves_third_parties": true}))]
pub struct DataRequestPatch {
    /// What is asked for.
    #[serde(default)]
    #[schema(value_type = DataRequestKind, required = false)]
    pub kind: Patch<DataRequestKind>,
    /// Whom or what it is about where it is no guest.
    #[serde(default)]
    #[schema(value_type = Line, required = false)]
    pub reference: Patch<Line>,
    /// Whether processors or third parties take part in the processing.
    #[serde(default)]
    #[schema(value_type = bool, required = false)]
    pub involves_third_parties: Patch<bool>,
    /// When it came.
    #[serde(default)]
    #[schema(value_type = DateTime<Utc>, required = false)]
    pub received_at: Patch<DateTime<Utc>>,
}

/// What was said or done about a request.
#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"note": "Đã báo cho người yêu cầu, sẽ thực hiện trong 10 ngày."}))]
pub struct DataRequestNoteIn {
    /// What was said or done.
    pub note: Prose,
}

/// Why a request is refused.
#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"reason": "Không xác định được người yêu cầu."}))]
pub struct DataRequestRefuseIn {
    /// Why.
    pub reason: Prose,
}

/// By how much a limit is put off.
#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"days": 10, "reason": "Còn chờ bên xử lý dữ liệu."}))]
pub struct DataRequestExtendIn {
    /// Days more.
    #[schema(minimum = 1, maximum = 15)]
    pub days: i32,
    /// Why.
    pub reason: Prose,
}

/// A request of a person about data of that person.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[allow(missing_docs)]
pub struct DataRequestOut {
    pub id: DataRequestId,
    pub campaign_id: CampaignId,
    /// Body that received it and answers.
    pub org_unit_id: OrgUnitId,
    pub kind: DataRequestKind,
    /// The guest it is about.
    pub participant_id: Option<ParticipantId>,
    /// Whom or what it is about where it is no guest.
    pub reference: Option<String>,
    pub involves_third_parties: bool,
    pub received_at: DateTime<Utc>,
    pub state: DataRequestState,
    /// Answered in time before this instant: the end of the second working day.
    pub answer_due_before: DateTime<Utc>,
    /// Done in time before this instant.
    pub done_due_before: DateTime<Utc>,
    /// Days by which it was put off.
    #[schema(minimum = 1, maximum = 15)]
    pub extended_days: Option<i32>,
    pub answered_at: Option<DateTime<Utc>>,
    pub done_at: Option<DateTime<Utc>>,
    pub refused_at: Option<DateTime<Utc>>,
    pub refuse_reason: Option<String>,
    pub version: i32,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

impl From<DataRequest> for DataRequestOut {
    fn from(request: DataRequest) -> Self {
        let DataRequest {
            campaign_id,
            id,
            org_unit_id,
            kind,
            participant_id,
            reference,
            involves_third_parties,
            received_at,
            state,
            answer_due_before,
            done_due_before,
            extended_days,
            answered_at,
            done_at,
            refused_at,
            refuse_reason,
            version,
            created_at,
            updated_at,
        } = request;
        Self {
            id,
            campaign_id,
            org_unit_id,
            kind,
            participant_id,
            reference,
            involves_third_parties,
            received_at,
            state,
            answer_due_before,
            done_due_before,
            extended_days,
            answered_at,
            done_at,
            refused_at,
            refuse_reason,
            version,
            created_at,
            updated_at,
        }
    }
}

/// A step of a request.
#[derive(Debug, Serialize, ToSchema)]
#[allow(missing_docs)]
pub struct DataRequestStepOut {
    pub id: DataRequestStepId,
    pub data_request_id: DataRequestId,
    /// What was done.
    #[schema(example = "answered")]
    pub action: String,
    pub from_state: Option<DataRequestState>,
    pub to_state: DataRequestState,
    pub note: Option<String>,
    /// Account that did it.
    pub actor_id: Uuid,
    pub occurred_at: DateTime<Utc>,
}

impl From<DataRequestStep> for DataRequestStepOut {
    fn from(step: DataRequestStep) -> Self {
        let DataRequestStep { id, data_request_id, action, from_state, to_state, note, actor_id, occurred_at, .. } = step;
        Self { id, data_request_id, action, from_state, to_state, note, actor_id, occurred_at }
    }
}

/// What a request becomes with a change: its limits follow from what it says.
pub(super) fn apply(mut request: DataRequest, patch: DataRequestPatch) -> DataRequest {
    let DataRequestPatch { kind, reference, involves_third_parties, received_at } = patch;
    request.kind = kind.or_current(request.kind);
    request.reference = reference.map(String::from).or_keep(request.reference.take());
    request.involves_third_parties = involves_third_parties.or_current(request.involves_third_parties);
    request.received_at = received_at.map(crate::clock::to_micros).or_current(request.received_at);
    request.answer_due_before = rules::answer_due_before(request.received_at);
    request.done_due_before = rules::done_due_before(&request);
    request
}

crate::list_query! {
    /// Filters of the list of requests.
    DataRequestQuery sort ["created_at", "updated_at", "received_at", "done_due_before"] {
        /// Only requests in this campaign.
        campaign_id: CampaignId,
        /// Only requests at this body.
        org_unit_id: OrgUnitId,
        /// Only requests at this body and all below it.
        under_org_unit_id: OrgUnitId,
        /// Only requests for this.
        kind: DataRequestKind,
        /// Only requests in this state.
        state: DataRequestState,
        /// Only requests about this guest.
        participant_id: ParticipantId,
        /// Only requests whose next limit (the answer, then the deed) has passed (`true`), or the others (`false`).
        is_overdue: bool,
        /// Only open requests whose next limit comes at this instant or before it.
        due_until: DateTime<Utc>,
    }
}

crate::list_query! {
    /// Filters of the steps of a request.
    DataRequestStepQuery sort ["occurred_at"] without q {
        /// Only steps by this account.
        actor_id: Uuid,
    }
}
