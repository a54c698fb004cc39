//! Attachments are added and deleted over HTTP.

use super::dto::{AttachmentNameQuery, AttachmentOut, FileBytes};
use super::files;
use super::model::{Attachment, OwnerKind};
use super::owners::{self, Owner, Scopes};
use super::queries;
use super::store::Store;
use crate::call::Call;
use crate::error::{AppError, ErrorCode, message};
use crate::events::Event;
use crate::extract::{Id, Query, Upload};
use crate::ids::{AttachmentId, DocumentId, PlanId, SiteId};
use crate::reply::Reply;
use actix_web::web::Data;
use actix_web::{delete, post};
use serde_json::json;
use uuid::Uuid;

/// A change of the attachments of something: told as a change of that, to those who can read it.
fn event(owner: &Owner, attachment: &Attachment, action: &'static str) -> Event<'static> {
    let data = json!({"to": owner.state, "attachment_id": attachment.id, "checksum": attachment.checksum});
    Event {
        campaign_id: owner.campaign_id,
        org_unit_id: owner.org_unit_id,
        resource: owner.kind.resource(),
        resource_id: owner.id,
        version: owner.version,
        action,
        data,
    }
}

/// Attach a file to a plan
///
/// The file itself is the body, with its media type: PDF, DOCX, XLSX, PNG, JPEG or plain text (UTF-8), 20 MB at the most
/// unless the service is set otherwise (413). What it is is told by its bytes: 415 for a type that is not taken, 422 for
/// one that is not as stated, damaged, empty or with macros. To a draft, and as the signed copy to an issued plan; not to
/// one that waits for its signature (409).
#[utoipa::path(
    tag = "attachments",
    params(("id" = PlanId, Path, description = "The plan"), AttachmentNameQuery),
    request_body(content(
        (FileBytes = "application/pdf"),
        (FileBytes = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        (FileBytes = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        (FileBytes = "image/png"),
        (FileBytes = "image/jpeg"),
        (FileBytes = "text/plain")
    )),
    responses((status = 201, body = AttachmentOut))
)]
#[post("/plans/{id}/attachments")]
pub async fn create_plan_attachment(
    call: Call,
    id: Id<PlanId>,
    query: Query<AttachmentNameQuery>,
    file: Upload,
    store: Data<Store>,
) -> Result<Reply, AppError> {
    attach(call, (OwnerKind::Plan, id.0.into()), query, file, store).await
}

/// Attach a file to a document
///
/// As to a plan.
#[utoipa::path(
    tag = "attachments",
    params(("id" = DocumentId, Path, description = "The document"), AttachmentNameQuery),
    request_body(content(
        (FileBytes = "application/pdf"),
        (FileBytes = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        (FileBytes = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        (FileBytes = "image/png"),
        (FileBytes = "image/jpeg"),
        (FileBytes = "text/plain")
    )),
    responses((status = 201, body = AttachmentOut))
)]
#[post("/documents/{id}/attachments")]
pub async fn create_document_attachment(
    call: Call,
    id: Id<DocumentId>,
    query: Query<AttachmentNameQuery>,
    file: Upload,
    store: Data<Store>,
) -> Result<Reply, AppError> {
    attach(call, (OwnerKind::Document, id.0.into()), query, file, store).await
}

/// Attach a file to a site
///
/// As to a plan, until the festival there was held: evidence for its checklist, for one.
#[utoipa::path(
    tag = "attachments",
    params(("id" = SiteId, Path, description = "The site"), AttachmentNameQuery),
    request_body(content(
        (FileBytes = "application/pdf"),
        (FileBytes = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        (FileBytes = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        (FileBytes = "image/png"),
        (FileBytes = "image/jpeg"),
        (FileBytes = "text/plain")
    )),
    responses((status = 201, body = AttachmentOut))
)]
#[post("/sites/{id}/attachments")]
pub async fn create_site_attachment(
    call: Call,
    id: Id<SiteId>,
    query: Query<AttachmentNameQuery>,
    file: Upload,
    store: Data<Store>,
) -> Result<Reply, AppError> {
    attach(call, (OwnerKind::Site, id.0.into()), query, file, store).await
}

/// The object first, then its row in one transaction, then the answer.
async fn attach(
    call: Call,
    (kind, id): (OwnerKind, Uuid),
    query: Query<AttachmentNameQuery>,
    file: Upload,
    store: Data<Store>,
) -> Result<Reply, AppError> {
    let scope = owners::writing(&call, kind)?;
    let name = files::name(&query.parse()?.filename)?;
    // Who cannot see the owner learns nothing about the file, and keeps none here.
    check_open(&call.read(async |conn| owners::find(conn, &scope, kind, id).await).await?)?;
    let stated = files::stated(file.media_type())?;
    let bytes = file.into_bytes();
    let judged = {
        let (bytes, name) = (bytes.clone(), name.clone());
        actix_web::web::block(move || files::judge(&bytes, stated, &name)).await.map_err(AppError::internal)??
    };
    store.put(&judged.checksum, bytes).await?;
    let me = call.clone();
    call.write(async move |conn| {
        let owner = owners::hold(conn, &scope, kind, id).await?;
        check_open(&owner)?;
        let attachment = Attachment {
            campaign_id: owner.campaign_id.map_or(Uuid::nil(), Uuid::from),
            id: AttachmentId::new(),
            owner_kind: kind,
            owner_id: id,
            org_unit_id: owner.org_unit_id,
            name: name.clone(),
            media_type: judged.media_type,
            size_bytes: judged.size,
            checksum: judged.checksum.clone(),
            uploaded_by: me.actor().id,
            version: 1,
            created_at: me.now(),
        };
        queries::lock_object(conn, &attachment.checksum).await?;
        // The sweep may have taken the same bytes away just before the lock: then they are to be sent again.
        if !store.has(&attachment.checksum).await? {
            return Err(AppError::new(ErrorCode::StorageUnavailable).retry_after(1));
        }
        queries::insert(conn, &scope, &attachment).await?;
        me.record(conn, event(&owner, &attachment, "attached")).await?;
        Reply::created("attachments", attachment.id, &AttachmentOut::from(attachment.clone()), attachment.version)
    })
    .await
}

fn check_open(owner: &Owner) -> Result<(), AppError> {
    if owner.is_open { Ok(()) } else { Err(AppError::invalid_transition(owner.state, "attach")) }
}

/// Delete an attachment
///
/// Of a draft, of a document that is no issued plan, or of a site before its festival; what an issued plan has stays, and
/// so does the evidence of a checklist (409). Its bytes go later, when nothing else has them.
#[utoipa::path(tag = "attachments", params(("id" = AttachmentId, Path, description = "The attachment")), responses((status = 204)))]
#[delete("/attachments/{id}")]
pub async fn delete_attachment(call: Call, id: Id<AttachmentId>) -> Result<Reply, AppError> {
    let scopes = Scopes::writing(&call)?;
    let if_match = call.if_match()?;
    let me = call.clone();
    call.write(async move |conn| {
        let attachment = queries::find(conn, &scopes, id.0).await?;
        let scope = scopes.kind(attachment.owner_kind)?;
        let owner = owners::hold(conn, scope, attachment.owner_kind, attachment.owner_id).await?;
        if_match.check(attachment.version)?;
        if !owner.is_draft {
            return Err(AppError::invalid_transition(owner.state, "delete").because(message(
                "Không xóa được tệp đính kèm của kế hoạch đã ban hành hoặc đang trình, của địa bàn đã tổ chức.",
                "Attachments of a plan that is issued or submitted, and of a site where the festival was held, stay.",
            )));
        }
        owners::check_unused(conn, &owner, attachment.id).await?;
        queries::mark(conn, scope, attachment.id, me.actor().id, me.now()).await?;
        me.record(conn, event(&owner, &attachment, "detached")).await?;
        Ok(Reply::no_content())
    })
    .await
}
