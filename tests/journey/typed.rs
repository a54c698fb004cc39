//! What an activity achieved is typed by its kind; the totals are the sums of the activities that they link to.

use super::client::{Caller, Told, number, same, text};
use super::stage::{Stage, Thing, all};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// Results by kind.
fn results_of(kind: &str) -> Option<Value> {
    Some(match kind {
        "listening_forum" => json!({"opinion_count": {"value": 3}, "answered_count": {"value": 2}}),
        "folk_games" => json!({"game_count": {"value": 5}}),
        "clean_up" => json!({"volunteer_count": {"value": 120}}),
        "gift_visit" => json!({"gift_count": {"value": 12}, "value_vnd": {"value": 6_000_000}}),
        "cultural_performance" => json!({"item_count": {"value": 9}}),
        _ => return None,
    })
}

/// Records what an activity achieved; what its kind does not know is refused.
pub async fn record(stage: &Stage, who: &Caller, activity: &mut Thing) -> Told<()> {
    let (_, held) = stage.read(who, "activity", "activities", &activity.id).await?;
    let Some(results) = results_of(held.text("/kind")?) else { return Ok(()) };
    let wrong = json!({"results": {"khong_co": {"value": 1}}});
    let with = super::client::With { body: Some(&wrong), if_match: Some(&activity.etag), ..Default::default() };
    who.send(reqwest::Method::PUT, &format!("/activities/{}/results", activity.id), with).await?.refused(422, "validation_failed")?;
    let answer = stage.put(who, activity, "results", &json!({"results": results}), "results_recorded").await?;
    same("kết quả của hoạt động", Some(&results), answer.body.pointer("/results"))
}

/// Every total of the campaign is the sum over the list that it leads to.
pub async fn check_totals(stage: &Stage) -> Told<usize> {
    let who = &stage.cast.province;
    let answer = who.get(&format!("/campaigns/{}/activity-results", stage.campaign.id)).await?.want(200)?;
    let (mut lists, mut count): (BTreeMap<String, Vec<Value>>, usize) = (BTreeMap::new(), 0);
    for total in answer.list("/totals")? {
        let (link, code) = (text(total, "/link")?, text(total, "/code")?);
        if !lists.contains_key(link) {
            lists.insert(link.to_owned(), all(who, &format!("{link}&limit=200")).await?);
        }
        let items = lists.get(link).map_or(&[][..], Vec::as_slice);
        let values = items.iter().filter_map(|item| item.pointer(&format!("/results/{code}/value")));
        same(
            &format!("số hoạt động có kết quả {code}"),
            number(total, "/activity_count")?,
            i64::try_from(values.clone().count()).unwrap_or(-1),
        )?;
        if let Some(value) = total.pointer("/value").and_then(Value::as_i64) {
            same(&format!("tổng kết quả {code} bằng tổng các hoạt động"), value, values.filter_map(Value::as_i64).sum::<i64>())?;
            count += 1;
        }
    }
    let of = |code: &str| answer.list("/totals").ok()?.iter().find(|total| text(total, "/code").is_ok_and(|own| own == code)).cloned();
    let games = of("game_count").and_then(|total| total.pointer("/value").and_then(Value::as_i64));
    same("số trò chơi dân gian ở hai điểm", Some(10), games)?;
    println!("  {count} tổng kết quả có kiểu của các hoạt động, mỗi tổng bằng tổng danh sách nó dẫn.");
    Ok(count)
}
