//! Sites get their time, activities are planned; then day by day guests come, sites are held and closed.

use super::client::{Caller, Failure, Told, same};
use super::door::{self, Then};
use super::guests::{self, Guest};
use super::stage::{Stage, Thing, attempt};
use super::{delegates, typed};
use serde_json::{Value, json};

/// A site as the story moves it on.
pub struct Site {
    pub thing: Thing,
    pub name: &'static str,
    /// Body that organises it.
    pub unit: String,
    /// District it lies in, by its place in the cast.
    pub district: usize,
    pub organiser: Caller,
    /// Who checks guests in.
    pub door: Caller,
    /// Day of the festival, such as `07-12`.
    pub day: &'static str,
    pub is_pilot: bool,
    pub guests: Vec<Guest>,
    /// The activity that goes with the festival here.
    pub activity: Option<Thing>,
    /// The figures of an instant in the morning, to be recounted from the log later.
    pub then: Option<Then>,
}

/// What goes with the festival, site by site: kind, title.
const ACTIVITIES: [(&str, &str); 5] = [
    ("listening_forum", "Diễn đàn Công an lắng nghe ý kiến Nhân dân"),
    ("folk_games", "Trò chơi dân gian và giao lưu văn nghệ"),
    ("clean_up", "Ra quân làm sạch đường làng, ngõ phố"),
    ("gift_visit", "Thăm, tặng quà gia đình chính sách, hộ khó khăn"),
    ("cultural_performance", "Đêm văn nghệ quần chúng ngoài trời"),
];
/// Place of the activity that a flood cancels.
const FLOODED: &str = "Thị trấn Mù Cang Chải";
/// Last day of the festival.
const LAST_DAY: &str = "08-19";

pub async fn schedule(stage: &mut Stage) -> Told<()> {
    stage.chapter("Xếp lịch Ngày hội và các hoạt động");
    stage.clock("06-01T08:00:00").await?;
    stage.sites.push(commune_site(stage).await?);
    let mut sites = std::mem::take(&mut stage.sites);
    if let Some(first) = sites.first() {
        println!("  Ngoài thời gian từ 01/7 đến 19/8 thì bị từ chối (R1, mục II.2.2.3).");
        for (starts_at, ends_at) in [("06-30T22:00:00", "06-30T23:59:59"), ("08-19T22:00:00", "08-20T00:30:00")] {
            let times = json!({"starts_at": stage.at(starts_at), "ends_at": stage.at(ends_at)});
            let answer = attempt(&first.organiser, &first.thing, "schedule", Some(&times)).await?;
            answer.refused(422, "rule_violated")?.under("R1", "II.2.2.3")?;
        }
    }
    for site in &mut sites {
        let times =
            json!({"starts_at": stage.at(&format!("{}T08:00:00", site.day)), "ends_at": stage.at(&format!("{}T11:00:00", site.day))});
        let answer = stage.step(&site.organiser, &mut site.thing, "schedule", Some(&times), "scheduled").await?;
        if site.day == LAST_DAY {
            println!(
                "  “{}” tổ chức ngày 19/8, được nhận kèm cảnh báo: {}",
                site.name,
                answer.warned("last_day_report_due_same_day", "R2", "III.3")?
            );
        } else {
            same("số cảnh báo khi xếp lịch", 0, answer.list("/warnings")?.len())?;
        }
    }
    plan_activities(stage, &mut sites).await?;
    // The story goes on by the calendar.
    sites.sort_by_key(|site| site.day);
    stage.sites = sites;
    before_the_festival(stage).await
}

/// A site that was never nominated: a commune holds its own festival.
async fn commune_site(stage: &Stage) -> Told<Site> {
    let (caller, unit) = (stage.cast.commune.clone(), &stage.cast.account("commune")?.org_unit);
    let name = "Nhà văn hóa thôn Nà Om";
    let body = json!({"campaign_id": stage.campaign.id, "org_unit_id": unit, "name": name, "kind": "residential_area", "pilot_level": "commune", "lat": 22.09, "lon": 104.79});
    println!("  Xã Mường Lai tự tổ chức thêm tại “{name}”, không qua đề cử.");
    let (thing, _) = stage.create(&caller, "site", "sites", &body).await?;
    Ok(Site {
        thing,
        name,
        unit: unit.clone(),
        district: 0,
        organiser: caller,
        door: stage.cast.operator.clone(),
        day: "08-15",
        is_pilot: false,
        guests: Vec::new(),
        activity: None,
        then: None,
    })
}

async fn plan_activities(stage: &Stage, sites: &mut [Site]) -> Told<()> {
    for (site, (kind, title)) in sites.iter_mut().zip(ACTIVITIES.iter().cycle()) {
        let body = json!({
            "campaign_id": stage.campaign.id, "org_unit_id": site.unit, "site_id": site.thing.id, "kind": kind, "phase": "during", "title": title,
            "starts_at": stage.at(&format!("{}T14:00:00", site.day)), "ends_at": stage.at(&format!("{}T16:00:00", site.day)),
        });
        site.activity = Some(stage.create(&site.organiser, "activity", "activities", &body).await?.0);
    }
    Ok(())
}

