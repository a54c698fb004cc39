//! Contacts of guests: who sees them in full, who masked, and that no reading goes without a line in the log.

use super::support::fixtures::District;
use super::support::world::World;
use super::support::*;
use futures_util::future::join_all;

const GUESTS: &str = "/api/v1/participants";
const READINGS: &str = "/api/v1/contact-readings";

/// A guest of Lục Yên with a phone number and an e-mail address.
pub struct Guest {
    pub district: District,
    pub site: String,
    pub id: String,
}

impl Guest {
    pub async fn of(app: &TestApp) -> Self {
        let district = District::of(app, "Lục Yên").await;
        let site = district.scheduled(app, "Bản Mường Lai").await.id();
        let body = json!({"site_id": site, "kind": "person", "category": "community_elder", "full_name": "Hoàng Văn Ánh", "title": "Trưởng bản", "organisation": "Bản Mường Lai"});
        let made = district.client.post(GUESTS, body).await;
        made.expect(201);
        let guest = Self { district, site, id: made.id() };
        let contacts = json!({"phone": "0912 345 678", "email": "anh.hoang@example.org"});
        guest.district.client.put_if(&guest.contacts(), "\"0\"", contacts).await.expect(200);
        guest
    }

    pub fn path(&self) -> String {
        format!("{GUESTS}/{}", self.id)
    }

    pub fn contacts(&self) -> String {
        format!("{}/contacts", self.path())
    }

    /// The contacts as somebody sees them, with a reason.
    pub async fn read(&self, client: &Client) -> Answer {
        client.get(&format!("{}?reason=B%C3%A1o+%C4%91%E1%BB%95i+gi%E1%BB%9D", self.contacts())).await
    }
}

#[tokio::test]
async fn the_organiser_sees_contacts_in_full_others_masked_and_every_reading_is_logged_with_its_reason() {
    let app = TestApp::start().await;
    let guest = Guest::of(&app).await;
    let full = guest.read(&guest.district.client).await;
    assert_eq!(full.expect(200)["phone"], "+84912345678");
    assert_eq!((&full.body["email"], &full.body["is_masked"]), (&json!("anh.hoang@example.org"), &json!(false)));
    let province = app.sign_in(Role::ProvincialAdministrator).await;
    assert_eq!(guest.read(&province).await.expect(200)["is_masked"], false);
    let operator = app.account(Role::CheckinOperator, &guest.district.unit).await;
    for client in [&app.sign_in(Role::StandingAgency).await, &operator] {
        let masked = guest.read(client).await;
        assert_eq!(masked.expect(200)["phone"], "+84•••••678");
        assert_eq!((&masked.body["email"], &masked.body["is_masked"]), (&json!("a•••••@example.org"), &json!(true)));
        assert!(!masked.text.contains("912345"), "{}", masked.text);
    }
    let auditor = app.sign_in(Role::Auditor).await;
    for reader in [&province, &auditor] {
        let log = reader.get(&format!("{READINGS}?participant_id={}&sort=read_at&with_total=true", guest.id)).await;
        assert_eq!(log.body["total"], 4);
        let told: Vec<(&str, &str)> =
            log.items().iter().map(|one| (one["reader_role"].as_str().unwrap(), one["content"].as_str().unwrap())).collect();
        let expected = [
            ("district", "contacts"),
            ("provincial_administrator", "contacts"),
            ("standing_agency", "masked_contacts"),
            ("checkin_operator", "masked_contacts"),
        ];
        assert_eq!(told, expected);
        assert!(log.items().iter().all(|one| one["reason"] == "Báo đổi giờ"), "{}", log.text);
        assert!(!log.text.contains("345678") && !log.text.contains("Ánh"), "{}", log.text);
    }
    let count = async |query: &str| auditor.get(&format!("{READINGS}?{query}")).await.items().len();
    let reader = full_reader(&auditor).await;
    assert_eq!(count(&format!("reader_id={reader}")).await, 1);
    assert_eq!(count("content=masked_contacts").await, 2);
    assert_eq!(count(&format!("site_id={}", guest.site)).await, 4);
    assert_eq!(count(&format!("under_org_unit_id={}", guest.district.unit)).await, 4);
    assert_eq!((count("read_from=2100-01-01T00:00:00Z").await, count("read_before=2100-01-01T00:00:00Z").await), (0, 4));
}

