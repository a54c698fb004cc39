//! Whether a place suits: the checklist of the campaign, answered item by item with evidence (R9).

use super::client::{Told, same};
use super::festival::Site;
use super::stage::{Stage, all};
use serde_json::{Value, json};

/// Answers the checklist of a site; where something is not met yet, the light stays off.
pub async fn answer(stage: &Stage, site: &mut Site, is_road_open: bool) -> Told<()> {
    let items = all(&site.organiser, &format!("/checklist-items?campaign_id={}&sort=no", stage.campaign.id)).await?;
    let evidence = evidence(stage, site).await?;
    let answers: Vec<Value> = items
        .iter()
        .enumerate()
        .map(|(no, item)| {
            let verdict = if no == 0 && !is_road_open { "not_met" } else { "met" };
            let proof: Vec<&str> = if no == 0 { vec![&evidence] } else { Vec::new() };
            json!({"item_id": item.get("id"), "verdict": verdict, "note": "Đã khảo sát thực địa.", "attachment_ids": proof})
        })
        .collect();
    let answered = stage.put(&site.organiser, &mut site.thing, "checklist", &json!({"answers": answers}), "checklist_updated").await?;
    let count = i64::try_from(items.len()).unwrap_or(-1);
    let came = ["item_count", "answered_count", "met_count", "failed_count"].map(|name| answered.number(&format!("/progress/{name}")).ok());
    let failed = i64::from(!is_road_open);
    same("phiếu khảo sát: mục, đã trả lời, đạt, chưa đạt", [count, count, count - failed, failed].map(Some), came)?;
    same("minh chứng của mục đầu", evidence.as_str(), answered.text("/items/0/attachment_ids/0")?)?;
    let verdict = if is_road_open { "đạt tất cả" } else { "đường vào chưa đạt" };
    println!("  Khảo sát “{}”: {count} mục, {verdict}, có biên bản kèm theo.", site.name);
    Ok(())
}

/// The minutes of the survey, as a file of the site.
async fn evidence(stage: &Stage, site: &mut Site) -> Told<String> {
    let path = format!("/sites/{}/attachments?filename=bien-ban-khao-sat.txt", site.thing.id);
    let file = site.organiser.post_file(&path, "text/plain", &format!("Biên bản khảo sát {}", site.name)).await?.want(201)?;
    let (thing, now) = stage.read(&site.organiser, "site", "sites", &site.thing.id).await?;
    stage.did("site", &thing.id, now.number("/version")?, "attached");
    site.thing = thing;
    Ok(file.text("/id")?.to_owned())
}
