//! Imports as the API takes and shows them.

use super::model::{ImportFormat, ImportRow, ImportState, ParticipantImport, RowProblem, RowVerdict};
use crate::error::{Language, message};
use crate::ids::{CampaignId, OrgUnitId, ParticipantId, ParticipantImportId, ParticipantImportRowId, SiteId};
use crate::problem::ProblemField;
use crate::warning::Warning;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

/// Where the guests of a file are to be listed.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ParticipantImportNewQuery {
    /// Site of the guests.
    pub site_id: SiteId,
    /// Gives the same verdicts and adds nobody.
    pub dry_run: Option<bool>,
}

/// Why an import failed.
#[derive(Debug, Serialize, ToSchema)]
pub struct ParticipantImportErrorOut {
    /// Stable code.
    #[schema(example = "invalid_transition")]
    pub code: String,
    /// What happened, in the language of the answer.
    pub message: String,
}

/// A file of guests and how far it is worked off.
#[derive(Debug, Serialize, ToSchema)]
#[allow(missing_docs)]
pub struct ParticipantImportOut {
    pub id: ParticipantImportId,
    pub campaign_id: CampaignId,
    pub site_id: SiteId,
    /// Body that organises the site.
    pub org_unit_id: OrgUnitId,
    pub format: ImportFormat,
    /// Whether it only gives verdicts.
    pub is_dry_run: bool,
    pub state: ImportState,
    /// Bytes of the file.
    pub size_bytes: i64,
    /// SHA-256 of the file, in hexadecimal.
    #[schema(example = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08")]
    pub checksum: String,
    /// Rows read: added, repeated and refused together.
    pub read_count: i32,
    /// Rows added, or that would be; each is a guest of the site, as `GET /participants?import_id=` lists them.
    pub added_count: i32,
    /// Rows whose guest was on the list of the site already, or stood in the file before.
    pub repeated_count: i32,
    /// Rows that are no guest.
    pub refused_count: i32,
    /// How much of the file is worked off, in hundredths.
    #[schema(minimum = 0, maximum = 100)]
    pub percent: i64,
    /// Why it failed.
    pub error: Option<ParticipantImportErrorOut>,
    /// What departs from the plan's template or from the seats of the site, as when the guests are listed one by one; given with
    /// one import, not with lists.
    pub warnings: Vec<Warning>,
    /// Account that sent the file.
    pub created_by: Uuid,
    pub created_at: DateTime<Utc>,
    pub started_at: Option<DateTime<Utc>>,
    pub finished_at: Option<DateTime<Utc>>,
}

impl ParticipantImportOut {
    /// An import in the language of the answer.
    pub fn new(import: ParticipantImport, warnings: Vec<Warning>, language: Language) -> Self {
        let percent = import.percent();
        let text = |vi: Option<String>, en: Option<String>| message(vi.unwrap_or_default(), en.unwrap_or_default()).in_language(language);
        Self {
            id: import.id,
            campaign_id: import.campaign_id,
            site_id: import.site_id,
            org_unit_id: import.org_unit_id,
            format: import.format,
            is_dry_run: import.is_dry_run,
            state: import.state,
            size_bytes: import.size_bytes,
            checksum: import.checksum,
            read_count: import.read_count,
            added_count: import.added_count,
            repeated_count: import.repeated_count,
            refused_count: import.refused_count,
            percent,
            error: import.error_code.map(|code| ParticipantImportErrorOut { code, message: text(import.error_vi, import.error_en) }),
            warnings,
            created_by: import.created_by,
            created_at: import.created_at,
            started_at: import.started_at,
            finished_at: import.finished_at,
        }
    }
}

/// A row of a file that was not simply added.
#[derive(Debug, Serialize, ToSchema)]
pub struct ParticipantImportRowOut {
    /// The verdict itself.
    pub id: ParticipantImportRowId,
    /// Line of the text, or row of the sheet, from 1, the header included.
    #[schema(minimum = 1)]
    pub line: i32,
    /// What became of it.
    pub verdict: RowVerdict,
    /// The guest who is on the list already, for a row that is repeated; null where a dry run met both in the file.
    pub participant_id: Option<ParticipantId>,
    /// What is wrong, field by field, all at once.
    pub problems: Vec<ProblemField>,
}

impl ParticipantImportRowOut {
    /// A verdict in the language of the answer.
    pub fn new(row: ImportRow, language: Language) -> Self {
        let kept: Vec<RowProblem> = serde_json::from_value(row.problems).unwrap_or_default();
        let shown = |RowProblem { pointer, code, vi, en }| ProblemField { pointer, code, message: message(vi, en).in_language(language) };
        let problems = kept.into_iter().map(shown).collect();
        Self { id: row.id, line: row.line, verdict: row.verdict, participant_id: row.participant_id, problems }
    }
}

crate::list_query! {
    /// Filters of the list of imports.
    ParticipantImportQuery sort ["created_at"] without q {
        /// Only imports in this campaign.
        campaign_id: CampaignId,
        /// Only imports of guests of this site.
        site_id: SiteId,
        /// Only imports for sites that this body organises.
        org_unit_id: OrgUnitId,
        /// Only imports for sites of this body and of all below it.
        under_org_unit_id: OrgUnitId,
        /// Only imports in this state.
        state: ImportState,
        /// Only files of this format.
        format: ImportFormat,
        /// Only dry runs, or only imports that add.
        is_dry_run: bool,
        /// Only imports that this account sent.
        created_by: Uuid,
        /// Only imports sent at this instant or later.
        created_from: DateTime<Utc>,
        /// Only imports sent before this instant.
        created_before: DateTime<Utc>,
    }
}

crate::list_query! {
    /// Filters of the list of verdicts.
    ParticipantImportRowQuery sort ["line"] without q {
        /// Only rows with this verdict.
        verdict: RowVerdict,
        /// Only the row of this line.
        #[param(minimum = 1)]
        line: i32,
    }
}
