//! The guests of one site as the API takes and shows them: template, invitations, reminders, figures.

use super::model::{AgeGroup, InvitationChannel, ParticipantCategory};
use super::template::InvitationTemplate;
use crate::head_counts::dto::HeadCountOut;
use crate::ids::{InvitationReminderId, ParticipantId, SiteId};
use crate::text::Prose;
use crate::warning::Warning;
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;
use validator::Validate;

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
    /// Whether the site put a list of its own in the place of the plan's (S58).
    pub is_adapted: bool,
    /// Why it was adapted.
    pub reason: Option<String>,
    /// When the list changed last; null while it never did.
    pub changed_at: Option<DateTime<Utc>>,
    /// Rule of the plan; null where no issued plan states it.
    #[schema(example = "R11")]
    pub rule_id: Option<String>,
    /// Clause of the plan.
    #[schema(example = "II.2.2.2.b")]
    pub clause: Option<String>,
    /// The categories: in the plan's order, or in the site's.
    pub categories: Vec<TemplateCategoryOut>,
    /// Another for each list, and for each of the plan's two templates.
    pub version: i32,
}

/// The list of categories that a site invites instead of the plan's (S58).
#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"categories": ["local_leader", "movement_force", "commended", "community_elder", "resident"], "reason": "Mời thêm đại diện các hộ dân trong bản."}))]
pub struct InvitationTemplateIn {
    /// Categories, none twice.
    #[schema(min_items = 1, max_items = 11)]
    pub categories: Vec<ParticipantCategory>,
    /// Why the list departs from the plan's.
    pub reason: Prose,
}

/// What became of sending all prepared invitations of a site.
#[derive(Debug, Serialize, ToSchema)]
pub struct InvitationsSentOut {
    /// The site.
    pub site_id: SiteId,
    /// Invitations that this call recorded as sent.
    pub newly_sent_count: i64,
    /// Guests who were invited, those who answered included.
    pub invited_count: i64,
    /// Invitations sent in all.
    pub sent_count: i64,
}

/// All prepared invitations of a site leave.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"channel": "paper"}))]
pub struct InvitationsSendIn {
    /// How they went.
    pub channel: InvitationChannel,
    /// When; now when absent, never later.
    pub sent_at: Option<DateTime<Utc>>,
    /// Only guests of this category.
    pub category: Option<ParticipantCategory>,
}

/// Guests who were sent an invitation and have not answered are reminded.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"channel": "phone", "category": "community_elder"}))]
pub struct InvitationRemindIn {
    /// How they are reminded.
    pub channel: InvitationChannel,
    /// Only guests of this category.
    pub category: Option<ParticipantCategory>,
    /// Only invitations sent before this instant; all when absent.
    pub sent_before: Option<DateTime<Utc>>,
}

/// Who was reminded.
#[derive(Debug, Serialize, ToSchema)]
pub struct InvitationRemindersOut {
    /// The site.
    pub site_id: SiteId,
    /// Day in Viet Nam; each guest is reminded once a day at the most.
    pub reminded_on: NaiveDate,
    /// Guests that this call reminded.
    pub reminded_count: i64,
    /// Guests who had been reminded that day before.
    pub skipped_count: i64,
    /// Guests, of those asked for, who are invited but whose invitation has not been sent: they are not reminded.
    pub unsent_count: i64,
}

/// One reminder of one invitation.
#[derive(Debug, Serialize, ToSchema)]
#[allow(missing_docs)]
pub struct InvitationReminderOut {
    pub id: InvitationReminderId,
    pub site_id: SiteId,
    pub participant_id: ParticipantId,
    pub channel: InvitationChannel,
    /// Day in Viet Nam.
    pub reminded_on: NaiveDate,
    pub reminded_at: DateTime<Utc>,
    /// Account that recorded it.
    pub reminded_by: Uuid,
}

crate::list_query! {
    /// Filters of the list of reminders.
    InvitationReminderQuery sort ["reminded_at"] without q {
        /// Only reminders of this guest.
        participant_id: ParticipantId,
        /// Only reminders of this day in Viet Nam.
        reminded_on: NaiveDate,
        /// Only reminders sent this way.
        channel: InvitationChannel,
    }
}

/// Guests of one cell of a composition, counted. Each figure is the length of a list of participants: with `site_id` and
/// the cell's `category` and `age_band`, and `was_invited=true`, `state=accepted` or `has_attended=true`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct CompositionCounts {
    /// Guests on the list, whatever their state.
    pub listed_count: i64,
    /// Guests who were invited, those who answered included.
    pub invited_count: i64,
    /// Guests who accepted.
    pub accepted_count: i64,
    /// Guests with at least one entry.
    pub attended_count: i64,
}

/// Guests of one category.
#[derive(Debug, Serialize, ToSchema)]
pub struct CategoryCompositionOut {
    /// The category.
    pub category: ParticipantCategory,
    /// Its figures.
    pub counts: CompositionCounts,
}

/// Guests of one band of age.
#[derive(Debug, Serialize, ToSchema)]
pub struct AgeCompositionOut {
    /// The band, or `unknown`.
    pub age_band: AgeGroup,
    /// Its figures.
    pub counts: CompositionCounts,
}

/// Guests of one category and one band of age.
#[derive(Debug, Serialize, ToSchema)]
pub struct CompositionCellOut {
    /// The category.
    pub category: ParticipantCategory,
    /// The band, or `unknown`.
    pub age_band: AgeGroup,
    /// Its figures.
    pub counts: CompositionCounts,
}

/// Of whom the guests of a site are made up (S55).
#[derive(Debug, Serialize, ToSchema)]
pub struct CompositionOut {
    /// The site.
    pub site_id: SiteId,
    /// When it was counted, by the domain's clock.
    pub as_of: DateTime<Utc>,
    /// All guests.
    pub total: CompositionCounts,
    /// The categories that have guests; together they are the total.
    pub by_category: Vec<CategoryCompositionOut>,
    /// All bands and `unknown`; together they are the total.
    pub by_age_band: Vec<AgeCompositionOut>,
    /// The pairs of category and band that have guests; together they are the total.
    pub cells: Vec<CompositionCellOut>,
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
    /// The highest head count that holds: everybody who was there at one moment, listed or not. Never added to the guests. Null when
    /// nobody counted.
    pub head_count: Option<HeadCountOut>,
}
