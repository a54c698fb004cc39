//! Below the province: each district issues its plan and demands reports of its communes; every commune reports; each district accepts
//! what is owed to it, and no more.

use super::cast;
use super::client::{Answer, Caller, Told, number, same, text};
use super::reports::add_up;
use super::stage::{Stage, Thing, all, attempt};
use super::{limits, reminders};
use futures_util::future::join_all;
use serde_json::{Value, json};

/// Kinds of body right below a district that report to it; communes first.
const REPORTING: [&str; 5] = ["commune_committee", "agency", "enterprise", "educational_institution", "residential_area"];

/// A commune, or an agency of the district, with its account.
pub struct Commune {
    pub unit: String,
    name: String,
    caller: Caller,
    obligation: String,
    is_commune: bool,
    /// Place of its district in the cast.
    pub district: usize,
}

/// Each district issues its plan under the province's, with a report limit of its own.
pub async fn demand(stage: &mut Stage) -> Told<()> {
    stage.chapter("Các huyện ban hành kế hoạch, giao các xã báo cáo");
    stage.clock("04-05T08:00:00").await?;
    for index in 0..stage.districts.len() {
        let Some(district) = stage.districts.get(index) else { continue };
        let (unit, name, caller) = (district.unit.clone(), district.name.clone(), district.caller.clone());
        let rule = json!({
            "rule_id": "R1", "clause": "III.2", "obligation": "must", "statement": "Ủy ban nhân dân các xã báo cáo kết quả về huyện.",
            "parameters": {"kind": "report_limit", "on": stage.day("08-18"), "inclusive": true},
        });
        let body = json!({
            "campaign_id": stage.campaign.id, "org_unit_id": unit, "parent_plan_id": stage.plan, "symbol": "KH-BCĐ",
            "title": format!("Kế hoạch tổ chức Ngày hội năm {} trên địa bàn", stage.year), "rules": [rule],
        });
        let (mut plan, _) = stage.create(&caller, "plan", "plans", &body).await?;
        stage.step(&caller, &mut plan, "submit", None, "submitted").await?;
        let issue = json!({"number": 12, "issued_on": stage.day("04-05"), "signatory_name": "Trưởng ban"});
        stage.step(&caller, &mut plan, "issue", Some(&issue), "issued").await?;
        let owed = all(&caller, &format!("/report-obligations?campaign_id={}&to_org_unit_id={unit}&limit=200", stage.campaign.id)).await?;
        let below = all(&caller, &format!("/org-units?parent_id={unit}&limit=200")).await?;
        let owes = |kind: &str| REPORTING.contains(&kind);
        let expected = below.iter().filter(|one| text(one, "/kind").is_ok_and(owes)).count();
        same(&format!("số nơi phải báo cáo {name}, đếm từ cây đơn vị"), expected, owed.len())?;
        println!("  {name}: {} nơi báo cáo huyện đến hết ngày 18/8.", owed.len());
        for (no, one) in (1..).zip(&owed) {
            let obligation = text(one, "/id")?.to_owned();
            stage.did("report_obligation", &obligation, number(one, "/version")?, "created");
            let (unit, name) = (text(one, "/org_unit_id")?.to_owned(), text(one, "/org_unit_name")?.to_owned());
            let is_commune = text(one, "/org_unit_kind")? == REPORTING[0];
            // The district gives them their accounts.
            let whose = (name.as_str(), if is_commune { "commune" } else { "unit" }, unit.as_str());
            let caller = cast::make_account(&stage.service, &caller, &format!("xa{index}-{no}.{}", stage.year), whose).await?;
            stage.communes.push(Commune { unit, name, caller, obligation, is_commune, district: index });
        }
    }
    let communes = stage.communes.iter().filter(|one| one.is_commune).count();
    println!("  Cả tỉnh: {communes} xã, phường, thị trấn và {} cơ quan, đơn vị khác.", stage.communes.len() - communes);
    same("số xã, phường, thị trấn của tỉnh", 173, communes)
}