/// The account of the first reading.
async fn full_reader(auditor: &Client) -> String {
    auditor.get(&format!("{READINGS}?sort=read_at&limit=1")).await.items()[0]["reader_id"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn whoever_may_not_read_gets_no_contacts_and_leaves_no_line() {
    let app = TestApp::start().await;
    let guest = Guest::of(&app).await;
    let readings = async || app.number("SELECT count(*) FROM contact_readings").await;
    guest.read(&app.anonymous()).await.expect_problem(401, "unauthenticated");
    guest.read(&app.sign_in(Role::Auditor).await).await.expect_problem(403, "forbidden");
    guest.read(&app.sign_in(Role::OperationsCentre).await).await.expect_problem(403, "forbidden");
    guest.read(&app.district("Văn Yên").await).await.expect_problem(404, "not_found");
    let without = guest.district.client.get(&guest.contacts()).await;
    without.expect_problem(400, "invalid_parameter");
    assert_eq!(without.fields(), ["?reason required"]);
    guest.district.client.get(&format!("{}?reason=+++", guest.contacts())).await.expect_problem(400, "invalid_parameter");
    guest.district.client.get(READINGS).await.expect_problem(403, "forbidden");
    app.anonymous().get(READINGS).await.expect_problem(401, "unauthenticated");
    assert_eq!(readings().await, 0);
}

#[tokio::test]
async fn a_reading_that_cannot_be_logged_is_not_answered() {
    let app = TestApp::start().await;
    let guest = Guest::of(&app).await;
    let holder = sql::connect(&app.database_url).await.unwrap();
    holder.batch_execute("BEGIN; LOCK TABLE contact_readings IN EXCLUSIVE MODE").await.unwrap();
    let refused = guest.read(&guest.district.client).await;
    refused.expect_problem(503, "overloaded");
    assert!(!refused.text.contains("912345"), "{}", refused.text);
    holder.batch_execute("ROLLBACK").await.unwrap();
    assert_eq!(app.number("SELECT count(*) FROM contact_readings").await, 0);
}

#[tokio::test]
async fn contacts_are_put_corrected_and_deleted_by_the_organiser_only() {
    let app = TestApp::start().await;
    let guest = Guest::of(&app).await;
    let (client, path) = (&guest.district.client, guest.contacts());
    let read = guest.read(client).await;
    let body = json!({"phone": "0216 3852 123"});
    client.put(&path, body.clone()).await.expect_problem(428, "precondition_required");
    client.put_if(&path, "\"0\"", body.clone()).await.expect_problem(412, "precondition_failed");
    app.district("Văn Yên").await.put_if(&path, "*", body.clone()).await.expect_problem(404, "not_found");
    app.sign_in(Role::StandingAgency).await.put_if(&path, "*", body.clone()).await.expect_problem(403, "forbidden");
    app.anonymous().put_if(&path, "*", body.clone()).await.expect_problem(401, "unauthenticated");
    assert_eq!(client.put_if(&path, "*", json!({})).await.fields(), ["/phone required"]);
    assert_eq!(client.put_if(&path, "*", json!({"phone": "0112345678"})).await.fields(), ["/phone phone"]);
    let bad = client.put_if(&path, "*", json!({"phone": "x", "email": "khong phai"})).await;
    assert_eq!(bad.fields().iter().map(|field| field.split(' ').next().unwrap()).collect::<Vec<_>>(), ["/email", "/phone", "/phone"]);
    let put = client.put_if(&path, &read, body).await;
    assert_eq!((&put.expect(200)["phone"], &put.body["email"]), (&json!("+842163852123"), &Value::Null), "put replaces all");
    client.delete_if(&path, &read).await.expect_problem(412, "precondition_failed");
    client.delete(&path).await.expect_problem(428, "precondition_required");
    app.district("Văn Yên").await.delete_if(&path, "*").await.expect_problem(404, "not_found");
    client.delete_if(&path, &put).await.expect(204);
    client.delete_if(&path, "*").await.expect_problem(404, "not_found");
    let empty = guest.read(client).await;
    assert_eq!((&empty.expect(200)["phone"], &empty.body["version"]), (&Value::Null, &json!(3)), "a version never comes again");
}

#[tokio::test]
async fn contacts_are_in_no_list_event_or_kept_answer() {
    let app = TestApp::start().await;
    let guest = Guest::of(&app).await;
    let listed = guest.district.client.get(&format!("{GUESTS}?site_id={}&has_contacts=true", guest.site)).await;
    assert_eq!(listed.items().len(), 1);
    let none = guest.district.client.get(&format!("{GUESTS}?site_id={}&has_contacts=false", guest.site)).await;
    assert!(none.items().is_empty());
    let shown = guest.district.client.get(&guest.path()).await;
    for text in [&listed.text, &shown.text] {
        assert!(!text.contains("912345678") && !text.contains("example.org") && !text.contains("phone"), "{text}");
    }
    for table in ["events", "idempotency_keys", "participants", "contact_readings"] {
        let found = format!("SELECT count(*) FROM {table} t WHERE to_jsonb(t)::text ~ '912345678|example.org'");
        assert_eq!(app.number(&found).await, 0, "{table}");
    }
}

#[tokio::test]
async fn of_many_who_put_contacts_with_one_version_one_succeeds() {
    let app = TestApp::start_wide().await;
    let guest = Guest::of(&app).await;
    let etag = guest.read(&guest.district.client).await.etag();
    let puts = (0..12).map(|n| {
        let (client, path, etag) = (guest.district.client.clone(), guest.contacts(), etag.clone());
        async move { client.put_if(&path, etag, json!({"phone": format!("09123456{n:02}")})).await.status }
    });
    let mut statuses = join_all(puts).await;
    statuses.sort_unstable();
    assert_eq!(statuses, [vec![200], vec![412; 11]].concat());
}

#[tokio::test]
async fn contacts_can_be_deleted_after_the_campaign_is_closed_and_not_put() {
    let world = World::start().await;
    let guest = world.reference("participant_id").unwrap();
    let path = format!("{GUESTS}/{guest}/contacts");
    world.app.execute("UPDATE campaigns SET state = 'closed'").await;
    world.client.put_if(&path, "*", json!({"phone": "0912345678"})).await.expect_problem(409, "invalid_transition");
    world.client.delete_if(&path, "*").await.expect(204);
    assert_eq!(world.app.number("SELECT count(*) FROM participant_contacts WHERE phone IS NOT NULL OR email IS NOT NULL").await, 0);
}
