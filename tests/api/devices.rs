//! Devices: enrolled by a code shown once, held to their sites, out within a second when rotated or revoked.

use super::participants::WRONG_FIGURES;
use super::support::fixtures::District;
use super::support::*;
use futures_util::future::join_all;
use uuid::Uuid;

const PATH: &str = "/api/v1/devices";
const ENROL: &str = "/api/v1/devices/enrol";
const CHECK_INS: &str = "/api/v1/check-ins";
const BATCH: &str = "/api/v1/check-ins/batch";
const GUESTS: &str = "/api/v1/participants";
const OPENING: &str = "2023-08-12T08:00:00+07:00";

/// An enrolled device: its id and secret.
pub struct Device {
    pub id: String,
    secret: String,
}

impl Device {
    /// A device for sites of a district, enrolled.
    pub async fn enrolled(app: &TestApp, district: &District, sites: &[&str]) -> Self {
        let made = district.client.post(PATH, device(app, &district.unit, sites).await).await;
        made.expect(201);
        Self::enrol(app, made.body["code"].as_str().unwrap()).await
    }

    async fn enrol(app: &TestApp, code: &str) -> Self {
        let enrolled = app.anonymous().post(ENROL, json!({"code": code})).await;
        let text = |name: &str| enrolled.expect(200)[name].as_str().unwrap().to_owned();
        assert_eq!(text("device_id"), text("client_id"));
        Self { id: text("device_id"), secret: text("client_secret") }
    }

    async fn token(&self, app: &TestApp) -> Answer {
        let form = format!("grant_type=client_credentials&client_id={}&client_secret={}", self.id, self.secret);
        app.anonymous().raw("POST", "/oauth/token", "application/x-www-form-urlencoded", form).await
    }

    /// Signed in.
    pub async fn client(&self, app: &TestApp) -> Client {
        app.anonymous().with_token(self.token(app).await.expect(200)["access_token"].as_str().unwrap())
    }
}

async fn device(app: &TestApp, unit: &str, sites: &[&str]) -> Value {
    let name = format!("Bàn đón tiếp {}", Uuid::now_v7());
    json!({"campaign_id": app.campaign_id().await, "org_unit_id": unit, "name": name, "site_ids": sites})
}

/// A district with so many sites on their day, and a guest at each.
async fn places(app: &TestApp, count: usize) -> (District, Vec<String>, Vec<String>) {
    app.set_now(cluster::START);
    let district = District::of(app, "Lục Yên").await;
    let (mut sites, mut guests) = (Vec::new(), Vec::new());
    for no in 0..count {
        let site = district.scheduled(app, &format!("Bản số {no}")).await.id();
        guests.push(guest(&district, &site, no).await);
        sites.push(site);
    }
    app.set_now(OPENING);
    (district, sites, guests)
}

async fn guest(district: &District, site: &str, no: usize) -> String {
    let body = json!({"site_id": site, "kind": "person", "category": "resident", "full_name": format!("Khách {no}")});
    let made = district.client.post(GUESTS, body).await;
    made.expect(201);
    made.id()
}

async fn pass(district: &District, site: &str, guest: &str) -> String {
    district.client.post_empty(&format!("/api/v1/sites/{site}/invitations")).await.expect(200);
    district.client.get(&format!("{GUESTS}/{guest}/pass")).await.expect(200)["pass"].as_str().unwrap().to_owned()
}

fn operation(guest: &str) -> Value {
    json!({"op_id": Uuid::now_v7(), "participant_id": guest, "direction": "entry", "occurred_at": OPENING})
}

