//! Figures of the table that lead somewhere: each is the length, or the sum, of the list behind it.

use super::client::{Answer, Told, number, same, text};
use super::ledgers::recount;
use super::stage::{Stage, total};
use super::table::{grouped, line};
use serde_json::Value;

/// Figures of the overview, each with the list behind it.
const OVERVIEW: [(&str, &str, &str); 13] = [
    ("Điểm tổ chức", "/sites/total", "/sites?"),
    ("Điểm của tỉnh", "/sites/provincial_pilots", "/sites?pilot_level=province"),
    ("Hoạt động đã tổ chức", "/activities/held", "/activities?state=held"),
    ("Hoạt động hủy", "/activities/cancelled", "/activities?state=cancelled"),
    ("Khách đã mời", "/guests/invited", "/participants?was_invited=true"),
    ("Khách nhận lời", "/guests/accepted", "/participants?state=accepted"),
    ("Khách từ chối", "/guests/declined", "/participants?state=declined"),
    ("Lượt vào", "/guests/entries", "/check-ins?direction=entry"),
    ("Người đã đến", "/guests/persons", "/participants?has_attended=true"),
    ("Còn mặt lúc kết thúc", "/guests/present", "/participants?is_present=true"),
    ("Nơi phải báo cáo", "/reports/expected", "/report-obligations?"),
    ("Báo cáo trễ", "/reports/late", "/reports?is_late=true"),
    ("Báo cáo được chấp nhận", "/reports/accepted", "/reports?state=accepted"),
];

/// Lists whose length is the figure: what the story did there.
const COUNTED: [(&str, &str, i64); 9] = [
    ("Đại biểu đã dự", "/delegates?state=attended", 1),
    ("Thiết bị điểm danh", "/devices?", 3),
    ("Khách vãng lai tại cửa", "/participants?origin=walk_in", 1),
    ("Khách do máy ghi tên, chưa ghép", "/participants?origin=provisional", 2),
    ("Khách ghi hai lần, đã gộp", "/participants?is_merged=true", 2),
    ("Tệp khách đã nhập (và thử)", "/participant-imports?", 4),
    ("Số lần đếm người còn giá trị", "/head-counts?is_superseded=false", 6),
    ("Báo cáo trắng", "/reports?is_nil=true", 1),
    ("Báo cáo tổng hợp đã gửi", "/consolidations?state=sent", 1),
];

pub async fn print(stage: &Stage, overview: &Answer) -> Told<()> {
    let (who, id) = (&stage.cast.province, &stage.campaign.id);
    let of = |path: &str| format!("{path}&campaign_id={id}").replace("?&", "?");
    for (label, pointer, path) in OVERVIEW {
        let figure = overview.number(pointer)?;
        same(&format!("{label}: con số và danh sách"), figure, total(who, &of(path)).await?)?;
        line(label, &grouped(figure));
    }
    for (label, path, expected) in COUNTED {
        let figure = total(who, &of(path)).await?;
        same(label, expected, figure)?;
        line(label, &grouped(figure));
    }
    line("Lần nhắc báo cáo", &grouped(total(who, &of("/reminders?subject=report")).await?));
    results(stage).await
}

/// What was achieved, each total beside its list.
async fn results(stage: &Stage) -> Told<()> {
    let who = &stage.cast.province;
    let answer = who.get(&format!("/campaigns/{}/results", stage.campaign.id)).await?.want(200)?;
    let whole = answer.list("/totals")?.iter().filter(|total| total.get("kind").is_none_or(Value::is_null));
    for one in whole.filter(|total| number(total, "/value").is_ok_and(|value| value > 0)) {
        let (value, label) = (number(one, "/value")?, text(one, "/label")?);
        same(&format!("{label}: con số và danh sách"), value, recount(who, one).await?)?;
        line(label, &grouped(value));
    }
    line("Chi cho một lượt người dự (đồng)", &grouped(answer.number("/cost_per_attendance_vnd")?));
    Ok(())
}
