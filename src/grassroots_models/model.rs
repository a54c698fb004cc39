//! Rows of grassroots models.

use crate::ids::{CampaignId, GrassrootsModelId, ModelReplicationId, OrgUnitId, SiteId};
use crate::schema::{grassroots_models, model_replications};
use chrono::{DateTime, NaiveDate, Utc};
use diesel::deserialize::FromSqlRow;
use diesel::expression::AsExpression;
use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// Kind of model.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema, AsExpression, FromSqlRow)]
#[serde(rename_all = "snake_case")]
#[diesel(sql_type = diesel::sql_types::Text)]
pub enum GrassrootsModelKind {
    /// Self-governing groups, clans, clusters of households.
    SelfGoverning,
    /// Cameras and other technical watch.
    SecurityCamera,
    /// Bells, loudspeakers, signals.
    WarningSignal,
    /// Lighting of roads.
    Lighting,
    /// Fire safety groups.
    FireSafety,
    /// Areas, agencies, schools safe in security and order.
    SafeArea,
    /// Skilful mass mobilisation (Dân vận khéo).
    SkilfulMobilisation,
    /// Others.
    Other,
}
crate::text_enum!(GrassrootsModelKind { SelfGoverning => "self_governing", SecurityCamera => "security_camera", WarningSignal => "warning_signal", Lighting => "lighting", FireSafety => "fire_safety", SafeArea => "safe_area", SkilfulMobilisation => "skilful_mobilisation", Other => "other" });

/// Where a model stands: `piloted` → `replicated` by its first replication → `ended`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema, AsExpression, FromSqlRow)]
#[serde(rename_all = "snake_case")]
#[diesel(sql_type = diesel::sql_types::Text)]
#[allow(missing_docs)]
pub enum GrassrootsModelState {
    Piloted,
    Replicated,
    Ended,
}
crate::text_enum!(GrassrootsModelState { Piloted => "piloted", Replicated => "replicated", Ended => "ended" });

/// A grassroots model as stored, without its search tokens.
#[derive(Debug, Clone, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = grassroots_models, primary_key(campaign_id, id), treat_none_as_null = true, treat_none_as_default_value = false)]
#[allow(missing_docs)]
pub struct GrassrootsModel {
    pub campaign_id: CampaignId,
    pub id: GrassrootsModelId,
    pub org_unit_id: OrgUnitId,
    pub name: String,
    pub kind: GrassrootsModelKind,
    pub description: Option<String>,
    pub launched_on: NaiveDate,
    pub site_id: Option<SiteId>,
    pub state: GrassrootsModelState,
    pub replication_count: i32,
    pub ended_on: Option<NaiveDate>,
    pub end_reason: Option<String>,
    pub version: i32,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

/// A replication as stored; never changed.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = model_replications)]
#[allow(missing_docs)]
pub struct ModelReplication {
    pub campaign_id: CampaignId,
    pub id: ModelReplicationId,
    pub grassroots_model_id: GrassrootsModelId,
    pub org_unit_id: OrgUnitId,
    pub replicated_on: NaiveDate,
    pub recorded_by: Uuid,
    pub recorded_at: DateTime<Utc>,
}
