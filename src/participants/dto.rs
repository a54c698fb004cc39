//! Participants as the API takes and shows them.

use super::model::{
    AgeBand, AgeGroup, InvitationChannel, InvitationState, Participant, ParticipantCategory, ParticipantKind, ParticipantOrigin,
    ParticipantState,
};
use crate::ids::{CampaignId, OrgUnitId, ParticipantId, ParticipantImportId, SiteId};
use crate::patch::Patch;
use crate::text::Line;
use crate::warning::Warning;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;
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
    /// Band of age; not for a collective. No birthday is kept.
    pub age_band: Option<AgeBand>,
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
    /// Band of age; not for a collective.
    #[serde(default)]
    #[schema(value_type = Option<AgeBand>)]
    pub age_band: Patch<AgeBand>,
}

/// A guest comes.
#[derive(Debug, Default, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"answered_by": "Chánh Văn phòng Huyện ủy"}))]
pub struct ParticipantAcceptIn {
    /// Who gave the answer, where it was not the guest.
    pub answered_by: Option<Line>,
}

/// A guest does not come.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"reason": "Bận công tác"}))]
pub struct ParticipantDeclineIn {
    /// Why, where the guest said so.
    pub reason: Option<Line>,
    /// Who gave the answer, where it was not the guest.
    pub answered_by: Option<Line>,
}

/// An invitation left.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"channel": "paper"}))]
pub struct InvitationSendIn {
    /// How it went.
    pub channel: InvitationChannel,
    /// When; now when absent, never later.
    pub sent_at: Option<DateTime<Utc>>,
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
    /// Who gave the latest answer, where it was not the guest.
    pub answered_by: Option<String>,
    /// Band of age; null when it is not known, and for a collective.
    pub age_band: Option<AgeBand>,
    /// Number of the invitation at its site, from 1; printed with two digits at least. Never used again.
    pub invitation_no: Option<i32>,
    /// Where the invitation stands; null before the guest is invited.
    pub invitation_state: Option<InvitationState>,
    /// How the invitation was sent.
    pub sent_channel: Option<InvitationChannel>,
    pub sent_at: Option<DateTime<Utc>>,
    /// Account that recorded it as sent.
    pub sent_by: Option<Uuid>,
    /// When who it is was erased, for ever; null while it is not.
    pub erased_at: Option<DateTime<Utc>>,
    /// How the guest came onto the list.
    pub origin: ParticipantOrigin,
    /// Who this guest is: what the log has of this one counts there, and nothing here; null while it is not merged.
    pub merged_into_id: Option<ParticipantId>,
    pub merged_at: Option<DateTime<Utc>>,
    /// Account that merged it.
    pub merged_by: Option<Uuid>,
    /// Why the two are one.
    pub merge_reason: Option<String>,
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
        let invitation_state = participant.invitation_state();
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
            age_band,
            invitation_no,
            sent_channel,
            sent_at,
            sent_by,
            answered_by,
            erased_at,
            origin,
            merged_into_id,
            merged_at,
            merged_by,
            merge_reason,
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
            answered_by,
            age_band,
            invitation_no,
            invitation_state,
            sent_channel,
            sent_at,
            sent_by,
            erased_at,
            origin,
            merged_into_id,
            merged_at,
            merged_by,
            merge_reason,
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

crate::list_query! {
    /// Filters of the list of participants.
    ParticipantQuery sort ["created_at", "updated_at", "invitation_no"] {
        /// Only participants of this campaign.
        campaign_id: CampaignId,
        /// Only guests of this site.
        site_id: SiteId,
        /// Only guests who came with this file.
        import_id: ParticipantImportId,
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
        /// Only those who came onto the list so.
        origin: ParticipantOrigin,
        /// Only guests who are merged into this one.
        merged_into_id: ParticipantId,
        /// Only guests who are merged into another. These are left out, as out of every figure, unless they are asked for so or by `merged_into_id`.
        is_merged: bool,
        /// Only those who were, or were not, invited, whatever they answered.
        was_invited: bool,
        /// Only invitations that are prepared and not sent, or only those sent.
        invitation_state: InvitationState,
        /// Only invitations sent this way.
        sent_channel: InvitationChannel,
        /// Only the invitation with this number.
        #[param(minimum = 1)]
        invitation_no: i32,
        /// Only guests of this band of age, or those of whom none is known.
        age_band: AgeGroup,
        /// Only those of whom it is, or is not, known how to reach them; the contacts themselves are in no list.
        has_contacts: bool,
        /// Only those who are, or are not, there at this moment.
        is_present: bool,
        /// Only those who have, or have not, entered at least once.
        has_attended: bool,
    }
}
