//! The items that a campaign begins with. The plan asks for “convenient conditions for the activities and for the people to get
//! there” (III.3, note) and lists nothing: these are what that means on the ground.

use super::model::ChecklistItem;
use crate::ids::{CampaignId, ChecklistItemId};
use chrono::{DateTime, Utc};

/// Code, Vietnamese and English name, and whether a site suits only with it.
const ITEMS: [(&str, &str, &str, bool); 9] = [
    ("access_road", "Đường đến địa bàn thuận tiện cho Nhân dân đi lại", "The way there is convenient for the people", true),
    ("venue_space", "Sân bãi, hội trường đủ chỗ cho các hoạt động", "Ground or hall has room for the activities", true),
    ("parking", "Có chỗ để xe", "Parking", true),
    ("power", "Có điện cho âm thanh, ánh sáng", "Power for sound and light", true),
    ("water_sanitation", "Có nước sạch và nhà vệ sinh", "Clean water and toilets", true),
    ("first_aid", "Có phương án y tế, sơ cứu", "First aid", true),
    ("security_fire_safety", "Có phương án bảo đảm an ninh trật tự, phòng cháy chữa cháy", "Order and fire safety", true),
    ("weather_plan", "Có phương án khi thời tiết xấu", "A plan for bad weather", true),
    ("signal", "Có sóng điện thoại, Internet", "Telephone and Internet signal", false),
];

/// The items of a new campaign.
pub fn items(campaign_id: CampaignId, now: DateTime<Utc>) -> Vec<ChecklistItem> {
    ITEMS
        .iter()
        .zip(1..)
        .map(|((code, name_vi, name_en, is_required), no)| ChecklistItem {
            campaign_id,
            id: ChecklistItemId::new(),
            code: (*code).to_owned(),
            no,
            name_vi: (*name_vi).to_owned(),
            name_en: (*name_en).to_owned(),
            is_required: *is_required,
            is_active: true,
            version: 1,
            created_at: now,
            updated_at: now,
        })
        .collect()
}