/// The information department's press work, before the festival (R15, R18).
async fn before_the_festival(stage: &Stage) -> Told<()> {
    let (unit, caller) = stage.cast.departments.get(1).ok_or_else(|| Failure::new("tài khoản Sở Thông tin và Truyền thông", "không có"))?;
    let mut body = json!({
        "campaign_id": stage.campaign.id, "org_unit_id": unit, "kind": "communication", "phase": "during",
        "title": "Tuyên truyền về Ngày hội trên báo, đài và mạng xã hội",
        "starts_at": stage.at("06-15T08:00:00"), "ends_at": stage.at("06-15T10:00:00"),
    });
    println!("  Hoạt động “trong Ngày hội” vào 15/6 bị từ chối (R1); là hoạt động “trước Ngày hội” thì được.");
    caller.post("/activities", &body).await?.refused(422, "rule_violated")?.under("R1", "II.2.2.3")?;
    if let Some(phase) = body.pointer_mut("/phase") {
        *phase = json!("before");
    }
    let (mut activity, _) = stage.create(caller, "activity", "activities", &body).await?;
    stage.clock("06-15T16:00:00").await?;
    let result = json!({"attendance_count": 1_200, "cost_vnd": 15_000_000});
    let answer = stage.step(caller, &mut activity, "hold", Some(&result), "held").await?;
    println!("  Đã tuyên truyền; có chi mà chưa ghi nguồn, cảnh báo: {}", answer.warned("cost_without_funding_source", "R21", "II.4")?);
    Ok(())
}

/// The days of the festival but the last one.
pub async fn hold(stage: &mut Stage) -> Told<()> {
    stage.chapter("Ngày hội");
    stage.clock("07-01T07:00:00").await?;
    move_campaign(stage, "start", "started", "running").await?;
    hold_some(stage, |day| day != LAST_DAY).await
}

/// The last day, and the review.
pub async fn hold_last(stage: &mut Stage) -> Told<()> {
    stage.chapter("Ngày 19/8");
    hold_some(stage, |day| day == LAST_DAY).await?;
    review(stage).await
}

async fn hold_some(stage: &mut Stage, is_today: impl Fn(&str) -> bool) -> Told<()> {
    let mut sites = std::mem::take(&mut stage.sites);
    for (no, site) in sites.iter_mut().enumerate().filter(|(_, site)| is_today(site.day)) {
        hold_one(stage, site, no == 0).await?;
    }
    stage.sites = sites;
    Ok(())
}

async fn hold_one(stage: &Stage, site: &mut Site, is_offline: bool) -> Told<()> {
    println!("  Ngày {}: “{}”, {}", site.day, site.name, site.organiser.name);
    if site.name == FLOODED
        && let Some(activity) = &mut site.activity
    {
        let reason = json!({"reason": "Mưa lũ, sân khấu ngoài trời không bảo đảm an toàn."});
        let answer = stage.step(&site.organiser, activity, "cancel", Some(&reason), "cancelled").await?;
        same("lý do hủy", reason.pointer("/reason"), Some(answer.at("/cancel_reason")?))?;
        println!("  Hủy “{}” vì mưa lũ.", answer.text("/title")?);
        site.activity = None;
    }
    stage.clock(&format!("{}T07:55:00", site.day)).await?;
    if site.is_pilot {
        println!("  Chưa đến giờ thì chưa thể ghi là đã tổ chức:");
        attempt(&site.organiser, &site.thing, "hold", None).await?.refused(409, "invalid_transition")?;
    }
    guests::welcome(stage, site, is_offline).await?;
    if site.is_pilot {
        site.then = Some(door::recount(site, None).await?);
    }
    stage.clock(&format!("{}T11:15:00", site.day)).await?;
    if site.is_pilot {
        guests::leave(stage, site).await?;
        door::count_heads(stage, site).await?;
        delegates::arrive(stage, site).await?;
    }
    stage.step(&site.organiser, &mut site.thing, "hold", None, "held").await?;
    if let Some(activity) = &mut site.activity {
        stage.clock(&format!("{}T16:15:00", site.day)).await?;
        let result = json!({"attendance_count": 180, "cost_vnd": 4_500_000, "funding_source": "budget_estimate"});
        let answer = stage.step(&site.organiser, activity, "hold", Some(&result), "held").await?;
        same("số cảnh báo khi ghi kết quả", 0, answer.list("/warnings")?.len())?;
        typed::record(stage, &site.organiser, activity).await?;
    }
    let answer = stage.step(&site.organiser, &mut site.thing, "close", None, "closed").await?;
    same("trạng thái của điểm", "closed", answer.text("/state")?)
}

/// The police review, after the festival.
async fn review(stage: &Stage) -> Told<()> {
    let unit = &stage.cast.account("standing_agency")?.org_unit;
    let body = json!({
        "campaign_id": stage.campaign.id, "org_unit_id": unit, "kind": "final_review", "phase": "after",
        "title": "Rút kinh nghiệm tổ chức Ngày hội", "starts_at": stage.at("08-19T16:30:00"),
    });
    let (mut activity, _) = stage.create(&stage.cast.police, "activity", "activities", &body).await?;
    stage.clock("08-19T17:30:00").await?;
    stage.step(&stage.cast.police, &mut activity, "hold", Some(&json!({"attendance_count": 45})), "held").await?;
    Ok(())
}

/// Moves the campaign itself on.
pub async fn move_campaign(stage: &mut Stage, verb: &str, action: &str, state: &str) -> Told<()> {
    let mut campaign = stage.campaign.clone();
    let answer = stage.step(&stage.cast.province, &mut campaign, verb, None, action).await?;
    stage.campaign = campaign;
    same("trạng thái của đợt", Some(state), answer.body.pointer("/state").and_then(Value::as_str))
}
