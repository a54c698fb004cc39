//! The registry over HTTP.

use super::citations::linked;
use super::dto::{DocumentIn, DocumentPatch, DocumentQuery};
use super::model::{Alias, Document};
use super::out::{DocumentOut, Whole};
use super::{conflicts, queries, registry, rules};
use crate::attachments;
use crate::attachments::model::OwnerKind;
use crate::auth::{Action, Scope};
use crate::call::Call;
use crate::db::Conn;
use crate::error::{AppError, FieldError};
use crate::events::Event;
use crate::extract::{Body, Id, Query};
use crate::ids::DocumentId;
use crate::org_units;
use crate::pagination::{LAST_DAY, Page};
use crate::patch::Patch;
use crate::plans;
use crate::reply::Reply;
use actix_web::{delete, get, patch, post};
use serde_json::json;
use uuid::Uuid;

/// A change of a document, for the feed.
pub fn event(document: &Document, action: &'static str) -> Event<'static> {
    Event {
        campaign_id: None,
        org_unit_id: document.org_unit_id,
        resource: "document",
        resource_id: document.id.into(),
        version: document.version,
        action,
        data: json!({"to": document.state.as_str(), "document_number": document.document_number, "plan_id": document.plan_id}),
    }
}

/// List documents
///
/// The registry of the caller's province, and what the bodies above entered. `citation` finds a document by any printed
/// form of any of its numbers: leading zeros, spaces and the word before the number do not count, every other sign does.
/// Each item has its conflicts.
#[utoipa::path(tag = "documents", params(DocumentQuery), responses((status = 200, body = Page<DocumentOut>)))]
#[get("/documents")]
pub async fn list_documents(call: Call, query: Query<DocumentQuery>) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::PlanRead)?;
    let (filter, page) = query.parse_list(call.cursor_secret())?;
    let (rows, next, total) = call
        .read(async |conn| {
            let total = if page.with_total { Some(queries::count(conn, &scope, &filter).await?) } else { None };
            let (rows, next) = page.finish(queries::list(conn, &scope, &filter, &page).await?, |document, sort| {
                let key = match sort {
                    "created_at" => json!(document.created_at),
                    "updated_at" => json!(document.updated_at),
                    "issued_on" => json!(document.issued_on.unwrap_or(LAST_DAY)),
                    _ => json!(null),
                };
                (key, Uuid::from(document.id))
            });
            Ok((whole(conn, &scope, rows).await?, next, total))
        })
        .await?;
    page.reply(rows.into_iter().map(|one| DocumentOut::new(one, call.language())).collect(), next, total)
}

/// Documents with what is shown of them in lists.
async fn whole(conn: &Conn, scope: &Scope, rows: Vec<Document>) -> Result<Vec<Whole>, AppError> {
    let ids: Vec<DocumentId> = rows.iter().map(|document| document.id).collect();
    let aliases = queries::aliases_of(conn, &ids).await?;
    let found = conflicts::conflicts_of(conn, scope, &rows, &aliases).await?;
    let one = |document: Document| Whole {
        aliases: aliases.iter().filter(|alias| alias.document_id == document.id).cloned().collect(),
        conflicts: found.iter().filter(|(id, _)| *id == document.id).map(|(_, conflict)| conflict.clone()).collect(),
        body: None,
        document,
    };
    Ok(rows.into_iter().map(one).collect())
}

/// One document with all that is shown of it.
async fn whole_one(conn: &Conn, scope: &Scope, document: Document) -> Result<Whole, AppError> {
    let body = queries::body_of(conn, document.id).await?;
    let found = whole(conn, scope, vec![document]).await?.pop();
    found.map(|one| Whole { body, ..one }).ok_or_else(AppError::not_found)
}

