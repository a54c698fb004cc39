//! Rows of attachments, and their enumerations.

use crate::ids::{AttachmentId, OrgUnitId};
use crate::schema::attachments;
use chrono::{DateTime, Utc};
use diesel::deserialize::FromSqlRow;
use diesel::expression::AsExpression;
use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// What an attachment belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema, AsExpression, FromSqlRow)]
#[serde(rename_all = "snake_case")]
#[diesel(sql_type = diesel::sql_types::Text)]
#[allow(missing_docs)]
pub enum OwnerKind {
    Plan,
    Document,
    Site,
}
crate::text_enum!(OwnerKind { Plan => "plan", Document => "document", Site => "site" });

/// The types of files that are taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema, AsExpression, FromSqlRow)]
#[diesel(sql_type = diesel::sql_types::Text)]
#[allow(missing_docs)]
pub enum MediaType {
    #[serde(rename = "application/pdf")]
    Pdf,
    #[serde(rename = "application/vnd.openxmlformats-officedocument.wordprocessingml.document")]
    Docx,
    #[serde(rename = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")]
    Xlsx,
    #[serde(rename = "image/png")]
    Png,
    #[serde(rename = "image/jpeg")]
    Jpeg,
    #[serde(rename = "text/plain")]
    Text,
}
crate::text_enum!(MediaType {
    Pdf => "application/pdf",
    Docx => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    Png => "image/png",
    Jpeg => "image/jpeg",
    Text => "text/plain",
});

/// An attachment as stored. Its campaign is the nil UUID where it belongs to none.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = attachments)]
#[allow(missing_docs)]
pub struct Attachment {
    pub campaign_id: Uuid,
    pub id: AttachmentId,
    pub owner_kind: OwnerKind,
    pub owner_id: Uuid,
    pub org_unit_id: OrgUnitId,
    pub name: String,
    pub media_type: MediaType,
    pub size_bytes: i64,
    pub checksum: String,
    pub uploaded_by: Uuid,
    pub version: i32,
    pub created_at: DateTime<Utc>,
}
