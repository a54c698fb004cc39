//! Entity tags and idempotency keys: nobody overwrites what he has not read, and a retry does nothing twice.

use super::support::fixtures::{District, path, site_in, step};
use super::support::*;
use futures_util::future::join_all;

#[tokio::test]
async fn a_known_version_is_not_sent_again() {
    let app = TestApp::start().await;
    let district = District::of(&app, "Lục Yên").await;
    let site = district.draft(&app, "Bản").await;
    for tag in ["\"1\"", "*", "\"0\", \"1\"", "W/\"1\""] {
        let same = district.client.get_if_none_match(&path(&site), tag).await;
        same.expect(304);
        assert_eq!((same.etag().as_str(), same.text.as_str()), ("\"1\"", ""), "{tag}");
    }
    district.client.patch_if(&path(&site), &site, json!({"name": "Khác"})).await.expect(200);
    let other = district.client.get_if_none_match(&path(&site), &site).await;
    assert_eq!((other.expect(200)["name"].as_str(), other.etag().as_str()), (Some("Khác"), "\"2\""));
}

#[tokio::test]
async fn a_change_needs_the_version_that_was_read() {
    let app = TestApp::start().await;
    let district = District::of(&app, "Lục Yên").await;
    let site = district.draft(&app, "Bản").await;
    let client = &district.client;
    client.patch(&path(&site), json!({"name": "A"})).await.expect_problem(428, "precondition_required");
    client.delete(&path(&site)).await.expect_problem(428, "precondition_required");
    client.post_empty(&step(&site, "nominate")).await.expect_problem(428, "precondition_required");
    for tag in ["\"0\"", "\"2\"", "1", "W/\"1\"", "\"1", "\"\"", "x"] {
        client.patch_if(&path(&site), tag, json!({"name": "A"})).await.expect_problem(412, "precondition_failed");
    }
    client.delete_if(&path(&site), "\"9\"").await.expect_problem(412, "precondition_failed");
    client.post_empty_if(&step(&site, "nominate"), "\"9\"").await.expect_problem(412, "precondition_failed");
    client.patch_if(&path(&site), "\"7\", \"1\"", json!({"name": "A"})).await.expect(200);
    client.patch_if(&path(&site), &site, json!({"name": "B"})).await.expect_problem(412, "precondition_failed");
    client.patch_if(&path(&site), "*", json!({"name": "C"})).await.expect(200);
    assert_eq!(client.get(&path(&site)).await.etag(), "\"3\"");
}

#[tokio::test]
async fn of_twelve_writers_with_one_version_one_wins() {
    let app = TestApp::start_wide().await;
    let district = District::of(&app, "Lục Yên").await;
    let site = district.draft(&app, "Bản").await;
    let target = path(&site);
    let names: Vec<String> = (0..12).map(|number| format!("Bản {number}")).collect();
    let answers = join_all(names.iter().map(|name| district.client.patch_if(&target, &site, json!({"name": name})))).await;
    let winners: Vec<&Answer> = answers.iter().filter(|answer| answer.status == 200).collect();
    assert_eq!(winners.len(), 1);
    assert_eq!(answers.iter().filter(|answer| answer.code() == "precondition_failed").count(), 11);
    let read = district.client.get(&path(&site)).await;
    assert_eq!((&read.expect(200)["name"], read.etag().as_str()), (&winners[0].body["name"], "\"2\""));
    assert_eq!(app.number("SELECT count(*) FROM events WHERE action = 'updated'").await, 1);
}

#[tokio::test]
async fn of_twelve_different_steps_with_one_version_one_wins() {
    let app = TestApp::start_wide().await;
    let district = District::of(&app, "Lục Yên").await;
    let site = district.draft(&app, "Bản").await;
    let (nominate, delete) = (step(&site, "nominate"), path(&site));
    let steps = (0..12).map(|number| {
        let (client, site, nominate, delete) = (&district.client, &site, &nominate, &delete);
        async move { if number % 2 == 0 { client.post_empty_if(nominate, site).await } else { client.delete_if(delete, site).await } }
    });
    let answers = join_all(steps).await;
    let won = answers.iter().filter(|answer| answer.status < 300).count();
    assert_eq!(won, 1, "{:?}", answers.iter().map(|answer| answer.status).collect::<Vec<_>>());
    assert!(answers.iter().all(|answer| matches!(answer.status, 200 | 204 | 404 | 412)));
}