/// Enter a document
///
/// Number, year and symbol are read from the printed form. One of the same number, issuer and date is 409. Its citations
/// are linked to documents of the registry where number, issuer and date tell for sure which one is meant.
#[utoipa::path(tag = "documents", request_body = DocumentIn, responses((status = 201, body = DocumentOut)))]
#[post("/documents")]
pub async fn create_document(call: Call, body: Body<DocumentIn>) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::PlanWrite)?;
    let reading = call.authorize(Action::PlanRead)?;
    let units = call.authorize(Action::OrgUnitRead)?;
    let given = body.parse()?;
    let (document, aliases) = made(&given, &call);
    let me = call.clone();
    call.write(async move |conn| {
        queries::lock_registry(conn).await?;
        org_units::queries::find_reference(conn, &scope, document.org_unit_id, "/org_unit_id").await?;
        check_issuer(conn, &units, &document).await?;
        queries::check_new(conn, &reading, &document).await?;
        let citations = linked(conn, &reading, document.id, given.citations.clone()).await?;
        queries::insert(conn, &scope, &document, &aliases, given.body.as_deref()).await?;
        queries::replace_citations(conn, &scope, document.id, &citations).await?;
        me.record(conn, event(&document, "created")).await?;
        let out = DocumentOut::new(whole_one(conn, &reading, document.clone()).await?, me.language());
        Reply::created("documents", document.id, &out, document.version)
    })
    .await
}

fn made(given: &DocumentIn, call: &Call) -> (Document, Vec<Alias>) {
    let DocumentIn {
        org_unit_id,
        kind,
        document_number,
        issuer,
        issuer_org_unit_id,
        issued_on,
        effective_from,
        effective_to,
        subject,
        body: _,
        note,
        aliases,
        citations: _,
    } = given.clone();
    let mut document = Document {
        issuer: issuer.map(String::from),
        issuer_org_unit_id,
        issued_on,
        effective_from,
        effective_to,
        subject: subject.map(String::from),
        note: note.map(String::from),
        ..registry::blank(org_unit_id, kind, document_number.into_string(), call.now())
    };
    let aliases = rules::aliases(&document, aliases.into_iter().map(String::from));
    rules::derive(&mut document, &aliases);
    (document, aliases)
}

/// 422 when the issuer that is named is no body that the caller can read.
async fn check_issuer(conn: &Conn, units: &Scope, document: &Document) -> Result<(), AppError> {
    let Some(unit) = document.issuer_org_unit_id else { return Ok(()) };
    if plans::queries::known_units(conn, units, &[unit]).await?.is_empty() {
        return Err(AppError::field(FieldError::unknown_reference("/issuer_org_unit_id")));
    }
    Ok(())
}

/// Read a document
///
/// With its other numbers and its conflicts. The `ETag` is that of the document: a conflict with another one can come and go without it.
#[utoipa::path(tag = "documents", params(("id" = DocumentId, Path, description = "The document")), responses((status = 200, body = DocumentOut, headers(("ETag" = String)))))]
#[get("/documents/{id}")]
pub async fn get_document(call: Call, id: Id<DocumentId>) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::PlanRead)?;
    let read = async |conn: &Conn| whole_one(conn, &scope, queries::find(conn, &scope, id.0).await?).await;
    let found = call.read(read).await?;
    let version = found.document.version;
    Reply::ok(&DocumentOut::new(found, call.language()), version)
}