/// District with a commune that forgets, and one with a commune that is given longer.
const FORGETFUL: usize = 6;
const FLOODED: usize = 4;
/// Communes that report at once.
const AT_ONCE: usize = 12;

/// Every commune but two reports to its district, which accepts all at once; one is sent back first.
pub async fn report(stage: &mut Stage) -> Told<()> {
    stage.chapter("Các xã báo cáo huyện");
    stage.clock("08-18T20:00:00").await?;
    reminders::wait(stage, "due_today", stage.communes.len()).await?;
    let first_of = |stage: &Stage, district: usize| stage.communes.iter().position(|one| one.is_commune && one.district == district);
    let (Some(forgetful), Some(flooded)) = (first_of(stage, FORGETFUL), first_of(stage, FLOODED)) else { return Ok(()) };
    let communes = std::mem::take(&mut stage.communes);
    if let (Some(commune), Some(district)) = (communes.get(flooded), stage.districts.get(FLOODED)) {
        limits::extend(stage, &district.caller, &commune.obligation, "08-26T00:00:00", "Mưa lũ, mất điện.", false).await?;
        println!("  {} bị lũ, huyện cho thêm thời gian; một xã khác quên báo cáo.", commune.name);
    }
    stage.forgetful = communes.get(forgetful).map(|commune| commune.obligation.clone());
    let prompt: Vec<(usize, &Commune)> = communes.iter().enumerate().filter(|(no, _)| ![forgetful, flooded].contains(no)).collect();
    let mut sent = Vec::with_capacity(communes.len());
    for some in prompt.chunks(AT_ONCE) {
        for report in join_all(some.iter().map(|(no, commune)| send(stage, *no, commune, false))).await {
            sent.push(report?.0);
        }
    }
    if let (Some(commune), Some(thing)) = (communes.first(), sent.first_mut()) {
        send_back(stage, commune, thing).await?;
    }
    for index in 0..stage.districts.len() {
        let waiting = prompt.iter().filter(|(_, commune)| commune.district == index).count();
        accept(stage, index, waiting, &communes).await?;
    }
    same("số nơi đã báo cáo huyện, trừ hai", communes.len() - 2, sent.len())?;
    stage.waiting = (Some(forgetful), Some(flooded));
    stage.communes = communes;
    Ok(())
}

async fn send(stage: &Stage, no: usize, commune: &Commune, is_late: bool) -> Told<(Thing, Answer)> {
    let body = json!({"obligation_id": commune.obligation, "figures": figures(i64::try_from(no).unwrap_or(0) + 1)});
    let (mut thing, _) = stage.create(&commune.caller, "report", "reports", &body).await?;
    let answer = stage.step(&commune.caller, &mut thing, "submit", None, "submitted").await?;
    same("trễ hạn", &Value::Bool(is_late), answer.at("/is_late")?)?;
    Ok((thing, answer))
}

/// The one that forgot reports two days late; its district takes it, marked.
pub async fn report_late(stage: &mut Stage) -> Told<()> {
    let no = stage.waiting.0;
    report_after(stage, no, true).await
}

/// The one that was given longer reports by its own limit.
pub async fn report_extended(stage: &mut Stage) -> Told<()> {
    let no = stage.waiting.1;
    report_after(stage, no, false).await
}

async fn report_after(stage: &mut Stage, no: Option<usize>, is_late: bool) -> Told<()> {
    let Some((no, commune)) = no.and_then(|no| Some((no, stage.communes.get(no)?))) else { return Ok(()) };
    let Some(district) = stage.districts.get(commune.district) else { return Ok(()) };
    let (mut thing, _) = send(stage, no, commune, is_late).await?;
    let answer = stage.step(&district.caller, &mut thing, "accept", None, "accepted").await?;
    println!("  {} báo cáo {}.", commune.name, if is_late { "trễ, được ghi là trễ" } else { "đúng hạn đã gia" });
    let (unit, figures) = (commune.unit.clone(), answer.at("/figures")?.clone());
    add_up(&mut stage.reported, &unit, &figures)
}

