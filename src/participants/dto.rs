//! Participants as the API takes and shows them.

use super::model::{Participant, ParticipantCategory, ParticipantKind, ParticipantState};
use super::template::InvitationTemplate;
use crate::ids::{CampaignId, OrgUnitId, ParticipantId, SiteId};
use crate::patch::Patch;
use crate::text::Line;
use crate::warning::Warning;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

/// A new guest of a site, which gives the campaign and the organiser.
#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"site_id": "018b2f19-e79e-7d6a-a56d-29feb6211b04", "kind": "collective", "category": "commended", "full_name": "Tổ an ninh tự quản bản Mường Lai", "organisation": "Xã Mường Lai", "representative_name": "Hoàng Văn An"}))]
pub struct ParticipantIn {
    /// Site where the guest is invited.
    pub site_id: SiteId,
    /// A person or a collective.
    pub kind: ParticipantKind,
    /// In what quality the guest comes (II.2.2.2).
    pub category: ParticipantCategory,
    /// Name of the person or of the collective, whole.
    pub full_name: Line,
    /// Post or rank.
    pub title: Option<Line>,
    /// Body the guest comes from.
    pub organisation: Option<Line>,
    /// Who represents the collective; not for a person.
    pub representative_name: Option<Line>,
}

/// Changes of a participant (JSON Merge Patch).
#[derive(Debug, Clone, Default, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"title": "Trưởng bản", "organisation": null}))]
pub struct ParticipantPatch {
    /// In what quality the guest comes.
    #[serde(default)]
    #[schema(value_type = ParticipantCategory, required = false)]
    pub category: Patch<ParticipantCategory>,
    /// Name of the person or of the collective, whole.
    #[serde(default)]
    #[schema(value_type = Line, required = false)]
    pub full_name: Patch<Line>,
    /// Post or rank.
    #[serde(default)]
    #[schema(value_type = Option<Line>)]
    pub title: Patch<Line>,
    /// Body the guest comes from.
    #[serde(default)]
    #[schema(value_type = Option<Line>)]
    pub organisation: Patch<Line>,
    /// Who represents the collective; not for a person.
    #[serde(default)]
    #[schema(value_type = Option<Line>)]
    pub representative_name: Patch<Line>,
}

/// A guest does not come.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"reason": "Bận công tác"}))]
pub struct ParticipantDeclineIn {
    /// Why, where the guest said so.
    pub reason: Option<Line>,
}

