//! The consolidation as it goes out: frozen with a checksum, signed, sent to two addressees; a later correction shows what it would change.

use super::client::{Answer, Failure, Told, holds, number, same, text};
use super::reports::{Report, check_totals};
use super::stage::{Stage, Thing};
use super::{findings, limits};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

/// What a late count adds to the attendances of a district.
const MORE: i64 = 12;

pub async fn sign_and_send(stage: &mut Stage) -> Told<()> {
    findings::settle(stage).await?;
    stage.chapter("Báo cáo tổng hợp: chốt số, ký, gửi hai nơi");
    stage.clock("08-28T08:00:00").await?;
    let (mut frozen, content) = freeze(stage).await?;
    let early = super::stage::attempt(&stage.cast.desk, &frozen, "send", Some(&json!({}))).await?;
    early.refused(409, "invalid_transition")?;
    let signature = json!({"document_number": "95/BC-BCĐ", "signed_on": stage.day("08-28"), "signatory_name": "Ngô Hạnh Phúc", "signatory_title": "Trưởng ban"});
    stage.step(&stage.cast.desk, &mut frozen, "sign", Some(&signature), "signed").await?;
    let sent = stage.step(&stage.cast.desk, &mut frozen, "send", Some(&json!({})), "sent").await?;
    let names: Vec<&str> = sent.list("/addressees")?.iter().map(|one| text(one, "/name")).collect::<Told<_>>()?;
    same("số nơi nhận báo cáo tổng hợp", 2, names.len())?;
    println!("  Báo cáo số 95/BC-BCĐ đã ký, gửi: {}.", names.join("; "));
    for no in 1..=2 {
        let known = json!({"no": no, "reference": format!("Văn bản đến số {}", 1200 + no)});
        stage.step(&stage.cast.desk, &mut frozen, "acknowledge", Some(&known), "acknowledged").await?;
    }
    correct_later(stage, &frozen).await?;
    let (_, now) = stage.read(&stage.cast.centre, "consolidation", "consolidations", &frozen.id).await?;
    same("bản đã gửi không đổi sau khi sửa", content, checked(&now)?)
}

/// The content of a frozen consolidation, which its checksum vouches for byte for byte.
fn checked(answer: &Answer) -> Told<String> {
    let content = answer.text.split_once("\"content\":").and_then(|(_, rest)| rest.strip_suffix('}'));
    let content = content.ok_or_else(|| Failure::new("nội dung đã chốt", answer.text.clone()))?;
    let sum: String = Sha256::digest(content.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect();
    same("mã kiểm của nội dung đã chốt", sum.as_str(), answer.text("/checksum")?)?;
    Ok(content.to_owned())
}

async fn freeze(stage: &Stage) -> Told<(Thing, String)> {
    let body = json!({"campaign_id": stage.campaign.id, "org_unit_id": stage.committee, "note": "Trình ký"});
    let (frozen, answer) = stage.create(&stage.cast.desk, "consolidation", "consolidations", &body).await?;
    let live = stage.cast.desk.get(&format!("/campaigns/{}/consolidation", stage.campaign.id)).await?.want(200)?;
    same("tổng đã chốt là tổng lúc chốt", live.at("/totals")?, answer.at("/content/totals")?)?;
    same("số báo cáo đã chốt", answer.number("/expected_count")?, answer.number("/accepted_count")?)?;
    let content = checked(&answer)?;
    println!(
        "  Chốt {} báo cáo, mã kiểm {}…",
        answer.number("/accepted_count")?,
        answer.text("/checksum")?.chars().take(12).collect::<String>()
    );
    let changes = stage.cast.desk.get(&format!("/consolidations/{}/changes", frozen.id)).await?.want(200)?;
    same("vừa chốt thì chưa có gì khác", false, changes.flag("/has_changed")?)?;
    Ok((frozen, content))
}

/// A district finds a mistake after all: its report is opened again with a reason, and the frozen one tells what would change.
async fn correct_later(stage: &mut Stage, frozen: &Thing) -> Told<()> {
    let mut reports = std::mem::take(&mut stage.reports);
    let report = reports
        .iter_mut()
        .find(|report| report.district == Some(0))
        .ok_or_else(|| Failure::new("báo cáo của huyện Lục Yên", "không có"))?;
    reopen(stage, report).await?;
    let district = number(&report.figures, "/attendance_count/value")?;
    let right = json!({"figures": {"attendance_count": {"value": district + MORE, "basis": "counted"}}});
    stage.change(&report.reporter, &mut report.thing, &right).await?;
    stage.step(&report.reporter, &mut report.thing, "submit", None, "submitted").await?;
    stage.step(&stage.cast.desk, &mut report.thing, "accept", None, "accepted").await?;
    if let Some(total) = stage.reported.get_mut("attendance_count") {
        total.sum += MORE;
    }
    let changes = stage.cast.desk.get(&format!("/consolidations/{}/changes", frozen.id)).await?.want(200)?;
    same("sau khi sửa thì có khác", true, changes.flag("/has_changed")?)?;
    let totals: Vec<(&str, i64, usize)> = changes
        .list("/totals")?
        .iter()
        .map(|one| {
            Ok((text(one, "/code")?, number(one, "/difference")?, one.pointer("/sources").and_then(Value::as_array).map_or(0, Vec::len)))
        })
        .collect::<Told<_>>()?;
    same("chỗ khác với bản đã gửi, và nguồn", vec![("attendance_count", MORE, 1)], totals)?;
    same("nguồn của chỗ khác", report.thing.id.as_str(), changes.text("/totals/0/sources/0/report_id")?)?;
    println!("  {} sửa số liệu sau khi gửi: bản đã gửi giữ nguyên và chỉ ra đúng {MORE} lượt sẽ thêm, từ báo cáo nào.", report.name);
    check_totals(stage).await?;
    stage.reports = reports;
    Ok(())
}

/// A locked report opens only by an extension, with its reason.
async fn reopen(stage: &Stage, report: &mut Report) -> Told<()> {
    stage.step(&stage.cast.desk, &mut report.thing, "lock", None, "locked").await?;
    let comment = json!({"comment": "Sửa số liệu"});
    super::stage::attempt(&stage.cast.desk, &report.thing, "return", Some(&comment)).await?.refused(409, "invalid_transition")?;
    limits::extend(stage, &stage.cast.desk, &report.obligation, "09-05T00:00:00", "Đếm sót khách ở cổng phụ.", true).await?;
    let (thing, now) = stage.read(&report.reporter, "report", "reports", &report.thing.id).await?;
    stage.did("report", &thing.id, now.number("/version")?, "reopened");
    report.thing = thing;
    same("báo cáo được mở lại", "returned", now.text("/state")?)?;
    holds("lý do mở lại", now.text("/return_comment")?.contains("cổng phụ"), &now.text)
}
