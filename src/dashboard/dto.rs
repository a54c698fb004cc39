//! Dashboards as the API shows them.

use crate::campaigns::model::CampaignState;
use crate::ids::{CampaignId, OrgUnitId};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// What a dashboard shows.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields, default)]
pub struct OverviewQuery {
    /// Campaign; the latest one that the caller can see when absent.
    pub campaign_id: Option<CampaignId>,
    /// Only this body and all below it; the caller's whole scope when absent.
    pub org_unit_id: Option<OrgUnitId>,
}

/// The figures of a campaign, as far as the caller's scope goes, all of one instant.
#[derive(Debug, Serialize, ToSchema)]
pub struct OverviewOut {
    /// Instant of the figures, by the domain's clock.
    pub as_of: DateTime<Utc>,
    /// The campaign.
    pub campaign: OverviewCampaign,
    /// Body whose subtree is shown; null for the caller's whole scope.
    pub org_unit_id: Option<OrgUnitId>,
    /// Sites.
    pub sites: SiteFigures,
    /// Nominations of the districts (R4).
    pub nominations: NominationFigures,
    /// Activities.
    pub activities: ActivityFigures,
    /// Guests.
    pub guests: GuestFigures,
    /// Head counts of sites where people were counted without names; never added to the guests.
    pub head_counts: HeadCountFigures,
    /// Reports.
    pub reports: ReportStateFigures,
    /// Where each figure can be drilled into: the lists that it counts, narrowed to the same body.
    pub links: OverviewLinks,
}

/// The campaign that is shown.
#[derive(Debug, Serialize, ToSchema)]
#[allow(missing_docs)]
pub struct OverviewCampaign {
    pub id: CampaignId,
    pub name: String,
    pub year: i32,
    pub state: CampaignState,
    /// First day of the window, included.
    pub event_from: NaiveDate,
    /// Last day of the window, included.
    pub event_to: NaiveDate,
    /// Reports are in time before this day begins.
    pub report_due_before: NaiveDate,
}

/// Sites by state.
#[derive(Debug, Serialize, ToSchema)]
#[allow(missing_docs)]
pub struct SiteFigures {
    pub total: i64,
    pub draft: i64,
    pub nominated: i64,
    pub shortlisted: i64,
    pub selected: i64,
    pub not_selected: i64,
    pub scheduled: i64,
    pub held: i64,
    pub closed: i64,
    /// Provincial pilot sites, whatever their state.
    pub provincial_pilots: i64,
    /// How many the province selects (R3).
    pub provincial_pilots_required: i32,
}

/// Nominations by district.
#[derive(Debug, Serialize, ToSchema)]
pub struct NominationFigures {
    /// Sites each district nominates at least (R4).
    pub required_of_each: i32,
    /// Districts that have nominated fewer.
    pub missing_count: usize,
    /// Each district.
    pub districts: Vec<DistrictNominations>,
}

/// Nominations of one district.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct DistrictNominations {
    /// The district committee.
    pub org_unit_id: OrgUnitId,
    /// Its name.
    pub name: String,
    /// Sites it nominated, whatever became of them.
    pub nominated: i64,
    /// Whether it has nominated fewer than required.
    pub is_missing: bool,
}

/// Activities by state.
#[derive(Debug, Serialize, ToSchema)]
#[allow(missing_docs)]
pub struct ActivityFigures {
    pub total: i64,
    pub planned: i64,
    pub held: i64,
    pub cancelled: i64,
}

/// Guests of all sites. Entries, persons and present are three figures.
#[derive(Debug, Serialize, ToSchema)]
pub struct GuestFigures {
    /// Guests on the lists, whatever their state.
    pub listed: i64,
    /// Guests who were invited, those who answered included.
    pub invited: i64,
    /// Guests who accepted.
    pub accepted: i64,
    /// Guests who declined.
    pub declined: i64,
    /// Entries (lượt).
    pub entries: i64,
    /// Distinct guests who came (người), each counted once at each site.
    pub persons: i64,
    /// Guests who are there now.
    pub present: i64,
}

/// People counted without names. Guests of the list may be among them, so they are never added to persons or entries.
#[derive(Debug, Serialize, ToSchema)]
pub struct HeadCountFigures {
    /// Sites at which somebody counted.
    pub counted_sites: i64,
    /// The highest count that holds of each of these sites, added up over the sites.
    pub highest_sum: i64,
}

/// Reports by state.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReportStateFigures {
    /// Bodies that owe a report.
    pub expected: i64,
    /// Of these, bodies that have submitted at least once.
    pub submitted: i64,
    /// Of these, bodies whose first submission was in time (R2).
    pub in_time: i64,
    /// Of these, bodies whose first submission was late.
    pub late: i64,
    /// Reports that wait to be looked at.
    pub waiting: i64,
    /// Reports that were returned and not yet submitted again.
    pub returned: i64,
    /// Reports that were accepted.
    pub accepted: i64,
    /// Bodies that have not submitted.
    pub missing: i64,
    /// Submitted of expected, in percent, one decimal, rounded down; null when none is expected.
    #[schema(minimum = 0, maximum = 100)]
    pub completeness_percent: Option<f64>,
}

/// Lists behind the figures.
#[derive(Debug, Serialize, ToSchema)]
#[allow(missing_docs)]
pub struct OverviewLinks {
    pub sites: String,
    pub nominations: String,
    pub activities: String,
    pub participants: String,
    /// The counts that hold.
    pub head_counts: String,
    pub reports: String,
    pub map: String,
}