/// Change a document
///
/// A list that is given replaces the whole list.
#[utoipa::path(tag = "documents", params(("id" = DocumentId, Path, description = "The document")), request_body = DocumentPatch, responses((status = 200, body = DocumentOut)))]
#[patch("/documents/{id}")]
pub async fn update_document(call: Call, id: Id<DocumentId>, body: Body<DocumentPatch>) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::PlanWrite)?;
    let reading = call.authorize(Action::PlanRead)?;
    let units = call.authorize(Action::OrgUnitRead)?;
    let if_match = call.if_match()?;
    let patch = body.parse()?;
    let me = call.clone();
    call.write(async move |conn| {
        queries::lock_registry(conn).await?;
        let before = queries::lock(conn, &scope, id.0).await?;
        if_match.check(before.version)?;
        let kept = queries::aliases_of(conn, &[before.id]).await?;
        let (after, aliases) = apply(&before, kept, patch.clone());
        let citations = match &patch.citations {
            Patch::Value(list) => Some(linked(conn, &reading, before.id, list.clone()).await?),
            Patch::Absent | Patch::Null => None,
        };
        let printed = queries::citations_of(conn, before.id).await?;
        rules::check_follows_plan(&before, &after, citations.as_ref().map(|new| (printed.as_slice(), new.as_slice())))?;
        rules::check_replaced(&after)?;
        if after.issuer_org_unit_id != before.issuer_org_unit_id {
            check_issuer(conn, &units, &after).await?;
        }
        if let Some(successor) = after.replaced_by.filter(|_| after.replaced_by != before.replaced_by) {
            queries::find_reference(conn, &reading, successor, "/replaced_by").await?;
        }
        queries::check_new(conn, &reading, &after).await?;
        if let Some(citations) = &citations {
            queries::replace_citations(conn, &scope, after.id, citations).await?;
        }
        if !matches!(patch.body, Patch::Absent) {
            queries::set_body(conn, &scope, after.id, patch.body.value().map(String::as_str)).await?;
        }
        let saved = queries::save(conn, &scope, after, &aliases, me.now()).await?;
        me.record(conn, event(&saved, "updated")).await?;
        let version = saved.version;
        Reply::ok(&DocumentOut::new(whole_one(conn, &reading, saved).await?, me.language()), version)
    })
    .await
}

fn apply(before: &Document, kept: Vec<Alias>, patch: DocumentPatch) -> (Document, Vec<Alias>) {
    let DocumentPatch {
        kind,
        document_number,
        issuer,
        issuer_org_unit_id,
        issued_on,
        effective_from,
        effective_to,
        subject,
        body: _,
        state,
        replaced_by,
        note,
        aliases,
        citations: _,
    } = patch;
    let mut document = before.clone();
    document.kind = kind.or_current(document.kind);
    document.document_number = document_number.map(String::from).or_current(document.document_number);
    document.issuer = issuer.map(String::from).or_keep(document.issuer);
    document.issuer_org_unit_id = issuer_org_unit_id.or_keep(document.issuer_org_unit_id);
    document.issued_on = issued_on.or_keep(document.issued_on);
    document.effective_from = effective_from.or_keep(document.effective_from);
    document.effective_to = effective_to.or_keep(document.effective_to);
    document.subject = subject.map(String::from).or_keep(document.subject);
    document.state = state.or_current(document.state);
    document.replaced_by = replaced_by.or_keep(document.replaced_by);
    document.note = note.map(String::from).or_keep(document.note);
    let printed = match aliases {
        Patch::Value(list) => list.into_iter().map(String::from).collect(),
        Patch::Absent | Patch::Null => kept.into_iter().map(|alias| alias.printed).collect::<Vec<_>>(),
    };
    let aliases = rules::aliases(&document, printed);
    rules::derive(&mut document, &aliases);
    (document, aliases)
}

/// Delete a document
///
/// Not one that is an issued plan, nor one that another cites or was replaced by (409).
#[utoipa::path(tag = "documents", params(("id" = DocumentId, Path, description = "The document")), responses((status = 204)))]
#[delete("/documents/{id}")]
pub async fn delete_document(call: Call, id: Id<DocumentId>) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::PlanWrite)?;
    let if_match = call.if_match()?;
    let me = call.clone();
    call.write(async move |conn| {
        let document = queries::lock(conn, &scope, id.0).await?;
        if_match.check(document.version)?;
        rules::check_delete(&document)?;
        attachments::queries::mark_all(conn, OwnerKind::Document, document.id.into(), me.actor().id, me.now()).await?;
        queries::delete(conn, &scope, &document).await?;
        me.record(conn, event(&document, "deleted")).await?;
        Ok(Reply::no_content())
    })
    .await
}
