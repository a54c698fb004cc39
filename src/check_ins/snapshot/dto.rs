//! The snapshot of a device as the API shows it.

use crate::ids::{CampaignId, ParticipantId, SiteId};
use crate::participants::model::{ParticipantCategory, ParticipantKind, ParticipantOrigin, ParticipantState};
use crate::sites::model::SiteState;
use chrono::{DateTime, Utc};
use diesel::deserialize::FromSqlRow;
use diesel::expression::AsExpression;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

/// From where to take the snapshot on.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields, default)]
pub struct CheckInSnapshotQuery {
    /// `next_cursor` of the answer before; the whole snapshot when absent.
    #[param(max_length = 6000)]
    pub after: Option<String>,
    /// Only this site. Who is no device says it; a device takes all of its sites when it is absent.
    pub site_id: Option<SiteId>,
    /// Guests at the most, those who are gone included.
    #[param(minimum = 1, maximum = 500, default = 200)]
    pub limit: Option<u32>,
}

/// A site of the snapshot.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[allow(missing_docs)]
pub struct SnapshotSiteOut {
    pub id: SiteId,
    pub campaign_id: CampaignId,
    pub name: String,
    /// Guests are checked in while it is `scheduled` or `held`.
    pub state: SiteState,
    pub starts_at: Option<DateTime<Utc>>,
    pub ends_at: Option<DateTime<Utc>>,
    /// Seats.
    pub capacity: Option<i32>,
    pub version: i32,
}

/// Why the guests of a site are to be dropped.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum SnapshotSiteGone {
    /// The site is not one of the device's any more.
    Left,
    /// The site or its campaign is closed: nobody is checked in there any more.
    Closed,
}

/// A site whose guests are to be dropped.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[allow(missing_docs)]
pub struct SnapshotGoneSiteOut {
    pub site_id: SiteId,
    pub reason: SnapshotSiteGone,
}

/// A guest of the snapshot, with what is needed at the door.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[allow(missing_docs)]
pub struct SnapshotGuestOut {
    pub id: ParticipantId,
    pub site_id: SiteId,
    pub full_name: String,
    pub kind: ParticipantKind,
    pub category: ParticipantCategory,
    /// Who declined is there too: such a guest is let in with a warning.
    pub state: ParticipantState,
    pub origin: ParticipantOrigin,
    /// What tells apart guests of one name.
    pub organisation: Option<String>,
    /// Who comes for a collective.
    pub representative_name: Option<String>,
    /// Number on the invitation.
    pub invitation_no: Option<i32>,
    /// Whether the guest is inside, as far as has been received.
    pub is_present: bool,
    pub version: i32,
}

/// Why a guest is to be dropped.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema, AsExpression, FromSqlRow)]
#[serde(rename_all = "snake_case")]
#[diesel(sql_type = diesel::sql_types::Text)]
pub enum SnapshotGuestGone {
    /// Merged into another guest; an operation that still names the one who is merged counts for the other.
    Merged,
    /// Who it was is erased, at that person's request or because the purpose is over.
    Erased,
    /// Taken off the list.
    Deleted,
}
crate::text_enum!(SnapshotGuestGone { Merged => "merged", Erased => "erased", Deleted => "deleted" });

/// A guest who is to be dropped.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[allow(missing_docs)]
pub struct SnapshotGoneGuestOut {
    pub participant_id: ParticipantId,
    pub site_id: SiteId,
    pub reason: SnapshotGuestGone,
    /// Of who is merged, into whom.
    pub merged_into_id: Option<ParticipantId>,
}

/// A page of the snapshot, or of what changed since the one before.
#[derive(Debug, Serialize, ToSchema)]
pub struct CheckInSnapshotOut {
    /// The device, or the account, that it was made for.
    pub holder_id: Uuid,
    /// When it was made.
    pub as_of: DateTime<Utc>,
    /// All sites of the holder that are not closed, each time.
    #[schema(max_items = 50)]
    pub sites: Vec<SnapshotSiteOut>,
    /// Sites whose guests are to be dropped.
    #[schema(max_items = 50)]
    pub gone_sites: Vec<SnapshotGoneSiteOut>,
    /// Guests who are new or changed, each as now: they take the place of what was there under their id.
    #[schema(max_items = 500)]
    pub guests: Vec<SnapshotGuestOut>,
    /// Guests who are to be dropped, also where they were never given. One who is not in `guests` and not here is unchanged.
    #[schema(max_items = 500)]
    pub gone_guests: Vec<SnapshotGoneGuestOut>,
    /// What to send as `after` next time; good for ever, but for what the operation says.
    #[schema(max_length = 6000)]
    pub next_cursor: String,
    /// Whether there is more to fetch at once.
    pub has_more: bool,
}
