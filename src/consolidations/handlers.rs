//! Frozen consolidations over HTTP: list, freeze, read.

use super::dto::{ConsolidationIn, ConsolidationListQuery, ConsolidationSummaryOut, FrozenConsolidationOut};
use super::model::{Addressee, Consolidation, ConsolidationState};
use super::queries;
use crate::auth::Action;
use crate::call::Call;
use crate::campaigns;
use crate::error::AppError;
use crate::events::Event;
use crate::extract::{Body, Id, Query};
use crate::ids::ConsolidationId;
use crate::org_units;
use crate::pagination::Page;
use crate::reply::Reply;
use crate::reports::consolidation::handlers::added_up;
use actix_web::{get, post};
use serde_json::json;
use serde_json::value::RawValue;
use sha2::{Digest, Sha256};
use uuid::Uuid;

/// A change of a consolidation, for the feed.
pub fn event(row: &Consolidation, action: &'static str) -> Event<'static> {
    Event {
        campaign_id: Some(row.campaign_id),
        org_unit_id: row.org_unit_id,
        resource: "consolidation",
        resource_id: row.id.into(),
        version: row.version,
        action,
        data: json!({"no": row.no, "to": row.state.as_str(), "checksum": row.checksum, "accepted_count": row.accepted_count}),
    }
}

/// The answer that shows one.
pub fn shown(row: Consolidation, addressees: Vec<Addressee>, content: String) -> Result<FrozenConsolidationOut, AppError> {
    let content = RawValue::from_string(content).map_err(AppError::internal)?;
    Ok(FrozenConsolidationOut::new(row, addressees.into_iter().map(Into::into).collect(), content))
}

/// List frozen consolidations
#[utoipa::path(tag = "consolidations", params(ConsolidationListQuery), responses((status = 200, body = Page<ConsolidationSummaryOut>)))]
#[get("/consolidations")]
pub async fn list_consolidations(call: Call, query: Query<ConsolidationListQuery>) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::ConsolidationRead)?;
    let (filter, page) = query.parse_list(call.cursor_secret())?;
    let (rows, total) = call
        .read(async |conn| {
            let total = if page.with_total { Some(queries::count(conn, &scope, &filter).await?) } else { None };
            Ok((queries::list(conn, &scope, &filter, &page).await?, total))
        })
        .await?;
    let (rows, next) = page.finish(rows, |row, sort| {
        let key = match sort {
            "created_at" => json!(row.created_at),
            "updated_at" => json!(row.updated_at),
            "as_of" => json!(row.as_of),
            _ => json!(null),
        };
        (key, Uuid::from(row.id))
    });
    page.reply(rows.into_iter().map(ConsolidationSummaryOut::from).collect(), next, total)
}

/// Freeze a consolidation
///
/// Keeps what the accepted reports of a body and of all below it add up to now, with every source and the words of the reports: a
/// version that nothing changes any more. A later one gets the next number and replaces none.
#[utoipa::path(tag = "consolidations", request_body = ConsolidationIn, responses((status = 201, body = FrozenConsolidationOut)))]
#[post("/consolidations")]
pub async fn create_consolidation(call: Call, body: Body<ConsolidationIn>) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::ConsolidationWrite)?;
    let campaign_scope = call.authorize(Action::CampaignRead)?;
    let ConsolidationIn { campaign_id, org_unit_id, note } = body.parse()?;
    let me = call.clone();
    call.write(async move |conn| {
        campaigns::queries::hold_open_reference(conn, &campaign_scope, campaign_id, "/campaign_id").await?;
        // Locked, so that two who freeze at once get two numbers.
        let unit =
            org_units::queries::lock(conn, &scope, org_unit_id).await.map_err(|error| error.into_unknown_reference("/org_unit_id"))?;
        let now = me.now();
        let consolidated = added_up(conn, &me, &scope.below(&unit.path), campaign_id).await?;
        let content = serde_json::to_string(&consolidated).map_err(AppError::internal)?;
        let row = Consolidation {
            campaign_id,
            id: ConsolidationId::new(),
            org_unit_id,
            no: queries::next_no(conn, &scope, campaign_id, org_unit_id).await?,
            state: ConsolidationState::Frozen,
            as_of: now,
            checksum: Sha256::digest(content.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect(),
            expected_count: consolidated.expected_count,
            accepted_count: consolidated.accepted_count,
            note: note.clone().map(String::from),
            document_number: None,
            signed_on: None,
            signatory_name: None,
            signatory_title: None,
            signed_at: None,
            sent_at: None,
            frozen_by: me.actor().id,
            version: 1,
            created_at: now,
            updated_at: now,
        };
        queries::insert(conn, &scope, &row, &content).await?;
        me.record(conn, event(&row, "created")).await?;
        Reply::created("consolidations", row.id, &shown(row.clone(), Vec::new(), content)?, row.version)
    })
    .await
}

/// Read a frozen consolidation
///
/// With its content as it was frozen, to whom it was sent, and the checksum of the content.
#[utoipa::path(tag = "consolidations", params(("id" = ConsolidationId, Path, description = "The consolidation")), responses((status = 200, body = FrozenConsolidationOut, headers(("ETag" = String)))))]
#[get("/consolidations/{id}")]
pub async fn get_consolidation_version(call: Call, id: Id<ConsolidationId>) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::ConsolidationRead)?;
    let (row, addressees, content) = call
        .read(async |conn| {
            let row = queries::find(conn, &scope, id.0).await?;
            let (addressees, content) = (queries::addressees(conn, &scope, &row).await?, queries::content(conn, &scope, &row).await?);
            Ok((row, addressees, content))
        })
        .await?;
    let version = row.version;
    Reply::ok(&shown(row, addressees, content)?, version)
}
