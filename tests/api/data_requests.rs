//! What persons ask about their data: the limits of decree 356/2025/NĐ-CP, the steps, and the log of them.

use super::participant_contacts::Guest;
use super::support::*;

const PATH: &str = "/api/v1/data-requests";

async fn request(app: &TestApp, guest: &Guest, members: Value) -> Value {
    let mut body = json!({"campaign_id": app.campaign_id().await, "org_unit_id": guest.district.unit, "kind": "access",
        "participant_id": guest.id, "received_at": "2023-08-11T16:00:00+07:00"});
    let body_members = body.as_object_mut().unwrap();
    body_members.extend(members.as_object().unwrap().clone());
    body_members.retain(|_, value| !value.is_null());
    body
}

#[tokio::test]
async fn a_request_is_answered_in_two_working_days_done_in_its_time_and_every_step_is_kept() {
    let app = TestApp::start().await;
    let guest = Guest::of(&app).await;
    let client = &guest.district.client;
    app.set_now("2023-08-11T16:30:00+07:00");
    let made = client.post(PATH, request(&app, &guest, json!({})).await).await;
    let body = made.expect(201);
    // A Friday: Monday and Tuesday are the two working days; 10 days end with 21 August.
    assert_eq!((&body["answer_due_before"], &body["done_due_before"]), (&json!("2023-08-15T17:00:00Z"), &json!("2023-08-21T17:00:00Z")));
    let other = client
        .post(PATH, request(&app, &guest, json!({"participant_id": null, "reference": "Ý kiến số 12", "kind": "withdrawal"})).await)
        .await;
    assert_eq!(other.expect(201)["done_due_before"], "2023-08-26T17:00:00Z", "15 days to stop a processing");
    let count = async |query: &str| client.get(&format!("{PATH}?{query}")).await.items().len();
    assert_eq!((count("is_overdue=true").await, count("is_overdue=false").await), (0, 2));
    app.set_now("2023-08-16T00:00:00+07:00");
    assert_eq!((count("is_overdue=true").await, count("is_overdue=false").await), (2, 0));
    let answer = format!("{}/answer", made.location());
    let note = json!({"note": "Sẽ thực hiện trong 10 ngày"});
    client.post(&answer, note.clone()).await.expect_problem(428, "precondition_required");
    assert_eq!(client.post_if(&answer, &made, json!({})).await.fields(), ["/note required"]);
    client.post_if(&format!("{}/complete", made.location()), &made, note.clone()).await.expect_problem(409, "invalid_transition");
    let answered = client.post_if(&answer, &made, note.clone()).await;
    assert_eq!(answered.expect(200)["state"], "answered");
    client.post_if(&answer, &made, note.clone()).await.expect_problem(412, "precondition_failed");
    client.patch_if(&made.location(), &answered, json!({"kind": "erasure"})).await.expect_problem(409, "invalid_transition");
    assert_eq!((count("is_overdue=true").await, count("is_overdue=false").await), (1, 1), "its next limit is that of the deed");
    assert_eq!((count("due_until=2023-08-22T00:00:00%2B07:00").await, count("state=answered").await), (2, 1));
    assert_eq!(
        (count(&format!("participant_id={}", guest.id)).await, count("q=y+kien+12").await, count("kind=withdrawal").await),
        (1, 1, 1)
    );
    let done = client.post_if(&format!("{}/complete", made.location()), &answered, note).await;
    assert_eq!(done.expect(200)["state"], "done");
    client.post_if(&format!("{}/refuse", made.location()), &done, json!({"reason": "x"})).await.expect_problem(409, "invalid_transition");
    let steps = client.get(&format!("{}/steps?sort=occurred_at", made.location())).await;
    let told: Vec<&Value> = steps.items().iter().map(|step| &step["action"]).collect();
    assert_eq!(told, ["created", "answered", "completed"]);
    let found = app.number("SELECT count(*) FROM events WHERE resource = 'data_request' AND data::text ~ 'kiến|thực hiện'").await;
    assert_eq!(found, 0);
}

