//! A report filled in from what was recorded: each figure is the sum of its records, and another number needs a reason that stays.

use super::client::{Answer, Caller, Failure, Told, holds, number, same, text};
use super::stage::{Stage, Thing, all, attempt};
use serde_json::{Value, json};

/// Who came by the side door, whom nobody checked in.
const BY_THE_SIDE: i64 = 20;

/// Fills a draft in and corrects one figure; gives the figures to be reported.
pub async fn fill(stage: &Stage, who: &Caller, report: &mut Thing, name: &str) -> Told<Value> {
    stage.step(who, report, "prefill", Some(&json!({})), "prefilled").await?;
    let compared = who.get(&format!("/reports/{}/prefill", report.id)).await?.want(200)?;
    let mut filled = 0;
    for item in compared.list("/items")? {
        let records = all(who, &format!("{}&limit=200", text(item, "/records_url")?)).await?;
        let sum: i64 = records.iter().map(|record| number(record, "/amount")).sum::<Told<i64>>()?;
        let recorded = item.pointer("/recorded").and_then(Value::as_i64);
        let what = format!("{} điền sẵn bằng tổng các bản ghi", text(item, "/indicator")?);
        same(&what, (!records.is_empty()).then_some(sum), recorded)?;
        same(&what, recorded, item.pointer("/reported").and_then(Value::as_i64))?;
        filled += usize::from(recorded.is_some());
    }
    holds("có chỉ tiêu được điền sẵn từ bản ghi", filled > 5, filled)?;
    println!("  {name} điền sẵn {filled} chỉ tiêu từ bản ghi, mỗi số bằng tổng các bản ghi nó dẫn.");
    correct(stage, who, report, &compared).await
}

async fn correct(stage: &Stage, who: &Caller, report: &mut Thing, compared: &Answer) -> Told<Value> {
    let item = compared.list("/items")?.iter().find(|item| text(item, "/indicator").is_ok_and(|code| code == "attendance_count"));
    let recorded = item.map(|item| number(item, "/recorded")).transpose()?.ok_or_else(|| Failure::new("số lượt đã ghi", "không có"))?;
    let other = json!({"figures": {"attendance_count": {"value": recorded + 1, "basis": "counted"}}});
    stage.change(who, report, &other).await?;
    println!("  Số khác với bản ghi mà không nêu lý do thì không gửi được:");
    let refused = attempt(who, report, "submit", None).await?.refused(422, "validation_failed")?;
    same(
        "chỗ cần lý do",
        ("/figures/attendance_count", "reason_required"),
        (refused.text("/errors/0/pointer")?, refused.text("/errors/0/code")?),
    )?;
    let why = "Khách vào cổng phụ không quét mã.";
    let fix = json!({"indicator": "attendance_count", "value": recorded + BY_THE_SIDE, "basis": "estimated", "reason": why});
    let corrected = stage.step(who, report, "corrections", Some(&fix), "corrected").await?;
    let log = all(&stage.cast.desk, &format!("/reports/{}/corrections?sort=corrected_at", report.id)).await?;
    let told: Vec<_> = log
        .iter()
        .map(|one| Ok((number(one, "/recorded")?, number(one, "/reported")?, text(one, "/reason")?.to_owned())))
        .collect::<Told<_>>()?;
    same("số ghi, số báo cáo và lý do, cùng lưu", vec![(recorded, recorded + BY_THE_SIDE, why.to_owned())], told)?;
    Ok(corrected.at("/figures")?.clone())
}
