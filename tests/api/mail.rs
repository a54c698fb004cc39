//! Reminders by mail: to officials who gave an address, each letter once whatever happens to the conversation, the server or the service.

use super::duties;
use super::support::smtp::{Letter, MailServer, Manner, mail};
use super::support::*;
use chrono::{DateTime, Duration, Utc};
use futures_util::future::join_all;
use ngayhoi::db::Db;
use ngayhoi::mail_deliveries::outbox;
use ngayhoi::mail_deliveries::postman::Postman;
use ngayhoi::reminders::sweep::{Mailing, sweep_all};
use std::collections::BTreeSet;

const LIST: &str = "/api/v1/mail-deliveries";
const MINE: &str = "/api/v1/me/email";
/// The last day of all reports of the demo begins.
const LAST_DAY: &str = "2023-08-19T08:00:00+07:00";

fn db(app: &TestApp) -> Db {
    Db::new(&app.database_url).unwrap()
}

async fn sweep_at(app: &TestApp, mailing: Mailing, now: &str) -> usize {
    sweep_all(&db(app), mailing, now.parse().unwrap()).await.unwrap().unwrap()
}

/// An official of a commune with an address, whose body alone owes a report; and the body.
async fn official(app: &TestApp, address: &str) -> (Client, String) {
    let desk = app.sign_in(Role::MovementDivision).await;
    app.execute("DELETE FROM report_obligations; UPDATE duties SET deadline = NULL").await;
    let commune = app.org_unit_of_kind("commune_committee", "Mường Lai").await;
    desk.post("/api/v1/report-obligations", json!({"campaign_id": app.campaign_id().await, "org_unit_id": commune})).await.expect(201);
    let official = app.account(Role::Commune, &commune).await;
    official.put(MINE, json!({"address": address})).await.expect(204);
    (official, commune)
}

/// One letter in the outbox, and its path.
async fn queued(app: &TestApp, server: &MailServer) -> (Postman, Client, String) {
    let (official, _) = official(app, "vanphong@example.org").await;
    assert_eq!(sweep_at(app, Mailing::On, LAST_DAY).await, 1);
    let list = official.get(LIST).await;
    assert_eq!((list.expect(200)["items"].as_array().unwrap().len(), &list.items()[0]["state"]), (1, &json!("queued")));
    let path = format!("{LIST}/{}", list.items()[0]["id"].as_str().unwrap());
    (Postman::new(&server.settings()), official, path)
}

async fn deliver(app: &TestApp, postman: &Postman, at: DateTime<Utc>) -> usize {
    postman.deliver(&db(app), at).await.unwrap()
}

fn in_(minutes: i64) -> DateTime<Utc> {
    Utc::now() + Duration::minutes(minutes)
}

