//! Inspections: planned, done with findings, followed up; who inspects writes, who is inspected reads.

use super::support::*;

const PATH: &str = "/api/v1/inspections";

async fn body(app: &TestApp, members: Value) -> Value {
    let mut body = json!({"campaign_id": app.campaign_id().await, "org_unit_id": app.org_unit_of_kind("district_committee", "Lục Yên").await,
                          "inspector_org_unit_id": app.org_unit_of_kind("provincial_police", "").await, "planned_on": "2023-07-20",
                          "team_lead": "Nguyễn Văn B", "subject": "Chuẩn bị Ngày hội", "clause": "III.1"});
    body.as_object_mut().unwrap().extend(members.as_object().unwrap().clone());
    body
}

#[tokio::test]
async fn an_inspection_is_planned_done_and_followed_up() {
    let app = TestApp::start().await;
    let (police, district) = (app.sign_in(Role::StandingAgency).await, app.district("Lục Yên").await);
    let made = police.post(PATH, body(&app, json!({})).await).await;
    assert_eq!(made.expect(201)["state"], "planned");
    let path = made.location();
    assert_eq!(district.get(&path).await.expect(200), &made.body, "who is inspected reads it");
    let moved = police.patch_if(&path, &made, json!({"planned_on": "2023-07-21", "team_lead": null})).await;
    assert_eq!((&moved.expect(200)["planned_on"], &moved.body["team_lead"]), (&json!("2023-07-21"), &json!(null)));
    police.patch_if(&path, &made, json!({"clause": null})).await.expect_problem(412, "precondition_failed");
    police.post_if(&format!("{path}/follow-up"), &moved, json!({"note": "x"})).await.expect_problem(409, "invalid_transition");
    let complete = format!("{path}/complete");
    assert_eq!(police.post_if(&complete, &moved, json!({})).await.fields(), ["/findings required"]);
    let findings = |day: &str| json!({"inspected_on": day, "findings": "Đã có kế hoạch", "recommendations": "Bổ sung phương án"});
    app.set_now("2023-07-21T16:00:00+07:00");
    assert_eq!(police.post_if(&complete, &moved, findings("2023-07-22")).await.fields(), ["/inspected_on in_future"]);
    let done = police.post_if(&complete, &moved, findings("2023-07-21")).await;
    assert_eq!((&done.expect(200)["state"], &done.body["inspected_on"]), (&json!("done"), &json!("2023-07-21")));
    police.delete_if(&path, &done).await.expect_problem(409, "invalid_transition");
    police.post_if(&format!("{path}/cancel"), &done, json!({"reason": "x"})).await.expect_problem(409, "invalid_transition");
    let followed = police.post_if(&format!("{path}/follow-up"), &done, json!({"note": "Đã bổ sung"})).await;
    assert_eq!((&followed.expect(200)["state"], &followed.body["follow_up_note"]), (&json!("followed_up"), &json!("Đã bổ sung")));
    for filter in ["state=followed_up", "q=phuong+an", "planned_from=2023-07-21&planned_before=2023-07-22", "sort=-planned_on"] {
        assert_eq!(district.get(&format!("{PATH}?{filter}")).await.items().len(), 1, "{filter}");
    }
    assert!(district.get(&format!("{PATH}?state=planned")).await.items().is_empty());
    let feed = app.sql("SELECT action, data::text AS data FROM events WHERE resource = 'inspection' ORDER BY seq").await;
    assert_eq!(
        feed.iter().map(|one| one["action"].as_str().unwrap()).collect::<Vec<_>>(),
        ["created", "updated", "completed", "followed_up"]
    );
    assert!(feed.iter().all(|one| !one["data"].as_str().unwrap().contains("Nguyễn")), "no personal data in the feed");
}

#[tokio::test]
async fn a_planned_inspection_is_cancelled_with_a_reason_or_deleted() {
    let app = TestApp::start().await;
    let police = app.sign_in(Role::StandingAgency).await;
    let made = police.post(PATH, body(&app, json!({})).await).await;
    let cancel = format!("{}/cancel", made.location());
    assert_eq!(police.post_if(&cancel, &made, json!({})).await.fields(), ["/reason required"]);
    let cancelled = police.post_if(&cancel, &made, json!({"reason": "Ghép đoàn"})).await;
    assert_eq!(cancelled.expect(200)["state"], "cancelled");
    police
        .post_if(&format!("{}/complete", made.location()), &cancelled, json!({"findings": "x"}))
        .await
        .expect_problem(409, "invalid_transition");
    let other = police.post(PATH, body(&app, json!({})).await).await;
    police.delete(&other.location()).await.expect_problem(428, "precondition_required");
    police.delete_if(&other.location(), &other).await.expect(204);
    police.get(&other.location()).await.expect_problem(404, "not_found");
}

#[tokio::test]
async fn only_who_inspects_writes_and_bodies_are_named_within_reach() {
    let app = TestApp::start().await;
    let (police, district) = (app.sign_in(Role::StandingAgency).await, app.district("Lục Yên").await);
    let made = police.post(PATH, body(&app, json!({})).await).await;
    let path = made.location();
    district.patch_if(&path, &made, json!({"clause": null})).await.expect_problem(404, "not_found");
    district.post_if(&format!("{path}/complete"), &made, json!({"findings": "x"})).await.expect_problem(404, "not_found");
    app.district("Văn Yên").await.get(&path).await.expect_problem(404, "not_found");
    app.anonymous().get(&path).await.expect_problem(401, "unauthenticated");
    app.anonymous().post(PATH, json!({})).await.expect_problem(401, "unauthenticated");
    app.sign_in(Role::OperationsCentre).await.get(&path).await.expect_problem(403, "forbidden");
    app.sign_in(Role::Unit).await.post(PATH, json!({})).await.expect_problem(403, "forbidden");
    let own = body(&app, json!({})).await["org_unit_id"].clone();
    assert_eq!(
        police.post(PATH, body(&app, json!({"inspector_org_unit_id": own})).await).await.fields(),
        ["/inspector_org_unit_id same_body"]
    );
    let unknown = json!({"org_unit_id": "018b2f19-e79e-7d6a-a56d-29feb6211b04"});
    assert_eq!(police.post(PATH, body(&app, unknown).await).await.fields(), ["/org_unit_id unknown_reference"]);
    assert_eq!(district.post(PATH, body(&app, json!({})).await).await.fields(), ["/inspector_org_unit_id unknown_reference"]);
    let police_below = app.org_unit_of_kind("district_police", "Lục Yên").await;
    let below = json!({"org_unit_id": police_below, "inspector_org_unit_id": own});
    district.post(PATH, body(&app, below).await).await.expect(201);
}
