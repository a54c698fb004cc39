//! Purposes over HTTP.

use super::defaults;
use super::dto::{
    ProcessingPurposeChangeOut, ProcessingPurposeChangeQuery, ProcessingPurposeOut, ProcessingPurposePatch, ProcessingPurposeQuery,
};
use super::model::{ProcessingPurpose, PurposeChange};
use super::{queries, rules};
use crate::auth::Action;
use crate::call::Call;
use crate::campaigns;
use crate::campaigns::model::Campaign;
use crate::error::AppError;
use crate::events::Event;
use crate::extract::{Body, Id, Query};
use crate::ids::ProcessingPurposeId;
use crate::pagination::Page;
use crate::reply::Reply;
use actix_web::{get, patch};
use serde_json::json;
use uuid::Uuid;

fn event(campaign: &Campaign, purpose: &ProcessingPurpose) -> Event<'static> {
    Event {
        campaign_id: Some(campaign.id),
        org_unit_id: campaign.org_unit_id,
        resource: "processing_purpose",
        resource_id: purpose.id.into(),
        version: purpose.version,
        action: "updated",
        data: json!({"to": campaign.state.as_str(), "data_kind": purpose.data_kind, "retention_days": purpose.retention_days}),
    }
}

/// List purposes of processing
///
/// For each kind of personal data of a campaign: what for, on what basis, and how many days after the closing it is erased (law
/// 91/2025/QH15). Whoever sees the campaign sees them.
#[utoipa::path(tag = "personal-data", params(ProcessingPurposeQuery), responses((status = 200, body = Page<ProcessingPurposeOut>)))]
#[get("/processing-purposes")]
pub async fn list_processing_purposes(call: Call, query: Query<ProcessingPurposeQuery>) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::CampaignRead)?;
    let (filter, page) = query.parse_list(call.cursor_secret())?;
    let (rows, total) = call
        .read(async |conn| {
            let total = if page.with_total { Some(queries::count(conn, &scope, &filter).await?) } else { None };
            Ok((queries::list(conn, &scope, &filter, &page).await?, total))
        })
        .await?;
    let (rows, next) = page.finish(rows, |purpose, sort| {
        let key = match sort {
            "created_at" => json!(purpose.created_at),
            "updated_at" => json!(purpose.updated_at),
            _ => json!(null),
        };
        (key, Uuid::from(purpose.id))
    });
    page.reply(rows.into_iter().map(ProcessingPurposeOut::from).collect(), next, total)
}

/// Read a purpose of processing
#[utoipa::path(tag = "personal-data", params(("id" = ProcessingPurposeId, Path, description = "The purpose")), responses((status = 200, body = ProcessingPurposeOut, headers(("ETag" = String)))))]
#[get("/processing-purposes/{id}")]
pub async fn get_processing_purpose(call: Call, id: Id<ProcessingPurposeId>) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::CampaignRead)?;
    let purpose = call.read(async |conn| queries::find(conn, &scope, id.0).await).await?;
    let version = purpose.version;
    Reply::ok(&ProcessingPurposeOut::from(purpose), version)
}

/// Change a purpose of processing
///
/// By the province, with the reason, while the campaign is open: what holds after the closing was told before it.
#[utoipa::path(tag = "personal-data", params(("id" = ProcessingPurposeId, Path, description = "The purpose")), request_body = ProcessingPurposePatch, responses((status = 200, body = ProcessingPurposeOut)))]
#[patch("/processing-purposes/{id}")]
pub async fn update_processing_purpose(
    call: Call,
    id: Id<ProcessingPurposeId>,
    body: Body<ProcessingPurposePatch>,
) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::CampaignWrite)?;
    let if_match = call.if_match()?;
    let patch = body.parse()?;
    let me = call.clone();
    call.write(async move |conn| {
        let mut purpose = queries::lock(conn, &scope, id.0).await?;
        if_match.check(purpose.version)?;
        let campaign = campaigns::queries::hold_open(conn, purpose.campaign_id).await?;
        let ProcessingPurposePatch { purpose_vi, purpose_en, legal_basis, retention_days, reason } = patch.clone();
        purpose.purpose_vi = purpose_vi.map(String::from).or_current(std::mem::take(&mut purpose.purpose_vi));
        purpose.purpose_en = purpose_en.map(String::from).or_current(std::mem::take(&mut purpose.purpose_en));
        purpose.legal_basis = legal_basis.map(String::from).or_current(std::mem::take(&mut purpose.legal_basis));
        purpose.retention_days = retention_days.or_keep(purpose.retention_days);
        rules::check_retention(purpose.data_kind, purpose.retention_days)?;
        purpose.version += 1;
        purpose.updated_at = me.now();
        let change = PurposeChange {
            reason: Some(reason.into_string()),
            changed_by: Some(me.actor().id),
            changed_at: me.now(),
            ..defaults::first(&purpose)
        };
        queries::save(conn, &scope, &purpose, &change).await?;
        me.record(conn, event(&campaign, &purpose)).await?;
        let version = purpose.version;
        Reply::ok(&ProcessingPurposeOut::from(purpose), version)
    })
    .await
}

/// List the history of a purpose
///
/// Each version as it was told, with who changed it, when and why. Append-only.
#[utoipa::path(tag = "personal-data", params(("id" = ProcessingPurposeId, Path, description = "The purpose"), ProcessingPurposeChangeQuery), responses((status = 200, body = Page<ProcessingPurposeChangeOut>)))]
#[get("/processing-purposes/{id}/history")]
pub async fn list_processing_purpose_changes(
    call: Call,
    id: Id<ProcessingPurposeId>,
    query: Query<ProcessingPurposeChangeQuery>,
) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::CampaignRead)?;
    let (filter, page) = query.parse_list(call.cursor_secret())?;
    let (rows, total) = call
        .read(async |conn| {
            let purpose = queries::find(conn, &scope, id.0).await?;
            let total = if page.with_total { Some(queries::count_changes(conn, &scope, &purpose, &filter).await?) } else { None };
            Ok((queries::changes(conn, &scope, &purpose, &filter, &page).await?, total))
        })
        .await?;
    let (rows, next) = page.finish(rows, |change, sort| {
        let key = match sort {
            "changed_at" => json!(change.changed_at),
            _ => json!(null),
        };
        (key, Uuid::from(change.id))
    });
    page.reply(rows.into_iter().map(ProcessingPurposeChangeOut::from).collect(), next, total)
}
