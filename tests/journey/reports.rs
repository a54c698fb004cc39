//! Districts and departments report; what is accepted of it adds up to the totals.

use super::client::{Caller, Failure, Told, holds, number, same, text};
use super::festival::move_campaign;
use super::guests::tally;
use super::prefill;
use super::stage::{Stage, Thing, all, attempt};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// Districts by their place in the cast: who reports with the last seconds, who a minute too late, whose report is returned.
const LAST_SECONDS: usize = 7;
const LATE: usize = 8;
const RETURNED: usize = 1;

/// Whose report is filled in from the records.
const PREFILLED: usize = 3;

/// A report on its way.
pub struct Report {
    pub thing: Thing,
    pub unit: String,
    pub name: String,
    pub reporter: Caller,
    pub figures: Value,
    pub obligation: String,
    /// Place of a district in the cast.
    pub district: Option<usize>,
}

impl Report {
    /// So many guests are counted twice in the one that will be returned.
    pub const TOO_MANY: i64 = 500;

    /// Whether the desk sends it back.
    pub fn is_returned(&self) -> bool {
        self.district == Some(RETURNED)
    }
}

/// How many reports were submitted, late, and accepted so far.
#[derive(Default)]
pub struct Tally {
    pub expected: i64,
    pub submitted: i64,
    pub late: i64,
    pub accepted: i64,
}

pub async fn submit(stage: &mut Stage) -> Told<Vec<Report>> {
    stage.chapter("Các huyện, sở, ngành, đoàn thể báo cáo");
    stage.clock("08-19T18:00:00").await?;
    move_campaign(stage, "open-reporting", "reporting_opened", "reporting").await?;
    let mut reports = draft(stage).await?;
    let mut count = Tally { expected: i64::try_from(reports.len()).unwrap_or(0) + 1, ..Tally::default() };
    check_complete(stage, &count).await?;
    incomplete(stage, &mut reports).await?;
    for report in reports.iter_mut().filter(|report| report.district.is_none_or(|index| index < LAST_SECONDS)) {
        send(stage, report, false, &mut count).await?;
    }
    stage.clock("08-19T23:59:55").await?;
    for report in reports.iter_mut().filter(|report| report.district == Some(LAST_SECONDS)) {
        send(stage, report, false, &mut count).await?;
        println!("  {} báo cáo trong những giây cuối ngày 19/8: đúng hạn.", report.name);
    }
    stage.clock("08-20T00:00:59").await?;
    for report in reports.iter_mut().filter(|report| report.district == Some(LATE)) {
        println!("  {} báo cáo sau 23:59:59 ngày 19/8 một phút: được nhận, ghi là trễ hạn.", report.name);
        send(stage, report, true, &mut count).await?;
    }
    same("mọi nơi đã báo cáo, trừ Công an tỉnh", count.expected - 1, count.submitted)?;
    Ok(reports)
}

/// A draft for every body that owes a report; those without an account of their own are entered by the province.
async fn draft(stage: &Stage) -> Told<Vec<Report>> {
    let owed = all(
        &stage.cast.desk,
        &format!("/report-obligations?campaign_id={}&to_org_unit_id={}&state=missing&limit=200", stage.campaign.id, stage.committee),
    )
    .await?;
    let mut reports = Vec::new();
    for (no, one) in (1..).zip(&owed) {
        let (unit, name) = (text(one, "/org_unit_id")?.to_owned(), text(one, "/org_unit_name")?.to_owned());
        let district = stage.districts.iter().position(|district| district.unit == unit);
        let own = district.and_then(|index| stage.districts.get(index)).map(|district| district.caller.clone());
        let reporter = own.unwrap_or_else(|| stage.cast.department(&unit).clone());
        let figures = district.map_or_else(|| of_department(no), |index| of_district(stage, index));
        let is_prefilled = district == Some(PREFILLED);
        let given = if is_prefilled { json!({}) } else { figures.clone() };
        let obligation = text(one, "/id")?.to_owned();
        let body = json!({"obligation_id": obligation, "figures": given, "narrative": format!("{name} đã triển khai kế hoạch, kết quả như số liệu.")});
        let (mut thing, _) = stage.create(&reporter, "report", "reports", &body).await?;
        let figures = if is_prefilled { prefill::fill(stage, &reporter, &mut thing, &name).await? } else { figures };
        reports.push(Report { thing, unit, name, reporter, figures, obligation, district });
    }
    Ok(reports)
}

fn counted(value: i64) -> Value {
    json!({"value": value, "basis": "counted"})
}

/// What a district reports: what the story did there, and figures of its own.
fn of_district(stage: &Stage, index: usize) -> Value {
    let no = i64::try_from(index).unwrap_or(0) + 1;
    let sites: Vec<_> = stage.sites.iter().filter(|site| site.district == index).collect();
    let entries: i64 = sites.iter().map(|site| tally(site).get(2).copied().unwrap_or(0)).sum();
    json!({
        "sites_held": counted(i64::try_from(sites.len()).unwrap_or(0)), "pilot_sites_held": counted(1), "attendance_count": counted(entries),
        "communication_sessions": counted(3 + no), "media_items": counted(2 * no), "leaflets": {"value": 100 * no, "basis": "estimated"},
        "individuals_rewarded": counted(4), "gifts_count": counted(5 + no), "gifts_value_vnd": counted((5 + no) * 500_000),
        "models_launched": if no % 3 == 0 { json!({"is_nil": true}) } else { counted(1) },
        "opinions_received": counted(8 + no), "opinions_answered": counted(6 + no), "spending_vnd": counted(4_500_000 + 100_000 * no),
    })
}

