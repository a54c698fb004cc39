//! The police shortlist with their advice, the province selects with its reason; a selection is taken back and another place takes it.

use super::client::{Told, holds, same, text};
use super::festival::Site;
use super::stage::{Stage, all, attempt};
use super::suitability;
use serde_json::json;

/// Places that the police propose, by the order of the cast: the first two will be the province's, the third is its first choice.
const SHORTLIST: usize = 3;

pub async fn select(stage: &mut Stage) -> Told<()> {
    stage.chapter("Khảo sát, đề xuất và chọn hai điểm của tỉnh");
    stage.clock("05-10T09:00:00").await?;
    let mut sites = std::mem::take(&mut stage.sites);
    take_back(stage, &mut sites).await?;
    for (no, site) in sites.iter_mut().enumerate().take(SHORTLIST) {
        suitability::answer(stage, site, no != 2).await?;
        shortlist(stage, site).await?;
    }
    stage.clock("05-15T09:00:00").await?;
    choose(stage, &mut sites).await?;
    let reason = json!({"reason": "Tỉnh đã chọn đủ 02 điểm; huyện tổ chức ở cấp mình."});
    for site in sites.iter_mut().filter(|site| !site.is_pilot) {
        let answer = stage.step(&stage.cast.province, &mut site.thing, "decline", Some(&reason), "declined").await?;
        same("trạng thái của điểm", "not_selected", answer.text("/state")?)?;
    }
    if let Some(third) = sites.get(2) {
        history(third).await?;
    }
    stage.sites = sites;
    println!("  Tỉnh chọn đủ 2/2 điểm; bảy nơi còn lại tổ chức ở cấp huyện.");
    quota(stage, 2).await
}

/// A district takes its nomination back and nominates again.
async fn take_back(stage: &Stage, sites: &mut [Site]) -> Told<()> {
    let Some(site) = sites.get_mut(5) else { return Ok(()) };
    let reason = json!({"reason": "Sân đang sửa, sẽ đề cử lại khi xong."});
    let back = stage.step(&site.organiser, &mut site.thing, "withdraw", Some(&reason), "withdrawn").await?;
    same("điểm rút đề cử", ("draft", true), (back.text("/state")?, back.at("/nominated_by")?.is_null()))?;
    let again = stage.step(&site.organiser, &mut site.thing, "nominate", None, "nominated").await?;
    same("điểm đề cử lại", "nominated", again.text("/state")?)?;
    println!("  “{}” rút đề cử rồi đề cử lại.", site.name);
    Ok(())
}

async fn shortlist(stage: &Stage, site: &mut Site) -> Told<()> {
    let advice = json!({"reason": "Phong trào mạnh, mô hình tự quản hiệu quả.", "adviser": "Phòng Xây dựng phong trào", "decision_number": "15/TTr-CAT"});
    println!("  Huyện không tự đưa mình vào danh sách; Công an tỉnh đề xuất “{}”.", site.name);
    attempt(&site.organiser, &site.thing, "shortlist", Some(&advice)).await?.refused(403, "forbidden")?;
    let answer = stage.step(&stage.cast.police, &mut site.thing, "shortlist", Some(&advice), "shortlisted").await?;
    same("trạng thái của điểm", "shortlisted", answer.text("/state")?)
}

async fn choose(stage: &Stage, sites: &mut [Site]) -> Told<()> {
    let reason = json!({"reason": "Phong trào nền nếp, đường đi thuận tiện.", "adviser": "Công an tỉnh", "decision_number": "402/QĐ-BCĐ"});
    for no in [2, 0] {
        let Some(site) = sites.get_mut(no) else { continue };
        println!("  Chọn “{}”.", site.name);
        let answer = stage.step(&stage.cast.province, &mut site.thing, "select", Some(&reason), "selected").await?;
        same("cấp của điểm", "province", answer.text("/pilot_level")?)?;
        site.is_pilot = true;
        let warnings = answer.list("/warnings")?.len();
        if no == 2 {
            println!("  Điểm này chưa đạt phiếu khảo sát, cảnh báo: {}", answer.warned("checklist_not_met", "R9", "III.3")?);
        } else {
            same("số cảnh báo khi chọn điểm đạt mọi mục", 0, warnings)?;
        }
    }
    quota(stage, 2).await?;
    if let Some(next) = sites.get(1) {
        println!("  Chọn thêm “{}” thì bị từ chối: đúng 02 điểm (R3, mục II.2.2.1).", next.name);
        let answer = attempt(&stage.cast.province, &next.thing, "select", Some(&reason)).await?;
        answer.refused(409, "quota_reached")?.under("R3", "II.2.2.1")?;
        println!("  Huyện tự chọn cho mình thì không có quyền.");
        attempt(&next.organiser, &next.thing, "select", Some(&reason)).await?.refused(403, "forbidden")?;
    }
    if let Some(third) = sites.get_mut(2) {
        println!("  Đường vào “{}” sạt lở: tỉnh rút lựa chọn, chỗ trống lại.", third.name);
        let why = json!({"reason": "Đường vào sạt lở, khách không đến được.", "decision_number": "415/QĐ-BCĐ"});
        let answer = stage.step(&stage.cast.province, &mut third.thing, "withdraw", Some(&why), "withdrawn").await?;
        same("điểm bị rút", ("nominated", "district"), (answer.text("/state")?, answer.text("/pilot_level")?))?;
        third.is_pilot = false;
    }
    quota(stage, 1).await?;
    if let Some(next) = sites.get_mut(1) {
        println!("  Chọn “{}” thay.", next.name);
        stage.step(&stage.cast.province, &mut next.thing, "select", Some(&reason), "selected").await?;
        next.is_pilot = true;
    }
    if let Some(third) = sites.get(2) {
        attempt(&stage.cast.province, &third.thing, "select", Some(&reason)).await?.refused(409, "quota_reached")?;
    }
    quota(stage, 2).await
}

/// So many of two are selected.
async fn quota(stage: &Stage, selected: i64) -> Told<()> {
    let answer = stage.cast.police.get(&format!("/campaigns/{}/nominations", stage.campaign.id)).await?.want(200)?;
    let came = (answer.number("/province/selected_count")?, answer.number("/province/required_count")?);
    same("số điểm tỉnh đã chọn trên số phải chọn", (selected, 2), came)
}

/// Each step is kept, with who advised and why.
async fn history(site: &Site) -> Told<()> {
    let steps = all(&site.organiser, &format!("/sites/{}/history?sort=occurred_at", site.thing.id)).await?;
    let told: Vec<&str> = steps.iter().map(|step| text(step, "/action")).collect::<Told<_>>()?;
    same("các bước của điểm", vec!["nominated", "shortlisted", "selected", "withdrawn", "declined"], told)?;
    let advised = steps.get(1).map_or("", |step| text(step, "/adviser").unwrap_or_default());
    same("nơi tham mưu", "Phòng Xây dựng phong trào", advised)?;
    let is_told = steps.iter().skip(1).all(|step| text(step, "/reason").is_ok_and(|reason| !reason.is_empty()));
    holds("mỗi quyết định có lý do", is_told, steps.len())
}
