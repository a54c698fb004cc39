//! The results of a campaign as the API shows them.

use crate::ids::{CampaignId, OrgUnitId};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// Of which part of the organisation.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ResultsQuery {
    /// Only what this body and those below it recorded; all in the caller's reach when absent.
    pub org_unit_id: Option<OrgUnitId>,
}

/// One total of a ledger.
#[derive(Debug, Serialize, ToSchema)]
pub struct ResultTotalOut {
    /// The ledger.
    #[schema(example = "commendations")]
    pub ledger: &'static str,
    /// Kind within it: the form of a commendation, the category of recipients of a gift, the kind of a media item, the
    /// source of money, the state of a model, an opinion or an obstacle; null for all of them together.
    #[schema(example = "giay_khen")]
    pub kind: Option<&'static str>,
    /// What is totalled.
    #[schema(example = "count")]
    pub measure: &'static str,
    /// What that is called, in the language of the answer.
    pub label: String,
    /// The total.
    pub value: i64,
    /// The list that it is the total of, for the caller.
    #[schema(example = "/api/v1/commendations?campaign_id=018b2f19-e79e-7d6a-a56d-29feb6211b04&award_form=giay_khen")]
    pub link: String,
}

/// The results of a campaign.
#[derive(Debug, Serialize, ToSchema)]
pub struct CampaignResultsOut {
    /// The campaign.
    pub campaign_id: CampaignId,
    /// The body asked for; null for all in the caller's reach.
    pub org_unit_id: Option<OrgUnitId>,
    /// When it was counted.
    pub as_of: DateTime<Utc>,
    /// Every ledger in all and by kind, zeros too.
    #[schema(max_items = 500)]
    pub totals: Vec<ResultTotalOut>,
    /// Entries at the sites (lượt): visits, not persons.
    pub attendance_count: i64,
    /// Spent on the budget lines for each entry, whole đồng, rounded down; null where nobody has come in.
    pub cost_per_attendance_vnd: Option<i64>,
}
