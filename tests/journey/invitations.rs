//! Invitations have numbers, are sent, reminded of and printed: each card carries the pass, signed by the service.

use super::client::{Caller, Failure, Told, holds, same, text};
use super::festival::Site;
use super::qr;
use super::stage::{Stage, all};
use jsonwebtoken::jwk::JwkSet;
use jsonwebtoken::{Algorithm, DecodingKey, Validation};
use serde_json::{Value, json};

/// Numbers the invitations, sends them by a messenger and reminds of them by telephone, each guest once a day.
pub async fn send(stage: &Stage, site: &Site) -> Told<()> {
    let path = format!("/sites/{}", site.thing.id);
    let invited = all(&site.organiser, &format!("/participants?site_id={}&state=invited&sort=id&limit=200", site.thing.id)).await?;
    let mut numbers: Vec<i64> = invited.iter().filter_map(|guest| guest.pointer("/invitation_no").and_then(Value::as_i64)).collect();
    numbers.sort_unstable();
    let count = i64::try_from(invited.len()).unwrap_or(-1);
    same("số giấy mời, liên tục từ 1", (1..=count).collect::<Vec<_>>(), numbers)?;
    let sent = site.organiser.post(&format!("{path}/invitations/send"), &json!({"channel": "zalo"})).await?.want(200)?;
    same("giấy mời gửi lần đầu", (count, count), (sent.number("/newly_sent_count")?, sent.number("/sent_count")?))?;
    stage.did(
        "site",
        &site.thing.id,
        stage.read(&site.organiser, "site", "sites", &site.thing.id).await?.1.number("/version")?,
        "invitations_sent",
    );
    for guest in &invited {
        let id = text(guest, "/id")?;
        let (_, now) = stage.read(&site.organiser, "participant", "participants", id).await?;
        // Invited first, then sent: the feed has both.
        stage.did("participant", id, now.number("/version")?, "invitation_sent");
        same("giấy mời đã gửi", ("sent", "zalo"), (now.text("/invitation_state")?, now.text("/sent_channel")?))?;
    }
    let remind = json!({"channel": "phone"});
    let first = site.organiser.post(&format!("{path}/invitation-reminders"), &remind).await?.want(200)?;
    same("khách được nhắc", count, first.number("/reminded_count")?)?;
    stage.did(
        "site",
        &site.thing.id,
        stage.read(&site.organiser, "site", "sites", &site.thing.id).await?.1.number("/version")?,
        "guests_reminded",
    );
    let again = site.organiser.post(&format!("{path}/invitation-reminders"), &remind).await?.want(200)?;
    same("nhắc lại trong ngày", (0, count), (again.number("/reminded_count")?, again.number("/skipped_count")?))?;
    println!("  “{}”: {count} giấy mời số 01 đến {count:02}, gửi qua Zalo, nhắc qua điện thoại mỗi người một lần.", site.name);
    cards(stage, site, &invited).await
}

/// The cards of a site are as many as are invited; the code of each is the pass of its guest, which the published keys verify.
async fn cards(stage: &Stage, site: &Site, invited: &[Value]) -> Told<()> {
    let page = site.organiser.download(&format!("/sites/{}/invitation-cards", site.thing.id), "text/html").await?;
    same("số thiệp mời", invited.len(), page.text.matches("<section ").count())?;
    let Some(guest) = invited.first() else { return Ok(()) };
    let id = text(guest, "/id")?;
    let card = site.organiser.download(&format!("/participants/{id}/invitation-card"), "text/html").await?;
    holds("tên khách trên thiệp", card.text.contains(text(guest, "/full_name")?), &card.text)?;
    let pass = site.organiser.get(&format!("/participants/{id}/pass")).await?.want(200)?;
    same("mã QR trên thiệp, đọc lại từ hình", pass.text("/pass")?, qr::read(&card.text)?.as_str())?;
    let claims = claims(&stage.cast.province, pass.text("/pass")?, "check-in-pass").await?;
    same(
        "thẻ vào cửa, kiểm bằng khóa công bố: khách và điểm",
        (id, site.thing.id.as_str()),
        (text(&claims, "/sub")?, text(&claims, "/site")?),
    )?;
    let forged = pass.text("/pass")?.replacen('.', ".e30", 1);
    holds("thẻ bị sửa thì không hợp lệ", verify(&stage.cast.province, &forged, "check-in-pass").await?.is_none(), forged)?;
    let docx = site
        .organiser
        .download(&format!("/sites/{}/invitation-cards?format=docx", site.thing.id), "application/vnd.openxmlformats")
        .await?;
    holds("thiệp mời DOCX", docx.bytes.starts_with(b"PK"), docx.bytes.len())?;
    println!("  {} thiệp mời có mã QR, chữ ký kiểm được bằng khóa công bố.", invited.len());
    Ok(())
}

/// What a text says that the service signed for this use.
pub async fn claims(who: &Caller, signed: &str, audience: &str) -> Told<Value> {
    verify(who, signed, audience).await?.ok_or_else(|| Failure::new(format!("chữ ký hợp lệ ({audience})"), signed))
}

async fn verify(who: &Caller, signed: &str, audience: &str) -> Told<Option<Value>> {
    let published = who.get("/.well-known/jwks.json").await?.want(200)?;
    let keys: JwkSet = serde_json::from_value(published.body).map_err(|error| Failure::new("bộ khóa công bố", error.to_string()))?;
    let mut validation = Validation::new(Algorithm::EdDSA);
    validation.validate_exp = false;
    validation.set_required_spec_claims(&["aud"]);
    validation.set_audience(&[audience]);
    let key = jsonwebtoken::decode_header(signed).ok().and_then(|header| header.kid).and_then(|kid| keys.find(&kid).cloned());
    let key = key.and_then(|key| DecodingKey::from_jwk(&key).ok());
    Ok(key.and_then(|key| jsonwebtoken::decode::<Value>(signed, &key, &validation).ok()).map(|token| token.claims))
}
