//! Bodies of a bulk acceptance.

use crate::ids::{CampaignId, OrgUnitId, ReportId};
use crate::org_units::model::OrgUnitKind;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

/// Which reports are meant. Only submitted ones ever are; what is left out does not narrow them.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct BulkAcceptFilter {
    /// Only reports of this body and of all below it.
    pub under_org_unit_id: Option<OrgUnitId>,
    /// Only reports owed to this body, as the desk counts them.
    pub to_org_unit_id: Option<OrgUnitId>,
    /// Only reports of bodies of this kind.
    pub org_unit_kind: Option<OrgUnitKind>,
    /// Only reports that came late, or in time.
    pub is_late: Option<bool>,
    /// Only reports last submitted before this instant.
    pub submitted_before: Option<DateTime<Utc>>,
    /// Only these reports; the answer names those of them that were left out.
    #[schema(max_items = 5000)]
    pub ids: Option<Vec<ReportId>>,
}

/// What to accept, and how many reports the caller expects that to be.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"filter": {"org_unit_kind": "district_committee", "is_late": false}, "expected_count": 9}))]
pub struct BulkAcceptIn {
    /// Which reports are meant.
    #[serde(default)]
    pub filter: BulkAcceptFilter,
    /// Reports that will be accepted, those of the caller's own unit and those owed to a body above it not counted.
    #[schema(minimum = 0, maximum = 5000)]
    pub expected_count: i64,
}

/// A report that was accepted.
#[derive(Debug, PartialEq, Eq, Serialize, ToSchema)]
#[allow(missing_docs)]
pub struct BulkAcceptedReport {
    pub report_id: ReportId,
    pub org_unit_id: OrgUnitId,
    /// Its version now.
    pub version: i32,
}

/// Why a report was left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum BulkExclusion {
    /// It is of the caller's own unit, or the caller submitted it: nobody accepts their own.
    OwnUnit,
    /// It was named, and is not submitted, or does not match the rest of the filter.
    NoMatch,
    /// It was named, and there is no such report of the campaign in the caller's reach.
    NotFound,
}

/// A report that was left out.
#[derive(Debug, PartialEq, Eq, Serialize, ToSchema)]
#[allow(missing_docs)]
pub struct BulkExcludedReport {
    pub report_id: ReportId,
    pub reason: BulkExclusion,
}

/// What a bulk acceptance did.
#[derive(Debug, Serialize, ToSchema)]
#[allow(missing_docs)]
pub struct BulkAcceptOut {
    pub campaign_id: CampaignId,
    /// Length of `accepted`: what was expected.
    pub accepted_count: i64,
    /// The reports that were accepted, by their ids.
    pub accepted: Vec<BulkAcceptedReport>,
    /// Those that match and are of the caller's own unit, and those that were named and do not match.
    pub excluded: Vec<BulkExcludedReport>,
}
