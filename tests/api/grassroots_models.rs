//! Grassroots models: piloted, replicated place by place, ended.

use super::ledgers::row;
use super::support::*;

#[tokio::test]
async fn a_model_is_replicated_place_by_place_until_it_ends() {
    let app = TestApp::start().await;
    app.set_now("2023-07-03T08:00:00+07:00");
    let district = app.district("Lục Yên").await;
    let made = district.post("/api/v1/grassroots-models", row(&app, "grassroots-models", json!({})).await).await;
    assert_eq!((&made.expect(201)["state"], &made.body["replication_count"]), (&json!("piloted"), &json!(0)));
    let (path, own) = (made.location(), made.body["org_unit_id"].clone());
    let replicate = format!("{path}/replicate");
    let at = |unit: &Value, day: &str| json!({"org_unit_id": unit, "replicated_on": day});
    assert_eq!(district.post_if(&replicate, &made, at(&own, "2023-06-14")).await.fields(), ["/replicated_on too_early"]);
    assert_eq!(district.post_if(&replicate, &made, at(&own, "2023-07-04")).await.fields(), ["/replicated_on in_future"]);
    let unknown = json!("018b2f19-e79e-7d6a-a56d-29feb6211b04");
    assert_eq!(district.post_if(&replicate, &made, at(&unknown, "2023-07-01")).await.fields(), ["/org_unit_id unknown_reference"]);
    let first = district.post_if(&replicate, &made, at(&own, "2023-07-01")).await;
    assert_eq!((&first.expect(200)["state"], &first.body["replication_count"]), (&json!("replicated"), &json!(1)));
    district.post_if(&replicate, &made, at(&own, "2023-07-01")).await.expect_problem(412, "precondition_failed");
    district.post_if(&replicate, &first, at(&own, "2023-07-01")).await.expect_problem(409, "duplicate");
    let elsewhere = json!(app.org_unit_of_kind("district_committee", "Văn Yên").await);
    let second = district.post_if(&replicate, &first, at(&elsewhere, "2023-07-02")).await;
    assert_eq!(second.expect(200)["replication_count"], 2);
    let places = district.get(&format!("{path}/replications?sort=replicated_on")).await;
    let bodies: Vec<&Value> = places.items().iter().map(|one| &one["org_unit_id"]).collect();
    assert_eq!(bodies, [&own, &elsewhere]);
    district.delete_if(&path, &second).await.expect_problem(409, "invalid_transition");
    app.district("Văn Yên").await.get(&format!("{path}/replications")).await.expect_problem(404, "not_found");
    let end = format!("{path}/end");
    assert_eq!(district.post_if(&end, &second, json!({"ended_on": "2023-06-01", "reason": "x"})).await.fields(), ["/ended_on too_early"]);
    let ended = district.post_if(&end, &second, json!({"ended_on": "2023-07-02", "reason": "Hợp nhất"})).await;
    assert_eq!((&ended.expect(200)["state"], &ended.body["end_reason"]), (&json!("ended"), &json!("Hợp nhất")));
    district.post_if(&replicate, &ended, at(&own, "2023-07-02")).await.expect_problem(409, "invalid_transition");
    district.patch_if(&path, &ended, json!({"name": "x"})).await.expect_problem(409, "invalid_transition");
    assert_eq!(district.get("/api/v1/grassroots-models?state=ended&kind=warning_signal&sort=-replication_count").await.items().len(), 1);
}
