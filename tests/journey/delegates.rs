//! Delegates of the committee are assigned to sites: proposed, approved, answered for; nobody is at two sites at once.

use super::client::{Caller, Failure, Told, holds, same};
use super::festival::Site;
use super::stage::{Stage, Thing, attempt};
use serde_json::{Value, json};

/// A delegate of the story.
pub struct Delegate {
    thing: Thing,
    site: String,
}

/// Invented, and not to be seen in the feed.
pub const NAMES: [&str; 3] = ["Đỗ Đức Minh", "Phạm Thị Lan", "Vũ Đình Thắng"];

pub async fn assign(stage: &mut Stage) -> Told<()> {
    stage.chapter("Phân công đại biểu dự các điểm");
    stage.clock("06-16T08:00:00").await?;
    let mut sites = std::mem::take(&mut stage.sites);
    let (unit, body) = stage.cast.departments.first().cloned().ok_or_else(|| Failure::new("một sở có tài khoản", "không có"))?;
    let mut pilots = sites.iter_mut().filter(|site| site.is_pilot);
    let (Some(first), Some(second)) = (pilots.next(), pilots.next()) else {
        return Err(Failure::new("hai điểm của tỉnh", "thiếu"));
    };
    let mut head = propose(stage, first, &unit, (NAMES[0], "head_of_delegation")).await?;
    println!("  Công an tỉnh đề xuất, không tự duyệt; Ban Chỉ đạo duyệt, cơ quan cử người trả lời.");
    attempt(&stage.cast.police, &head, "approve", None).await?.refused(403, "forbidden")?;
    stage.step(&stage.cast.province, &mut head, "approve", None, "approved").await?;
    stage.step(&body, &mut head, "accept", None, "accepted").await?;
    clash(stage, (&*first, second), &unit).await?;
    let mut busy = propose(stage, first, &unit, (NAMES[1], "member")).await?;
    stage.step(&stage.cast.province, &mut busy, "approve", None, "approved").await?;
    let reason = json!({"reason": "Đi công tác cùng ngày"});
    let declined = stage.step(&body, &mut busy, "decline", Some(&reason), "declined").await?;
    same("trạng thái đại biểu bận", "declined", declined.text("/state")?)?;
    let mut other = propose(stage, first, &unit, (NAMES[2], "member")).await?;
    stage.step(&stage.cast.province, &mut other, "approve", None, "approved").await?;
    stage.step(&body, &mut other, "accept", None, "accepted").await?;
    stage.delegates = vec![Delegate { thing: head, site: first.thing.id.clone() }, Delegate { thing: other, site: first.thing.id.clone() }];
    print_list(first, 3).await?;
    stage.sites = sites;
    Ok(())
}

async fn propose(stage: &Stage, site: &Site, unit: &str, (name, role): (&str, &str)) -> Told<Thing> {
    let body = json!({"site_id": site.thing.id, "org_unit_id": unit, "full_name": name, "title": "Phó Giám đốc", "delegate_role": role});
    let answer = stage.cast.police.post("/delegates", &body).await?.want(201)?;
    let id = answer.text("/id")?.to_owned();
    stage.did("delegate", &id, answer.number("/version")?, "proposed");
    Ok(Thing { resource: "delegate", path: "delegates", id, etag: answer.etag()? })
}

/// For a moment both sites are at the same hour: who was approved for one cannot be for the other, until it moves again.
async fn clash(stage: &Stage, (first, second): (&Site, &mut Site), unit: &str) -> Told<()> {
    move_to(stage, second, first.day).await?;
    let body = json!({"site_id": second.thing.id, "org_unit_id": unit, "full_name": NAMES[0].to_uppercase(), "delegate_role": "member"});
    let proposed = stage.cast.police.post("/delegates", &body).await?.want(201)?;
    let codes: Vec<Option<&str>> =
        proposed.list("/warnings")?.iter().map(|warning| warning.pointer("/code").and_then(Value::as_str)).collect();
    same("cảnh báo khi đề xuất một người cho hai nơi cùng giờ", vec![Some("delegate_clash")], codes)?;
    let mut twice = Thing { resource: "delegate", path: "delegates", id: proposed.text("/id")?.to_owned(), etag: proposed.etag()? };
    stage.did("delegate", &twice.id, proposed.number("/version")?, "proposed");
    println!("  Một người không dự hai nơi cùng giờ: đề xuất thì cảnh báo, duyệt thì từ chối.");
    attempt(&stage.cast.province, &twice, "approve", None).await?.refused(409, "delegate_clash")?;
    move_to(stage, second, second.day).await?;
    println!("  “{}” dời ngày: người ấy dự được cả hai; rồi vẫn đổi người.", second.name);
    stage.step(&stage.cast.province, &mut twice, "approve", None, "approved").await?;
    let reason = json!({"reason": "Đổi người"});
    stage.step(&stage.cast.police, &mut twice, "withdraw", Some(&reason), "withdrawn").await?;
    Ok(())
}

async fn move_to(stage: &Stage, site: &mut Site, day: &str) -> Told<()> {
    let times = json!({"starts_at": stage.at(&format!("{day}T08:00:00")), "ends_at": stage.at(&format!("{day}T11:00:00"))});
    stage.step(&site.organiser, &mut site.thing, "schedule", Some(&times), "scheduled").await?;
    Ok(())
}

/// The list to print has so many lines, and opens as a text and a workbook.
async fn print_list(site: &Site, count: usize) -> Told<()> {
    let path = format!("/sites/{}/delegates/document", site.thing.id);
    let csv = site.organiser.download(&format!("{path}?format=csv"), "text/csv").await?;
    same("số dòng trong danh sách đại biểu in ra, với dòng tiêu đề", count + 1, csv.text.lines().count())?;
    holds("đại biểu trong danh sách", NAMES.iter().all(|name| csv.text.contains(name)), &csv.text)?;
    for format in ["docx", "xlsx"] {
        let file = site.organiser.download(&format!("{path}?format={format}"), "application/vnd.openxmlformats").await?;
        holds(&format!("danh sách đại biểu {format}"), file.bytes.starts_with(b"PK"), file.bytes.len())?;
    }
    println!("  In danh sách đại biểu: {count} người (DOCX, XLSX, CSV).");
    Ok(())
}

/// On the day the organiser records who came.
pub async fn arrive(stage: &Stage, site: &Site) -> Told<()> {
    let expected: Vec<&Delegate> = stage.delegates.iter().filter(|delegate| delegate.site == site.thing.id).collect();
    for (no, delegate) in expected.iter().enumerate() {
        let (verb, action) = if no == 0 { ("attend", "attended") } else { ("miss", "absent") };
        let mut thing = delegate.thing.clone();
        let answer = stage.step(&site.organiser, &mut thing, verb, None, action).await?;
        same("đại biểu trong ngày", action, answer.text("/state")?)?;
    }
    if !expected.is_empty() {
        let came = count(&site.organiser, stage, "attended").await?;
        println!("  Đại biểu của Ban Chỉ đạo: {came} người dự, {} người vắng.", expected.len().saturating_sub(1));
        same("số đại biểu đã dự, theo bộ lọc", 1, came)?;
    }
    Ok(())
}

/// Delegates in a state.
pub async fn count(who: &Caller, stage: &Stage, state: &str) -> Told<i64> {
    super::stage::total(who, &format!("/delegates?campaign_id={}&state={state}", stage.campaign.id)).await
}