#[tokio::test]
async fn only_the_stopping_of_a_processing_is_put_off_and_only_once() {
    let app = TestApp::start().await;
    let guest = Guest::of(&app).await;
    let client = &guest.district.client;
    app.set_now("2023-08-11T16:30:00+07:00");
    let body = json!({"days": 15, "reason": "Còn chờ bên xử lý"});
    let access = client.post(PATH, request(&app, &guest, json!({})).await).await;
    client.post_if(&format!("{}/extend", access.location()), &access, body.clone()).await.expect_problem(409, "invalid_transition");
    let made = client.post(PATH, request(&app, &guest, json!({"kind": "restriction"})).await).await;
    let changed = client.patch_if(&made.location(), &made, json!({"involves_third_parties": true})).await;
    assert_eq!(changed.expect(200)["done_due_before"], "2023-08-31T17:00:00Z", "20 days with third parties");
    let extend = format!("{}/extend", made.location());
    assert_eq!(client.post_if(&extend, &changed, json!({"days": 16, "reason": "x"})).await.fields(), ["/days too_large"]);
    let extended = client.post_if(&extend, &changed, body.clone()).await;
    assert_eq!(extended.expect(200)["done_due_before"], "2023-09-15T17:00:00Z");
    client.post_if(&extend, &extended, body).await.expect_problem(409, "invalid_transition");
    let refused =
        client.post_if(&format!("{}/refuse", made.location()), &extended, json!({"reason": "Không xác định được người yêu cầu"})).await;
    assert_eq!(
        (&refused.expect(200)["state"], &refused.body["refuse_reason"]),
        (&json!("refused"), &json!("Không xác định được người yêu cầu"))
    );
}

#[tokio::test]
async fn an_erasure_is_done_once_the_guest_is_erased_also_after_the_campaign_is_closed() {
    let app = TestApp::start().await;
    let guest = Guest::of(&app).await;
    let client = &guest.district.client;
    app.execute("UPDATE campaigns SET state = 'closed'").await;
    app.set_now("2023-08-11T16:30:00+07:00");
    let made = client.post(PATH, request(&app, &guest, json!({"kind": "erasure"})).await).await;
    let note = json!({"note": "Đã xóa"});
    let answered = client.post_if(&format!("{}/answer", made.location()), &made, note.clone()).await;
    let complete = format!("{}/complete", made.location());
    client.post_if(&complete, &answered, note.clone()).await.expect_problem(409, "invalid_transition");
    client.post_if(&format!("{}/erase", guest.path()), "*", json!({"reason": "Theo đề nghị"})).await.expect(200);
    assert_eq!(client.post_if(&complete, &answered, note).await.expect(200)["state"], "done");
}

#[tokio::test]
async fn a_request_of_another_subtree_or_about_nobody_is_refused() {
    let app = TestApp::start().await;
    let guest = Guest::of(&app).await;
    let client = &guest.district.client;
    app.set_now("2023-08-11T16:30:00+07:00");
    let made = client.post(PATH, request(&app, &guest, json!({})).await).await;
    let other = app.district("Văn Yên").await;
    other.get(&made.location()).await.expect_problem(404, "not_found");
    other.get(&format!("{}/steps", made.location())).await.expect_problem(404, "not_found");
    other.patch_if(&made.location(), "*", json!({"kind": "access"})).await.expect_problem(404, "not_found");
    assert!(other.get(PATH).await.items().is_empty());
    assert_eq!(other.post(PATH, request(&app, &guest, json!({})).await).await.fields(), ["/org_unit_id unknown_reference"]);
    app.sign_in(Role::StandingAgency).await.get(PATH).await.expect_problem(403, "forbidden");
    app.sign_in(Role::Auditor).await.post(PATH, request(&app, &guest, json!({})).await).await.expect_problem(403, "forbidden");
    assert_eq!(app.sign_in(Role::Auditor).await.get(PATH).await.items().len(), 1);
    app.anonymous().get(PATH).await.expect_problem(401, "unauthenticated");
    for (members, field) in [
        (json!({"participant_id": null}), "/reference one_of"),
        (json!({"reference": "x"}), "/reference one_of"),
        (json!({"received_at": "2023-08-11T16:31:00+07:00"}), "/received_at in_future"),
        (json!({"participant_id": "018b2f19-e79e-7d6a-a56d-29feb6211b04"}), "/participant_id unknown_reference"),
        (json!({"campaign_id": "018b2f19-e79e-7d6a-a56d-29feb6211b04"}), "/campaign_id unknown_reference"),
        (json!({"kind": "gift"}), "/kind not_allowed"),
    ] {
        assert_eq!(client.post(PATH, request(&app, &guest, members).await).await.fields(), [field]);
    }
}
