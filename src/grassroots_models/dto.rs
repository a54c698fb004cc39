//! Grassroots models as the API takes and shows them.

use super::model::{GrassrootsModel, GrassrootsModelKind, GrassrootsModelState, ModelReplication};
use crate::ids::{CampaignId, GrassrootsModelId, ModelReplicationId, OrgUnitId, SiteId};
use crate::patch::Patch;
use crate::text::{Line, Prose};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

/// A new grassroots model.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"campaign_id": "018b2f19-e79e-7d6a-a56d-29feb6211b04", "org_unit_id": "018b2f19-e79e-7d6a-a56d-29feb6211b05", "name": "Tiếng kẻng an ninh", "kind": "warning_signal", "description": "Mỗi hộ một kẻng; ba hồi là có trộm.", "launched_on": "2023-06-15"}))]
pub struct GrassrootsModelIn {
    /// Campaign.
    pub campaign_id: CampaignId,
    /// Body that runs it.
    pub org_unit_id: OrgUnitId,
    /// Name.
    pub name: Line,
    /// Kind.
    pub kind: GrassrootsModelKind,
    /// What it does.
    pub description: Option<Prose>,
    /// Day of the launch; not after today.
    pub launched_on: NaiveDate,
    /// Site where it took place, of the same campaign.
    pub site_id: Option<SiteId>,
}

/// Changes of a grassroots model (JSON Merge Patch).
#[derive(Debug, Clone, Default, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"name": "Tiếng kẻng an ninh bản Mường Lai"}))]
pub struct GrassrootsModelPatch {
    /// Name.
    #[serde(default)]
    #[schema(value_type = Line, required = false)]
    pub name: Patch<Line>,
    /// Kind.
    #[serde(default)]
    #[schema(value_type = GrassrootsModelKind, required = false)]
    pub kind: Patch<GrassrootsModelKind>,
    /// What it does.
    #[serde(default)]
    #[schema(value_type = Option<Prose>)]
    pub description: Patch<Prose>,
    /// Day of the launch; not after today.
    #[serde(default)]
    #[schema(value_type = NaiveDate, required = false)]
    pub launched_on: Patch<NaiveDate>,
    /// Site where it took place, of the same campaign.
    #[serde(default)]
    #[schema(value_type = Option<SiteId>)]
    pub site_id: Patch<SiteId>,
}

/// A place that takes a model over.
#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"org_unit_id": "018b2f19-e79e-7d6a-a56d-29feb6211b05", "replicated_on": "2023-07-01"}))]
pub struct ModelReplicateIn {
    /// Body of the place, in the caller's reach; each once.
    pub org_unit_id: OrgUnitId,
    /// Day; not before the launch and not after today.
    pub replicated_on: NaiveDate,
}

/// How a model ends.
#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"ended_on": "2023-07-02", "reason": "Đã hợp nhất với mô hình khác."}))]
pub struct ModelEndIn {
    /// Day; not before the launch and not after today.
    pub ended_on: NaiveDate,
    /// Why.
    pub reason: Prose,
}

/// A grassroots model.
#[derive(Debug, Serialize, ToSchema)]
#[allow(missing_docs)]
pub struct GrassrootsModelOut {
    pub id: GrassrootsModelId,
    pub campaign_id: CampaignId,
    /// Body that runs it.
    pub org_unit_id: OrgUnitId,
    /// Name.
    pub name: String,
    /// Kind.
    pub kind: GrassrootsModelKind,
    /// What it does.
    pub description: Option<String>,
    /// Day of the launch; not after today.
    pub launched_on: NaiveDate,
    /// Site where it took place, of the same campaign.
    pub site_id: Option<SiteId>,
    pub state: GrassrootsModelState,
    /// Places that took it over.
    pub replication_count: i32,
    pub ended_on: Option<NaiveDate>,
    pub end_reason: Option<String>,
    pub version: i32,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

impl From<GrassrootsModel> for GrassrootsModelOut {
    fn from(model: GrassrootsModel) -> Self {
        let GrassrootsModel {
            campaign_id,
            id,
            org_unit_id,
            name,
            kind,
            description,
            launched_on,
            site_id,
            state,
            replication_count,
            ended_on,
            end_reason,
            version,
            created_at,
            updated_at,
        } = model;
        Self {
            id,
            campaign_id,
            org_unit_id,
            name,
            kind,
            description,
            launched_on,
            site_id,
            state,
            replication_count,
            ended_on,
            end_reason,
            version,
            created_at,
            updated_at,
        }
    }
}

crate::list_query! {
    /// Filters of the list of grassroots models.
    GrassrootsModelQuery sort ["created_at", "updated_at", "launched_on", "replication_count"] {
        /// Only grassroots models in this campaign.
        campaign_id: CampaignId,
        /// Only grassroots models of this body.
        org_unit_id: OrgUnitId,
        /// Only grassroots models of this body and of all below it.
        under_org_unit_id: OrgUnitId,
        /// Only models of this kind.
        kind: GrassrootsModelKind,
        /// Only models in this state.
        state: GrassrootsModelState,
        /// Only models at this site.
        site_id: SiteId,
        /// Only models launched on this day or a later one.
        launched_from: NaiveDate,
        /// Only models launched before this day.
        launched_before: NaiveDate,
    }
}

/// A place that took a model over; never changed.
#[derive(Debug, Serialize, ToSchema)]
#[allow(missing_docs)]
pub struct ModelReplicationOut {
    pub id: ModelReplicationId,
    pub grassroots_model_id: GrassrootsModelId,
    /// Body of the place.
    pub org_unit_id: OrgUnitId,
    pub replicated_on: NaiveDate,
    pub recorded_at: DateTime<Utc>,
}

impl From<ModelReplication> for ModelReplicationOut {
    fn from(replication: ModelReplication) -> Self {
        let ModelReplication { campaign_id: _, id, grassroots_model_id, org_unit_id, replicated_on, recorded_by: _, recorded_at } =
            replication;
        Self { id, grassroots_model_id, org_unit_id, replicated_on, recorded_at }
    }
}

crate::list_query! {
    /// The list of the places that took a model over.
    ModelReplicationQuery sort ["replicated_on", "recorded_at"] without q {}
}