#[tokio::test]
async fn a_reminder_goes_out_once_to_each_official_of_its_body_who_gave_an_address() {
    let (app, server) = (TestApp::start().await, MailServer::start().await);
    let (official, commune) = official(&app, "vanphong@example.org").await;
    // Not to who gave none, who may not be used, who may not read reports, nor to another body.
    app.insert_user(Role::Commune, &commune).await;
    let elsewhere = app.org_unit_of_kind("commune_committee", "Y Can").await;
    for (role, unit, change) in [
        (Role::Unit, &commune, "is_disabled = true"),
        (Role::CheckinOperator, &commune, "is_disabled = false"),
        (Role::Commune, &elsewhere, "is_disabled = false"),
    ] {
        let other = app.insert_user(role, unit).await;
        let address = format!("INSERT INTO mail_addresses VALUES ('{other}', 'khac@example.org', now())");
        app.execute(&format!("{address}; UPDATE users SET {change} WHERE id = '{other}'")).await;
    }
    assert_eq!(sweep_at(&app, Mailing::On, LAST_DAY).await, 1);
    assert_eq!(sweep_at(&app, Mailing::On, LAST_DAY).await, 0);
    let postman = Postman::new(&server.settings());
    assert_eq!(deliver(&app, &postman, in_(1)).await, 1);
    assert_eq!(deliver(&app, &Postman::new(&server.settings()), in_(60 * 24 * 3)).await, 0, "once, after a restart too");
    let letters = server.letters();
    assert_eq!(letters.len(), 1);
    assert_eq!((letters[0].to.as_str(), letters[0].header("To").as_str()), ("vanphong@example.org", "vanphong@example.org"));
    assert!(letters[0].header("From").ends_with("<ngayhoi@example.org>"));
    let text = letters[0].text();
    let one = official.get(LIST).await.items()[0].clone();
    assert!(letters[0].header("Message-ID").starts_with(&format!("<{}-1@", one["id"].as_str().unwrap())));
    for part in ["Mường Lai", "hạn đến hết ngày 19/08/2023", "Đây là ngày cuối", one["reminder_id"].as_str().unwrap()] {
        assert!(text.contains(part), "{part} in {text}");
    }
    assert_eq!((&one["state"], &one["attempts"], &one["failure"]), (&json!("sent"), &json!(1), &json!(null)));
    // Those above see it, those beside do not, and nobody sees the address.
    let path = format!("{LIST}/{}", one["id"].as_str().unwrap());
    let province = app.sign_in(Role::ProvincialAdministrator).await;
    assert_eq!(province.get(&path).await.expect(200), &one);
    let counted = province.get(&format!("{LIST}?state=sent&with_total=true&org_unit_id={commune}&sort=-created_at")).await;
    assert_eq!(counted.expect(200)["total"], 1);
    assert_eq!(province.get(&format!("{LIST}?state=queued")).await.items().len(), 0);
    let below = province.get(&format!("{LIST}?under_org_unit_id={elsewhere}")).await;
    assert_eq!(below.items().len(), 0);
    let beside = app.account(Role::Commune, &elsewhere).await;
    beside.get(&path).await.expect_problem(404, "not_found");
    assert_eq!(beside.get(LIST).await.items().len(), 0);
    assert!(!counted.body.to_string().contains("vanphong"));
}

#[tokio::test]
async fn what_the_mail_server_answers_decides_and_a_broken_conversation_is_never_repeated() {
    let (app, server) = (TestApp::start().await, MailServer::start().await);
    let (postman, official, path) = queued(&app, &server).await;
    // Put off by a recipient's line, then by the text's; each time later.
    server.treat(&[Manner::Recipient("450 4.2.1 busy"), Manner::Text("451 4.3.0 try later")]);
    for (attempt, code) in [(1, "smtp_450"), (2, "smtp_451")] {
        let at = in_(attempt * 20);
        assert_eq!(deliver(&app, &postman, at).await, 0);
        assert_eq!(deliver(&app, &postman, at).await, 0, "not at once again");
        let one = official.get(&path).await;
        assert_eq!((&one.expect(200)["state"], &one.body["failure"]), (&json!("queued"), &json!(code)));
        assert_eq!(one.body["attempts"], attempt);
    }
    assert_eq!(deliver(&app, &postman, in_(60)).await, 1);
    assert_eq!(official.get(&path).await.body["attempts"], 3);
    // The next stages: refused for good, then broken off with the text handed over.
    let district = app.text("SELECT parent_id FROM org_units WHERE kind = 'commune_committee' AND name LIKE '%Mường Lai%'").await;
    app.account(Role::District, &district).await.put(MINE, json!({"address": "huyen@example.org"})).await.expect(204);
    let province = app.sign_in(Role::ProvincialAdministrator).await;
    for (day, manner, state, failure) in [
        ("2023-08-20", Manner::Recipient("550 5.1.1 <vanphong@example.org> unknown"), "failed", "smtp_550"),
        ("2023-08-21", Manner::HangUp, "unknown", "broken_off"),
    ] {
        server.treat(&[manner]);
        assert_eq!(sweep_at(&app, Mailing::On, &format!("{day}T08:00:00+07:00")).await, 1);
        let before = server.letters().len();
        assert_eq!(deliver(&app, &postman, in_(1)).await, 0);
        assert_eq!(deliver(&app, &postman, in_(60 * 24)).await, 0, "never again");
        let last = province.get(&format!("{LIST}?sort=-created_at&limit=1")).await.items()[0].clone();
        assert_eq!((&last["state"], &last["failure"]), (&json!(state), &json!(failure)));
        assert!(last["finished_at"].is_string() && last["next_attempt_at"].is_null());
        assert_eq!(server.letters().len() - before, usize::from(state == "unknown"));
    }
}

