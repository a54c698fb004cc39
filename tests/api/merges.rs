//! Mergers of guests: one person listed twice, counted once, and restored exactly.

use super::newcomers::{Door, equals_a_recount, verdicts};
use super::support::*;
use futures_util::future::{join, join_all};
use ngayhoi::participant_imports::worker::{Pace, Worker};
use uuid::Uuid;

const GUESTS: &str = "/api/v1/participants";
const OPENING: &str = "2023-08-12T08:00:00+07:00";

async fn enters(door: &Door, guest: &str) {
    let body = json!({"participant_id": guest, "direction": "entry"});
    door.district.client.post("/api/v1/check-ins", body).await.expect(201);
}

/// All that the API shows of a guest but what every change changes.
async fn all_of(door: &Door, guest: &str) -> Value {
    let mut body = door.shown(guest).await.body.clone();
    ["version", "updated_at", "warnings"].iter().for_each(|name| body[*name] = Value::Null);
    body
}

#[tokio::test]
async fn two_guests_who_are_one_count_once_and_are_restored_exactly() {
    let app = TestApp::start().await;
    let door = Door::new(&app, "Bản Mường Lai", 3).await;
    let client = &door.district.client;
    client.post_empty(&format!("/api/v1/sites/{}/invitations", door.site)).await.expect(200);
    let (one, two) = (door.guests[0].clone(), door.guests[1].clone());
    let shown = door.shown(&one).await;
    client.post_if(&format!("{GUESTS}/{one}/accept"), &shown, json!({})).await.expect(200);
    let pass = client.get(&format!("{GUESTS}/{one}/pass")).await.expect(200)["pass"].clone();
    enters(&door, &one).await;
    enters(&door, &two).await;
    let attendance = format!("/api/v1/sites/{}/attendance", door.site);
    let figures = async || client.get(&attendance).await.expect(200)["total"].clone();
    let before = (figures().await, all_of(&door, &one).await, all_of(&door, &two).await);
    assert_eq!(door.figures().await, [3, 2, 2, 2]);

    let shown = door.shown(&one).await;
    let body = json!({"into_participant_id": two, "reason": "Ghi tên hai lần"});
    let merged = client.post_if(&format!("{GUESTS}/{one}/merge"), &shown, body).await;
    let guest = merged.expect(200);
    assert_eq!((&guest["merged_into_id"], &guest["merge_reason"]), (&json!(two), &json!("Ghi tên hai lần")));
    assert_eq!((&guest["entry_count"], &guest["is_present"], &guest["state"]), (&json!(0), &json!(false), &json!("accepted")));
    assert!(guest["merged_at"].is_string() && guest["merged_by"].is_string());
    assert_eq!(door.figures().await, [2, 2, 1, 1], "one person, two entries");
    assert_eq!(figures().await["accepted_count"], 0);
    let totals = ["", "&is_merged=true", "&was_invited=true", "&has_attended=true", "&state=accepted"];
    let totals = join_all(totals.map(|query| door.total_of(query))).await;
    assert_eq!(totals, [2, 1, 2, 1, 0]);
    let composition = client.get(&format!("/api/v1/sites/{}/composition", door.site)).await;
    let counts = &composition.expect(200)["total"];
    assert_eq!((&counts["listed_count"], &counts["invited_count"], &counts["attended_count"]), (&json!(2), &json!(2), &json!(1)));
    equals_a_recount(&app).await;

    // Its pass works on, online and in a batch, and counts for the one who stays.
    client.post("/api/v1/check-ins", json!({"pass": pass, "direction": "exit"})).await.expect(201);
    let operation = json!({"op_id": Uuid::now_v7(), "pass": pass, "direction": "entry", "occurred_at": OPENING});
    assert_eq!(verdicts(&door.send(Uuid::now_v7(), &[operation]).await), ["logged"]);
    let into = door.shown(&two).await;
    assert_eq!(into.body["entry_count"], 3);
    assert_eq!(door.figures().await[1..3], [3, 1]);
    equals_a_recount(&app).await;

    let unmerged = door.unmerge(&one).await;
    assert_eq!((&unmerged.expect(200)["merged_into_id"], &unmerged.body["merge_reason"]), (&Value::Null, &Value::Null));
    assert_eq!((&unmerged.body["entry_count"], &unmerged.body["state"]), (&json!(2), &json!("accepted")), "with what came since");
    assert_eq!(door.shown(&two).await.body["entry_count"], 1);
    equals_a_recount(&app).await;
    door.unmerge(&one).await.expect_problem(409, "invalid_transition");

    // Merged and un-merged with nothing in between: as before.
    let now = (figures().await, all_of(&door, &one).await, all_of(&door, &two).await);
    door.merge(&one, &two).await.expect(200);
    door.unmerge(&one).await.expect(200);
    assert_eq!((figures().await, all_of(&door, &one).await, all_of(&door, &two).await), now);
    assert_eq!((&now.0["listed_count"], &now.0["accepted_count"]), (&before.0["listed_count"], &before.0["accepted_count"]));
    let told = app.sql(&format!("SELECT action FROM events WHERE resource_id = '{one}' ORDER BY resource_version")).await;
    let told: Vec<&str> = told.iter().map(|row| row["action"].as_str().unwrap()).collect();
    assert_eq!(told, ["created", "invited", "accepted", "merged", "unmerged", "merged", "unmerged"]);
    assert_eq!(app.number("SELECT count(*) FROM events WHERE data::text LIKE '%hai lần%'").await, 0, "no reason in the feed");
}

