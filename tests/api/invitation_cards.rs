//! Invitation cards: words and code of each guest, read back from the picture and verified with the published keys.

use super::support::fixtures::District;
use super::support::*;
use jsonwebtoken::jwk::JwkSet;
use jsonwebtoken::{Algorithm, DecodingKey, Validation};
use std::io::{Cursor, Read};

const PATH: &str = "/api/v1/participants";

struct Place {
    app: TestApp,
    district: Client,
    site: String,
}

impl Place {
    async fn new() -> Self {
        let app = TestApp::start().await;
        let district = District::of(&app, "Lục Yên").await;
        let site = district.scheduled(&app, "Bản <Mường> Lai").await.id();
        Self { district: district.client, app, site }
    }

    async fn invited(&self, name: &str, category: &str) -> Answer {
        let body = json!({"site_id": self.site, "kind": "person", "category": category, "full_name": name, "title": "Trưởng bản",
                          "organisation": "Xã Mường Lai & bạn"});
        let made = self.district.post(PATH, body).await;
        let invited = self.district.post_empty_if(&format!("{PATH}/{}/invite", made.id()), &made).await;
        invited.expect(200);
        invited
    }

    fn cards(&self, query: &str) -> String {
        format!("/api/v1/sites/{}/invitation-cards{query}", self.site)
    }

    /// The claims of a pass, verified as a device does: with the published keys alone.
    async fn verified(&self, text: &str) -> Value {
        let published = self.app.anonymous().get("/.well-known/jwks.json").await;
        let keys: JwkSet = serde_json::from_value(published.expect(200).clone()).unwrap();
        let header = jsonwebtoken::decode_header(text).unwrap();
        let key = keys.find(&header.kid.unwrap()).unwrap();
        let mut validation = Validation::new(Algorithm::EdDSA);
        validation.validate_exp = false;
        validation.set_required_spec_claims(&["aud"]);
        validation.set_audience(&["check-in-pass"]);
        jsonwebtoken::decode::<Value>(text, &DecodingKey::from_jwk(key).unwrap(), &validation).unwrap().claims
    }
}

/// The text of the one QR code in a grey picture.
fn decoded(side: usize, dot: impl Fn(usize, usize) -> u8) -> String {
    let mut picture = rqrr::PreparedImage::prepare_from_greyscale(side, side, dot);
    let grids = picture.detect_grids();
    assert_eq!(grids.len(), 1);
    grids[0].decode().unwrap().1
}

/// The codes of a page, drawn from the paths of its SVG pictures.
fn codes_of(html: &str) -> Vec<String> {
    html.split("<svg ")
        .skip(1)
        .map(|svg| {
            let side: usize = svg.split("viewBox=\"0 0 ").nth(1).unwrap().split(' ').next().unwrap().parse().unwrap();
            let path = svg.split("d=\"").nth(1).unwrap().split('"').next().unwrap();
            let mut dark = vec![false; side * side];
            for run in path.split('M').skip(1) {
                let (x, rest) = run.split_once(' ').unwrap();
                let (y, rest) = rest.split_once('h').unwrap();
                let length: usize = rest.split('v').next().unwrap().parse().unwrap();
                let start = y.parse::<usize>().unwrap() * side + x.parse::<usize>().unwrap();
                dark[start..start + length].fill(true);
            }
            decoded(side * 4, |x, y| if dark[y / 4 * side + x / 4] { 0 } else { 255 })
        })
        .collect()
}

fn file(answer: &Answer, name: &str) -> Vec<u8> {
    let mut archive = zip::ZipArchive::new(Cursor::new(answer.bytes.as_slice())).unwrap();
    let mut bytes = Vec::new();
    archive.by_name(name).unwrap().read_to_end(&mut bytes).unwrap();
    bytes
}

