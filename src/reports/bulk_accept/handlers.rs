//! Bulk acceptance over HTTP.

use super::dto::{BulkAcceptIn, BulkAcceptOut, BulkAcceptedReport};
use super::{queries, rules};
use crate::auth::Action;
use crate::call::Call;
use crate::campaigns;
use crate::error::AppError;
use crate::extract::{Body, Id};
use crate::ids::CampaignId;
use crate::org_units;
use crate::reply::Reply;
use crate::reports::handlers::{event, taken};
use crate::reports::life;
use crate::reports::model::ReportState;
use actix_web::post;

/// Accept all reports that match
///
/// Of the submitted reports of the campaign in the caller's reach. `expected_count` is what the caller was shown: when
/// another number matches, the answer is 409 `count_differs` with `actual_count`, and nothing changes. Otherwise all are
/// accepted in one transaction, each as by `POST /reports/{id}/accept`. Reports of the caller's own unit are never among
/// them; the answer names them under `excluded`, as it does reports named in `ids` that do not match.
#[utoipa::path(tag = "campaigns", params(("id" = CampaignId, Path, description = "The campaign")), request_body = BulkAcceptIn, responses((status = 200, body = BulkAcceptOut)))]
#[post("/campaigns/{id}/reports/accept")]
pub async fn accept_campaign_reports(call: Call, id: Id<CampaignId>, body: Body<BulkAcceptIn>) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::ReportReceive)?;
    let campaign_scope = call.authorize(Action::CampaignRead)?;
    let BulkAcceptIn { filter, expected_count } = body.parse()?;
    let me = call.clone();
    call.write(async move |conn| {
        let campaign = campaigns::queries::find(conn, &campaign_scope, id.0).await?.id;
        campaigns::queries::hold_open(conn, campaign).await?;
        if let Some(unit) = filter.under_org_unit_id {
            org_units::queries::find_reference(conn, &scope, unit, "/filter/under_org_unit_id").await?;
        }
        let matching = queries::matching(conn, &scope, campaign, &filter).await?;
        let (mut ids, mut own) = rules::without_own(matching, me.actor().org_unit_id);
        // Nor does anybody accept what he submitted himself.
        let mine = queries::submitted_by(conn, &scope, campaign, me.actor().id).await?;
        own.extend(ids.extract_if(.., |id| mine.contains(id)));
        // Before any lock: a wrong count holds nobody up. And after it: what another has accepted meanwhile is gone.
        rules::check_count(expected_count, ids.len())?;
        let locked = queries::lock_submitted(conn, &scope, campaign, &ids).await?;
        rules::check_count(expected_count, locked.len())?;
        let accepted = queries::accept(conn, &scope, campaign, &locked, me.now()).await?;
        if !accepted.is_empty() {
            life::queries::record_all(conn, &scope, campaign, &accepted, "accepted", ReportState::Submitted, taken(&me)).await?;
            me.record_all(conn, accepted.iter().map(|report| event(report, "accepted", Some(ReportState::Submitted))).collect()).await?;
        }
        let named = filter.ids.as_deref().unwrap_or_default();
        let visible = if named.is_empty() { Vec::new() } else { queries::visible(conn, &scope, campaign, named).await? };
        Reply::plain(&BulkAcceptOut {
            campaign_id: campaign,
            accepted_count: expected_count,
            excluded: rules::excluded(named, &visible, &locked, &own),
            accepted: accepted
                .into_iter()
                .map(|report| BulkAcceptedReport { report_id: report.id, org_unit_id: report.org_unit_id, version: report.version })
                .collect(),
        })
    })
    .await
}