/// What a commune reports: what its district does not, so that nothing is counted twice.
fn figures(no: i64) -> Value {
    let counted = |value: i64| json!({"value": value, "basis": "counted"});
    json!({
        "sites_held": {"is_nil": true}, "attendance_count": {"is_nil": true}, "loudspeaker_runs": counted(4 + no % 9), "banners": counted(1 + no % 5),
        "pledges_signed": if no % 10 == 0 { json!({"is_nil": true}) } else { json!({"value": 30 + no, "basis": "estimated"}) },
    })
}

async fn send_back(stage: &Stage, commune: &Commune, thing: &mut Thing) -> Told<()> {
    let Some(district) = stage.districts.get(commune.district) else { return Ok(()) };
    println!("  {} không tự chấp nhận báo cáo của mình; huyện khác không thấy báo cáo này:", commune.name);
    attempt(&commune.caller, thing, "accept", None).await?.refused(403, "forbidden")?;
    if let Some(other) = stage.districts.get(commune.district + 1) {
        attempt(&other.caller, thing, "accept", None).await?.refused(404, "not_found")?;
    }
    let comment = json!({"comment": "Đề nghị rà soát số hộ ký cam kết.", "comments": [{"pointer": "/figures/pledges_signed", "text": "Ghi là ước tính."}]});
    stage.step(&district.caller, thing, "return", Some(&comment), "returned").await?;
    let right = json!({"figures": {"pledges_signed": {"value": 25, "basis": "estimated"}}});
    stage.change(&commune.caller, thing, &right).await?;
    stage.step(&commune.caller, thing, "submit", None, "submitted").await?;
    let shown = district.caller.get(&format!("/reports/{}/comparison", thing.id)).await?.want(200)?;
    let change = (shown.text("/figures/0/code")?, shown.number("/figures/0/difference")?, shown.list("/figures")?.len());
    same("chỗ khác nhau giữa hai lần nộp", ("pledges_signed", -6, 1), change)
}

/// A district accepts what its desk shows: what is owed to it.
async fn accept(stage: &mut Stage, index: usize, expected: usize, communes: &[Commune]) -> Told<()> {
    let Some(district) = stage.districts.get(index) else { return Ok(()) };
    let (unit, name, caller) = (district.unit.clone(), district.name.clone(), district.caller.clone());
    let desk = caller.get(&format!("/campaigns/{}/desk", stage.campaign.id)).await?.want(200)?;
    let waiting = desk.list("/counts")?.iter().find(|count| text(count, "/code").is_ok_and(|code| code == "reports_waiting"));
    let waiting = waiting.map(|count| number(count, "/count")).transpose()?;
    same(&format!("báo cáo chờ {name}, theo bàn tiếp nhận"), i64::try_from(expected).ok(), waiting)?;
    let body = json!({"filter": {"to_org_unit_id": unit}, "expected_count": expected});
    let done = caller.post(&format!("/campaigns/{}/reports/accept", stage.campaign.id), &body).await?.want(200)?;
    for one in done.list("/accepted")? {
        stage.did("report", text(one, "/report_id")?, number(one, "/version")?, "accepted");
    }
    let accepted =
        all(&caller, &format!("/reports?to_org_unit_id={unit}&campaign_id={}&state=accepted&limit=200", stage.campaign.id)).await?;
    same("số báo cáo được huyện chấp nhận", expected, accepted.len())?;
    for report in accepted {
        let (of, figures) = (text(&report, "/org_unit_id")?, report.pointer("/figures").cloned().unwrap_or_default());
        same("báo cáo của một xã trong huyện", true, communes.iter().any(|commune| commune.unit == of && commune.district == index))?;
        add_up(&mut stage.reported, of, &figures)?;
    }
    Ok(())
}