#[tokio::test]
async fn the_same_key_gives_the_same_answer_and_does_the_work_once() {
    let app = TestApp::start_wide().await;
    let district = District::of(&app, "Lục Yên").await;
    let input = site_in(&app, &district.unit, "Bản").await;
    let first = district.client.post_once("/api/v1/sites", "khoa-1", input.clone()).await;
    let again = district.client.post_once("/api/v1/sites", "khoa-1", input.clone()).await;
    assert_eq!((first.expect(201), first.location(), first.etag()), (again.expect(201), again.location(), again.etag()));
    assert_eq!((first.header("idempotency-replayed"), again.header("idempotency-replayed")), (None, Some("true")));
    assert_eq!(app.number("SELECT count(*) FROM sites").await, 1);

    let mut other = input.clone();
    other["name"] = json!("Bản khác");
    district.client.post_once("/api/v1/sites", "khoa-1", other.clone()).await.expect_problem(422, "idempotency_key_reused");
    district.client.post_once("/api/v1/sites", "khoa-2", other.clone()).await.expect(201);
    // A key is the caller's own, and the route's own.
    let neighbour = District::of(&app, "Văn Yên").await;
    let theirs = site_in(&app, &neighbour.unit, "Bản").await;
    neighbour.client.post_once("/api/v1/sites", "khoa-1", theirs).await.expect(201);
    for key in ["", "có dấu", &"k".repeat(256), "a b"] {
        let request = district.client.request("POST", "/api/v1/sites").header("idempotency-key", key.as_bytes()).json(&other);
        let answer = district.client.send(request).await;
        assert_eq!((answer.status, answer.code()), (400, "invalid_parameter"), "{key:?}");
    }
}

#[tokio::test]
async fn a_retried_step_repeats_its_answer_although_the_version_has_moved_on() {
    let app = TestApp::start().await;
    let district = District::of(&app, "Lục Yên").await;
    let site = district.draft(&app, "Bản").await;
    let nominate = || {
        let request = district.client.request("POST", &step(&site, "nominate")).header("if-match", site.etag());
        district.client.send(request.header("idempotency-key", "de-cu-1"))
    };
    let (first, again) = (nominate().await, nominate().await);
    assert_eq!((first.expect(200), first.etag()), (again.expect(200), again.etag()));
    assert_eq!(app.number("SELECT count(*) FROM events WHERE action = 'nominated'").await, 1);
}

#[tokio::test]
async fn a_refused_request_leaves_its_key_free() {
    let app = TestApp::start().await;
    let district = District::of(&app, "Lục Yên").await;
    let mut input = site_in(&app, &app.org_unit_of_kind("district_committee", "Văn Yên").await, "Bản").await;
    district.client.post_once("/api/v1/sites", "khoa", input.clone()).await.expect(422);
    input["org_unit_id"] = json!(district.unit);
    district.client.post_once("/api/v1/sites", "khoa", input).await.expect(201);
    assert_eq!(app.number("SELECT count(*) FROM idempotency_keys").await, 1);
}

#[tokio::test]
async fn twelve_retries_at_once_do_the_work_once() {
    let app = TestApp::start_wide().await;
    let district = District::of(&app, "Lục Yên").await;
    let input = site_in(&app, &district.unit, "Bản").await;
    let answers = join_all((0..12).map(|_| district.client.post_once("/api/v1/sites", "mot-khoa", input.clone()))).await;
    let made: Vec<&Answer> = answers.iter().filter(|answer| answer.status == 201).collect();
    assert!(!made.is_empty());
    assert!(made.iter().all(|answer| answer.text == made[0].text));
    assert_eq!(made.iter().filter(|answer| answer.header("idempotency-replayed").is_none()).count(), 1);
    for answer in answers.iter().filter(|answer| answer.status != 201) {
        answer.expect_problem(409, "idempotency_running");
    }
    assert_eq!(app.number("SELECT count(*) FROM sites").await, 1);
    assert_eq!(app.number("SELECT count(*) FROM events").await, 1);
}

#[tokio::test]
async fn a_key_is_forgotten_after_a_day() {
    let app = TestApp::start().await;
    let district = District::of(&app, "Lục Yên").await;
    let input = site_in(&app, &district.unit, "Bản").await;
    district.client.post_once("/api/v1/sites", "khoa", input.clone()).await.expect(201);
    app.execute("UPDATE idempotency_keys SET created_at = now() - interval '24 hours 1 second'").await;
    district.client.post_once("/api/v1/sites", "khoa", input).await.expect_problem(409, "duplicate");
    let conn = ngayhoi::db::connect(&app.database_url).await.unwrap();
    ngayhoi::housekeeping::forget(&conn, chrono::Utc::now()).await.unwrap();
    assert_eq!(app.number("SELECT count(*) FROM idempotency_keys").await, 0);
}
