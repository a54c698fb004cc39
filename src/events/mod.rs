//! The change feed: what changed, written in the transaction of the change, read by a durable cursor.

pub mod dto;
pub mod feed;
pub mod handlers;
pub mod queries;

use crate::auth::Action;
use crate::ids::{CampaignId, OrgUnitId};
use crate::routes::Routes;
use uuid::Uuid;

/// One change, about to be written.
#[derive(Debug, Clone)]
pub struct Event<'a> {
    /// Campaign; none for what belongs to no campaign.
    pub campaign_id: Option<CampaignId>,
    /// Unit by which scope is judged.
    pub org_unit_id: OrgUnitId,
    /// Kind of the object: the singular of its path, such as `site`.
    pub resource: &'static str,
    /// The object.
    pub resource_id: Uuid,
    /// Its version after the change.
    pub version: i32,
    /// What was done, such as `created` or `nominated`.
    pub action: &'a str,
    /// State before and after, a reason; no personal data.
    pub data: serde_json::Value,
}

/// The kinds of objects that events tell of, each with the permission to read such an object: who may not read the
/// object is not told of its changes.
pub const RESOURCES: &[(&str, Action)] = &[
    ("org_unit", Action::OrgUnitRead),
    ("user", Action::UserRead),
    ("api_client", Action::UserRead),
    ("webhook", Action::UserRead),
    ("campaign", Action::CampaignRead),
    ("plan", Action::PlanRead),
    ("plan_obligation", Action::PlanRead),
    ("duty", Action::DutyRead),
    ("inspection", Action::InspectionRead),
    ("guidance_note", Action::GuidanceRead),
    ("document", Action::PlanRead),
    ("checklist_item", Action::CampaignRead),
    ("processing_purpose", Action::CampaignRead),
    ("site", Action::SiteRead),
    ("activity_kind", Action::CampaignRead),
    ("activity", Action::ActivityRead),
    ("participant", Action::ParticipantRead),
    ("data_request", Action::DataRequestRead),
    ("participant_import", Action::ParticipantRead),
    ("delegate", Action::DelegateRead),
    ("check_in", Action::CheckInRead),
    ("head_count", Action::CheckInRead),
    ("device", Action::DeviceRead),
    ("report_form", Action::CampaignRead),
    ("report_obligation", Action::ReportRead),
    ("reminder_stage", Action::CampaignRead),
    ("reminder", Action::ReportRead),
    ("report", Action::ReportRead),
    ("consolidation", Action::ConsolidationRead),
    ("commendation", Action::ResultRead),
    ("gift", Action::ResultRead),
    ("grassroots_model", Action::ResultRead),
    ("media_item", Action::ResultRead),
    ("pledge", Action::ResultRead),
    ("opinion", Action::ResultRead),
    ("obstacle", Action::ResultRead),
    ("budget_line", Action::ResultRead),
];

/// Routes.
pub fn configure(config: &mut impl Routes) {
    config.service(handlers::list_changes);
}

#[cfg(test)]
mod tests {
    use super::RESOURCES;
    use crate::auth::Action;
    use crate::auth::policy::{Reach, Role, reach};
    use std::collections::BTreeSet;
    use std::path::Path;

    fn sources(folder: &Path, texts: &mut Vec<String>) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                sources(&path, texts);
            } else {
                texts.push(std::fs::read_to_string(&path).unwrap());
            }
        }
    }

    #[test]
    fn nothing_is_told_of_an_object_without_a_permission_to_read_it() {
        let mut texts = Vec::new();
        sources(Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/src")), &mut texts);
        let literals = texts.iter().flat_map(|text| text.split("resource: \"").skip(1)).filter_map(|rest| rest.split('"').next());
        let told: BTreeSet<&str> = literals.filter(|name| name.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_')).collect();
        let known: BTreeSet<&str> = RESOURCES.iter().map(|(name, _)| *name).filter(|name| *name != "check_in").collect();
        assert_eq!(told, known, "the resources of `Event`s on the left, those of RESOURCES on the right");
        assert!(include_str!("../check_ins/log.sql").contains("'check_in'"), "the only one that is not written by an `Event`");
    }

    #[test]
    fn who_may_read_an_object_may_read_it_as_far_as_the_feed_reaches() {
        let width = |reach: Reach| match reach {
            Reach::Subtree => 0,
            Reach::Province => 1,
            Reach::Everything => 2,
        };
        for role in Role::ALL {
            let Some(feed) = reach(*role, Action::ChangesRead) else { continue };
            for (resource, action) in RESOURCES {
                assert!(reach(*role, *action).is_none_or(|own| width(own) >= width(feed)), "{role} {resource}");
            }
        }
    }
}
