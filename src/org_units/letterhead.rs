//! What a paper of a body has at its head and at its foot.

use super::model::{OrgLevel, OrgUnit, OrgUnitKind};
use super::queries;
use crate::auth::Scope;
use crate::db::Conn;
use crate::error::AppError;
use crate::ids::OrgUnitId;
use crate::official_document::{Header, Signature};
use crate::plans::model::Plan;

/// A body that issues a paper, and the one above it.
#[derive(Debug, Clone)]
pub struct Letterhead {
    /// The body.
    pub unit: OrgUnit,
    /// The body above it, as far as the caller can read it.
    pub above: Option<OrgUnit>,
}

impl Letterhead {
    /// The letterhead of a body that the caller can read.
    pub async fn of(conn: &Conn, scope: &Scope, id: OrgUnitId) -> Result<Self, AppError> {
        let unit = queries::find(conn, scope, id).await?;
        let above = queries::ancestors(conn, scope, &unit).await?.pop();
        Ok(Self { unit, above })
    }

    /// The head of a paper of a kind (“BC”). Number and day are the clerk's; the place is that of the body's plan.
    pub fn header(&self, kind: &str, plan: Option<&Plan>, year: i32) -> Header {
        Header {
            // No committee prints the central one above its name.
            superior: self.above.as_ref().filter(|above| above.level != OrgLevel::Central).map(|above| above.name.clone()),
            issuer: self.unit.name.clone(),
            number: None,
            symbol: format!("{kind}-{}", mark(self.unit.kind)),
            place: self.own(plan).and_then(|plan| plan.issue_place.clone()),
            issued_on: None,
            year,
        }
    }

    /// Who signs: by the body's own plan where it has one; the name is left to who signs.
    pub fn signature(&self, plan: Option<&Plan>) -> Signature {
        let plan = self.own(plan);
        let head = if is_committee(self.unit.kind) { "Trưởng Ban" } else { "Thủ trưởng đơn vị" };
        Signature {
            title: plan.and_then(|plan| plan.signatory_title.clone()).unwrap_or_else(|| head.to_owned()),
            capacity: None,
            post: plan.and_then(|plan| plan.signatory_post.clone()),
            name: None,
        }
    }

    /// The body above, for whom a report is meant.
    pub fn recipients(&self) -> Vec<String> {
        self.above.iter().map(|above| above.name.clone()).collect()
    }

    fn own<'p>(&self, plan: Option<&'p Plan>) -> Option<&'p Plan> {
        plan.filter(|plan| plan.org_unit_id == self.unit.id)
    }
}

fn is_committee(kind: OrgUnitKind) -> bool {
    use OrgUnitKind::{CentralCommittee, CommuneCommittee, DistrictCommittee, ProvincialCommittee};
    matches!(kind, CentralCommittee | ProvincialCommittee | DistrictCommittee | CommuneCommittee)
}

/// The issuer in a symbol; dots where only the body knows its own.
fn mark(kind: OrgUnitKind) -> &'static str {
    match kind {
        kind if is_committee(kind) => "BCĐ",
        OrgUnitKind::ProvincialPolice => "CAT",
        OrgUnitKind::DistrictPolice => "CAH",
        OrgUnitKind::CommunePolice => "CAX",
        OrgUnitKind::PeoplesCommittee => "UBND",
        _ => "…",
    }
}
