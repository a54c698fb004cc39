//! The change feed: what changed, written in the transaction of the change, read by a durable cursor.

pub mod dto;
pub mod handlers;
pub mod queries;

use crate::ids::{CampaignId, OrgUnitId};
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

/// One change, about to be written.
#[derive(Debug, Clone)]
pub struct Event<'a> {
    /// Campaign; none for what belongs to no campaign.
    pub campaign_id: Option<CampaignId>,
    /// Unit by which scope is judged.
    pub org_unit_id: OrgUnitId,
    /// Kind of the object: the singular of its path, such as `site`.
    pub resource: &'static str,
    /// The object.
    pub resource_id: Uuid,
    /// Its version after the change.
    pub version: i32,
    /// What was done, such as `created` or `nominated`.
    pub action: &'a str,
    /// State before and after, a reason; no personal data.
    pub data: serde_json::Value,
}

/// Routes.
pub fn configure(config: &mut ServiceConfig) {
    config.service(handlers::list_changes);
}