fn verdicts(answer: &Answer) -> Vec<&str> {
    answer.expect(200)["verdicts"].as_array().unwrap().iter().map(|one| one["verdict"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn a_device_is_enrolled_once_by_a_code_that_is_shown_once_and_never_kept() {
    let app = TestApp::start().await;
    let (district, sites, guests) = places(&app, 1).await;
    let body = device(&app, &district.unit, &[&sites[0]]).await;
    let made = district.client.post_once(PATH, "k1", body.clone()).await;
    let code = made.expect(201)["code"].as_str().unwrap().to_owned();
    assert_eq!((&made.body["state"], &made.body["site_ids"]), (&json!("waiting"), &json!([sites[0]])));
    assert!(made.body["code_expires_at"].as_str().unwrap().starts_with("2023-08-14T01:00:00"), "{}", made.text);
    let again = district.client.post_once(PATH, "k1", body.clone()).await;
    assert_eq!((&again.expect(201)["id"], &again.body["code"]), (&made.body["id"], &Value::Null));
    assert_eq!(district.client.post(PATH, body).await.expect_problem(409, "duplicate")["errors"][0]["pointer"], "/name");

    // Of those who use the code at once, one gets the secret.
    let typed = code.to_lowercase().replace('-', " ");
    let anonymous = app.anonymous();
    let answers = join_all((0..8).map(|_| anonymous.post(ENROL, json!({"code": typed})))).await;
    let enrolled: Vec<&Answer> = answers.iter().filter(|answer| answer.status == 200).collect();
    assert_eq!(enrolled.len(), 1);
    for refused in answers.iter().filter(|answer| answer.status != 200) {
        refused.expect_problem(401, "invalid_credentials");
    }
    let own = Device { id: made.id(), secret: enrolled[0].body["client_secret"].as_str().unwrap().to_owned() };
    let stored =
        [app.sql("SELECT * FROM idempotency_keys").await, app.sql("SELECT * FROM devices").await, app.sql("SELECT * FROM events").await];
    let stored = format!("{stored:?}");
    assert!(!stored.contains(&code) && !stored.contains(&own.secret));

    let shown = district.client.get(&made.location()).await;
    assert_eq!((&shown.expect(200)["state"], &shown.body["version"]), (&json!("enrolled"), &json!(2)));
    assert!(!shown.text.contains("secret") && shown.body["code_expires_at"].is_null());
    let client = own.client(&app).await;
    let me = client.get("/api/v1/me").await;
    assert_eq!((&me.expect(200)["role"], &me.body["id"]), (&json!("device"), &json!(own.id)));
    let entered = client.post(CHECK_INS, json!({"participant_id": guests[0], "direction": "entry"})).await;
    assert_eq!((&entered.expect(201)["device_id"], entered.warnings()), (&json!(own.id), Vec::<String>::new()));
    let told = app.sql(&format!("SELECT action FROM events WHERE resource_id = '{}' ORDER BY resource_version", own.id)).await;
    assert_eq!(told.iter().map(|row| row["action"].as_str().unwrap()).collect::<Vec<_>>(), ["created", "enrolled"]);
}

#[tokio::test]
async fn a_code_that_is_wrong_or_too_old_enrols_nothing() {
    let app = TestApp::start().await;
    let (district, sites, _) = places(&app, 1).await;
    let made = district.client.post(PATH, device(&app, &district.unit, &[&sites[0]]).await).await;
    let code = made.expect(201)["code"].clone();
    app.anonymous().post(ENROL, json!({"code": "AAAA-BBBB-CCCC"})).await.expect_problem(401, "invalid_credentials");
    app.set_now("2023-08-14T08:00:01+07:00");
    app.anonymous().post(ENROL, json!({"code": code})).await.expect_problem(401, "invalid_credentials");
    let rotated = district.client.post_empty_if(&format!("{}/rotate", made.location()), &made).await;
    Device::enrol(&app, rotated.expect(200)["code"].as_str().unwrap()).await;
    for body in [json!({}), json!({"code": ""}), json!({"code": 1}), json!({"code": "x".repeat(41)})] {
        app.anonymous().post(ENROL, body).await.expect_problem(422, "validation_failed");
    }
}

#[tokio::test]
async fn a_rotated_device_needs_its_new_code_and_a_revoked_one_is_out_for_good() {
    let app = TestApp::start().await;
    let (district, sites, guests) = places(&app, 1).await;
    let own = Device::enrolled(&app, &district, &[&sites[0]]).await;
    let (path, client) = (format!("{PATH}/{}", own.id), own.client(&app).await);
    let first = operation(&guests[0]);
    assert_eq!(verdicts(&client.post(BATCH, json!({"operations": [first]})).await), ["logged"]);

    let before = district.client.get(&path).await;
    let rotate =
        || district.client.request("POST", &format!("{path}/rotate")).header("if-match", before.etag()).header("idempotency-key", "r1");
    let rotated = district.client.send(rotate()).await;
    assert_eq!((&rotated.expect(200)["state"], &rotated.body["version"]), (&json!("waiting"), &json!(3)));
    assert_eq!(district.client.send(rotate()).await.expect(200)["code"], Value::Null);
    tokio::time::sleep(std::time::Duration::from_secs(1)).await;
    client.get("/api/v1/me").await.expect_problem(401, "unauthenticated");
    own.token(&app).await.expect_problem(401, "invalid_credentials");

    let anew = Device::enrol(&app, rotated.body["code"].as_str().unwrap()).await;
    assert_eq!(anew.id, own.id);
    let client = anew.client(&app).await;
    assert_eq!(verdicts(&client.post(BATCH, json!({"operations": [first]})).await), ["repeated"], "what it logged before is its own");

    let now = district.client.get(&path).await;
    district.client.delete(&path).await.expect_problem(428, "precondition_required");
    district.client.delete_if(&path, &before).await.expect_problem(412, "precondition_failed");
    district.client.delete_if(&path, &now).await.expect(204);
    tokio::time::sleep(std::time::Duration::from_secs(1)).await;
    client.get("/api/v1/me").await.expect_problem(401, "unauthenticated");
    anew.token(&app).await.expect_problem(401, "invalid_credentials");
    let revoked = district.client.get(&path).await;
    assert_eq!(revoked.expect(200)["state"], "revoked");
    assert!(revoked.body["revoked_at"].as_str().unwrap().starts_with("2023-08-12T01:00:"));
    for refused in [
        district.client.delete_if(&path, &revoked).await,
        district.client.patch_if(&path, &revoked, json!({"name": "Bàn khác"})).await,
        district.client.post_empty_if(&format!("{path}/rotate"), &revoked).await,
    ] {
        refused.expect_problem(409, "invalid_transition");
    }
}

#[tokio::test]
async fn a_device_checks_in_the_guests_of_its_sites_and_of_no_other() {
    let app = TestApp::start().await;
    let (district, sites, guests) = places(&app, 3).await;
    let passes = [pass(&district, &sites[0], &guests[0]).await, pass(&district, &sites[2], &guests[2]).await];
    let own = Device::enrolled(&app, &district, &[&sites[0], &sites[1]]).await;
    let client = own.client(&app).await;
    client.post(CHECK_INS, json!({"pass": passes[0], "direction": "entry"})).await.expect(201);
    let elsewhere = client.post(CHECK_INS, json!({"pass": passes[1], "direction": "entry"})).await;
    assert_eq!((elsewhere.status, elsewhere.fields()), (422, vec!["/participant_id wrong_site".to_owned()]));
    // A device of two doors says at which one the guest stands.
    let other_door = client.post(CHECK_INS, json!({"pass": passes[0], "site_id": sites[1], "direction": "entry"})).await;
    assert_eq!((other_door.status, other_door.fields()), (422, vec!["/participant_id wrong_site".to_owned()]));
    client.post(CHECK_INS, json!({"participant_id": guests[1], "site_id": sites[1], "direction": "entry"})).await.expect(201);

    let mut by_pass = operation(&guests[2]);
    by_pass["pass"] = json!(passes[1]);
    by_pass.as_object_mut().unwrap().remove("participant_id");
    let (unknown, good) = (operation(&Uuid::now_v7().to_string()), operation(&guests[0]));
    let batch = json!({"sent_at": "2023-08-12T07:58:00+07:00", "operations": [operation(&guests[2]), by_pass, unknown, good]});
    let answer = client.post(BATCH, batch).await;
    assert_eq!(verdicts(&answer), ["wrong_site", "wrong_site", "unknown_participant", "logged"]);
    assert_eq!(answer.body["device_id"], own.id);

    // A guest beyond the body's reach: only the pass, which we signed, tells that it is another site's.
    let beyond = District::of(&app, "Trấn Yên").await;
    app.set_now(cluster::START);
    let there = beyond.scheduled(&app, "Bản ngoài").await.id();
    let stranger = guest(&beyond, &there, 9).await;
    let strange_pass = pass(&beyond, &there, &stranger).await;
    app.set_now(OPENING);
    let mut by_pass = operation(&stranger);
    by_pass["pass"] = json!(strange_pass);
    by_pass.as_object_mut().unwrap().remove("participant_id");
    let answer = client.post(BATCH, json!({"operations": [operation(&stranger), by_pass]})).await;
    assert_eq!(verdicts(&answer), ["unknown_participant", "wrong_site"]);

    // Its sites change within a second, and what was logged stays.
    let path = format!("{PATH}/{}", own.id);
    let patched = district.client.patch_if(&path, &district.client.get(&path).await, json!({"site_ids": [sites[2]]})).await;
    assert_eq!(patched.expect(200)["site_ids"], json!([sites[2]]));
    tokio::time::sleep(std::time::Duration::from_secs(1)).await;
    let answer = client.post(BATCH, json!({"operations": [operation(&guests[2]), operation(&guests[0])]})).await;
    assert_eq!(verdicts(&answer), ["logged", "wrong_site"]);
    assert_eq!(app.number(WRONG_FIGURES).await, 0);
}

#[tokio::test]
async fn a_device_speaks_for_itself_and_an_official_also_for_one_that_broke() {
    let app = TestApp::start().await;
    let (district, sites, guests) = places(&app, 1).await;
    let own = Device::enrolled(&app, &district, &[&sites[0]]).await;
    let client = own.client(&app).await;
    let other = Uuid::now_v7();
    let entry = json!({"participant_id": guests[0], "device_id": other, "direction": "entry"});
    client.post(CHECK_INS, entry).await.expect_problem(403, "forbidden");
    let logged = operation(&guests[0]);
    client.post(BATCH, json!({"device_id": other, "operations": [logged]})).await.expect_problem(403, "forbidden");
    assert_eq!(app.number("SELECT count(*) FROM check_ins").await, 0);
    let batch = json!({"device_id": own.id, "operations": [logged]});
    assert_eq!(verdicts(&client.post(BATCH, batch.clone()).await), ["logged"]);
    assert_eq!(verdicts(&district.client.post(BATCH, batch).await), ["repeated"]);
}

#[tokio::test]
async fn who_declined_and_comes_all_the_same_is_let_in_with_a_warning() {
    let app = TestApp::start().await;
    let (district, sites, guests) = places(&app, 1).await;
    let own_pass = pass(&district, &sites[0], &guests[0]).await;
    let path = format!("{GUESTS}/{}", guests[0]);
    let declined = district.client.post_if(&format!("{path}/decline"), &district.client.get(&path).await, json!({})).await;
    assert_eq!(declined.expect(200)["state"], "declined");
    let client = Device::enrolled(&app, &district, &[&sites[0]]).await.client(&app).await;
    let entered = client.post(CHECK_INS, json!({"pass": own_pass, "direction": "entry"})).await;
    entered.expect(201);
    assert_eq!(entered.warnings(), ["guest_declined"]);
    let answer = client.post(BATCH, json!({"operations": [operation(&guests[0])]})).await;
    assert_eq!(answer.expect(200)["verdicts"][0]["warnings"][0]["code"], "guest_declined");
    let left = client.post(CHECK_INS, json!({"pass": own_pass, "direction": "exit"})).await;
    left.expect(201);
    assert!(left.warnings().is_empty());
    let kept = district.client.get(&path).await;
    assert_eq!((&kept.expect(200)["state"], &kept.body["entry_count"]), (&json!("declined"), &json!(2)));
}

#[tokio::test]
async fn the_list_tells_when_a_device_was_heard_of_and_how_far_its_clock_is_off() {
    let app = TestApp::start().await;
    let (district, sites, guests) = places(&app, 2).await;
    let silent = district.client.post(PATH, device(&app, &district.unit, &[&sites[1]]).await).await;
    silent.expect(201);
    let own = Device::enrolled(&app, &district, &[&sites[0]]).await;
    let client = own.client(&app).await;
    let before = district.client.get(&format!("{PATH}/{}", own.id)).await;
    app.set_now("2023-08-12T09:00:00+07:00");
    client.post(BATCH, json!({"sent_at": "2023-08-12T08:57:00+07:00", "operations": [operation(&guests[0])]})).await.expect(200);
    assert_eq!(district.client.get(&format!("{PATH}/{}", own.id)).await.etag(), before.etag(), "to be heard of is no change");
    let list = district.client.get(&format!("{PATH}?state=enrolled&with_total=true")).await;
    assert_eq!((&list.expect(200)["total"], &list.items()[0]["id"]), (&json!(1), &json!(own.id)));
    let skew = list.items()[0]["clock_skew_ms"].as_i64().unwrap();
    assert!((180_000..240_000).contains(&skew), "{skew}");
    assert!(list.items()[0]["last_seen_at"].as_str().unwrap().starts_with("2023-08-12T02:00"));
    let ids = async |query: &str| {
        let list = district.client.get(&format!("{PATH}?{query}")).await;
        list.items().iter().map(|one| one["id"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(ids(&format!("site_id={}", sites[1])).await, [silent.id()]);
    assert_eq!(ids("state=waiting").await, [silent.id()]);
    assert_eq!(ids("state=revoked").await, Vec::<String>::new());
    assert_eq!(ids("unseen_since=2023-08-12T08:30:00%2B07:00").await, [silent.id()]);
    assert_eq!(ids(&format!("org_unit_id={}&q=ban+don+tiep&sort=-created_at", district.unit)).await, [own.id.clone(), silent.id()]);
    assert_eq!(ids(&format!("campaign_id={}&under_org_unit_id={}", app.campaign_id().await, district.unit)).await.len(), 2);
}

#[tokio::test]
async fn a_device_serves_sites_of_its_body_in_reach_of_who_makes_it() {
    let app = TestApp::start().await;
    let (district, sites, _) = places(&app, 1).await;
    let other = District::of(&app, "Trấn Yên").await;
    let theirs = other.draft(&app, "Bản Đồng Bằng").await.id();
    let make = async |client: &Client, unit: &str, sites: &[&str]| client.post(PATH, device(&app, unit, sites).await).await;
    let nobody = Uuid::now_v7().to_string();
    assert_eq!(make(&district.client, &other.unit, &[&theirs]).await.fields(), ["/org_unit_id unknown_reference"]);
    let mixed = make(&district.client, &district.unit, &[&nobody]).await;
    assert_eq!((mixed.status, mixed.fields()), (422, vec!["/site_ids/0 unknown_reference".to_owned()]));
    let province = app.sign_in(Role::ProvincialAdministrator).await;
    assert_eq!(make(&province, &district.unit, &[&theirs]).await.fields(), ["/site_ids/0 site_of_another_body"]);
    for (sites, field) in [(vec![], "/site_ids too_few"), (vec![sites[0].as_str(); 51], "/site_ids too_many")] {
        let refused = make(&district.client, &district.unit, &sites).await;
        assert_eq!((refused.status, refused.fields().len()), (422, 1), "{field}");
    }
    let made = make(&province, &district.unit, &[&sites[0], &sites[0]]).await;
    assert_eq!(made.expect(201)["site_ids"], json!([sites[0]]));
    let path = made.location();
    other.client.get(&path).await.expect_problem(404, "not_found");
    other.client.patch_if(&path, &made, json!({"name": "Của tôi"})).await.expect_problem(404, "not_found");
    other.client.post_empty_if(&format!("{path}/rotate"), &made).await.expect_problem(404, "not_found");
    other.client.delete_if(&path, &made).await.expect_problem(404, "not_found");
    assert!(other.client.get(PATH).await.items().is_empty());
    district.client.get(&path).await.expect(200);
    app.anonymous().get(PATH).await.expect_problem(401, "unauthenticated");
    app.sign_in(Role::CheckinOperator).await.get(PATH).await.expect_problem(403, "forbidden");
    let account = json!({"name": "Máy", "role": "device", "org_unit_id": district.unit});
    assert_eq!(province.post("/api/v1/api-clients", account).await.fields(), ["/role not_allowed"]);
}

#[tokio::test]
async fn what_three_devices_logged_without_signal_counts_once_in_any_order_and_after_any_loss_of_power() {
    let app = TestApp::start().await;
    let (district, sites, _) = places(&app, 1).await;
    app.set_now(cluster::START);
    let mut guests = Vec::new();
    for no in 0..100 {
        guests.push(guest(&district, &sites[0], no).await);
    }
    app.set_now("2023-08-12T10:30:00+07:00");
    let mut sendings = Vec::new();
    for door in 0..3_usize {
        let client = Device::enrolled(&app, &district, &[&sites[0]]).await.client(&app).await;
        // Each logs 100 entries: a half of its guests come to its neighbour's door as well.
        let log: Vec<Value> = (0..100)
            .map(|no| {
                let guest = &guests[(door * 25 + no / 2) % guests.len()];
                let at = format!("2023-08-12T08:{:02}:{:02}+07:00", no / 2, door);
                json!({"op_id": Uuid::now_v7(), "participant_id": guest, "direction": "entry", "occurred_at": at})
            })
            .collect();
        // Power is lost in the middle of sending: what was sent is sent again, whole, from the end and in pieces.
        for part in [&log[..60], &log[30..], &log[..], &log[40..70]] {
            let mut part = part.to_vec();
            let third = part.len() / 3;
            part.rotate_left(third);
            sendings.push((client.clone(), part));
        }
    }
    let order = [7, 2, 11, 0, 5, 9, 1, 10, 4, 8, 3, 6];
    let answers = join_all(order.iter().map(|index| {
        let (client, part) = &sendings[*index];
        client.post(BATCH, json!({"operations": part}))
    }))
    .await;
    let all: Vec<&str> = answers.iter().flat_map(verdicts).collect();
    assert_eq!(all.iter().filter(|one| **one == "logged").count(), 300);
    assert!(all.iter().all(|one| ["logged", "repeated"].contains(one)));
    let attendance = district.client.get(&format!("/api/v1/sites/{}/attendance", sites[0])).await;
    let total = &attendance.expect(200)["total"];
    assert_eq!((&total["entry_count"], &total["person_count"], &total["present_count"]), (&json!(300), &json!(100), &json!(100)));
    assert_eq!(app.number(WRONG_FIGURES).await, 0);
    assert_eq!(app.number("SELECT count(*) FROM check_ins").await, 300);
}