/// A participant: a guest of one site.
#[derive(Debug, Serialize, ToSchema)]
#[allow(missing_docs)]
pub struct ParticipantOut {
    pub id: ParticipantId,
    pub campaign_id: CampaignId,
    pub site_id: SiteId,
    /// Body that organises the site.
    pub org_unit_id: OrgUnitId,
    pub kind: ParticipantKind,
    pub category: ParticipantCategory,
    pub state: ParticipantState,
    pub full_name: String,
    /// Post or rank.
    pub title: Option<String>,
    /// Body the guest comes from.
    pub organisation: Option<String>,
    /// Who represents the collective.
    pub representative_name: Option<String>,
    pub invited_at: Option<DateTime<Utc>>,
    /// When the latest answer was recorded.
    pub responded_at: Option<DateTime<Utc>>,
    pub decline_reason: Option<String>,
    /// Entries (lượt) logged at check-in.
    pub entry_count: i32,
    /// Whether the latest check-in operation is an entry.
    pub is_present: bool,
    /// First entry, by the clock of the device.
    pub first_entered_at: Option<DateTime<Utc>>,
    /// What departs from the plan's template; never a refusal (S58). Given with answers to writes.
    pub warnings: Vec<Warning>,
    pub version: i32,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

impl ParticipantOut {
    /// A participant with what is to be pointed out.
    pub fn new(participant: Participant, warnings: Vec<Warning>) -> Self {
        let Participant {
            campaign_id,
            id,
            site_id,
            org_unit_id,
            kind,
            category,
            state,
            full_name,
            title,
            organisation,
            representative_name,
            invited_at,
            responded_at,
            decline_reason,
            entry_count,
            is_present,
            first_entered_at,
            version,
            created_at,
            updated_at,
        } = participant;
        Self {
            id,
            campaign_id,
            site_id,
            org_unit_id,
            kind,
            category,
            state,
            full_name,
            title,
            organisation,
            representative_name,
            invited_at,
            responded_at,
            decline_reason,
            entry_count,
            is_present,
            first_entered_at,
            warnings,
            version,
            created_at,
            updated_at,
        }
    }
}

/// The pass of a guest.
#[derive(Debug, Serialize, ToSchema)]
pub struct ParticipantPassOut {
    /// The guest.
    pub participant_id: ParticipantId,
    /// Site where the guest is invited.
    pub site_id: SiteId,
    /// Its name.
    pub site_name: String,
    /// When it begins.
    pub starts_at: Option<DateTime<Utc>>,
    /// The signed text.
    pub pass: String,
    /// The same as a QR code: an SVG picture.
    #[schema(max_length = 200_000)]
    pub svg: String,
}

/// What became of inviting all listed guests of a site.
#[derive(Debug, Serialize, ToSchema)]
pub struct InvitationsOut {
    /// The site.
    pub site_id: SiteId,
    /// Guests that this call invited.
    pub newly_invited_count: i64,
    /// Guests on the list, whatever their state.
    pub listed_count: i32,
    /// Guests who were invited, those who answered included.
    pub invited_count: i32,
    /// Guests who accepted.
    pub accepted_count: i32,
    /// Guests who declined.
    pub declined_count: i32,
    /// Categories among the newly invited that the plan's template does not name; never a refusal (S58).
    pub warnings: Vec<Warning>,
}

/// A category that the plan has invited to a site.
#[derive(Debug, Serialize, ToSchema)]
pub struct TemplateCategoryOut {
    /// The category.
    pub category: ParticipantCategory,
    /// Number of the plan's group that it belongs to.
    pub group_no: i32,
    /// What it is called, in Vietnamese.
    #[schema(example = "Người có uy tín trong cộng đồng dân cư")]
    pub label_vi: String,
    /// What it is called, in English.
    #[schema(example = "Persons of standing in the community")]
    pub label_en: String,
}

/// Whom the plan has invited to a site.
#[derive(Debug, Serialize, ToSchema)]
pub struct InvitationTemplateOut {
    /// The site.
    pub site_id: SiteId,
    /// `a` for a provincial pilot site, `b` for any other.
    pub template: InvitationTemplate,
    /// Rule of the plan; null where no issued plan states it.
    #[schema(example = "R11")]
    pub rule_id: Option<String>,
    /// Clause of the plan.
    #[schema(example = "II.2.2.2.b")]
    pub clause: Option<String>,
    /// The categories, in the plan's order.
    pub categories: Vec<TemplateCategoryOut>,
}

/// Guests of a site, counted.
#[derive(Debug, Clone, Copy, Default, Serialize, ToSchema)]
pub struct AttendanceCounts {
    /// Guests on the list, whatever their state.
    pub listed_count: i64,
    /// Guests who were invited, those who answered included.
    pub invited_count: i64,
    /// Guests who accepted.
    pub accepted_count: i64,
    /// Guests who declined.
    pub declined_count: i64,
    /// Entries (lượt): entry operations logged; one guest who comes in twice counts twice.
    pub entry_count: i64,
    /// Guests (người) with at least one entry; a collective counts as one guest.
    pub person_count: i64,
    /// Guests whose latest operation is an entry.
    pub present_count: i64,
}

/// Guests of a site in one category, counted.
#[derive(Debug, Serialize, ToSchema)]
pub struct CategoryAttendanceOut {
    /// The category.
    pub category: ParticipantCategory,
    /// Its figures.
    pub counts: AttendanceCounts,
}

/// Who was invited to a site, who answered and who came.
#[derive(Debug, Serialize, ToSchema)]
pub struct AttendanceOut {
    /// The site.
    pub site_id: SiteId,
    /// When it was counted, by the domain's clock.
    pub as_of: DateTime<Utc>,
    /// All categories together.
    pub total: AttendanceCounts,
    /// The categories that have guests.
    pub by_category: Vec<CategoryAttendanceOut>,
}

crate::list_query! {
    /// Filters of the list of participants.
    ParticipantQuery sort ["created_at", "updated_at"] {
        /// Only participants of this campaign.
        campaign_id: CampaignId,
        /// Only guests of this site.
        site_id: SiteId,
        /// Only guests of sites that this body organises.
        org_unit_id: OrgUnitId,
        /// Only guests of sites of this body and of all below it.
        under_org_unit_id: OrgUnitId,
        /// Only persons, or only collectives.
        kind: ParticipantKind,
        /// Only participants of this category.
        category: ParticipantCategory,
        /// Only participants in this state.
        state: ParticipantState,
        /// Only those who are, or are not, there at this moment.
        is_present: bool,
        /// Only those who have, or have not, entered at least once.
        has_attended: bool,
    }
}