/// What a department reports: it holds no site and says so, which is not zero and not silence.
fn of_department(no: i64) -> Value {
    json!({
        "sites_held": {"is_nil": true}, "attendance_count": {"is_nil": true}, "media_items": counted(no), "social_posts": counted(3 * no),
        "spending_vnd": counted(1_000_000),
    })
}

/// A report without the figures that every report needs is not taken.
async fn incomplete(stage: &Stage, reports: &mut [Report]) -> Told<()> {
    let Some(report) = reports.iter_mut().find(|report| report.district.is_none()) else { return Ok(()) };
    stage.change(&report.reporter, &mut report.thing, &json!({"figures": {"attendance_count": null}})).await?;
    println!("  {} quên chỉ tiêu bắt buộc: hệ thống nêu đúng chỗ thiếu.", report.name);
    let answer = attempt(&report.reporter, &report.thing, "submit", None).await?.refused(422, "validation_failed")?;
    same("chỗ thiếu", "/figures/attendance_count", answer.text("/errors/0/pointer")?)?;
    stage.change(&report.reporter, &mut report.thing, &json!({"figures": {"attendance_count": {"is_nil": true}}})).await?;
    Ok(())
}

async fn send(stage: &Stage, report: &mut Report, is_late: bool, count: &mut Tally) -> Told<()> {
    if report.district == Some(RETURNED) {
        // It counts some guests twice, which the desk will notice.
        let too_many = number(&report.figures, "/attendance_count/value")? + Report::TOO_MANY;
        stage.change(&report.reporter, &mut report.thing, &json!({"figures": {"attendance_count": counted(too_many)}})).await?;
    }
    let answer = stage.step(&report.reporter, &mut report.thing, "submit", None, "submitted").await?;
    same("trễ hạn", &Value::Bool(is_late), answer.at("/is_late")?)?;
    if is_late {
        println!("  Cảnh báo: {}", answer.warned("report_late", "R2", "III.3")?);
    }
    count.submitted += 1;
    count.late += i64::from(is_late);
    check_complete(stage, count).await
}

/// Completeness is the share of the expected bodies that reported: it grows one by one and never passes 100 %.
pub async fn check_complete(stage: &Stage, count: &Tally) -> Told<()> {
    let path = format!("/campaigns/{}/completeness?to_org_unit_id={}", stage.campaign.id, stage.committee);
    let answer = stage.cast.desk.get(&path).await?.want(200)?;
    let came = (
        answer.number("/expected_count")?,
        answer.number("/submitted_count")?,
        answer.number("/late_count")?,
        answer.number("/accepted_count")?,
    );
    same("phải báo cáo, đã báo cáo, trễ, đã chấp nhận", (count.expected, count.submitted, count.late, count.accepted), came)?;
    let percent = answer.at("/completeness_percent")?.as_f64();
    let percent = percent.ok_or_else(|| Failure::new("tỷ lệ báo cáo", answer.text.clone()))?;
    holds("tỷ lệ báo cáo từ 0 đến 100 %", (0.0..=100.0).contains(&percent), percent)?;
    let tenths = f64::from(i32::try_from(count.submitted * 1000 / count.expected.max(1)).unwrap_or(-1)) / 10.0;
    same("tỷ lệ báo cáo", tenths, percent)
}

/// Adds the figures of an accepted report to what the totals must be.
pub fn add_up(reported: &mut BTreeMap<String, super::stage::Reported>, unit: &str, figures: &Value) -> Told<()> {
    let figures = figures.as_object().ok_or_else(|| Failure::new("số liệu của báo cáo", figures.to_string()))?;
    for (code, figure) in figures {
        if let Some(value) = figure.pointer("/value").and_then(Value::as_i64) {
            let total = reported.entry(code.clone()).or_default();
            total.sum += value;
            total.sources.push(unit.to_owned());
            total.is_estimated |= text(figure, "/basis")? == "estimated";
        }
    }
    Ok(())
}

/// Every total is the sum of what was accepted, and lists its sources.
pub async fn check_totals(stage: &Stage) -> Told<()> {
    let answer = stage.cast.police.get(&format!("/campaigns/{}/consolidation", stage.campaign.id)).await?.want(200)?;
    let mut seen = 0;
    for total in answer.list("/totals")? {
        let code = text(total, "/code")?;
        let sources = total.pointer("/sources").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
        let sum = sources.iter().map(|source| number(source, "/value")).sum::<Told<i64>>()?;
        let value = total.pointer("/value").and_then(Value::as_i64);
        let mine = stage.reported.get(code);
        seen += usize::from(mine.is_some());
        same(&format!("tổng {code} bằng tổng các báo cáo được chấp nhận"), mine.map(|mine| mine.sum), value)?;
        same(&format!("tổng {code} bằng tổng các nguồn"), value.unwrap_or(0), sum)?;
        same(&format!("số nguồn của {code}"), i64::try_from(sources.len()).ok(), Some(number(total, "/source_count")?))?;
        let mut units: Vec<&str> = sources.iter().map(|source| text(source, "/org_unit_id")).collect::<Told<_>>()?;
        let mut expected: Vec<&str> = mine.map_or_else(Vec::new, |mine| mine.sources.iter().map(String::as_str).collect());
        units.sort_unstable();
        expected.sort_unstable();
        same(&format!("các nguồn của {code}"), expected, units)?;
        same(
            &format!("{code} có số ước tính"),
            mine.is_some_and(|mine| mine.is_estimated),
            total.pointer("/is_estimated") == Some(&Value::Bool(true)),
        )?;
    }
    same("mọi chỉ tiêu đã báo cáo đều có tổng", stage.reported.len(), seen)
}
