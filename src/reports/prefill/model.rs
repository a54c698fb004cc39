//! What reports are filled in from.

use crate::ids::{CampaignId, ReportId};
use crate::schema::{report_corrections, report_prefills};
use chrono::{DateTime, Utc};
use diesel::deserialize::FromSqlRow;
use diesel::expression::AsExpression;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Nullable, Text, Uuid as SqlUuid};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// A figure that follows from what is recorded: sites held, attendances counted at check-in, and the ledgers of results.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema, AsExpression, FromSqlRow)]
#[serde(rename_all = "snake_case")]
#[diesel(sql_type = Text)]
#[allow(missing_docs)]
pub enum RecordedFigure {
    SitesHeld,
    PilotSitesHeld,
    AttendanceCount,
    CommunicationSessions,
    MediaItems,
    Leaflets,
    Banners,
    LoudspeakerRuns,
    SocialPosts,
    CollectivesRewarded,
    IndividualsRewarded,
    GiftsCount,
    GiftsValueVnd,
    ModelsLaunched,
    ModelsMaintained,
    ModelsReplicated,
    PledgesSigned,
    ForumsHeld,
    ForumAttendance,
    OpinionsReceived,
    OpinionsAnswered,
    SpendingVnd,
}
crate::text_enum!(RecordedFigure {
    SitesHeld => "sites_held",
    PilotSitesHeld => "pilot_sites_held",
    AttendanceCount => "attendance_count",
    CommunicationSessions => "communication_sessions",
    MediaItems => "media_items",
    Leaflets => "leaflets",
    Banners => "banners",
    LoudspeakerRuns => "loudspeaker_runs",
    SocialPosts => "social_posts",
    CollectivesRewarded => "collectives_rewarded",
    IndividualsRewarded => "individuals_rewarded",
    GiftsCount => "gifts_count",
    GiftsValueVnd => "gifts_value_vnd",
    ModelsLaunched => "models_launched",
    ModelsMaintained => "models_maintained",
    ModelsReplicated => "models_replicated",
    PledgesSigned => "pledges_signed",
    ForumsHeld => "forums_held",
    ForumAttendance => "forum_attendance",
    OpinionsReceived => "opinions_received",
    OpinionsAnswered => "opinions_answered",
    SpendingVnd => "spending_vnd",
});

impl RecordedFigure {
    /// Whether it is money, in whole đồng.
    pub fn is_money(self) -> bool {
        matches!(self, Self::GiftsValueVnd | Self::SpendingVnd)
    }
}

/// What a report speaks for: the body with those below it that owe no report themselves (`own`), or the body and all below it (`subtree`).
/// The reports of bodies that an accepted report above speaks for do not add up any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema, AsExpression, FromSqlRow)]
#[serde(rename_all = "snake_case")]
#[diesel(sql_type = Text)]
#[allow(missing_docs)]
pub enum ReportCoverage {
    Own,
    Subtree,
}
crate::text_enum!(ReportCoverage { Own => "own", Subtree => "subtree" });

/// What is recorded for a figure.
#[derive(Debug, Clone, Copy, QueryableByName)]
#[allow(missing_docs)]
pub struct Recorded {
    #[diesel(sql_type = Text)]
    pub figure: RecordedFigure,
    #[diesel(sql_type = BigInt)]
    pub value: i64,
    #[diesel(sql_type = BigInt)]
    pub record_count: i64,
}

/// One record that a figure counts.
#[derive(Debug, Clone, QueryableByName)]
#[allow(missing_docs)]
pub struct FigureRecord {
    #[diesel(sql_type = Text)]
    pub resource: String,
    #[diesel(sql_type = SqlUuid)]
    pub id: Uuid,
    #[diesel(sql_type = Nullable<Text>)]
    pub title: Option<String>,
    #[diesel(sql_type = BigInt)]
    pub amount: i64,
}

/// What was recorded for an indicator when a report was filled in; never changed.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = report_prefills)]
#[allow(missing_docs)]
pub struct ReportPrefill {
    pub campaign_id: CampaignId,
    pub id: Uuid,
    pub report_id: ReportId,
    pub indicator: String,
    pub recorded_value: i64,
    pub record_count: i64,
    pub recorded_at: DateTime<Utc>,
    pub recorded_by: Uuid,
}

/// Why a report says another number than was recorded; never changed.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = report_corrections)]
#[allow(missing_docs)]
pub struct ReportCorrection {
    pub campaign_id: CampaignId,
    pub id: Uuid,
    pub report_id: ReportId,
    pub indicator: String,
    pub recorded_value: i64,
    pub reported_value: i64,
    pub reason: String,
    pub corrected_at: DateTime<Utc>,
    pub corrected_by: Uuid,
}