#[tokio::test]
async fn while_the_mail_server_is_away_letters_wait_and_after_two_days_they_are_given_up() {
    let (app, server) = (TestApp::start().await, MailServer::start().await);
    let (postman, official, path) = queued(&app, &server).await;
    let nobody = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let away = mail(&format!("smtp://{}", nobody.local_addr().unwrap()));
    drop(nobody);
    assert_eq!(deliver(&app, &Postman::new(&away), in_(1)).await, 0);
    let one = official.get(&path).await;
    assert_eq!((&one.expect(200)["state"], &one.body["failure"]), (&json!("queued"), &json!("unreachable")));
    assert_eq!(deliver(&app, &Postman::new(&away), in_(60 * 49)).await, 0);
    assert_eq!(official.get(&path).await.body["state"], "failed");
    assert_eq!(deliver(&app, &postman, in_(60 * 72)).await, 0);
    assert_eq!(server.letters().len(), 0);
}

#[tokio::test]
async fn of_six_postmen_at_once_each_letter_is_taken_by_one_and_one_that_dies_with_a_letter_leaves_it_unknown() {
    let (app, server) = (TestApp::start_wide().await, MailServer::start().await);
    for row in app.sql("SELECT org_unit_id FROM report_obligations ORDER BY id LIMIT 12").await {
        app.insert_user(Role::Department, row["org_unit_id"].as_str().unwrap()).await;
    }
    app.execute(
        "INSERT INTO mail_addresses SELECT id, username || '@example.org', now() FROM users;
         UPDATE duties SET deadline = NULL",
    )
    .await;
    assert!(sweep_at(&app, Mailing::On, LAST_DAY).await > 0);
    let all = app.number("SELECT count(*) FROM mail_deliveries").await;
    assert!(all >= 12, "{all}");
    // One dies before a word is said.
    let dead = db(&app).transaction(async |conn| outbox::claim(conn, in_(1)).await).await.unwrap();
    let postmen: Vec<(Db, Postman)> = (0..6).map(|_| (db(&app), Postman::new(&server.settings()))).collect();
    let sent = join_all(postmen.iter().map(|(db, postman)| postman.deliver(db, in_(2)))).await;
    let sent: usize = sent.into_iter().map(Result::unwrap).sum();
    assert_eq!(server.letters().len(), sent);
    let told: Vec<(String, String)> = server.letters().iter().flat_map(reminders).collect();
    assert_eq!(told.len(), usize::try_from(all).unwrap() - dead.len());
    assert_eq!(told.iter().collect::<BTreeSet<_>>().len(), told.len(), "each once");
    let state = format!("SELECT state FROM mail_deliveries WHERE id = '{}'", dead[0].id);
    assert_eq!(app.text(&state).await, "sending");
    assert_eq!(deliver(&app, &postmen[0].1, in_(12)).await, 0);
    assert_eq!((app.text(&state).await.as_str(), server.letters().len()), ("unknown", sent));
}

/// To whom, and of which reminder, a letter tells.
fn reminders(letter: &Letter) -> Vec<(String, String)> {
    let ids = letter.text().split("mã nhắc việc: ").skip(1).map(|rest| rest[..36].to_owned()).collect::<Vec<_>>();
    ids.into_iter().map(|id| (letter.to.clone(), id)).collect()
}

