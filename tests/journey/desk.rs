//! The desk takes the reports in: some are sent back by field, many are accepted at once, and who was late or given longer follows.

use super::client::{Told, holds, number, same, text};
use super::reports::{Report, Tally, add_up, check_complete, check_totals};
use super::stage::{Stage, all, attempt, total};
use super::{communes, limits, reminders};
use serde_json::{Value, json};

pub async fn take_in(stage: &mut Stage, mut reports: Vec<Report>) -> Told<()> {
    stage.chapter("Phòng Xây dựng phong trào tiếp nhận");
    let size = i64::try_from(reports.len()).unwrap_or(0);
    let mut count = Tally { expected: size + 1, submitted: size, late: 1, accepted: 0 };
    check_totals(stage).await?;
    println!("  Huyện chấp nhận rồi mới có số tổng hợp của xã; cấp huyện và sở, ngành chưa có.");
    stage.clock("08-20T08:00:00").await?;
    let limit = limits::at_the_limit(stage).await?;
    forgetful(stage).await?;
    for report in reports.iter_mut().filter(|report| report.is_returned()) {
        send_back(stage, report, &count).await?;
    }
    let mut police = limits::after_the_grace(stage).await?;
    count.submitted += 1;
    check_complete(stage, &count).await?;
    stage.clock("08-22T08:00:00").await?;
    communes::report_extended(stage).await?;
    everybody_reported(stage).await?;
    counts(stage).await?;
    stage.step(&stage.cast.province, &mut police, "accept", None, "accepted").await?;
    count.accepted += 1;
    accept_at_once(stage, &mut reports, &mut count).await?;
    for report in reports.iter_mut().filter(|report| report.district.is_some()) {
        let answer = stage.step(&stage.cast.desk, &mut report.thing, "accept", None, "accepted").await?;
        same("trạng thái báo cáo", "accepted", answer.text("/state")?)?;
        add_up(&mut stage.reported, &report.unit, answer.at("/figures")?)?;
        count.accepted += 1;
        check_complete(stage, &count).await?;
    }
    check_totals(stage).await?;
    println!("  {0}/{0} báo cáo được chấp nhận; mỗi số tổng hợp bằng tổng các nguồn nó dẫn.", count.accepted);
    instants(stage, &limit).await?;
    stage.reports = reports;
    Ok(())
}

/// The commune that forgot is reminded, then its district is told; then it reports, late.
async fn forgetful(stage: &mut Stage) -> Told<()> {
    let obligation = stage.forgetful.clone().unwrap_or_default();
    let told = reminders::sent(stage, &obligation, 5).await?;
    let last = told.last().map(|(code, level)| (code.as_str(), *level));
    same("lần nhắc cuối của xã quên báo cáo: lên huyện", Some(("report_escalated", 2)), last)?;
    communes::report_late(stage).await
}

async fn send_back(stage: &Stage, report: &mut Report, count: &Tally) -> Told<()> {
    println!("  Không ai tự chấp nhận báo cáo của mình:");
    attempt(&report.reporter, &report.thing, "accept", None).await?.refused(403, "forbidden")?;
    let comments = json!([{"pointer": "/figures/attendance_count", "text": "Điểm danh ghi ít hơn."}, {"pointer": "/narrative", "text": "Bổ sung cách làm hay."}]);
    let comment = json!({"comment": "Số lượt người dự chưa khớp với điểm danh; đề nghị rà soát.", "comments": comments});
    let answer = stage.step(&stage.cast.desk, &mut report.thing, "return", Some(&comment), "returned").await?;
    same("ý kiến theo từng chỗ", &comments, answer.at("/return_comments")?)?;
    println!("  Trả lại báo cáo của {}: {}", report.name, answer.text("/return_comment")?);
    check_complete(stage, count).await?;
    stage.clock("08-21T10:00:00").await?;
    let right = report.figures.pointer("/attendance_count").cloned().unwrap_or_default();
    let change = json!({"figures": {"attendance_count": right}, "narrative": format!("{} đã triển khai kế hoạch; cách làm hay: tổ liên gia.", report.name)});
    stage.change(&report.reporter, &mut report.thing, &change).await?;
    let answer = stage.step(&report.reporter, &mut report.thing, "submit", None, "submitted").await?;
    same("báo cáo nộp lại sau hạn vẫn đúng hạn, vì lần đầu đúng hạn", &Value::Bool(false), answer.at("/is_late")?)?;
    let versions = all(&report.reporter, &format!("/reports/{}/versions?sort=no", report.thing.id)).await?;
    same("số lần nộp được lưu", 2, versions.len())?;
    compare(stage, report).await?;
    check_complete(stage, count).await
}

/// The two versions differ where it was asked for, and nowhere else.
async fn compare(stage: &Stage, report: &Report) -> Told<()> {
    let shown = stage.cast.desk.get(&format!("/reports/{}/comparison", report.thing.id)).await?.want(200)?;
    let figures: Vec<_> =
        shown.list("/figures")?.iter().map(|one| Ok((text(one, "/code")?, number(one, "/difference")?))).collect::<Told<_>>()?;
    same("chỉ tiêu khác nhau giữa hai lần nộp", vec![("attendance_count", -Report::TOO_MANY)], figures)?;
    let added = shown.list("/narrative")?.iter().filter(|one| text(one, "/kind").is_ok_and(|kind| kind == "added")).count();
    holds("chữ thêm vào lời báo cáo", added > 0, added)?;
    let first = stage.cast.desk.get(&format!("/reports/{}/versions/1", report.thing.id)).await?.want(200)?;
    let right = number(&report.figures, "/attendance_count/value")?;
    same("bản nộp đầu vẫn như cũ", right + Report::TOO_MANY, first.number("/figures/attendance_count/value")?)?;
    println!("  So hai lần nộp: đúng một chỉ tiêu và lời báo cáo khác nhau; bản đầu vẫn giữ.");
    Ok(())
}

