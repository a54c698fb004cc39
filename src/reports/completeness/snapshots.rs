//! Snapshots over HTTP: what was expected when it opened, and what was there at the limit.

use super::dto::{ReportSnapshotOut, ReportSnapshotsOut};
use super::model::{ReportFigures, SnapshotKind};
use super::queries::{self, Bodies};
use crate::auth::Action;
use crate::call::Call;
use crate::campaigns;
use crate::error::AppError;
use crate::extract::Id;
use crate::ids::CampaignId;
use crate::reply::Reply;
use actix_web::get;
use chrono::{Duration, SecondsFormat};

/// List the snapshots of a campaign's reports
///
/// The set of those who owe a report as it was when it opened, and at each limit that has passed with what was there in time (R2, III.3). They
/// are made from what was written down of each step and decision until then: a report that comes late, an extension or an exemption changes
/// none of them, and shows in the completeness of now.
#[utoipa::path(tag = "campaigns", params(("id" = CampaignId, Path, description = "The campaign")), responses((status = 200, body = ReportSnapshotsOut)))]
#[get("/campaigns/{id}/report-snapshots")]
pub async fn list_report_snapshots(call: Call, id: Id<CampaignId>) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::ConsolidationRead)?;
    let campaign_scope = call.authorize(Action::CampaignRead)?;
    let now = call.now();
    let items = call
        .read_long(async |conn| {
            campaigns::queries::find(conn, &campaign_scope, id.0).await?;
            let mut items = Vec::new();
            for one in queries::instants(conn, &scope, id.0, now).await? {
                // The limit is the first instant that is late.
                let at = match one.kind {
                    SnapshotKind::Opened => one.instant,
                    SnapshotKind::Limit => one.instant - Duration::microseconds(1),
                };
                let expected = queries::expected(conn, &scope, id.0, Bodies::default(), Some(at)).await?;
                items.push(ReportSnapshotOut {
                    kind: one.kind,
                    at,
                    figures: ReportFigures::of(&expected).into(),
                    rows_url: format!("/api/v1/campaigns/{}/completeness?at={}", id.0, at.to_rfc3339_opts(SecondsFormat::Micros, true)),
                });
            }
            Ok(items)
        })
        .await?;
    Reply::plain(&ReportSnapshotsOut { campaign_id: id.0, items })
}
