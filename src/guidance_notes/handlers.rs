//! Guidance notes over HTTP.

use super::dto::{GuidanceNoteIn, GuidanceNoteIssueIn, GuidanceNoteOut, GuidanceNotePatch, GuidanceNoteQuery};
use super::model::{GuidanceNote, GuidanceState};
use super::queries;
use super::rules;
use crate::auth::{Action, Scope};
use crate::call::Call;
use crate::campaigns;
use crate::error::AppError;
use crate::etag::IfMatch;
use crate::events::Event;
use crate::extract::{Body, Id, OptionalBody, Query};
use crate::ids::GuidanceNoteId;
use crate::org_units;
use crate::pagination::{LAST_DAY, Page};
use crate::reply::Reply;
use actix_web::{delete, get, patch, post};
use serde_json::json;
use uuid::Uuid;

fn event(note: &GuidanceNote, action: &'static str, from: Option<GuidanceState>) -> Event<'static> {
    Event {
        campaign_id: Some(note.campaign_id),
        org_unit_id: note.org_unit_id,
        resource: "guidance_note",
        resource_id: note.id.into(),
        version: note.version,
        action,
        data: json!({"from": from.map(GuidanceState::as_str), "to": note.state.as_str(), "document_number": note.document_number}),
    }
}

/// List guidance notes
///
/// Those issued in the caller's reach and above the caller's unit; drafts where the caller works on them.
#[utoipa::path(tag = "guidance-notes", params(GuidanceNoteQuery), responses((status = 200, body = Page<GuidanceNoteOut>)))]
#[get("/guidance-notes")]
pub async fn list_guidance_notes(call: Call, query: Query<GuidanceNoteQuery>) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::GuidanceRead)?;
    let (filter, page) = query.parse_list(call.cursor_secret())?;
    let (rows, total) = call
        .read(async |conn| {
            let total = if page.with_total { Some(queries::count(conn, &scope, &filter).await?) } else { None };
            Ok((queries::list(conn, &scope, &filter, &page).await?, total))
        })
        .await?;
    let (rows, next) = page.finish(rows, |note, sort| {
        let key = match sort {
            "created_at" => json!(note.created_at),
            "updated_at" => json!(note.updated_at),
            "issued_on" => json!(note.issued_on.unwrap_or(LAST_DAY)),
            _ => json!(null),
        };
        (key, Uuid::from(note.id))
    });
    page.reply(rows.into_iter().map(GuidanceNoteOut::from).collect(), next, total)
}

/// Draft a guidance note
#[utoipa::path(tag = "guidance-notes", request_body = GuidanceNoteIn, responses((status = 201, body = GuidanceNoteOut)))]
#[post("/guidance-notes")]
pub async fn create_guidance_note(call: Call, body: Body<GuidanceNoteIn>) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::GuidanceWrite)?;
    let campaign_scope = call.authorize(Action::CampaignRead)?;
    let GuidanceNoteIn { campaign_id, org_unit_id, title, body, clause, document_number, issued_on } = body.parse()?;
    let now = call.now();
    let note = GuidanceNote {
        campaign_id,
        id: GuidanceNoteId::new(),
        org_unit_id,
        title: title.into_string(),
        body: body.into_string(),
        clause: clause.map(String::from),
        document_number: document_number.map(String::from),
        issued_on,
        issued_at: None,
        state: GuidanceState::Draft,
        version: 1,
        created_at: now,
        updated_at: now,
    };
    let me = call.clone();
    call.write(async move |conn| {
        campaigns::queries::hold_open_reference(conn, &campaign_scope, note.campaign_id, "/campaign_id").await?;
        org_units::queries::find_reference(conn, &scope, note.org_unit_id, "/org_unit_id").await?;
        queries::insert(conn, &scope, &note).await?;
        me.record(conn, event(&note, "created", None)).await?;
        Reply::created("guidance-notes", note.id, &GuidanceNoteOut::from(note.clone()), note.version)
    })
    .await
}

/// Read a guidance note
#[utoipa::path(tag = "guidance-notes", params(("id" = GuidanceNoteId, Path, description = "The note")), responses((status = 200, body = GuidanceNoteOut, headers(("ETag" = String)))))]
#[get("/guidance-notes/{id}")]
pub async fn get_guidance_note(call: Call, id: Id<GuidanceNoteId>) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::GuidanceRead)?;
    let note = call.read(async |conn| queries::find(conn, &scope, id.0).await).await?;
    let version = note.version;
    Reply::ok(&GuidanceNoteOut::from(note), version)
}

