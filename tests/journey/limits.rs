//! When a report may come: not before its opening, late after its limit, not any more after its grace; longer for who is given longer;
//! who is exempt is not expected. What stood at the limit stays told.

use super::client::{Failure, Told, same, text};
use super::stage::{Stage, Thing, all, attempt, total};
use serde_json::{Value, json};

/// The report of the provincial police, which opens on 10 August and has a day of grace.
pub struct Graceful {
    pub obligation: Thing,
    pub report: Thing,
}

pub async fn lay_down(stage: &mut Stage) -> Told<()> {
    stage.chapter("Thời hạn báo cáo: mở, hạn, gia hạn, miễn");
    stage.clock("06-25T08:00:00").await?;
    let police = stage.cast.account("standing_agency")?.org_unit.clone();
    let body = json!({"campaign_id": stage.campaign.id, "org_unit_id": police, "to_org_unit_id": stage.committee, "opens_at": stage.at("08-10T00:00:00"), "grace_minutes": 1440});
    let (obligation, owed) = stage.create(&stage.cast.desk, "report_obligation", "report-obligations", &body).await?;
    let closes = chrono::DateTime::parse_from_rfc3339(owed.text("/closes_at")?);
    let expected = chrono::DateTime::parse_from_rfc3339(&stage.at("08-21T00:00:00"));
    same("hết hạn gia hạn kỹ thuật, một ngày sau hạn", expected, closes)?;
    // It has nothing to tell, and says so.
    let nil = json!({"is_nil": true});
    let figures = json!({"obligation_id": obligation.id, "figures": {"sites_held": nil, "attendance_count": nil}});
    let (report, _) = stage.create(&stage.cast.police, "report", "reports", &figures).await?;
    println!("  Công an tỉnh cũng báo cáo: mở từ 10/8, hạn 19/8, nhận muộn đến hết 20/8. Gửi sớm thì chưa nhận:");
    let early = attempt(&stage.cast.police, &report, "submit", None).await?.refused(422, "validation_failed")?.under("R2", "III.3")?;
    same("lý do không nhận", "not_open", early.text("/errors/0/code")?)?;
    stage.graceful = Some(Graceful { obligation, report });
    exempt(stage).await
}

/// Who is exempt is not expected; it is put right, and both decisions stay on record.
async fn exempt(stage: &Stage) -> Told<()> {
    let path = format!(
        "/report-obligations?campaign_id={}&to_org_unit_id={}&org_unit_kind=mass_organisation&limit=200",
        stage.campaign.id, stage.committee
    );
    let owed = all(&stage.cast.desk, &path).await?;
    let one = owed.first().ok_or_else(|| Failure::new("một đoàn thể phải báo cáo", "không có"))?;
    let before = expected(stage).await?;
    let (mut thing, _) = stage.read(&stage.cast.desk, "report_obligation", "report-obligations", text(one, "/id")?).await?;
    let reason = json!({"reason": "Báo cáo chung với cơ quan khác."});
    stage.step(&stage.cast.desk, &mut thing, "exempt", Some(&reason), "exempted").await?;
    same("số nơi phải báo cáo khi một nơi được miễn", before - 1, expected(stage).await?)?;
    let reason = json!({"reason": "Vẫn báo cáo riêng."});
    stage.step(&stage.cast.desk, &mut thing, "restore", Some(&reason), "restored").await?;
    same("số nơi phải báo cáo khi bỏ miễn", before, expected(stage).await?)?;
    let decisions = all(&stage.cast.desk, &format!("/report-obligations/{}/decisions?sort=occurred_at", thing.id)).await?;
    let told: Vec<&str> = decisions.iter().map(|one| text(one, "/action")).collect::<Told<_>>()?;
    same("các quyết định được lưu", vec!["created", "exempted", "restored"], told)?;
    println!("  {} được miễn rồi lại phải báo cáo: cả hai quyết định có lý do được lưu.", text(one, "/org_unit_name")?);
    Ok(())
}

async fn expected(stage: &Stage) -> Told<i64> {
    let path = format!("/campaigns/{}/completeness?to_org_unit_id={}", stage.campaign.id, stage.committee);
    stage.cast.desk.get(&path).await?.want(200)?.number("/expected_count")
}

/// Gives longer, with the reason.
pub async fn extend(stage: &Stage, who: &super::client::Caller, obligation: &str, until: &str, why: &str, reopens: bool) -> Told<Value> {
    let (mut thing, _) = stage.read(who, "report_obligation", "report-obligations", obligation).await?;
    let body = json!({"until": stage.at(until), "reason": why, "reopens_report": reopens});
    let answer = stage.step(who, &mut thing, "extend", Some(&body), "extended").await?;
    let until = chrono::DateTime::parse_from_rfc3339(&stage.at(until));
    same("hạn mới", until, chrono::DateTime::parse_from_rfc3339(answer.text("/due_before")?))?;
    Ok(answer.body)
}

/// After the grace nothing is taken any more; given longer, it comes in time, and is a nil return.
pub async fn after_the_grace(stage: &mut Stage) -> Told<Thing> {
    let Graceful { obligation, mut report } = stage.graceful.take().ok_or_else(|| Failure::new("báo cáo của Công an tỉnh", "không có"))?;
    println!("  Công an tỉnh quên; sau ngày nhận muộn thì không nhận nữa:");
    let closed = attempt(&stage.cast.police, &report, "submit", None).await?.refused(422, "validation_failed")?;
    same("lý do không nhận", "closed", closed.text("/errors/0/code")?)?;
    extend(stage, &stage.cast.desk, &obligation.id, "08-25T00:00:00", "Cán bộ đi chống lũ.", false).await?;
    let answer = stage.step(&stage.cast.police, &mut report, "submit", None, "submitted").await?;
    same("báo cáo trắng, đúng hạn mới", (true, false), (answer.flag("/is_nil")?, answer.flag("/is_late")?))?;
    let nil = total(&stage.cast.desk, &format!("/reports?campaign_id={}&is_nil=true", stage.campaign.id)).await?;
    same("số báo cáo trắng", 1, nil)?;
    println!("  Được gia hạn: báo cáo trắng, đúng hạn mới.");
    Ok(report)
}

/// The figures at an instant, which nothing that comes later changes.
pub async fn at(stage: &Stage, instant: &str) -> Told<[i64; 5]> {
    let instant = instant.replace('+', "%2B");
    let path = format!("/campaigns/{}/completeness?to_org_unit_id={}&at={instant}", stage.campaign.id, stage.committee);
    let answer = stage.cast.desk.get(&path).await?.want(200)?;
    let of = |name: &str| answer.number(&format!("/{name}_count"));
    Ok([of("expected")?, of("submitted")?, of("in_time")?, of("late")?, of("accepted")?])
}

/// The snapshot that the service keeps of the limit of 19 August, in time and late side by side.
pub async fn at_the_limit(stage: &Stage) -> Told<Value> {
    let answer = stage.cast.desk.get(&format!("/campaigns/{}/report-snapshots", stage.campaign.id)).await?.want(200)?;
    let is_it = |one: &&Value| {
        text(one, "/kind").is_ok_and(|kind| kind == "limit") && text(one, "/at").is_ok_and(|at| at.starts_with(&stage.day("08-19T16:59")))
    };
    let found = answer.list("/items")?.iter().find(is_it).cloned();
    found.ok_or_else(|| Failure::new("ảnh chụp lúc hết hạn 19/8", answer.text.clone()))
}
