//! What may be done in a campaign, and when.

use super::model::{Campaign, CampaignState};
use crate::error::AppError;

/// 409 once the campaign is closed: its figures are final.
pub fn check_open(campaign: &Campaign) -> Result<(), AppError> {
    match campaign.state {
        CampaignState::Closed => Err(AppError::invalid_transition(campaign.state.as_str(), "change")),
        CampaignState::Draft | CampaignState::Issued | CampaignState::Running | CampaignState::Reporting => Ok(()),
    }
}