async fn everybody_reported(stage: &Stage) -> Told<()> {
    let overview = stage.cast.operations.get(&format!("/dashboard/overview?campaign_id={}", stage.campaign.id)).await?.want(200)?;
    same("số nơi báo cáo trễ trên bảng điều hành", 2, overview.number("/reports/late")?)?;
    same("tỷ lệ báo cáo trên bảng điều hành", Some(100.0), overview.at("/reports/completeness_percent")?.as_f64())?;
    println!("  Mọi nơi đã báo cáo, hai nơi trễ. Tỷ lệ báo cáo, đọc sau mỗi bước, đi từ 0 đến 100 % và không lúc nào quá.");
    Ok(())
}

/// Each count of the desk is the total of the list that it links to; what waits is one list.
async fn counts(stage: &Stage) -> Told<()> {
    let desk = stage.cast.desk.get(&format!("/campaigns/{}/desk", stage.campaign.id)).await?.want(200)?;
    let mut seen = 0;
    for one in desk.list("/counts")? {
        let (code, count) = (text(one, "/code")?, number(one, "/count")?);
        same(&format!("bàn tiếp nhận, {code}"), count, total(&stage.cast.desk, text(one, "/href")?).await?)?;
        if code == "reports_waiting" {
            let items = total(&stage.cast.desk, &format!("/campaigns/{}/desk/items?code={code}", stage.campaign.id)).await?;
            same("báo cáo chờ, trong danh sách việc", count, items)?;
            seen = count;
        }
    }
    holds("có báo cáo chờ ở bàn tiếp nhận", seen > 0, seen)?;
    println!("  Bàn tiếp nhận: {seen} báo cáo chờ; mỗi con số bằng danh sách nó dẫn.");
    Ok(())
}

/// The departments' reports all at once: only when they are as many as was seen.
async fn accept_at_once(stage: &mut Stage, reports: &mut [Report], count: &mut Tally) -> Told<()> {
    let ids: Vec<&str> = reports.iter().filter(|report| report.district.is_none()).map(|report| report.thing.id.as_str()).collect();
    let path = format!("/campaigns/{}/reports/accept", stage.campaign.id);
    let body = |expected: usize| json!({"filter": {"ids": ids}, "expected_count": expected});
    println!("  Chấp nhận hàng loạt: đếm khác với đã thấy thì không làm gì; đúng thì nhận tất cả.");
    stage.cast.desk.post(&path, &body(ids.len() + 1)).await?.refused(409, "count_differs")?;
    check_complete(stage, count).await?;
    let done = stage.cast.desk.post(&path, &body(ids.len())).await?.want(200)?;
    same("số báo cáo được nhận cùng lúc", (ids.len(), 0), (done.list("/accepted")?.len(), done.list("/excluded")?.len()))?;
    for one in done.list("/accepted")? {
        let id = text(one, "/report_id")?;
        stage.did("report", id, number(one, "/version")?, "accepted");
        count.accepted += 1;
    }
    for report in reports.iter_mut().filter(|report| report.district.is_none()) {
        let (thing, answer) = stage.read(&stage.cast.desk, "report", "reports", &report.thing.id).await?;
        report.thing = thing;
        add_up(&mut stage.reported, &report.unit, answer.at("/figures")?)?;
    }
    check_complete(stage, count).await?;
    check_totals(stage).await
}

/// What stood at the limit is as it was, beside what came late; and every instant tells its own.
async fn instants(stage: &Stage, limit: &Value) -> Told<()> {
    same("ảnh chụp lúc hết hạn, sau mọi việc về sau", limit, &limits::at_the_limit(stage).await?)?;
    let then = limits::at(stage, text(limit, "/at")?).await?;
    let figures =
        ["expected", "submitted", "in_time", "late", "accepted"].map(|name| number(limit, &format!("/figures/{name}_count")).ok());
    // The snapshot is of the whole campaign, the instant of what is owed to the province.
    holds(
        "lúc hết hạn: có nơi đúng hạn, chưa nơi nào trễ",
        then[2] > 0 && then[3] == 0 && figures[3] == Some(0),
        format!("{then:?} {figures:?}"),
    )?;
    let [expected, submitted, in_time, late, accepted] = limits::at(stage, &stage.at("08-20T00:01:30")).await?;
    same("một phút rưỡi sau hạn: thêm một nơi, trễ", (then[1] + 1, then[2], 1, 0), (submitted, in_time, late, accepted))?;
    same("số nơi phải báo cáo không đổi", then[0], expected)?;
    println!("  Lúc hết hạn {} / {} nơi đúng hạn; nơi trễ đứng bên cạnh, ảnh chụp không đổi về sau.", then[2], then[0]);
    Ok(())
}
