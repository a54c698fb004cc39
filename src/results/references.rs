//! What the rows of the ledgers may name: sites, activities and bodies in the caller's reach.

use crate::auth::{Action, Scope};
use crate::call::Call;
use crate::db::Conn;
use crate::error::AppError;
use crate::ids::{ActivityId, CampaignId, OrgUnitId, SiteId};
use crate::{activities, org_units, sites};

/// How far each kind of reference reaches for one caller.
pub struct References {
    sites: Scope,
    activities: Scope,
    bodies: Scope,
}

impl References {
    /// Those of a caller, or 403.
    pub fn of(call: &Call) -> Result<Self, AppError> {
        Ok(Self {
            sites: call.authorize(Action::SiteRead)?,
            activities: call.authorize(Action::ActivityRead)?,
            bodies: call.authorize(Action::OrgUnitRead)?,
        })
    }

    /// 422 for a site or an activity of another campaign or out of reach.
    pub async fn check(
        &self,
        conn: &Conn,
        campaign: CampaignId,
        site: Option<SiteId>,
        activity: Option<ActivityId>,
    ) -> Result<(), AppError> {
        if let Some(site) = site {
            sites::queries::find_reference(conn, &self.sites, campaign, site, "/site_id").await?;
        }
        if let Some(activity) = activity {
            activities::queries::find_reference(conn, &self.activities, campaign, activity, "/activity_id").await?;
        }
        Ok(())
    }

    /// 422 at `pointer` for a body out of reach: any body of the province may be named.
    pub async fn check_unit(&self, conn: &Conn, unit: Option<OrgUnitId>, pointer: &str) -> Result<(), AppError> {
        match unit {
            Some(unit) => org_units::queries::find_reference(conn, &self.bodies, unit, pointer).await,
            None => Ok(()),
        }
    }
}
