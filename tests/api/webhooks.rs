//! Webhooks: what a machine would read of the change feed is brought to it, signed, in order, and never left out.

use super::support::receiver::{Message, Receiver};
use super::support::*;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use chrono::{DateTime, Duration, Utc};
use futures_util::future::join_all;
use hmac::{Hmac, KeyInit, Mac};
use ngayhoi::db::Db;
use ngayhoi::webhooks::dispatcher::Dispatcher;
use sha2::Sha256;
use std::sync::Arc;
use std::time::Duration as Pause;

const PATH: &str = "/api/v1/webhooks";
const SITES: &str = "/api/v1/sites";

/// An application that may call a receiver, with a machine of the province's information department.
struct Post {
    app: TestApp,
    receiver: Receiver,
    province: Client,
    machine: String,
}

impl Post {
    async fn start(role: &str) -> Self {
        let receiver = Receiver::start().await;
        let app = TestApp::start_with(Setup { workers: 2, webhook_origins: vec![receiver.origin.clone()], ..Setup::default() }).await;
        let province = app.sign_in(Role::ProvincialAdministrator).await;
        let unit = app.org_unit_of_kind("information_department", "Sở").await;
        let made = province.post("/api/v1/api-clients", json!({"name": "Cổng", "role": role, "org_unit_id": unit})).await;
        made.expect(201);
        Self { machine: made.id(), app, receiver, province }
    }

    fn url(&self) -> String {
        format!("{}/ngayhoi?khoa=1", self.receiver.origin)
    }

    async fn webhook(&self, members: Value) -> Answer {
        let mut body = json!({"api_client_id": self.machine, "url": self.url()});
        body.as_object_mut().unwrap().extend(members.as_object().unwrap().clone());
        self.province.post(PATH, body).await
    }

    fn db(&self) -> Db {
        Db::new(&self.app.database_url).unwrap()
    }

    fn dispatcher(&self) -> Dispatcher {
        Dispatcher::new(Arc::clone(&self.app.shared.keys), vec![self.receiver.origin.clone()]).unwrap()
    }

    async fn round(&self, at: DateTime<Utc>) -> usize {
        self.dispatcher().round(&self.db(), at).await.unwrap()
    }

    /// Goes round until so many changes came: the feed never passes a transaction that still runs.
    async fn until(&self, changes: usize) {
        for _ in 0..100 {
            self.round(in_(0)).await;
            if self.receiver.changes().len() >= changes {
                return;
            }
            tokio::time::sleep(Pause::from_millis(50)).await;
        }
        panic!("{} of {changes} changes came", self.receiver.changes().len());
    }

    /// Changes sites, and gives the changes as the machine would read them from a cursor on.
    async fn change_sites(&self, names: &[&str]) {
        for name in names {
            let district = self.app.sign_in(Role::District).await;
            let unit = district.get("/api/v1/me").await.body["org_unit_id"].clone();
            let body = json!({"campaign_id": self.app.campaign_id().await, "org_unit_id": unit, "name": name, "kind": "residential_area"});
            district.post(SITES, body).await.expect(201);
        }
    }

    async fn told_since(&self, cursor: &str, query: &str) -> Vec<String> {
        let unit = self.app.text(&format!("SELECT org_unit_id FROM api_clients WHERE id = '{}'", self.machine)).await;
        let reader = self.app.account(Role::PortalClient, &unit).await;
        let answer = reader.get(&format!("/api/v1/changes?after={cursor}&limit=200{query}")).await;
        answer.expect(200)["items"].as_array().unwrap().iter().map(|item| item["id"].as_str().unwrap().to_owned()).collect()
    }
}

fn in_(minutes: i64) -> DateTime<Utc> {
    Utc::now() + Duration::minutes(minutes)
}

fn cursor(answer: &Answer) -> String {
    answer.body["cursor"].as_str().unwrap().to_owned()
}

/// Whether a message was signed with a secret, as a receiver would look.
fn is_signed(message: &Message, secret: &str) -> bool {
    let key = STANDARD.decode(secret.strip_prefix("whsec_").unwrap()).unwrap();
    let mut mac = Hmac::<Sha256>::new_from_slice(&key).unwrap();
    mac.update(format!("{}.{}.", message.headers["webhook-id"], message.headers["webhook-timestamp"]).as_bytes());
    mac.update(&message.body);
    let expected = format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes()));
    message.headers["webhook-signature"].split(' ').any(|one| one == expected)
}

