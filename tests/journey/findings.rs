//! What looks wrong in the figures is found, and each finding settled with a reason before anything is signed.

use super::client::{Told, holds, number, same, text};
use super::stage::Stage;
use serde_json::{Value, json};
use std::collections::BTreeMap;

pub async fn settle(stage: &Stage) -> Told<()> {
    stage.chapter("Đối chiếu số liệu trước khi ký");
    let path = format!("/campaigns/{}/consolidation/findings", stage.campaign.id);
    let found = stage.cast.desk.get(&path).await?.want(200)?;
    let items = found.list("/items")?;
    same("số chỗ cần đối chiếu", i64::try_from(items.len()).unwrap_or(-1), found.number("/open_count")?)?;
    let corrected = items.iter().any(|one| is(one, "/kind", "differs_from_records") && is(one, "/indicator", "attendance_count"));
    holds("số khác với bản ghi được tìm ra", corrected, &found.text)?;
    let mut kinds: BTreeMap<&str, usize> = BTreeMap::new();
    for one in items {
        let (kind, indicator) = (text(one, "/kind")?, text(one, "/indicator")?);
        *kinds.entry(kind).or_default() += 1;
        let report = text(one, "/report_id")?;
        stage.cast.desk.get(text(one, "/records_url")?).await?.want(200)?;
        let body = json!({"report_id": report, "kind": kind, "indicator": indicator, "reason": "Đã đối chiếu với nơi báo cáo."});
        stage.cast.desk.post(&format!("{path}/settle"), &body).await?.want(204)?;
        stage.cast.desk.post(&format!("{path}/settle"), &body).await?.refused(409, "duplicate")?;
        let (_, now) = stage.read(&stage.cast.desk, "report", "reports", report).await?;
        stage.did("report", report, now.number("/version")?, "finding_settled");
    }
    let after = stage.cast.desk.get(&path).await?.want(200)?;
    same(
        "chỗ còn mở, chỗ đã đối chiếu",
        (0, found.number("/open_count")?),
        (after.number("/open_count")?, after.number("/settled_count")?),
    )?;
    for one in after.list("/items")? {
        number(one, "/reported")?;
        text(one, "/settlement/reason")?;
    }
    println!("  {} chỗ cần đối chiếu ({kinds:?}), mỗi chỗ đã có lời giải thích.", items.len());
    Ok(())
}

fn is(value: &Value, pointer: &str, expected: &str) -> bool {
    text(value, pointer).is_ok_and(|came| came == expected)
}
