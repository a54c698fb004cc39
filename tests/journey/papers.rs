//! The papers: each as a text, a workbook and a table, with the figures of the answer that it repeats.

use super::client::{Told, holds, number, text};
use super::stage::Stage;
use serde_json::Value;

const DOCX: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";
const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

pub async fn download(stage: &Stage) -> Told<()> {
    stage.chapter("Văn bản: DOCX, XLSX, CSV");
    let report = stage.reports.iter().find(|report| report.district == Some(0)).map(|report| report.thing.id.clone()).unwrap_or_default();
    let mut count = 0;
    for path in [
        format!("/reports/{report}/document"),
        format!("/campaigns/{}/consolidation/document", stage.campaign.id),
        format!("/campaigns/{}/compliance/document", stage.campaign.id),
    ] {
        for (format, kind) in [("docx", DOCX), ("xlsx", XLSX)] {
            let file = stage.cast.desk.download(&format!("{path}?format={format}"), kind).await?;
            holds(
                &format!("{path}: tệp {format} là tệp nén"),
                file.bytes.starts_with(b"PK") && file.bytes.len() > 1_000,
                file.bytes.len(),
            )?;
            count += 1;
        }
        let csv = stage.cast.desk.download(&format!("{path}?format=csv"), "text/csv").await?;
        holds(&format!("{path}: bảng có dòng"), csv.text.lines().count() > 1, &csv.text)?;
        count += 1;
    }
    totals_in_the_table(stage).await?;
    println!("  {count} tệp tải về đọc được; bảng CSV có đúng các tổng của báo cáo tổng hợp.");
    Ok(())
}

/// Every total of the consolidation stands in its table.
async fn totals_in_the_table(stage: &Stage) -> Told<()> {
    let path = format!("/campaigns/{}/consolidation", stage.campaign.id);
    let csv = stage.cast.desk.download(&format!("{path}/document?format=csv"), "text/csv").await?;
    let totals = stage.cast.desk.get(&path).await?.want(200)?;
    for total in totals.list("/totals")?.iter().filter(|total| total.get("value").is_some_and(Value::is_i64)) {
        let (name, value) = (text(total, "/name")?, number(total, "/value")?.to_string());
        let is_there = csv.text.lines().any(|line| line.contains(name) && line.split(',').any(|cell| cell.trim_matches('"') == value));
        holds(&format!("tổng {name} = {value} trong bảng CSV"), is_there, &csv.text)?;
    }
    Ok(())
}
