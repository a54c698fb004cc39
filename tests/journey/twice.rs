//! One person listed twice: found with its score, merged and counted once, taken apart exactly as it was, and merged for good.

use super::client::{Failure, Told, holds, number, same, text};
use super::festival::Site;
use super::stage::{Stage, all, total};
use serde_json::{Value, json};

pub async fn find_and_merge(stage: &Stage, site: &Site) -> Told<()> {
    let body = |category: &str, name: &str| json!({"site_id": site.thing.id, "kind": "person", "category": category, "full_name": name, "organisation": "Ban Công tác Mặt trận", "title": "Trưởng ban"});
    let (one, _) = stage.create(&site.organiser, "participant", "participants", &body("front_and_unions", "Lò Văn Quyết")).await?;
    let (two, _) = stage.create(&site.organiser, "participant", "participants", &body("local_leader", "LÒ VĂN  QUYẾT")).await?;
    let pairs = all(&site.organiser, &format!("/participants/duplicates?site_id={}&min_score=50", site.thing.id)).await?;
    let pair = pairs.iter().find(|pair| [&one.id, &two.id].iter().any(|id| text(pair, "/id").is_ok_and(|own| own == id.as_str())));
    let pair = pair.ok_or_else(|| Failure::new("hai tên của một người được đề nghị là trùng", Value::from(pairs.clone()).to_string()))?;
    let score = number(pair, "/candidates/0/score")?;
    println!("  “{}”: một người ghi hai lần, hệ thống đề nghị ({score} điểm), người quyết.", site.name);
    let before = figures(site).await?;
    let guests = (shown(stage, site, &one.id).await?, shown(stage, site, &two.id).await?);

    merge(stage, site, &two.id, &one.id).await?;
    let merged = figures(site).await?;
    same("khách trong danh sách sau khi gộp", before - 1, merged)?;
    let (mut thing, _) = stage.read(&site.organiser, "participant", "participants", &two.id).await?;
    stage.step(&site.organiser, &mut thing, "unmerge", None, "unmerged").await?;
    changed(stage, site, &one.id).await?;
    same("khách sau khi tách", before, figures(site).await?)?;
    same("hai khách sau khi tách, như trước khi gộp", guests, (shown(stage, site, &one.id).await?, shown(stage, site, &two.id).await?))?;
    merge(stage, site, &two.id, &one.id).await?;
    let listed = total(&site.organiser, &format!("/participants?site_id={}&is_merged=true", site.thing.id)).await?;
    same("khách đã gộp, theo bộ lọc", 1, listed)?;
    let left = all(&site.organiser, &format!("/participants/duplicates?site_id={}&min_score=50", site.thing.id)).await?;
    holds("gộp rồi thì không còn đề nghị trùng", left.is_empty(), left.len())
}

/// Merges one guest into another, and writes down what the feed has of both.
pub async fn merge(stage: &Stage, site: &Site, guest: &str, into: &str) -> Told<()> {
    let (mut thing, _) = stage.read(&site.organiser, "participant", "participants", guest).await?;
    let body = json!({"into_participant_id": into, "reason": "Một người"});
    let answer = stage.step(&site.organiser, &mut thing, "merge", Some(&body), "merged").await?;
    same("gộp vào", into, answer.text("/merged_into_id")?)?;
    changed(stage, site, into).await
}

async fn changed(stage: &Stage, site: &Site, id: &str) -> Told<()> {
    let (_, now) = stage.read(&site.organiser, "participant", "participants", id).await?;
    stage.did("participant", id, now.number("/version")?, "updated");
    Ok(())
}

async fn figures(site: &Site) -> Told<i64> {
    let answer = site.organiser.get(&format!("/sites/{}/attendance", site.thing.id)).await?.want(200)?;
    let listed = answer.number("/total/listed_count")?;
    same("khách trong danh sách, đếm và kể", listed, total(&site.organiser, &format!("/participants?site_id={}", site.thing.id)).await?)?;
    Ok(listed)
}

/// All of a guest but what every change changes.
async fn shown(stage: &Stage, site: &Site, id: &str) -> Told<Value> {
    let (_, answer) = stage.read(&site.organiser, "participant", "participants", id).await?;
    let mut body = answer.body;
    for name in ["version", "updated_at"] {
        body.as_object_mut().map(|body| body.remove(name));
    }
    Ok(body)
}
