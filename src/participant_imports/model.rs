//! Rows of imports and their enumerations.

use crate::ids::{CampaignId, OrgUnitId, ParticipantId, ParticipantImportId, ParticipantImportRowId, SiteId};
use crate::schema::{participant_import_rows, participant_imports};
use chrono::{DateTime, Utc};
use diesel::deserialize::FromSqlRow;
use diesel::expression::AsExpression;
use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// What a file of guests is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema, AsExpression, FromSqlRow)]
#[serde(rename_all = "snake_case")]
#[diesel(sql_type = diesel::sql_types::Text)]
#[allow(missing_docs)]
pub enum ImportFormat {
    Ndjson,
    Csv,
    Xlsx,
}
crate::text_enum!(ImportFormat { Ndjson => "ndjson", Csv => "csv", Xlsx => "xlsx" });

/// Where an import stands: `queued` → `running` → `done` or `failed`; `cancelled` from the first two. Rows that were added
/// before it failed or was cancelled stay.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema, AsExpression, FromSqlRow)]
#[serde(rename_all = "snake_case")]
#[diesel(sql_type = diesel::sql_types::Text)]
#[allow(missing_docs)]
pub enum ImportState {
    Queued,
    Running,
    Done,
    Failed,
    Cancelled,
}
crate::text_enum!(ImportState { Queued => "queued", Running => "running", Done => "done", Failed => "failed", Cancelled => "cancelled" });

/// What became of a row that was not simply added: the guest is on the list of the site already, or the row is no guest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema, AsExpression, FromSqlRow)]
#[serde(rename_all = "snake_case")]
#[diesel(sql_type = diesel::sql_types::Text)]
#[allow(missing_docs)]
pub enum RowVerdict {
    Repeated,
    Refused,
}
crate::text_enum!(RowVerdict { Repeated => "repeated", Refused => "refused" });

/// An import as stored, without the lease of who works on it.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = participant_imports)]
#[allow(missing_docs)]
pub struct ParticipantImport {
    pub campaign_id: CampaignId,
    pub id: ParticipantImportId,
    pub site_id: SiteId,
    pub org_unit_id: OrgUnitId,
    pub format: ImportFormat,
    pub is_dry_run: bool,
    pub state: ImportState,
    pub size_bytes: i64,
    pub checksum: String,
    pub delimiter: Option<String>,
    pub header: Vec<String>,
    pub stored_bytes: i64,
    pub position_bytes: i64,
    pub next_line: i32,
    pub read_count: i32,
    pub added_count: i32,
    pub repeated_count: i32,
    pub refused_count: i32,
    pub categories: Vec<String>,
    pub error_code: Option<String>,
    pub error_vi: Option<String>,
    pub error_en: Option<String>,
    pub created_by: Uuid,
    pub version: i32,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
    pub started_at: Option<DateTime<Utc>>,
    pub finished_at: Option<DateTime<Utc>>,
}

impl ParticipantImport {
    /// Whether nothing more happens to it.
    pub fn is_over(&self) -> bool {
        match self.state {
            ImportState::Queued | ImportState::Running => false,
            ImportState::Done | ImportState::Failed | ImportState::Cancelled => true,
        }
    }

    /// How much of it is worked off, in hundredths, rounded down.
    pub fn percent(&self) -> i64 {
        if self.state == ImportState::Done || self.stored_bytes == 0 {
            return 100;
        }
        self.position_bytes.saturating_mul(100) / self.stored_bytes
    }
}

/// What is wrong with a row, as kept: no word of the row itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[allow(missing_docs)]
pub struct RowProblem {
    pub pointer: String,
    pub code: String,
    pub vi: String,
    pub en: String,
}

/// The verdict on a row.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = participant_import_rows)]
#[allow(missing_docs)]
pub struct ImportRow {
    pub campaign_id: CampaignId,
    pub id: ParticipantImportRowId,
    pub import_id: ParticipantImportId,
    pub line: i32,
    pub verdict: RowVerdict,
    pub participant_id: Option<ParticipantId>,
    pub problems: serde_json::Value,
}