#[tokio::test]
async fn a_merger_is_refused_where_it_may_not_be() {
    let app = TestApp::start().await;
    let door = Door::new(&app, "Bản Mường Lai", 4).await;
    let elsewhere = Door::new(&app, "Bản Nà Kèn", 1).await;
    let client = &door.district.client;
    let (one, two, three) = (&door.guests[0], &door.guests[1], &door.guests[2]);
    let body = json!({"into_participant_id": two});
    for (step, body) in [("merge", body.clone()), ("unmerge", json!(null))] {
        let path = format!("{GUESTS}/{one}/{step}");
        let post = async |client: &Client, etag: &str| match body.is_null() {
            true => client.post_empty_if(&path, etag).await,
            false => client.post_if(&path, etag, body.clone()).await,
        };
        post(&app.anonymous(), "*").await.expect_problem(401, "unauthenticated");
        post(&app.sign_in(Role::StandingAgency).await, "*").await.expect_problem(403, "forbidden");
        post(&app.district("Trấn Yên").await, "*").await.expect_problem(404, "not_found");
        post(client, "\"99\"").await.expect_problem(412, "precondition_failed");
        let bare = if body.is_null() { client.post_empty(&path).await } else { client.post(&path, body.clone()).await };
        bare.expect_problem(428, "precondition_required");
    }
    assert_eq!(door.merge(one, one).await.fields(), ["/into_participant_id same_guest"]);
    assert_eq!(door.merge(one, &Uuid::now_v7().to_string()).await.fields(), ["/into_participant_id unknown_reference"]);
    let long = json!({"into_participant_id": two, "reason": "x".repeat(301)});
    client.post_if(&format!("{GUESTS}/{one}/merge"), "*", long).await.expect_problem(422, "validation_failed");
    door.merge(one, &elsewhere.guests[0]).await.expect_problem(409, "invalid_transition");
    app.set_now(cluster::START);
    let group = json!({"site_id": door.site, "kind": "collective", "category": "resident", "full_name": "Tổ một"});
    let group = client.post(GUESTS, group).await.id();
    app.set_now(OPENING);
    door.merge(one, &group).await.expect_problem(409, "invalid_transition");
    assert_eq!(app.number("SELECT count(*) FROM participants WHERE merged_into_id IS NOT NULL").await, 0);

    door.merge(one, two).await.expect(200);
    for (from, into, code) in [(one, three, "invalid_transition"), (three, one, "invalid_transition"), (two, three, "in_use")] {
        door.merge(from, into).await.expect_problem(409, code);
    }
    // Who stays, stays on the list; who is merged is not written to.
    let shown = door.shown(two).await;
    client.delete_if(&format!("{GUESTS}/{two}"), &shown).await.expect_problem(409, "in_use");
    let shown = door.shown(one).await;
    client.patch_if(&format!("{GUESTS}/{one}"), &shown, json!({"title": "Trưởng bản"})).await.expect_problem(409, "invalid_transition");
    client
        .post_if(&format!("{GUESTS}/{one}/erase"), &shown, json!({"reason": "Khách yêu cầu"}))
        .await
        .expect_problem(409, "invalid_transition");
    equals_a_recount(&app).await;
}

