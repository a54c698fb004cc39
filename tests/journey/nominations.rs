//! Nine districts nominate, with the reasons why a place has priority; one forgets and is reminded.

use super::client::{Told, same, text};
use super::festival::Site;
use super::stage::{Stage, all};
use serde_json::{Value, json};

/// Districts that nominate in time; the others forget.
const PROMPT: usize = 8;

pub async fn nominate(stage: &mut Stage) -> Told<()> {
    stage.chapter("Các huyện đề cử điểm");
    for index in 0..PROMPT {
        stage.clock(&format!("04-{:02}T09:00:00", 10 + index)).await?;
        nominate_one(stage, index).await?;
    }
    stage.clock("05-04T08:00:00").await?;
    let forgetful = stage.districts.iter().skip(PROMPT).map(|district| district.name.clone()).collect::<Vec<_>>();
    println!("  Hết thời gian đề cử, còn thiếu: {}.", forgetful.join(", "));
    same("nơi chưa đề cử, theo bảng đề cử", forgetful.clone(), gap(stage).await?)?;
    same("nơi chưa đề cử, theo bảng điều hành", forgetful, dashboard_gap(stage).await?)?;
    println!("  Công an tỉnh nhìn thấy chỗ thiếu (R4, mục III.3) và nhắc; huyện đề cử muộn.");
    stage.clock("05-06T15:30:00").await?;
    for index in PROMPT..stage.districts.len() {
        nominate_one(stage, index).await?;
    }
    same("nơi chưa đề cử, sau khi nhắc", Vec::<String>::new(), gap(stage).await?)?;
    same("nơi chưa đề cử trên bảng điều hành, sau khi nhắc", Vec::<String>::new(), dashboard_gap(stage).await?)?;
    println!("  Chín huyện đã đề cử đủ.");
    why_first(stage).await
}

/// Why an area has priority is found by those who may see it; the operations centre may not even ask.
async fn why_first(stage: &Stage) -> Told<()> {
    let reason = "ethnic_minority_area";
    let path = format!("/sites?campaign_id={}&priority_reason={reason}", stage.campaign.id);
    let found = all(&stage.cast.police, &format!("{path}&limit=200")).await?;
    let expected = stage.districts.iter().filter(|district| district.place.reason == reason).count();
    same("số điểm ở vùng đồng bào dân tộc", expected, found.len())?;
    println!("  {expected} điểm ở vùng đồng bào dân tộc; trung tâm điều hành không được hỏi lý do ưu tiên:");
    stage.cast.operations.get(&path).await?.refused(403, "forbidden")?;
    let Some(site) = stage.sites.first() else { return Ok(()) };
    let shown = stage.cast.operations.get(&format!("/sites/{}", site.thing.id)).await?.want(200)?;
    let hidden = shown.body.pointer("/priority_reasons").is_none_or(Value::is_null);
    same("lý do ưu tiên bị che với trung tâm điều hành", true, hidden)
}

async fn nominate_one(stage: &mut Stage, index: usize) -> Told<()> {
    let Some(district) = stage.districts.get(index) else { return Ok(()) };
    let (place, caller) = (district.place, district.caller.clone());
    let body = json!({
        "campaign_id": stage.campaign.id, "org_unit_id": district.unit, "name": place.site, "kind": place.kind, "pilot_level": "district",
        "lat": place.lat, "lon": place.lon, "priority_reasons": [place.reason],
        "priority_note": (place.reason == "other").then_some("Nơi tập trung đông học sinh ở nội trú."),
        "suitability_note": "Sân rộng, đường vào thuận tiện, nhân dân đi lại dễ dàng.",
    });
    println!("  {} đề cử “{}”.", district.name, place.site);
    let (mut thing, _) = if index == 0 {
        println!("  Mạng chập chờn, gửi lại cùng khóa: vẫn là một điểm.");
        stage.create_twice(&caller, "site", "sites", &body).await?
    } else {
        stage.create(&caller, "site", "sites", &body).await?
    };
    let answer = stage.step(&caller, &mut thing, "nominate", None, "nominated").await?;
    same("trạng thái của điểm", "nominated", answer.text("/state")?)?;
    same("nơi đề cử", district.unit.as_str(), answer.text("/nominated_by")?)?;
    // Lục Yên has a check-in operator among the demo accounts; elsewhere the district stands at the door itself.
    let door = if index == 0 { stage.cast.operator.clone() } else { caller.clone() };
    let unit = district.unit.clone();
    stage.sites.push(Site {
        thing,
        name: place.site,
        unit,
        district: index,
        organiser: caller,
        door,
        day: place.day,
        is_pilot: false,
        guests: Vec::new(),
        activity: None,
        then: None,
    });
    Ok(())
}

async fn gap(stage: &Stage) -> Told<Vec<String>> {
    let answer = stage.cast.police.get(&format!("/campaigns/{}/nominations", stage.campaign.id)).await?.want(200)?.under("R4", "III.3")?;
    let districts = answer.list("/districts")?;
    same("số huyện trong bảng đề cử", stage.districts.len(), districts.len())?;
    let missing = missing(districts)?;
    same("số huyện còn thiếu", i64::try_from(missing.len()).ok(), Some(answer.number("/missing_count")?))?;
    Ok(missing)
}

async fn dashboard_gap(stage: &Stage) -> Told<Vec<String>> {
    let answer = stage.cast.operations.get(&format!("/dashboard/overview?campaign_id={}", stage.campaign.id)).await?.want(200)?;
    let missing = missing(answer.list("/nominations/districts")?)?;
    same("số huyện còn thiếu trên bảng điều hành", i64::try_from(missing.len()).ok(), Some(answer.number("/nominations/missing_count")?))?;
    Ok(missing)
}

fn missing(districts: &[Value]) -> Told<Vec<String>> {
    let missing = districts.iter().filter(|district| district.get("is_missing") == Some(&Value::Bool(true)));
    missing.map(|district| Ok(text(district, "/name")?.to_owned())).collect()
}
