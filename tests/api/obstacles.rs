//! Obstacles: raised to the province through its police, answered there (R20).

use super::ledgers::row;
use super::support::*;

#[tokio::test]
async fn an_obstacle_goes_to_the_province_through_its_police_and_comes_back_answered() {
    let app = TestApp::start().await;
    let (district, police, province) =
        (app.district("Lục Yên").await, app.sign_in(Role::StandingAgency).await, app.sign_in(Role::ProvincialAdministrator).await);
    let made = district.post("/api/v1/obstacles", row(&app, "obstacles", json!({})).await).await;
    assert_eq!(made.expect(201)["state"], "raised");
    assert_eq!(made.body["receiver_org_unit_id"], json!(app.org_unit_of_kind("provincial_committee", "").await));
    assert_eq!(made.body["through_org_unit_id"], json!(app.org_unit_of_kind("provincial_police", "").await));
    let path = made.location();
    let step = |name: &str| format!("{path}/{name}");
    district.post_empty_if(&step("start"), &made).await.expect_problem(404, "not_found");
    district.post_if(&step("answer"), &made, json!({"answer": "x"})).await.expect_problem(404, "not_found");
    police.post_empty_if(&step("close"), &made).await.expect_problem(409, "invalid_transition");
    let started = police.post_empty_if(&step("start"), &made).await;
    assert_eq!(started.expect(200)["state"], "in_progress");
    district.patch_if(&path, &started, json!({"title": "x"})).await.expect_problem(409, "invalid_transition");
    district.delete_if(&path, &started).await.expect_problem(409, "invalid_transition");
    assert_eq!(police.post_if(&step("answer"), &started, json!({})).await.fields(), ["/answer required"]);
    let answered = province.post_if(&step("answer"), &started, json!({"answer": "Bổ sung 20 triệu đồng."})).await;
    assert_eq!(answered.expect(200)["state"], "answered");
    assert_eq!(district.get(&path).await.expect(200)["answer"], "Bổ sung 20 triệu đồng.");
    police.post_empty_if(&step("close"), &started).await.expect_problem(412, "precondition_failed");
    let closed = police.post_empty_if(&step("close"), &answered).await;
    assert_eq!(closed.expect(200)["state"], "closed");
    province.post_if(&step("answer"), &closed, json!({"answer": "x"})).await.expect_problem(409, "invalid_transition");
    app.sign_in(Role::Auditor).await.post_empty_if(&step("close"), &closed).await.expect_problem(403, "forbidden");
    app.district("Văn Yên").await.get(&path).await.expect_problem(404, "not_found");
    let through = format!("/api/v1/obstacles?state=closed&through_org_unit_id={}", closed.body["through_org_unit_id"].as_str().unwrap());
    assert_eq!(police.get(&through).await.items().len(), 1);
    let feed = app.sql("SELECT action FROM events WHERE resource = 'obstacle' ORDER BY seq").await;
    let actions: Vec<&str> = feed.iter().map(|one| one["action"].as_str().unwrap()).collect();
    assert_eq!(actions, ["created", "started", "answered", "closed"]);
}