#[tokio::test]
async fn a_card_names_the_guest_and_its_code_is_the_signed_pass() {
    let place = Place::new().await;
    let guest = place.invited("<script>alert('x')</script>", "local_leader").await;
    let path = format!("{PATH}/{}/invitation-card", guest.id());
    let card = place.district.get(&path).await;
    assert_eq!(card.status, 200, "{}", card.text);
    assert_eq!(card.header("content-type"), Some("text/html; charset=utf-8"));
    for words in
        ["GIẤY MỜI", "trân trọng kính mời", "Số: 01/GM", "Trưởng bản, Xã Mường Lai &amp; bạn", "08:00 12/08/2023", "Bản &lt;Mường&gt; Lai"]
    {
        assert!(card.text.contains(words), "{words}: {}", card.text);
    }
    assert!(card.text.contains("&lt;script&gt;") && !card.text.contains("<script"), "the name is text, never markup");
    assert!(!card.text.contains("src=") && !card.text.contains("href="), "it needs nothing else");
    let codes = codes_of(&card.text);
    assert_eq!(codes.len(), 1);
    let claims = place.verified(&codes[0]).await;
    assert_eq!((&claims["sub"], &claims["site"]), (&json!(guest.id()), &json!(place.site)));
    assert_eq!(codes_of(&place.district.get(&path).await.text), codes, "a card printed again is no other card");

    let docx = place.district.get(&format!("{path}?format=docx")).await;
    assert_eq!(docx.status, 200);
    let text = String::from_utf8(file(&docx, "word/document.xml")).unwrap();
    assert!(text.contains("&lt;script&gt;") && text.contains("GIẤY MỜI"));
    let mut reader = quick_xml::Reader::from_str(&text);
    while reader.read_event().unwrap() != quick_xml::events::Event::Eof {}
    let mut reader = png::Decoder::new(Cursor::new(file(&docx, "word/media/qr1.png"))).read_info().unwrap();
    let mut dots = vec![0; reader.output_buffer_size().unwrap()];
    let picture = reader.next_frame(&mut dots).unwrap();
    let side = usize::try_from(picture.width).unwrap();
    assert_eq!(decoded(side, |x, y| dots[y * side + x]), codes[0]);
}

#[tokio::test]
async fn a_site_has_the_cards_of_all_who_are_invited_and_have_not_declined() {
    let place = Place::new().await;
    for n in 0..4 {
        place.invited(&format!("Khách {n}"), if n % 2 == 0 { "resident" } else { "commended" }).await;
    }
    let declined = place.invited("Không đến", "resident").await;
    place.district.post_if(&format!("{PATH}/{}/decline", declined.id()), &declined, json!({})).await.expect(200);
    let body = json!({"site_id": place.site, "kind": "person", "category": "resident", "full_name": "Chưa mời"});
    let listed = place.district.post(PATH, body).await;
    place.district.get(&format!("{PATH}/{}/invitation-card", listed.id())).await.expect_problem(404, "not_found");
    for (query, count) in [("", 4), ("?category=resident", 2), ("?from_no=2&to_no=3", 2), ("?from_no=9", 0)] {
        let page = place.district.get(&place.cards(query)).await;
        assert_eq!((page.status, page.text.matches("<section ").count()), (200, count), "{query}");
        assert!(!page.text.contains("Không đến") && !page.text.contains("Chưa mời"));
    }
    let all = place.district.get(&place.cards("")).await;
    assert!(all.text.find("Số: 01/GM").unwrap() < all.text.find("Số: 04/GM").unwrap());
    for code in codes_of(&all.text) {
        assert_eq!(place.verified(&code).await["site"], json!(place.site));
    }
    let docx = place.district.get(&place.cards("?format=docx")).await;
    let archive = zip::ZipArchive::new(Cursor::new(docx.bytes.as_slice())).unwrap();
    assert_eq!(archive.file_names().filter(|name| name.as_ref().is_ok_and(|name| name.starts_with("word/media/"))).count(), 4);
    for bad in ["?format=pdf", "?from_no=0", "?category=vip", "?khong_co=1"] {
        place.district.get(&place.cards(bad)).await.expect_problem(400, "invalid_parameter");
    }
    let elsewhere = place.app.district("Văn Yên").await;
    elsewhere.get(&place.cards("")).await.expect_problem(404, "not_found");
    elsewhere.get(&format!("{PATH}/{}/invitation-card", declined.id())).await.expect_problem(404, "not_found");
    place.app.anonymous().get(&place.cards("")).await.expect_problem(401, "unauthenticated");
    place.app.sign_in(Role::OperationsCentre).await.get(&place.cards("")).await.expect_problem(403, "forbidden");
}

#[tokio::test]
async fn more_than_two_thousand_cards_come_in_parts() {
    let place = Place::new().await;
    place
        .app
        .execute(&format!(
            "INSERT INTO participants (campaign_id, id, site_id, org_unit_id, kind, category, state, full_name, invited_at, invitation_no, tokens, created_at, updated_at)
             SELECT s.campaign_id, gen_random_uuid(), s.id, s.org_unit_id, 'person', 'resident', 'invited', 'Khách ' || n, now(), n, '{{}}', now(), now()
             FROM sites s, generate_series(1, 2001) n WHERE s.id = '{}'",
            place.site
        ))
        .await;
    let refused = place.district.get(&place.cards("")).await;
    refused.expect_problem(400, "invalid_parameter");
    assert_eq!(refused.fields(), ["?from_no too_many"]);
    let page = place.district.get(&place.cards("?from_no=1901&to_no=2001")).await;
    assert_eq!(page.text.matches("<section ").count(), 101);
    assert!(page.bytes.len() < 4_000_000, "{}", page.bytes.len());
}
