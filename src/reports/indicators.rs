//! What a results report counts: one table of indicators, from which schema, checks and totals follow.
//!
//! The plan sets no form; these are the figures that reviews of the festival quote. `public_tips` is left out:
//! it may be classified.

use crate::error::{Message, message};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What an indicator counts. Attendances (“lượt người”) are visits, never persons, and are added to nothing else (S117).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum IndicatorUnit {
    Sites,
    Attendances,
    Sessions,
    Items,
    Pieces,
    Runs,
    Posts,
    Awards,
    Gifts,
    Vnd,
    Models,
    Pledges,
    Forums,
    Opinions,
}

impl IndicatorUnit {
    /// What it is called in Vietnamese, as a column of a table has it.
    pub fn label(self) -> &'static str {
        match self {
            Self::Sites => "điểm",
            Self::Attendances => "lượt người",
            Self::Sessions => "buổi",
            Self::Items => "tin, bài",
            Self::Pieces => "chiếc",
            Self::Runs | Self::Awards => "lượt",
            Self::Posts => "bài đăng",
            Self::Gifts => "suất",
            Self::Vnd => "đồng",
            Self::Models => "mô hình",
            Self::Pledges => "bản",
            Self::Forums => "diễn đàn",
            Self::Opinions => "ý kiến",
        }
    }
}

macro_rules! indicators {
    ($($variant:ident = $code:literal $unit:ident $vi:literal / $en:literal;)+) => {
        /// An indicator of the results report, by its code.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
        #[serde(rename_all = "snake_case")]
        #[allow(missing_docs)]
        pub enum Indicator { $($variant,)+ }

        impl Indicator {
            /// All indicators, in the order of the form.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

            /// The code.
            pub fn code(self) -> &'static str {
                match self { $(Self::$variant => $code,)+ }
            }

            /// What it counts.
            pub fn unit(self) -> IndicatorUnit {
                match self { $(Self::$variant => IndicatorUnit::$unit,)+ }
            }

            /// Its name.
            pub fn name(self) -> Message {
                match self { $(Self::$variant => message($vi, $en),)+ }
            }
        }
    };
}

indicators! {
    SitesHeld = "sites_held" Sites "Số điểm, địa bàn tổ chức Ngày hội" / "Sites where the festival was held";
    PilotSitesHeld = "pilot_sites_held" Sites "Số điểm chỉ đạo đã tổ chức" / "Pilot sites where it was held";
    AttendanceCount = "attendance_count" Attendances "Số lượt người tham dự Ngày hội" / "Attendances at the festival";
    CommunicationSessions = "communication_sessions" Sessions "Số buổi tuyên truyền" / "Communication sessions";
    MediaItems = "media_items" Items "Số tin, bài, phóng sự" / "News items, articles and features";
    Leaflets = "leaflets" Pieces "Số tờ rơi" / "Leaflets";
    Banners = "banners" Pieces "Số pa nô, băng rôn, khẩu hiệu" / "Panels, banners and slogans";
    LoudspeakerRuns = "loudspeaker_runs" Runs "Số lượt xe loa tuyên truyền" / "Loudspeaker runs";
    SocialPosts = "social_posts" Posts "Số bài đăng mạng xã hội" / "Posts on social networks";
    CollectivesRewarded = "collectives_rewarded" Awards "Số lượt tập thể được khen thưởng" / "Awards to collectives";
    IndividualsRewarded = "individuals_rewarded" Awards "Số lượt cá nhân được khen thưởng" / "Awards to individuals";
    GiftsCount = "gifts_count" Gifts "Số suất quà" / "Gifts";
    GiftsValueVnd = "gifts_value_vnd" Vnd "Trị giá quà tặng" / "Value of the gifts";
    ModelsLaunched = "models_launched" Models "Số mô hình ra mắt" / "Models launched";
    ModelsMaintained = "models_maintained" Models "Số mô hình duy trì" / "Models maintained";
    ModelsReplicated = "models_replicated" Models "Số mô hình nhân rộng" / "Models replicated";
    PledgesSigned = "pledges_signed" Pledges "Số bản cam kết, giao ước thi đua đã ký" / "Pledges signed";
    ForumsHeld = "forums_held" Forums "Số diễn đàn Công an lắng nghe ý kiến Nhân dân" / "Forums “Public Security listens to the People”";
    ForumAttendance = "forum_attendance" Attendances "Số lượt người dự diễn đàn" / "Attendances at the forums";
    OpinionsReceived = "opinions_received" Opinions "Số ý kiến tiếp nhận" / "Opinions received";
    OpinionsAnswered = "opinions_answered" Opinions "Số ý kiến đã trả lời" / "Opinions answered";
    SpendingVnd = "spending_vnd" Vnd "Kinh phí đã chi" / "Money spent";
}

impl Indicator {
    /// Whether a report cannot be submitted without it (a nil return will do).
    pub fn is_required(self) -> bool {
        matches!(self, Self::SitesHeld | Self::AttendanceCount)
    }

    /// Where its figure stands in a report: `/figures/sites_held`.
    pub fn pointer(self) -> String {
        format!("/figures/{}", self.code())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_unique_and_tips_of_the_people_are_not_among_them() {
        let codes: std::collections::BTreeSet<_> = Indicator::ALL.iter().map(|indicator| indicator.code()).collect();
        assert_eq!(codes.len(), Indicator::ALL.len());
        assert!(!codes.contains("public_tips"));
    }

    #[test]
    fn a_code_is_the_same_in_json_and_in_pointers() {
        for indicator in Indicator::ALL {
            assert_eq!(serde_json::to_value(indicator).unwrap(), indicator.code());
        }
    }
}
