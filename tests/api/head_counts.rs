//! Head counts: moments of a site without names, put right by other counts, never added to guests.

use super::devices::Device;
use super::support::fixtures::District;
use super::support::*;
use futures_util::future::join_all;

const PATH: &str = "/api/v1/head-counts";
const OPENING: &str = "2023-08-12T08:00:00+07:00";

/// A district with a site on its day.
async fn place(app: &TestApp) -> (District, String) {
    let district = District::of(app, "Lục Yên").await;
    let site = district.scheduled(app, "Bản Mường Lai").await.id();
    app.set_now(OPENING);
    (district, site)
}

fn heads(site: &str, head_count: i32, counted_at: &str) -> Value {
    json!({"site_id": site, "head_count": head_count, "counted_at": format!("2023-08-12T{counted_at}:00+07:00")})
}

async fn counted(client: &Client, body: Value) -> String {
    let made = client.post(PATH, body).await;
    made.expect(201);
    made.id()
}

#[tokio::test]
async fn counts_are_moments_and_the_attendance_shows_the_highest_that_holds() {
    let app = TestApp::start().await;
    let (district, site) = place(&app).await;
    let client = &district.client;
    let attendance = format!("/api/v1/sites/{site}/attendance");
    assert_eq!(client.get(&attendance).await.expect(200)["head_count"], Value::Null, "nobody has counted");
    counted(client, heads(&site, 120, "07:30")).await;
    let wrong = counted(client, heads(&site, 1800, "07:45")).await;
    counted(client, heads(&site, 150, "07:50")).await;
    let shown = client.get(&attendance).await;
    assert_eq!((&shown.body["head_count"]["id"], &shown.body["head_count"]["head_count"]), (&json!(wrong), &json!(1800)));

    let mut right = heads(&site, 180, "07:45");
    right["supersedes_id"] = json!(wrong);
    let right = counted(client, right).await;
    let shown = client.get(&attendance).await;
    assert_eq!((&shown.body["head_count"]["id"], &shown.body["head_count"]["head_count"]), (&json!(right), &json!(180)));
    for figure in ["entry_count", "person_count", "present_count"] {
        assert_eq!(shown.body["total"][figure], 0, "{figure}");
    }
    let holding = client.get(&format!("{PATH}?site_id={site}&is_superseded=false&with_total=true&sort=-head_count")).await;
    assert_eq!(holding.body["total"], 3);
    assert_eq!(holding.items()[0]["id"], json!(right), "the figure is the first of the list behind it");
    let put_right = client.get(&format!("{PATH}?site_id={site}&is_superseded=true")).await;
    assert_eq!(put_right.items().iter().map(|one| &one["id"]).collect::<Vec<_>>(), [&json!(wrong)]);
    let read = client.get(&format!("{PATH}/{right}")).await;
    assert_eq!(read.expect(200)["supersedes_id"], json!(wrong));
    let window = "counted_from=2023-08-12T07:45:00%2B07:00&counted_before=2023-08-12T07:50:00%2B07:00&sort=counted_at";
    assert_eq!(client.get(&format!("{PATH}?{window}")).await.items().len(), 2);
}

#[tokio::test]
async fn a_count_is_put_right_once_and_by_one_of_the_same_site() {
    let app = TestApp::start().await;
    let district = District::of(&app, "Lục Yên").await;
    let (site, other) = (district.scheduled(&app, "Bản Mường Lai").await.id(), district.scheduled(&app, "Bản Nà Kèn").await.id());
    app.set_now(OPENING);
    let wrong = counted(&district.client, heads(&site, 12, "07:30")).await;
    let correction = |site: &str| {
        let mut body = heads(site, 120, "07:30");
        body["supersedes_id"] = json!(wrong);
        body
    };
    let elsewhere = district.client.post(PATH, correction(&other)).await;
    elsewhere.expect_problem(422, "validation_failed");
    assert_eq!(elsewhere.fields(), ["/supersedes_id other_site"]);
    let answers = join_all((0..12).map(|_| {
        let (client, body) = (&district.client, correction(&site));
        async move { client.post(PATH, body).await }
    }))
    .await;
    assert_eq!(answers.iter().filter(|answer| answer.status == 201).count(), 1, "twelve at once: one puts it right");
    assert!(answers.iter().all(|answer| answer.status == 201 || answer.code() == "duplicate"));
    let far = app.district("Văn Yên").await;
    far.get(&format!("{PATH}/{wrong}")).await.expect_problem(404, "not_found");
    assert_eq!(far.get(PATH).await.items().len(), 0);
}

#[tokio::test]
async fn a_device_counts_at_its_own_sites_only() {
    let app = TestApp::start().await;
    let district = District::of(&app, "Lục Yên").await;
    let (own, other) = (district.scheduled(&app, "Bản Mường Lai").await.id(), district.scheduled(&app, "Bản Nà Kèn").await.id());
    app.set_now(OPENING);
    let device = Device::enrolled(&app, &district, &[&own]).await;
    let client = device.client(&app).await;
    let made = client.post(PATH, heads(&own, 90, "07:55")).await;
    assert_eq!(made.expect(201)["actor_id"], json!(device.id));
    let refused = client.post(PATH, heads(&other, 90, "07:55")).await;
    refused.expect_problem(422, "validation_failed");
    assert_eq!(refused.fields(), ["/site_id unknown_reference"]);
    client.get(PATH).await.expect_problem(403, "forbidden");
}

#[tokio::test]
async fn heads_are_counted_while_people_come_and_not_ahead_of_time() {
    let app = TestApp::start().await;
    let (district, site) = place(&app).await;
    let client = &district.client;
    let early = client.post(PATH, heads(&site, 90, "08:06")).await;
    early.expect_problem(422, "validation_failed");
    assert_eq!(early.fields(), ["/counted_at in_future"]);
    let draft = district.draft(&app, "Bản Khau Ngán").await.id();
    client.post(PATH, heads(&draft, 90, "07:55")).await.expect_problem(409, "invalid_transition");
    for bad in
        [json!({"site_id": site}), json!({"site_id": site, "head_count": -1}), json!({"site_id": site, "head_count": 1, "names": []})]
    {
        client.post(PATH, bad).await.expect_problem(422, "validation_failed");
    }
    app.anonymous().post(PATH, heads(&site, 1, "07:55")).await.expect_problem(401, "unauthenticated");
    app.sign_in(Role::Auditor).await.post(PATH, heads(&site, 1, "07:55")).await.expect_problem(403, "forbidden");
    app.district("Văn Yên").await.post(PATH, heads(&site, 1, "07:55")).await.expect_problem(422, "validation_failed");
}