#[tokio::test]
async fn what_comes_due_at_one_time_is_one_letter_to_each_official() {
    let (app, server) = (TestApp::start().await, MailServer::start().await);
    let (official, commune) = official(&app, "xa@example.org").await;
    let desk = app.sign_in(Role::MovementDivision).await;
    let district = app.text(&format!("SELECT parent_id FROM org_units WHERE id = '{commune}'")).await;
    for row in
        app.sql(&format!("SELECT id FROM org_units WHERE parent_id = '{district}' AND id <> '{commune}' ORDER BY name LIMIT 4")).await
    {
        desk.post("/api/v1/report-obligations", json!({"campaign_id": app.campaign_id().await, "org_unit_id": row["id"]}))
            .await
            .expect(201);
    }
    let above = app.account(Role::District, &district).await;
    above.put(MINE, json!({"address": "huyen@example.org"})).await.expect(204);
    assert_eq!(sweep_at(&app, Mailing::On, "2023-08-21T08:00:00+07:00").await, 5);
    assert_eq!(deliver(&app, &Postman::new(&server.settings()), in_(1)).await, 1);
    let letters = server.letters();
    assert_eq!((letters.len(), letters[0].to.as_str(), reminders(&letters[0]).len()), (1, "huyen@example.org", 5));
    let text = letters[0].text();
    assert!(text.contains("báo lên cấp trên") && text.matches("hạn đến hết ngày 19/08/2023").count() == 5, "{text}");
    assert_eq!(above.get(&format!("{LIST}?state=sent&with_total=true")).await.expect(200)["total"], 5);
    assert_eq!(official.get(LIST).await.items().len(), 0);
}

#[tokio::test]
async fn an_address_is_its_owners_alone_and_what_is_queued_ends_with_it() {
    let server = MailServer::start().await;
    let app = TestApp::start_with(Setup { mail: Some(server.settings()), ..Setup::default() }).await;
    let (postman, official, path) = queued(&app, &server).await;
    let shown = official.get(MINE).await;
    assert_eq!((&shown.expect(200)["address"], &shown.body["is_mail_sent"]), (&json!("vanphong@example.org"), &json!(true)));
    for bad in ["", "a b@example.org", "khong-phai-thu", "a@b", "tên@example.org", "a@example.org\u{0}"] {
        official.put(MINE, json!({"address": bad})).await.expect(422);
    }
    assert_eq!(official.put(MINE, json!({"address": "..@example.org"})).await.fields(), ["/address email"]);
    assert_eq!(official.get(MINE).await.body["address"], "vanphong@example.org");
    let other = app.sign_in(Role::District).await;
    assert_eq!(other.get(MINE).await.expect(200)["address"], json!(null));
    other.delete(MINE).await.expect(204);
    let told = app.sql("SELECT data::text AS data FROM events WHERE action = 'email_changed'").await;
    assert_eq!(told.iter().map(|row| row["data"].as_str().unwrap()).collect::<Vec<_>>(), ["{}"]);
    official.delete(MINE).await.expect(204);
    official.delete(MINE).await.expect(204);
    assert_eq!(deliver(&app, &postman, in_(1)).await, 0);
    let one = official.get(&path).await;
    assert_eq!((&one.expect(200)["state"], &one.body["failure"]), (&json!("cancelled"), &json!("no_address")));
    assert_eq!(server.letters().len(), 0);
}

#[tokio::test]
async fn without_a_mail_server_nothing_is_queued_and_with_one_nothing_old_goes_out() {
    let (app, server) = (TestApp::start().await, MailServer::start().await);
    official(&app, "vanphong@example.org").await;
    assert_eq!(sweep_at(&app, Mailing::Off, LAST_DAY).await, 1);
    assert_eq!(app.number("SELECT count(*) FROM mail_deliveries").await, 0);
    assert_eq!(sweep_at(&app, Mailing::On, LAST_DAY).await, 0);
    assert_eq!(deliver(&app, &Postman::new(&server.settings()), in_(60)).await, 0);
}

#[tokio::test]
async fn a_letter_about_a_duty_does_not_tell_what_it_is_about() {
    let (app, server) = (TestApp::start().await, MailServer::start().await);
    let (official, commune) = official(&app, "vanphong@example.org").await;
    app.execute("DELETE FROM report_obligations").await;
    let title = "Rà soát danh sách khách mời";
    duties::charge(&app, json!({"org_unit_id": commune, "title": title, "deadline": "2023-08-22T17:00:00+07:00"})).await;
    assert_eq!(sweep_at(&app, Mailing::On, "2023-08-19T08:00:00+07:00").await, 1);
    assert_eq!(deliver(&app, &Postman::new(&server.settings()), in_(1)).await, 1);
    let letter = &server.letters()[0];
    assert!(!letter.text().contains(title) && letter.text().contains("hạn trước 17:00 22/08/2023"), "{}", letter.text());
    assert_eq!(official.get(LIST).await.items().len(), 1);
}
