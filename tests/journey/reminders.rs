//! Reminders by the schedule of the campaign: each stage of each limit once, to whom it may concern, and none to who reported.

use super::client::{Failure, Told, holds, same, text};
use super::stage::{Stage, all, total};
use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};

/// The clockwork of the service sweeps every minute.
const PATIENCE: Duration = Duration::from_secs(75);

/// What was sent of an obligation, once there are so many: code of the stage and level.
pub async fn sent(stage: &Stage, obligation: &str, count: usize) -> Told<Vec<(String, i64)>> {
    let begun = Instant::now();
    loop {
        let path = format!("/reminders?campaign_id={}&obligation_id={obligation}&sort=sent_at&limit=200", stage.campaign.id);
        let told = all(&stage.cast.desk, &path).await?;
        if told.len() >= count || begun.elapsed() > PATIENCE {
            return told.iter().map(|one| Ok((text(one, "/stage_code")?.to_owned(), super::client::number(one, "/level")?))).collect();
        }
        tokio::time::sleep(Duration::from_millis(500)).await;
    }
}

/// Waits until so many of a kind were sent: at once, or where the clockwork was just at it, a minute later.
pub async fn wait(stage: &Stage, kind: &str, count: usize) -> Told<()> {
    let begun = Instant::now();
    loop {
        let told = total(&stage.cast.desk, &format!("/reminders?campaign_id={}&kind={kind}", stage.campaign.id)).await?;
        if usize::try_from(told).unwrap_or(0) >= count {
            return Ok(());
        }
        holds(&format!("{count} lần nhắc {kind}"), begun.elapsed() < PATIENCE, told)?;
        tokio::time::sleep(Duration::from_millis(500)).await;
    }
}

/// All that was sent: no two of one stage, limit and level; the feed tells of each.
pub async fn check(stage: &Stage) -> Told<()> {
    stage.chapter("Nhắc việc theo lịch");
    let told = all(&stage.cast.desk, &format!("/reminders?campaign_id={}&subject=report&limit=200", stage.campaign.id)).await?;
    let (mut keys, mut kinds): (BTreeSet<[String; 4]>, BTreeMap<String, usize>) = (BTreeSet::new(), BTreeMap::new());
    for one in &told {
        let of = |name: &str| text(one, name).map(str::to_owned);
        let level = super::client::number(one, "/level")?.to_string();
        let is_new = keys.insert([of("/obligation_id")?, of("/due_before")?, of("/stage_code")?, level]);
        holds("mỗi mức nhắc của mỗi hạn gửi một lần", is_new, one)?;
        *kinds.entry(of("/kind")?).or_default() += 1;
        stage.did("reminder", text(one, "/id")?, 1, "sent");
    }
    let shown = ["due_soon", "due_today", "overdue", "escalated"].map(|kind| kinds.get(kind).copied().unwrap_or(0));
    let [soon, today, overdue, escalated] = shown;
    let bodies = stage.communes.len();
    holds("sắp đến hạn: mọi xã ít nhất một lần", soon >= bodies, soon)?;
    holds("ngày cuối: các xã chưa báo cáo", today >= bodies, today)?;
    println!(
        "  {} lần nhắc: {soon} sắp đến hạn, {today} trong ngày cuối, {overdue} quá hạn, {escalated} lên cấp trên; mỗi mức của mỗi hạn một lần.",
        told.len()
    );
    let forgetful = stage.forgetful.as_deref().ok_or_else(|| Failure::new("xã quên báo cáo", "không có"))?;
    let mine = sent(stage, forgetful, 5).await?;
    let expected =
        [("report_due_in_7_days", 1), ("report_due_in_3_days", 1), ("report_due_today", 1), ("report_overdue", 1), ("report_escalated", 2)];
    same("các lần nhắc của xã quên báo cáo, hết khi đã báo cáo", expected.map(|(code, level)| (code.to_owned(), level)).to_vec(), mine)?;
    let path = format!("/report-obligations/{forgetful}/reminders");
    let planned = stage.cast.desk.get(&path).await?.want(200)?;
    same("đã báo cáo thì không còn lịch nhắc", 0, planned.list("/planned")?.len())?;
    holds("có nơi quá hạn và có lần lên cấp trên", overdue > 0 && escalated > 0, format!("{kinds:?}"))
}