#[tokio::test]
async fn of_those_who_merge_at_once_one_wins_and_a_circle_never_closes() {
    let app = TestApp::start_wide().await;
    let door = Door::new(&app, "Bản Mường Lai", 3).await;
    for guest in &door.guests {
        enters(&door, guest).await;
    }
    let post = async |from: usize, into: usize| {
        let path = format!("{GUESTS}/{}/merge", door.guests[from]);
        door.district.client.post_if(&path, "\"2\"", json!({"into_participant_id": door.guests[into]})).await.status
    };
    let statuses = join_all([post(0, 1), post(0, 1), post(1, 0), post(0, 2)]).await;
    assert_eq!(statuses.iter().filter(|status| **status == 200).count(), 1, "{statuses:?}");
    assert!(statuses.iter().all(|status| [200, 409, 412].contains(status)), "{statuses:?}");
    assert_eq!(door.figures().await, [2, 3, 2, 2]);
    equals_a_recount(&app).await;
}

#[tokio::test]
async fn a_candidate_is_merged_where_its_link_says_and_proposed_no_more() {
    let app = TestApp::start().await;
    let door = Door::new(&app, "Bản Mường Lai", 0).await;
    let client = &door.district.client;
    app.set_now(cluster::START);
    let body = json!({"site_id": door.site, "kind": "person", "category": "resident", "full_name": "Hoàng Văn An"});
    let (one, two) = (client.post(GUESTS, body.clone()).await.id(), client.post(GUESTS, body).await.id());
    let duplicates = format!("{GUESTS}/duplicates?site_id={}&with_total=true", door.site);
    let found = client.get(&duplicates).await;
    assert_eq!(found.expect(200)["total"], 2);
    let item = found.items().iter().find(|item| item["id"] == json!(one)).unwrap().clone();
    let link = item["candidates"][0]["merge"].as_str().unwrap();
    client.post_if(link, "*", json!({"into_participant_id": one})).await.expect(200);
    assert_eq!(client.get(&duplicates).await.expect(200)["total"], 0);
    assert_eq!(door.shown(&two).await.body["merged_into_id"], json!(one));
    door.unmerge(&two).await.expect(200);
    assert_eq!(client.get(&duplicates).await.expect(200)["total"], 2);
    equals_a_recount(&app).await;
}

#[tokio::test]
async fn a_file_that_names_a_merged_guest_names_who_stays_and_no_card_is_printed_for_it() {
    let app = TestApp::start().await;
    let door = Door::new(&app, "Bản Mường Lai", 0).await;
    let client = &door.district.client;
    app.set_now(cluster::START);
    let guest = |name: &str| json!({"kind": "person", "category": "resident", "full_name": name});
    let list = async |name: &str| {
        let mut body = guest(name);
        body["site_id"] = json!(door.site);
        client.post(GUESTS, body).await.id()
    };
    let (one, two) = (list("Hoàng Văn An").await, list("Hoàng Văn Ân").await);
    client.post_empty(&format!("/api/v1/sites/{}/invitations", door.site)).await.expect(200);
    let cards = async || client.get(&format!("/api/v1/sites/{}/invitation-cards", door.site)).await.text.clone();
    assert!(cards().await.contains("Hoàng Văn Ân"));
    door.merge(&two, &one).await.expect(200);
    let printed = cards().await;
    assert!(printed.contains("Hoàng Văn An") && !printed.contains("Hoàng Văn Ân"));

    let file = format!("{}\n", guest("Hoàng Văn Ân"));
    let path = format!("/api/v1/participant-imports?site_id={}", door.site);
    let sent = client.raw("POST", &path, "application/x-ndjson", file).await;
    sent.expect(202);
    Worker::new(&app.database_url, app.clock.clone(), Pace::default()).unwrap().run_until_idle().await.unwrap();
    let done = client.get(&sent.location()).await;
    assert_eq!((&done.body["state"], &done.body["added_count"]), (&json!("done"), &json!(0)), "{}", done.text);
    assert_eq!(app.number("SELECT count(*) FROM participants WHERE full_name LIKE 'Hoàng Văn%'").await, 2);
    equals_a_recount(&app).await;
}

#[tokio::test]
async fn nobody_is_merged_into_one_who_is_erased_at_once_without_being_erased_too() {
    let app = TestApp::start_wide().await;
    for round in 0..6 {
        let door = Door::new(&app, &format!("Bản số {round}"), 2).await;
        let client = &door.district.client;
        let (one, two) = (&door.guests[0], &door.guests[1]);
        let erase = async || client.post_if(&format!("{GUESTS}/{two}/erase"), "*", json!({"reason": "Khách yêu cầu"})).await;
        let (merged, erased) = join(door.merge(one, two), erase()).await;
        erased.expect(200);
        assert!([200, 409].contains(&merged.status), "{} {}", merged.status, merged.text);
        let is_named = door.shown(one).await.body["erased_at"].is_null();
        assert_eq!(is_named, merged.status == 409, "merged first, erased with the other one; erased first, not merged");
        equals_a_recount(&app).await;
    }
}
