//! Erases what has been kept as long as its purpose allows: so many days after the campaign was closed, by the domain's clock.

use super::model::{Erasure, ErasureCause};
use super::queries::{self, Stamp};
use crate::auth::Scope;
use crate::campaigns::model::{Campaign, CampaignState};
use crate::db::{Conn, Db};
use crate::error::AppError;
use crate::events::{self, Event};
use crate::ids::ErasureId;
use crate::processing_purposes::model::{DataKind, ProcessingPurpose};
use crate::processing_purposes::queries::of_closed;
use chrono::{DateTime, Duration, Utc};
use serde_json::json;
use uuid::Uuid;

/// Sweeps once; gives from how many rows something was erased. Each kind of data of each campaign is a transaction of its own with its
/// line in the log, so what was done before a failure stays done and is not done again.
pub async fn sweep(db: &Db, now: DateTime<Utc>) -> Result<usize, AppError> {
    let scope = Scope::system("what was kept as long as its purpose allows is erased");
    let mut erased = 0;
    for (campaign, purpose) in db.read_long(async |conn| of_closed(conn, &scope).await).await? {
        if is_due(&campaign, &purpose, now) {
            erased += db.transaction(async |conn| sweep_one(conn, &scope, &campaign, &purpose, now).await).await?;
        }
    }
    Ok(erased)
}

/// A closed campaign never changes again: its last change is its closing.
fn is_due(campaign: &Campaign, purpose: &ProcessingPurpose, now: DateTime<Utc>) -> bool {
    let days = purpose.retention_days.map(|days| Duration::days(i64::from(days)));
    campaign.state == CampaignState::Closed && days.is_some_and(|days| campaign.updated_at + days <= now)
}

async fn sweep_one(
    conn: &Conn,
    scope: &Scope,
    campaign: &Campaign,
    purpose: &ProcessingPurpose,
    now: DateTime<Utc>,
) -> Result<usize, AppError> {
    let (id, stamp) = (campaign.id, Stamp { cause: ErasureCause::Retention, at: now });
    let erased = match purpose.data_kind {
        DataKind::Guests => queries::all_guests(conn, scope, id, stamp).await?,
        DataKind::Contacts => queries::all_contacts(conn, scope, id, stamp).await?,
        DataKind::Delegates => queries::all_delegates(conn, scope, id, stamp).await?,
        DataKind::Opinions => queries::all_opinions(conn, scope, id, stamp).await?,
        DataKind::Commendations => queries::all_commendations(conn, scope, id, stamp).await?,
        DataKind::DataRequests => queries::all_data_requests(conn, scope, id, stamp).await?,
        DataKind::ContactReadings => {
            let days = Duration::days(i64::from(purpose.retention_days.unwrap_or_default()));
            queries::old_readings(conn, scope, id, now - days).await?
        }
        // `check_retention` gives these no days.
        DataKind::CheckIns | DataKind::Users => 0,
    };
    if erased == 0 {
        return Ok(0);
    }
    let erasure = Erasure {
        campaign_id: id,
        id: ErasureId::new(),
        org_unit_id: campaign.org_unit_id,
        data_kind: purpose.data_kind,
        cause: ErasureCause::Retention,
        object_id: None,
        row_count: i32::try_from(erased).map_err(AppError::internal)?,
        reason: None,
        erased_by: None,
        erased_at: now,
    };
    queries::log(conn, scope, &erasure).await?;
    let event = Event {
        campaign_id: Some(id),
        org_unit_id: campaign.org_unit_id,
        resource: "processing_purpose",
        resource_id: purpose.id.into(),
        version: purpose.version,
        action: "retention_applied",
        data: json!({"to": campaign.state.as_str(), "data_kind": purpose.data_kind, "row_count": erased}),
    };
    // By nobody: the service itself.
    events::queries::insert(conn, event, Uuid::nil(), now).await?;
    Ok(erased)
}