/// Change a draft of a guidance note
#[utoipa::path(tag = "guidance-notes", params(("id" = GuidanceNoteId, Path, description = "The note")), request_body = GuidanceNotePatch, responses((status = 200, body = GuidanceNoteOut)))]
#[patch("/guidance-notes/{id}")]
pub async fn update_guidance_note(call: Call, id: Id<GuidanceNoteId>, body: Body<GuidanceNotePatch>) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::GuidanceWrite)?;
    let if_match = call.if_match()?;
    let patch = body.parse()?;
    step(call, scope, if_match, id.0, ("change", "updated"), async move |_, mut note| {
        let GuidanceNotePatch { title, body, clause, document_number, issued_on } = patch.clone();
        note.title = title.map(String::from).or_current(std::mem::take(&mut note.title));
        note.body = body.map(String::from).or_current(std::mem::take(&mut note.body));
        note.clause = clause.map(String::from).or_keep(note.clause.take());
        note.document_number = document_number.map(String::from).or_keep(note.document_number.take());
        note.issued_on = issued_on.or_keep(note.issued_on);
        Ok(note)
    })
    .await
}

/// Delete a draft of a guidance note
#[utoipa::path(tag = "guidance-notes", params(("id" = GuidanceNoteId, Path, description = "The note")), responses((status = 204)))]
#[delete("/guidance-notes/{id}")]
pub async fn delete_guidance_note(call: Call, id: Id<GuidanceNoteId>) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::GuidanceWrite)?;
    let if_match = call.if_match()?;
    let me = call.clone();
    call.write(async move |conn| {
        let note = queries::lock(conn, &scope, id.0).await?;
        if_match.check(note.version)?;
        campaigns::queries::hold_open(conn, note.campaign_id).await?;
        rules::check_draft(&note, "delete")?;
        queries::delete(conn, &scope, &note).await?;
        me.record(conn, event(&note, "deleted", Some(note.state))).await?;
        Ok(Reply::no_content())
    })
    .await
}

/// Issue a guidance note
///
/// With number and date, from the body or from the draft. All bodies below the issuer can read it; it does not change any more.
#[utoipa::path(tag = "guidance-notes", params(("id" = GuidanceNoteId, Path, description = "The note")), request_body = Option<GuidanceNoteIssueIn>, responses((status = 200, body = GuidanceNoteOut)))]
#[post("/guidance-notes/{id}/issue")]
pub async fn issue_guidance_note(call: Call, id: Id<GuidanceNoteId>, body: OptionalBody<GuidanceNoteIssueIn>) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::GuidanceIssue)?;
    let if_match = call.if_match()?;
    let signature = body.parse()?;
    step(call, scope, if_match, id.0, ("issue", "issued"), async move |me, mut note| {
        let GuidanceNoteIssueIn { document_number, issued_on } = signature.clone();
        note.document_number = document_number.map(String::from).or_else(|| note.document_number.take());
        note.issued_on = issued_on.or(note.issued_on);
        rules::check_issue(&note, me.clock().today())?;
        note.issued_at = Some(me.now());
        note.state = GuidanceState::Issued;
        Ok(note)
    })
    .await
}

/// One step of a draft: lock, compare the version, check that the campaign is open and the state, change, save, record.
async fn step(
    call: Call,
    scope: Scope,
    if_match: IfMatch,
    id: GuidanceNoteId,
    (step, done): (&'static str, &'static str),
    change: impl AsyncFn(&Call, GuidanceNote) -> Result<GuidanceNote, AppError> + 'static,
) -> Result<Reply, AppError> {
    let me = call.clone();
    call.write(async move |conn| {
        let note = queries::lock(conn, &scope, id).await?;
        if_match.check(note.version)?;
        campaigns::queries::hold_open(conn, note.campaign_id).await?;
        rules::check_draft(&note, step)?;
        let from = note.state;
        let note = change(&me, note).await?;
        let note = queries::save(conn, &scope, note, me.now()).await?;
        me.record(conn, event(&note, done, Some(from))).await?;
        let version = note.version;
        Reply::ok(&GuidanceNoteOut::from(note), version)
    })
    .await
}
