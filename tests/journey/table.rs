//! The table of the campaign's figures, as the service gives them at the end.

use super::client::{Told, number, text};
use super::drill;
use super::stage::Stage;
use serde_json::Value;
use std::time::Instant;

pub async fn print(stage: &Stage, begun: Instant) -> Told<()> {
    let id = &stage.campaign.id;
    stage.chapter("Số liệu của đợt");
    let overview = stage.cast.centre.get(&format!("/dashboard/overview?campaign_id={id}")).await?.want(200)?;
    let totals = stage.cast.centre.get(&format!("/campaigns/{id}/consolidation")).await?.want(200)?;
    println!("\n  {}", overview.text("/campaign/name")?);
    println!("  {}", "─".repeat(76));
    let rows = [
        ("Huyện đã đề cử / phải đề cử", "nominations", "/nominations"),
        ("Điểm tổ chức (tỉnh chọn)", "sites", "/sites"),
        ("Hoạt động: đã tổ chức / hủy", "activities", "/activities"),
        ("Khách: mời / nhận lời / từ chối", "invitations", "/guests"),
        ("Khách: lượt vào / người / còn mặt lúc kết thúc", "attendance", "/guests"),
        ("Báo cáo: phải nộp / đã nộp / trễ / chấp nhận", "reports", "/reports"),
    ];
    for (label, row, pointer) in rows {
        line(label, &shown(row, overview.at(pointer)?)?);
    }
    let percent = overview.at("/reports/completeness_percent")?;
    line("Tỷ lệ báo cáo", &format!("{percent} %"));
    println!("  {}", "─".repeat(76));
    for total in totals.list("/totals")? {
        if let Some(value) = total.pointer("/value").and_then(Value::as_i64) {
            let about = if total.pointer("/is_estimated") == Some(&Value::Bool(true)) { "ước tính, " } else { "" };
            line(text(total, "/name")?, &format!("{}  ({about}{} nguồn)", grouped(value), number(total, "/source_count")?));
        }
    }
    println!("  {}", "─".repeat(76));
    drill::print(stage, &overview).await?;
    println!("  {}", "─".repeat(76));
    println!("\n{} yêu cầu HTTP trong {:.1} giây. Mọi mong đợi đều đúng.", stage.service.requests(), begun.elapsed().as_secs_f64());
    Ok(())
}

fn shown(row: &str, figures: &Value) -> Told<String> {
    let of = |name: &str| Ok(grouped(number(figures, &format!("/{name}"))?));
    Ok(match row {
        "nominations" => {
            let districts = figures.pointer("/districts").and_then(Value::as_array).map_or(0, Vec::len);
            let missing = usize::try_from(number(figures, "/missing_count")?).unwrap_or(districts);
            format!("{} / {districts}", districts.saturating_sub(missing))
        }
        "sites" => format!("{} ({})", of("total")?, of("provincial_pilots")?),
        "activities" => format!("{} / {}", of("held")?, of("cancelled")?),
        "invitations" => format!("{} / {} / {}", of("invited")?, of("accepted")?, of("declined")?),
        "attendance" => format!("{} / {} / {}", of("entries")?, of("persons")?, of("present")?),
        _ => format!("{} / {} / {} / {}", of("expected")?, of("submitted")?, of("late")?, of("accepted")?),
    })
}

/// A line of the table.
pub fn line(label: &str, value: &str) {
    println!("  {label:<48} {value}");
}

/// A number as it is printed in Viet Nam: 1.234.567.
pub fn grouped(value: i64) -> String {
    let digits = value.to_string();
    let mut out = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            out.push('.');
        }
        out.push(digit);
    }
    out
}
