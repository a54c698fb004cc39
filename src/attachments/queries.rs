//! SQL of attachments. Scope is judged by the owner (`owners`): what is read here belongs to one that was found in scope,
//! or is judged by it next.

use super::dto::AttachmentQuery;
use super::model::{Attachment, OwnerKind};
use super::owners::{self, Scopes};
use crate::auth::Scope;
use crate::db::Conn;
use crate::error::AppError;
use crate::ids::AttachmentId;
use crate::pagination::PageRequest;
use crate::schema::attachments;
use chrono::{DateTime, Utc};
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::sql_types::BigInt;
use diesel_async::RunQueryDsl;
use uuid::Uuid;

/// Waits until nobody else adds or sweeps these bytes, until the end of the transaction.
pub async fn lock_object(mut conn: &Conn, checksum: &str) -> Result<(), AppError> {
    let number = checksum.bytes().take(16).fold(0_i64, |number, byte| number.wrapping_mul(31).wrapping_add(i64::from(byte)));
    diesel::sql_query("SELECT pg_advisory_xact_lock($1)").bind::<BigInt, _>(number).execute(&mut conn).await?;
    Ok(())
}

/// One attachment of an owner within the caller's reach; 404 for one that is deleted.
pub async fn find(mut conn: &Conn, scopes: &Scopes, id: AttachmentId) -> Result<Attachment, AppError> {
    let query = attachments::table.filter(attachments::id.eq(id)).filter(attachments::deleted_at.is_null());
    let found: Attachment = query.select(Attachment::as_select()).first(&mut conn).await?;
    owners::find(conn, scopes.kind(found.owner_kind)?, found.owner_kind, found.owner_id).await?;
    Ok(found)
}

/// A page of the attachments of an owner that was found in scope, with one row more than it holds.
pub async fn list(
    mut conn: &Conn,
    _: &Scope,
    of: (OwnerKind, Uuid),
    filter: &AttachmentQuery,
    page: &PageRequest,
) -> Result<Vec<Attachment>, AppError> {
    let query = crate::keyset!(filtered(of, filter), page, attachments::id, {
        "created_at" => attachments::created_at => DateTime<Utc>,
    });
    Ok(query.select(Attachment::as_select()).load(&mut conn).await?)
}

/// How many there are in all.
pub async fn count(mut conn: &Conn, _: &Scope, of: (OwnerKind, Uuid), filter: &AttachmentQuery) -> Result<i64, AppError> {
    Ok(filtered(of, filter).count().get_result(&mut conn).await?)
}

fn filtered((kind, id): (OwnerKind, Uuid), filter: &AttachmentQuery) -> attachments::BoxedQuery<'static, Pg> {
    let query = attachments::table
        .filter(attachments::owner_kind.eq(kind))
        .filter(attachments::owner_id.eq(id))
        .filter(attachments::deleted_at.is_null())
        .into_boxed();
    match filter.media_type {
        Some(media_type) => query.filter(attachments::media_type.eq(media_type)),
        None => query,
    }
}

/// Adds an attachment to an owner that is held.
pub async fn insert(mut conn: &Conn, _: &Scope, attachment: &Attachment) -> Result<(), AppError> {
    diesel::insert_into(attachments::table).values(attachment).execute(&mut conn).await?;
    Ok(())
}

/// Marks one as deleted, whose owner is held; 404 when it is already.
pub async fn mark(mut conn: &Conn, _: &Scope, id: AttachmentId, by: Uuid, now: DateTime<Utc>) -> Result<(), AppError> {
    let alive = attachments::table.filter(attachments::id.eq(id)).filter(attachments::deleted_at.is_null());
    let change = (attachments::deleted_at.eq(now), attachments::deleted_by.eq(by), attachments::version.eq(attachments::version + 1));
    let marked = diesel::update(alive).set(change).execute(&mut conn).await?;
    if marked == 0 { Err(AppError::not_found()) } else { Ok(()) }
}

/// Marks all attachments of an owner as deleted, which is about to be deleted itself.
pub async fn mark_all(mut conn: &Conn, kind: OwnerKind, id: Uuid, by: Uuid, now: DateTime<Utc>) -> Result<(), AppError> {
    let alive = attachments::table
        .filter(attachments::owner_kind.eq(kind))
        .filter(attachments::owner_id.eq(id))
        .filter(attachments::deleted_at.is_null());
    let change = (attachments::deleted_at.eq(now), attachments::deleted_by.eq(by), attachments::version.eq(attachments::version + 1));
    diesel::update(alive).set(change).execute(&mut conn).await?;
    Ok(())
}

/// Those of some checksums that a row without a mark names.
pub async fn needed(mut conn: &Conn, _: &Scope, checksums: &[String]) -> Result<Vec<String>, AppError> {
    let query = attachments::table.filter(attachments::checksum.eq_any(checksums)).filter(attachments::deleted_at.is_null());
    Ok(query.select(attachments::checksum).distinct().load(&mut conn).await?)
}
