//! Attachments as the API takes and shows them.

use super::model::{Attachment, MediaType, OwnerKind};
use crate::ids::{AttachmentId, CampaignId, OrgUnitId};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::{KnownFormat, ObjectBuilder, Schema, SchemaFormat, Type};
use utoipa::{IntoParams, PartialSchema, ToSchema};
use uuid::Uuid;

/// The bytes of a file: the body itself, in no wrapping.
pub struct FileBytes;

impl PartialSchema for FileBytes {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new()
            .schema_type(Type::String)
            .format(Some(SchemaFormat::KnownFormat(KnownFormat::Binary)))
            .max_length(Some(200 * 1024 * 1024))
            .pattern(Some(r"^[\s\S]*$"))
            .description(Some("The bytes of a file: the body itself, in no wrapping."))
            .examples(["%PDF-1.7 …"])
            .into()
    }
}

impl ToSchema for FileBytes {}

/// What the file that is sent is called.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct AttachmentNameQuery {
    /// Name of the file with its ending, without a path: `.pdf`, `.docx`, `.xlsx`, `.png`, `.jpg`, `.jpeg` or `.txt`.
    #[param(
        min_length = 1,
        max_length = 200,
        pattern = r"^[^/\\\u0000-\u001F\u007F-\u009F\u202A-\u202E\u2066-\u2069]*$",
        example = "ke-hoach-81.pdf"
    )]
    pub filename: String,
}

/// A file that belongs to something.
#[derive(Debug, Serialize, ToSchema)]
#[allow(missing_docs)]
pub struct AttachmentOut {
    pub id: AttachmentId,
    pub owner_kind: OwnerKind,
    /// The plan or document that it belongs to.
    pub owner_id: Uuid,
    /// Campaign of the owner; null where that belongs to none.
    pub campaign_id: Option<CampaignId>,
    /// Body of the owner.
    pub org_unit_id: OrgUnitId,
    /// Name of the file.
    #[schema(example = "ke-hoach-81.pdf")]
    pub name: String,
    pub media_type: MediaType,
    /// Bytes.
    #[schema(minimum = 1)]
    pub size_bytes: i64,
    /// SHA-256 of the bytes, in hexadecimal.
    #[schema(example = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")]
    pub checksum: String,
    /// The account that sent it.
    pub uploaded_by: Uuid,
    pub version: i32,
    pub created_at: DateTime<Utc>,
}

impl From<Attachment> for AttachmentOut {
    fn from(row: Attachment) -> Self {
        let Attachment {
            campaign_id,
            id,
            owner_kind,
            owner_id,
            org_unit_id,
            name,
            media_type,
            size_bytes,
            checksum,
            uploaded_by,
            version,
            created_at,
        } = row;
        Self {
            id,
            owner_kind,
            owner_id,
            campaign_id: (!campaign_id.is_nil()).then_some(CampaignId(campaign_id)),
            org_unit_id,
            name,
            media_type,
            size_bytes,
            checksum,
            uploaded_by,
            version,
            created_at,
        }
    }
}

crate::list_query! {
    /// The list of attachments of one object.
    AttachmentQuery sort ["created_at"] without q {
        /// Only files of this type.
        media_type: MediaType,
    }
}
