//! Findings over HTTP: list them, settle one.

use super::dto::{FindingKind, FindingSettleIn, ReportFindingOut, ReportFindingQuery, ReportFindingsOut, SettlementOut};
use super::queries::{self, Reported, Settlement};
use super::rules::{self, Found};
use crate::auth::{Action, Scope};
use crate::call::Call;
use crate::campaigns;
use crate::db::Conn;
use crate::error::{AppError, FieldError, message};
use crate::extract::{Body, Id, Query};
use crate::ids::{CampaignId, ReportId};
use crate::reply::Reply;
use crate::reports;
use crate::reports::handlers::event;
use actix_web::{get, post};
use std::collections::HashMap;
use uuid::Uuid;

/// List what looks wrong in a campaign's reports
///
/// Over the submitted and accepted reports of the caller's subtree: a figure that differs from the records (sites held, entries logged at
/// check-in), one that is far from the median of bodies of the same kind, and events that two bodies report (S116). Computed now;
/// what was settled keeps its reason for as long as the figures stay.
#[utoipa::path(tag = "campaigns", params(("id" = CampaignId, Path, description = "The campaign"), ReportFindingQuery), responses((status = 200, body = ReportFindingsOut)))]
#[get("/campaigns/{id}/consolidation/findings")]
pub async fn list_report_findings(call: Call, id: Id<CampaignId>, query: Query<ReportFindingQuery>) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::ConsolidationRead)?;
    let campaign_scope = call.authorize(Action::CampaignRead)?;
    let ReportFindingQuery { kind, is_settled } = query.parse()?;
    let (reports, found, settled) = call
        .read_long(async |conn| {
            campaigns::queries::find(conn, &campaign_scope, id.0).await?;
            let (reports, found) = findings(conn, &scope, id.0).await?;
            Ok((reports, found, queries::settlements(conn, &scope, id.0).await?))
        })
        .await?;
    let language = call.language();
    let by_id: HashMap<ReportId, &Reported> = reports.iter().map(|report| (report.report_id, report)).collect();
    let all: Vec<ReportFindingOut> = found
        .into_iter()
        .filter_map(|found| {
            let report = by_id.get(&found.report_id)?;
            let settlement = settled.iter().find(|settlement| is_of(settlement, &found));
            let (campaign, unit) = (id.0, report.org_unit_id);
            let records_url = match found.kind {
                FindingKind::DiffersFromRecords => format!("/api/v1/reports/{}/records?figure={}", found.report_id, found.indicator),
                FindingKind::LessThanBelow => format!("/api/v1/reports?campaign_id={campaign}&under_org_unit_id={unit}"),
                FindingKind::Outlier | FindingKind::ReportedTwice => {
                    format!("/api/v1/sites?campaign_id={campaign}&under_org_unit_id={unit}")
                }
            };
            Some(ReportFindingOut {
                kind: found.kind,
                report_id: found.report_id,
                org_unit_id: unit,
                org_unit_name: report.org_unit_name.clone(),
                indicator: found.indicator,
                reported: found.reported,
                compared: found.compared,
                other_report_id: found.other_report_id,
                message: found.message.in_language(language),
                records_url,
                settlement: settlement.map(|one| SettlementOut { reason: one.reason.clone(), settled_at: one.settled_at }),
            })
        })
        .collect();
    let size = |count: usize| i64::try_from(count).map_err(AppError::internal);
    let settled_count = size(all.iter().filter(|finding| finding.settlement.is_some()).count())?;
    let open_count = size(all.len())? - settled_count;
    let is_asked = |finding: &ReportFindingOut| {
        kind.is_none_or(|kind| finding.kind == kind) && is_settled.is_none_or(|settled| finding.settlement.is_some() == settled)
    };
    let items = all.into_iter().filter(is_asked).collect();
    Reply::plain(&ReportFindingsOut { campaign_id: id.0, as_of: call.now(), open_count, settled_count, items })
}

fn is_of(settlement: &Settlement, found: &Found) -> bool {
    (settlement.report_id, settlement.kind, &settlement.indicator) == (found.report_id, found.kind, &found.indicator)
        && (settlement.reported, settlement.compared) == (found.reported, found.compared)
}

/// The reports of a scope and what is found in them, in the order of the tree.
async fn findings(conn: &Conn, scope: &Scope, campaign: CampaignId) -> Result<(Vec<Reported>, Vec<Found>), AppError> {
    let reports = queries::reported(conn, scope, campaign).await?;
    let shared = queries::shared(conn, scope, campaign).await?;
    let mut found: Vec<Found> = reports.iter().flat_map(rules::against_records).collect();
    found.extend(rules::against_peers(&reports));
    found.extend(rules::reported_twice(&reports, &shared));
    found.extend(rules::against_below(&reports));
    let place: HashMap<ReportId, usize> = reports.iter().enumerate().map(|(at, report)| (report.report_id, at)).collect();
    found.sort_by_key(|finding| (place.get(&finding.report_id).copied(), finding.kind, finding.indicator.clone()));
    Ok((reports, found))
}

/// Settle a finding
///
/// Somebody looked into it, and the figure stands: with the reason. Other figures make another finding, which is open again.
#[utoipa::path(tag = "campaigns", params(("id" = CampaignId, Path, description = "The campaign")), request_body = FindingSettleIn, responses((status = 204)))]
#[post("/campaigns/{id}/consolidation/findings/settle")]
pub async fn settle_report_finding(call: Call, id: Id<CampaignId>, body: Body<FindingSettleIn>) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::ConsolidationWrite)?;
    let campaign_scope = call.authorize(Action::CampaignRead)?;
    let settle = body.parse()?;
    let me = call.clone();
    call.write(async move |conn| {
        campaigns::queries::find(conn, &campaign_scope, id.0).await?;
        campaigns::queries::hold_open(conn, id.0).await?;
        let FindingSettleIn { report_id, kind, indicator, reason } = settle.clone();
        let report = reports::queries::lock(conn, &scope, report_id).await.map_err(|error| error.into_unknown_reference("/report_id"))?;
        let (_, found) = findings(conn, &scope, id.0).await?;
        let is_meant = |found: &&Found| (found.report_id, found.kind, found.indicator.as_str()) == (report_id, kind, indicator.as_str());
        let Some(found) = found.iter().find(is_meant) else {
            let text = message("Không có phát hiện này với số liệu hiện tại.", "There is no such finding in the figures as they are now.");
            return Err(AppError::field(FieldError::new("/kind", "no_such_finding", text)));
        };
        let settlement = Settlement {
            campaign_id: id.0,
            id: Uuid::now_v7(),
            report_id,
            kind,
            indicator: found.indicator.clone(),
            reported: found.reported,
            compared: found.compared,
            reason: reason.into_string(),
            settled_by: me.actor().id,
            settled_at: me.now(),
        };
        queries::settle(conn, &scope, &settlement).await?;
        me.record(conn, event(&report, "finding_settled", None)).await?;
        Ok(Reply::no_content())
    })
    .await
}
