//! When heads are counted, and by whom.

use crate::auth::Actor;
use crate::error::{AppError, FieldError, message};
use crate::ids::{OrgUnitId, SiteId};
use crate::sites::model::{Site, SiteState};

/// 409 unless people come to the site: from its schedule on until it is closed.
pub fn check_site(site: &Site) -> Result<(), AppError> {
    match site.state {
        SiteState::Scheduled | SiteState::Held => Ok(()),
        state => Err(AppError::invalid_transition(state.as_str(), "count_heads")),
    }
}

/// 422 for a site that is not one of the device's own.
pub fn check_own_site(actor: &Actor, site: SiteId) -> Result<(), AppError> {
    match &actor.site_ids {
        Some(own) if !own.contains(&site) => Err(AppError::field(FieldError::unknown_reference("/site_id"))),
        _ => Ok(()),
    }
}

/// 422 when a count is said to put right one of another site.
pub fn check_same_site(site: (SiteId, OrgUnitId), corrected: (SiteId, OrgUnitId)) -> Result<(), AppError> {
    if site == corrected {
        return Ok(());
    }
    let text = message("Lần đếm được sửa thuộc địa bàn khác.", "The count to put right is of another site.");
    Err(AppError::field(FieldError::new("/supersedes_id", "other_site", text)))
}