fn secret(answer: &Answer) -> String {
    answer.body["secret"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn what_the_machine_would_read_is_brought_signed_in_order_and_once() {
    let post = Post::start("portal_client").await;
    post.change_sites(&["Trước khi có webhook"]).await;
    let made = post.webhook(json!({})).await;
    let secret = (made.expect(201)["secret"].is_string(), secret(&made)).1;
    post.change_sites(&["Bản Một", "Bản Hai", "Bản Ba"]).await;
    // Guests are none of a portal's business.
    post.until(3).await;
    assert_eq!(post.round(in_(0)).await, 0, "nothing comes twice");
    let expected = post.told_since(&cursor(&made), "").await;
    assert_eq!((post.receiver.changes(), expected.len()), (expected, 3));
    for message in post.receiver.messages() {
        assert!(is_signed(&message, &secret));
        assert!(!is_signed(&message, "whsec_AAAA"));
        assert_eq!((message.json()["type"].as_str(), message.headers["content-type"].as_str()), (Some("changes"), "application/json"));
        assert_eq!(message.json()["data"]["items"][0]["resource"], "site");
    }
    let seen = post.province.get(&made.location()).await;
    assert_eq!((&seen.expect(200)["failures"], &seen.body["last_failure"]), (&json!(0), &json!(null)));
    assert!(seen.body["last_success_at"].is_string());
    assert!(post.told_since(seen.body["cursor"].as_str().unwrap(), "").await.is_empty());
    // No secret is at rest, nor shown again.
    let stored = post.app.sql("SELECT * FROM webhooks").await;
    let kept = post.app.sql("SELECT * FROM idempotency_keys").await;
    let bare = secret.strip_prefix("whsec_").unwrap();
    assert!(!format!("{stored:?}{kept:?}").contains(bare) && !seen.text.contains("whsec"));
}

#[tokio::test]
async fn only_the_kinds_and_the_campaign_that_were_asked_for_are_brought() {
    let post = Post::start("operations_centre").await;
    let campaign = post.app.campaign_id().await;
    let made = post.webhook(json!({"resources": ["activity"], "campaign_id": campaign})).await;
    made.expect(201);
    post.change_sites(&["Bản Một"]).await;
    for _ in 0..5 {
        assert_eq!(post.round(in_(0)).await, 0);
        tokio::time::sleep(Pause::from_millis(50)).await;
    }
    assert!(post.receiver.messages().is_empty());
    let patched = post.province.patch_if(&made.location(), &made, json!({"resources": null})).await;
    assert_eq!(patched.expect(200)["resources"], json!(null));
    post.until(1).await;
    assert_eq!(post.receiver.messages()[0].json()["data"]["items"][0]["resource"], "site");
    // A machine that may not be used is told nothing.
    post.app.execute(&format!("UPDATE api_clients SET is_disabled = true WHERE id = '{}'", post.machine)).await;
    post.change_sites(&["Bản Hai"]).await;
    tokio::time::sleep(Pause::from_millis(200)).await;
    assert_eq!((post.round(in_(0)).await, post.receiver.messages().len()), (0, 1));
}

#[tokio::test]
async fn what_is_not_confirmed_comes_again_later_and_what_follows_waits_for_it() {
    let post = Post::start("portal_client").await;
    let made = post.webhook(json!({})).await;
    post.change_sites(&["Bản Một"]).await;
    post.receiver.will_answer(&[503, 302]);
    post.until(1).await;
    let state = async || post.province.get(&made.location()).await.expect(200).clone();
    assert_eq!((&state().await["last_failure"], &state().await["failures"]), (&json!("http_503"), &json!(1)));
    assert_eq!(state().await["cursor"], json!(cursor(&made)), "nothing is passed over");
    post.change_sites(&["Bản Hai"]).await;
    assert_eq!((post.round(in_(0)).await, post.receiver.messages().len()), (0, 1), "not at once");
    assert_eq!((post.round(in_(1)).await, &state().await["last_failure"]), (0, &json!("http_302")));
    assert_eq!(post.receiver.messages().len(), 2, "a redirect is not followed");
    for _ in 0..100 {
        if post.round(in_(10)).await > 0 {
            break;
        }
    }
    assert_eq!((&state().await["failures"], &state().await["last_failure"]), (&json!(0), &json!(null)));
    let (messages, expected) = (post.receiver.messages(), post.told_since(&cursor(&made), "").await);
    assert_eq!(messages[0].changes(), messages[1].changes()[..1], "the same change has the same id");
    assert_eq!((messages.last().unwrap().changes(), expected.len()), (expected, 2));
}

#[tokio::test]
async fn a_receiver_that_wants_no_more_or_fails_for_three_days_is_switched_off_and_goes_on_where_it_stood() {
    let post = Post::start("portal_client").await;
    let made = post.webhook(json!({})).await;
    post.change_sites(&["Bản Một"]).await;
    post.receiver.will_answer(&[410]);
    post.until(1).await;
    let off = post.province.get(&made.location()).await;
    assert_eq!(
        (&off.expect(200)["is_active"], &off.body["last_failure"], &off.body["version"]),
        (&json!(false), &json!("http_410"), &json!(2))
    );
    assert_eq!(post.app.number("SELECT count(*) FROM events WHERE resource = 'webhook' AND action = 'switched_off'").await, 1);
    assert_eq!(post.round(in_(60 * 24)).await, 0);
    let on = post.province.patch_if(&made.location(), &off, json!({"is_active": true})).await;
    assert_eq!((&on.expect(200)["is_active"], &on.body["failures"]), (&json!(true), &json!(0)));
    post.receiver.will_answer(&[500, 500]);
    assert_eq!(post.round(in_(1)).await, 0);
    assert_eq!(post.round(in_(60 * 71)).await, 0);
    assert_eq!(post.province.get(&made.location()).await.body["is_active"], true);
    post.receiver.will_answer(&[500]);
    assert_eq!(post.round(in_(60 * 73)).await, 0);
    let off = post.province.get(&made.location()).await;
    assert_eq!(off.body["is_active"], false);
    post.province.patch_if(&made.location(), &off, json!({"is_active": true})).await.expect(200);
    assert_eq!(post.round(in_(1)).await, 1);
    let expected = post.told_since(&cursor(&made), "").await;
    assert_eq!((post.receiver.messages().last().unwrap().changes(), expected.len()), (expected, 1));
}

#[tokio::test]
async fn of_six_instances_at_once_each_message_is_brought_by_one() {
    let post = Post::start("portal_client").await;
    let made = post.webhook(json!({})).await;
    let names: Vec<String> = (0..12).map(|no| format!("Bản {no}")).collect();
    post.change_sites(&names.iter().map(String::as_str).collect::<Vec<_>>()).await;
    let instances: Vec<(Db, Dispatcher)> = (0..6).map(|_| (post.db(), post.dispatcher())).collect();
    for _ in 0..100 {
        for round in join_all(instances.iter().map(|(db, dispatcher)| dispatcher.round(db, in_(0)))).await {
            round.unwrap();
        }
        if post.receiver.changes().len() >= 12 {
            break;
        }
        tokio::time::sleep(Pause::from_millis(50)).await;
    }
    let expected = post.told_since(&cursor(&made), "").await;
    assert_eq!((post.receiver.changes(), expected.len()), (expected, 12));
}

#[tokio::test]
async fn for_a_day_after_rotation_messages_are_signed_with_both_secrets() {
    let post = Post::start("portal_client").await;
    let made = post.webhook(json!({})).await;
    let path = format!("{}/rotate", made.location());
    post.province.post_empty(&path).await.expect_problem(428, "precondition_required");
    let rotate = || post.province.request("POST", &path).header("if-match", made.etag()).header("idempotency-key", "r1");
    let rotated = post.province.send(rotate()).await;
    assert_eq!(rotated.expect(200)["version"], 2);
    assert_ne!(secret(&rotated), secret(&made));
    let again = post.province.send(rotate()).await;
    assert_eq!(again.expect(200)["secret"], json!(null));
    post.change_sites(&["Bản Một"]).await;
    post.until(1).await;
    post.app.execute("UPDATE webhooks SET rotated_at = now() - interval '25 hours'").await;
    post.change_sites(&["Bản Hai"]).await;
    post.until(2).await;
    let messages = post.receiver.messages();
    let (first, last) = (&messages[0], messages.last().unwrap());
    assert!(is_signed(first, &secret(&made)) && is_signed(first, &secret(&rotated)));
    assert!(!is_signed(last, &secret(&made)) && is_signed(last, &secret(&rotated)));
}

#[tokio::test]
async fn a_webhook_leads_only_where_the_operator_allows_and_belongs_to_who_manages_its_machine() {
    let post = Post::start("portal_client").await;
    for url in ["http://127.0.0.1:1/", "https://portal.example.org/", "http://169.254.169.254/latest/meta-data/"] {
        assert_eq!(post.webhook(json!({"url": url})).await.fields(), ["/url origin_not_allowed"], "{url}");
    }
    post.webhook(json!({"url": "ftp://x.example.org/"})).await.expect(422);
    assert_eq!(post.webhook(json!({"resources": ["site", "secret"]})).await.fields(), ["/resources/1 unknown_resource"]);
    for member in ["api_client_id", "campaign_id"] {
        let unknown = post.webhook(json!({member: "018b2f19-e79e-7d6a-a56d-29feb6211b04"})).await;
        assert_eq!(unknown.fields(), [format!("/{member} unknown_reference")]);
    }
    let made = post.webhook(json!({})).await;
    made.expect(201);
    post.webhook(json!({})).await.expect_problem(409, "duplicate");
    for no in 1..20 {
        post.webhook(json!({"url": format!("{}/{no}", post.receiver.origin)})).await.expect(201);
    }
    assert_eq!(post.webhook(json!({"url": format!("{}/20", post.receiver.origin)})).await.fields(), ["/api_client_id too_many"]);
    let listed = post.province.get(&format!("{PATH}?api_client_id={}&with_total=true&is_active=true", post.machine)).await;
    assert_eq!(listed.expect(200)["total"], 20);
    let bad = post.province.patch_if(&made.location(), &made, json!({"url": "http://127.0.0.1:1/"})).await;
    assert_eq!(bad.fields(), ["/url origin_not_allowed"]);
    let district = post.app.sign_in(Role::District).await;
    district.get(&made.location()).await.expect_problem(404, "not_found");
    district.patch_if(&made.location(), &made, json!({"is_active": false})).await.expect_problem(404, "not_found");
    assert_eq!(district.get(PATH).await.items().len(), 0);
    post.province.patch_if(&made.location(), "\"9\"", json!({"is_active": false})).await.expect_problem(412, "precondition_failed");
    post.province.delete_if(&made.location(), &made).await.expect(204);
    post.province.get(&made.location()).await.expect_problem(404, "not_found");
}
