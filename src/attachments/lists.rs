//! Attachments are read over HTTP.

use super::dto::{AttachmentOut, AttachmentQuery, FileBytes};
use super::model::OwnerKind;
use super::owners::{self, Scopes};
use super::queries;
use super::store::Store;
use crate::call::Call;
use crate::error::AppError;
use crate::etag::is_unchanged;
use crate::extract::{Id, Query};
use crate::ids::{AttachmentId, DocumentId, PlanId, SiteId};
use crate::pagination::Page;
use crate::reply::Reply;
use actix_web::http::StatusCode;
use actix_web::http::header::{CONTENT_DISPOSITION, HeaderValue};
use actix_web::web::Data;
use actix_web::{HttpResponse, Responder, get};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::json;
use uuid::Uuid;

/// List the attachments of a plan
#[utoipa::path(tag = "attachments", params(("id" = PlanId, Path, description = "The plan"), AttachmentQuery), responses((status = 200, body = Page<AttachmentOut>)))]
#[get("/plans/{id}/attachments")]
pub async fn list_plan_attachments(call: Call, id: Id<PlanId>, query: Query<AttachmentQuery>) -> Result<Reply, AppError> {
    list(call, (OwnerKind::Plan, id.0.into()), query).await
}

/// List the attachments of a document
#[utoipa::path(tag = "attachments", params(("id" = DocumentId, Path, description = "The document"), AttachmentQuery), responses((status = 200, body = Page<AttachmentOut>)))]
#[get("/documents/{id}/attachments")]
pub async fn list_document_attachments(call: Call, id: Id<DocumentId>, query: Query<AttachmentQuery>) -> Result<Reply, AppError> {
    list(call, (OwnerKind::Document, id.0.into()), query).await
}

/// List the attachments of a site
#[utoipa::path(tag = "attachments", params(("id" = SiteId, Path, description = "The site"), AttachmentQuery), responses((status = 200, body = Page<AttachmentOut>)))]
#[get("/sites/{id}/attachments")]
pub async fn list_site_attachments(call: Call, id: Id<SiteId>, query: Query<AttachmentQuery>) -> Result<Reply, AppError> {
    list(call, (OwnerKind::Site, id.0.into()), query).await
}

async fn list(call: Call, (kind, id): (OwnerKind, Uuid), query: Query<AttachmentQuery>) -> Result<Reply, AppError> {
    let scope = owners::reading(&call, kind)?;
    let (filter, page) = query.parse_list(call.cursor_secret())?;
    let (rows, total) = call
        .read(async |conn| {
            owners::find(conn, &scope, kind, id).await?;
            let total = if page.with_total { Some(queries::count(conn, &scope, (kind, id), &filter).await?) } else { None };
            Ok((queries::list(conn, &scope, (kind, id), &filter, &page).await?, total))
        })
        .await?;
    let (rows, next) = page.finish(rows, |row, sort| {
        let key = if sort == "created_at" { json!(row.created_at) } else { json!(null) };
        (key, Uuid::from(row.id))
    });
    page.reply(rows.into_iter().map(AttachmentOut::from).collect(), next, total)
}

/// Read what an attachment is
///
/// Name, type, size and checksum; its bytes are at `/attachments/{id}/content`.
#[utoipa::path(tag = "attachments", params(("id" = AttachmentId, Path, description = "The attachment")), responses((status = 200, body = AttachmentOut, headers(("ETag" = String)))))]
#[get("/attachments/{id}")]
pub async fn get_attachment(call: Call, id: Id<AttachmentId>) -> Result<Reply, AppError> {
    let scopes = Scopes::reading(&call)?;
    let found = call.read(async |conn| queries::find(conn, &scopes, id.0).await).await?;
    let version = found.version;
    Reply::ok(&AttachmentOut::from(found), version)
}

/// Read the bytes of an attachment
///
/// As they were sent, to be saved and not shown (`Content-Disposition: attachment`); the `ETag` is their checksum. Bytes that are
/// lost or no longer have their checksum are never given: 500 `attachment_damaged`. 503 `storage_unavailable` while the store is away.
#[utoipa::path(
    tag = "attachments",
    params(("id" = AttachmentId, Path, description = "The attachment")),
    responses((status = 200, description = "The bytes.", headers(("ETag" = String)), content(
        (FileBytes = "application/pdf"),
        (FileBytes = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        (FileBytes = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        (FileBytes = "image/png"),
        (FileBytes = "image/jpeg"),
        (FileBytes = "text/plain")
    )))
)]
#[get("/attachments/{id}/content")]
pub async fn get_attachment_content(call: Call, id: Id<AttachmentId>, store: Data<Store>) -> Result<HttpResponse, AppError> {
    let scopes = Scopes::reading(&call)?;
    let found = call.read(async |conn| queries::find(conn, &scopes, id.0).await).await?;
    let etag = format!("\"{}\"", found.checksum);
    let body = if is_unchanged(call.request(), &etag) { None } else { Some(store.get(&found.checksum).await?) };
    let reply = Reply { status: StatusCode::OK, body, etag: Some(etag), ..Reply::no_content() }.with_media_type(found.media_type.as_str());
    let mut response = reply.respond_to(call.request());
    response.headers_mut().insert(CONTENT_DISPOSITION, disposition(&found.name)?);
    Ok(response)
}

/// What RFC 8187 lets stand as it is.
const PLAIN: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// To be saved under its name: for old clients in ASCII, for all others in UTF-8 (RFC 6266).
fn disposition(name: &str) -> Result<HeaderValue, AppError> {
    let ascii: String =
        crate::text::fold(name).chars().map(|c| if c.is_ascii_alphanumeric() || "-._ ".contains(c) { c } else { '_' }).collect();
    let text = format!("attachment; filename=\"{ascii}\"; filename*=UTF-8''{}", utf8_percent_encode(name, PLAIN));
    HeaderValue::from_str(&text).map_err(AppError::internal)
}
