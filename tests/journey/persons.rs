//! Contacts are read with a reason and every reading is logged; what is held of one person is told to that person, and erased, while no
//! figure changes: also after the campaign is closed.

use super::client::{Failure, Told, holds, same, text};
use super::festival::Site;
use super::stage::{Stage, Thing, all, total};
use serde_json::{Value, json};

const WHY: &str = "reason=B%C3%A1o+%C4%91%E1%BB%95i+gi%E1%BB%9D";

/// How to reach a guest of the first site: in full for who organises, masked for the police, each reading with its reason.
pub async fn contact(stage: &Stage) -> Told<()> {
    stage.chapter("Liên hệ của khách");
    stage.clock("06-22T08:00:00").await?;
    let site = first(stage)?;
    let (thing, _) = guest(stage, site).await?;
    let path = format!("/participants/{}/contacts", thing.id);
    let body = json!({"phone": "0912 345 678", "email": "khach@example.org"});
    let with = super::client::With { body: Some(&body), if_match: Some("\"0\""), ..Default::default() };
    site.organiser.send(reqwest::Method::PUT, &path, with).await?.want(200)?;
    let (_, now) = stage.read(&site.organiser, "participant", "participants", &thing.id).await?;
    stage.did("participant", &thing.id, now.number("/version")?, "contacts_changed");
    println!("  Không nêu lý do thì không đọc được; trung tâm điều hành và huyện khác không đọc được.");
    site.organiser.get(&path).await?.refused(400, "invalid_parameter")?;
    stage.cast.operations.get(&format!("{path}?{WHY}")).await?.refused(403, "forbidden")?;
    if let Some(other) = stage.districts.get(1) {
        other.caller.get(&format!("{path}?{WHY}")).await?.refused(404, "not_found")?;
    }
    let full = site.organiser.get(&format!("{path}?{WHY}")).await?.want(200)?;
    same("số điện thoại, nơi tổ chức đọc", ("+84912345678", false), (full.text("/phone")?, full.flag("/is_masked")?))?;
    let masked = stage.cast.police.get(&format!("{path}?{WHY}")).await?.want(200)?;
    holds("Công an tỉnh đọc bị che", masked.flag("/is_masked")? && !masked.text.contains("345"), &masked.text)?;
    let log = all(&stage.cast.province, &format!("/contact-readings?participant_id={}&sort=read_at", thing.id)).await?;
    let told: Vec<_> = log.iter().map(|one| Ok((text(one, "/content")?, text(one, "/reason")?))).collect::<Told<_>>()?;
    same("nhật ký các lần đọc", vec![("contacts", "Báo đổi giờ"), ("masked_contacts", "Báo đổi giờ")], told)?;
    println!("  Hai lần đọc được, hai dòng nhật ký có lý do; ba lần không được, không dòng nào.");
    Ok(())
}

fn first(stage: &Stage) -> Told<&Site> {
    stage.sites.first().ok_or_else(|| Failure::new("điểm đầu tiên", "không có"))
}

/// The first guest of a site who accepted.
async fn guest(stage: &Stage, site: &Site) -> Told<(Thing, super::client::Answer)> {
    let guest =
        site.guests.iter().find(|guest| guest.answer == Some(true)).ok_or_else(|| Failure::new("một khách đã nhận lời", "không có"))?;
    stage.read(&site.organiser, "participant", "participants", &guest.id).await
}

/// After the closing: one person asks what is held, and to be forgotten.
pub async fn forget(stage: &Stage) -> Told<()> {
    stage.chapter("Một người hỏi và xin xóa dữ liệu của mình");
    stage.clock("09-10T08:00:00").await?;
    let site = first(stage)?;
    let (mut thing, shown) = guest(stage, site).await?;
    let name = shown.text("/full_name")?.to_owned();
    let held = site
        .organiser
        .get(&format!("/participants/{}/personal-data?reason=Theo+%C4%91%E1%BB%81+ngh%E1%BB%8B", thing.id))
        .await?
        .want(200)?;
    let own = all(&site.organiser, &format!("/check-ins?participant_id={}&limit=200", thing.id)).await?.len();
    same(
        "bản xuất: lượt qua cửa, lần đọc liên hệ, số điện thoại",
        (own, 3, "+84912345678"),
        (held.list("/check_ins")?.len(), held.list("/contact_readings")?.len(), held.text("/contacts/phone")?),
    )?;
    println!("  Đợt đã kết thúc vẫn trả lời được: {own} lượt qua cửa, 3 lần đọc, mục đích xử lý.");
    let before = figures(stage, site).await?;
    let reason = json!({"reason": "Theo đề nghị của người ấy"});
    let erased = stage.step(&site.organiser, &mut thing, "erase", Some(&reason), "erased").await?;
    holds("tên đã xóa", erased.text("/full_name")? != name && !erased.text.contains(&name), &erased.text)?;
    same("mọi số liệu sau khi xóa", before, figures(stage, site).await?)?;
    let contacts = site.organiser.get(&format!("/participants/{}/contacts?{WHY}", thing.id)).await?.want(200)?;
    same("liên hệ sau khi xóa", (true, true), (contacts.at("/phone")?.is_null(), contacts.at("/email")?.is_null()))?;
    let log = total(&stage.cast.province, &format!("/erasures?campaign_id={}&object_id={}", stage.campaign.id, thing.id)).await?;
    holds("việc xóa có dòng nhật ký", log > 0, log)?;
    println!("  Đã xóa tên và liên hệ; mọi số liệu giữ nguyên.");
    Ok(())
}

/// All figures in which a guest counts, without the instant of each answer.
async fn figures(stage: &Stage, site: &Site) -> Told<Vec<Value>> {
    let (who, id) = (&stage.cast.province, &stage.campaign.id);
    let mut figures = Vec::new();
    for path in [
        format!("/dashboard/overview?campaign_id={id}"),
        format!("/campaigns/{id}/results"),
        format!("/campaigns/{id}/consolidation?with_sources=false"),
        format!("/sites/{}/attendance", site.thing.id),
        format!("/sites/{}/composition", site.thing.id),
    ] {
        let mut body = who.get(&path).await?.want(200)?.body;
        body.as_object_mut().map(|body| body.remove("as_of"));
        figures.push(body);
    }
    for filter in ["", "&has_attended=true", "&was_invited=true", "&state=accepted"] {
        figures.push(json!(total(who, &format!("/participants?campaign_id={id}{filter}")).await?));
    }
    Ok(figures)
}
