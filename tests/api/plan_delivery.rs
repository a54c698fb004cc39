//! How an issued plan reaches its recipients: sent, acknowledged, logged; and that who received it can read it.

use super::support::*;
use futures_util::future::join_all;

async fn plan_81(app: &TestApp) -> String {
    format!("/api/v1/plans/{}", app.text("SELECT id FROM plans WHERE number = 81").await)
}

/// The place of a recipient in the list of plan 81.
async fn place(app: &TestApp, kind: &str) -> String {
    app.text(&format!(
        "SELECT r.no FROM plan_recipients r JOIN org_units u ON u.id = r.org_unit_id WHERE u.kind = '{kind}' ORDER BY r.no LIMIT 1"
    ))
    .await
}

fn electronic() -> Value {
    json!({"channel": "electronic"})
}

async fn counts(client: &Client, plan: &str) -> (i64, i64, i64) {
    let list = client.get(&format!("{plan}/recipients")).await;
    let count = |name: &str| list.expect(200)["counts"][name].as_i64().unwrap();
    (count("pending_count"), count("sent_count"), count("acknowledged_count"))
}

#[tokio::test]
async fn the_issuer_sends_the_operations_centre_acknowledges_and_the_log_keeps_both() {
    let app = TestApp::start().await;
    let (plan, no) = (plan_81(&app).await, place(&app, "operations_centre").await);
    let (province, centre) = (app.sign_in(Role::ProvincialAdministrator).await, app.sign_in(Role::OperationsCentre).await);
    assert_eq!(counts(&centre, &plan).await, (13, 0, 0));
    let line = format!("{plan}/recipients/{no}");
    let pending = centre.get(&line).await;
    assert_eq!((&pending.expect(200)["state"], &pending.body["sent_at"]), (&json!("pending"), &json!(null)));
    centre.post_if(&format!("{line}/acknowledge"), &pending, json!({})).await.expect_problem(409, "invalid_transition");
    centre.post_if(&format!("{line}/send"), &pending, electronic()).await.expect_problem(403, "forbidden");
    province.post(&format!("{line}/send"), electronic()).await.expect_problem(428, "precondition_required");
    assert_eq!(province.post_if(&format!("{line}/send"), &pending, json!({})).await.fields(), ["/channel required"]);
    assert_eq!(province.post_if(&format!("{line}/send"), &pending, json!({"channel": "fax"})).await.fields(), ["/channel not_allowed"]);
    let sent = province.post_if(&format!("{line}/send"), &pending, json!({"channel": "electronic", "note": "Sổ công văn đi số 81"})).await;
    assert_eq!((&sent.expect(200)["state"], &sent.body["channel"]), (&json!("sent"), &json!("electronic")));
    assert_eq!(sent.body["sent_by"], json!(app.shared.account(Role::ProvincialAdministrator).id));
    province.post_if(&format!("{line}/send"), &pending, electronic()).await.expect_problem(412, "precondition_failed");
    province.post_if(&format!("{line}/send"), &sent, electronic()).await.expect_problem(409, "invalid_transition");
    let taken = centre.post_empty_if(&format!("{line}/acknowledge"), &sent).await;
    assert_eq!((&taken.expect(200)["state"], &taken.body["is_noted_by_issuer"]), (&json!("acknowledged"), &json!(false)));
    assert_eq!(taken.body["acknowledged_by"], json!(app.shared.account(Role::OperationsCentre).id));
    centre.post_empty_if(&format!("{line}/acknowledge"), &taken).await.expect_problem(409, "invalid_transition");
    assert_eq!(counts(&centre, &plan).await, (12, 0, 1));
    let filtered = centre.get(&format!("{plan}/recipients?state=acknowledged")).await;
    assert_eq!(filtered.items().len(), 1);
    assert_eq!(filtered.items()[0]["no"].to_string(), no);
    centre.get(&format!("{plan}/recipients?state=lost")).await.expect_problem(400, "invalid_parameter");
    let log = centre.get(&format!("{plan}/deliveries?sort=occurred_at")).await;
    let states: Vec<_> = log.items().iter().map(|line| line["state"].as_str().unwrap()).collect();
    assert_eq!((states, &log.items()[0]["note"]), (vec!["sent", "acknowledged"], &json!("Sổ công văn đi số 81")));
    assert_eq!(centre.get(&format!("{plan}/deliveries?recipient_no=1&with_total=true")).await.body["total"], 0);
    let feed = app.sql("SELECT action, data FROM events WHERE resource = 'plan' ORDER BY seq").await;
    assert_eq!(feed.iter().map(|event| event["action"].as_str().unwrap()).collect::<Vec<_>>(), ["sent", "receipt_acknowledged"]);
    assert_eq!(feed[0]["data"]["to"], "issued", "the plan itself stays as it is");
    centre.get(&plan).await.expect(200);
}

#[tokio::test]
async fn a_plan_is_sent_to_all_that_wait_and_again_to_nobody() {
    let app = TestApp::start_wide().await;
    let (plan, standing) = (plan_81(&app).await, app.sign_in(Role::StandingAgency).await);
    let first = format!("{plan}/recipients/1");
    standing.post_if(&format!("{first}/send"), "*", json!({"channel": "paper"})).await.expect(200);
    let distribute = format!("{plan}/distribute");
    let answers = join_all((0..8).map(|_| standing.post(&distribute, electronic()))).await;
    let sent: i64 = answers.iter().map(|answer| answer.expect(200)["newly_sent_count"].as_i64().unwrap()).sum();
    assert_eq!((sent, counts(&standing, &plan).await), (12, (0, 13, 0)));
    assert_eq!(standing.get(&first).await.body["channel"], "paper", "what was sent stays as it is");
    assert_eq!(app.number("SELECT count(*) FROM plan_deliveries").await, 13);
    assert_eq!(app.number("SELECT count(*) FROM events WHERE action = 'distributed'").await, 1);
    app.anonymous().post(&format!("{plan}/distribute"), electronic()).await.expect_problem(401, "unauthenticated");
    app.sign_in(Role::District).await.post(&format!("{plan}/distribute"), electronic()).await.expect_problem(404, "not_found");
    standing.post(&format!("{plan}/distribute"), json!({})).await.expect_problem(422, "validation_failed");
}

#[tokio::test]
async fn the_body_or_one_above_it_acknowledges_and_the_issuer_says_how_it_heard() {
    let app = TestApp::start().await;
    let (plan, no) = (plan_81(&app).await, place(&app, "provincial_police").await);
    let (province, standing) = (app.sign_in(Role::ProvincialAdministrator).await, app.sign_in(Role::StandingAgency).await);
    province.post(&format!("{plan}/distribute"), electronic()).await.expect(200);
    let police = format!("{plan}/recipients/{no}/acknowledge");
    for role in [Role::District, Role::Department, Role::MovementDivision, Role::OperationsCentre] {
        app.sign_in(role).await.post_empty_if(&police, "*").await.expect_problem(404, "not_found");
    }
    for role in [Role::Auditor, Role::PortalClient, Role::CentralViewer, Role::CheckinOperator] {
        app.sign_in(role).await.post_empty_if(&police, "*").await.expect_problem(403, "forbidden");
    }
    assert_eq!(standing.post_empty_if(&police, "*").await.expect(200)["is_noted_by_issuer"], false);
    // The Front is no body of the police; as the issuer's clerk it says how the acknowledgement came.
    let front = format!("{plan}/recipients/{}/acknowledge", place(&app, "fatherland_front").await);
    assert_eq!(standing.post_empty_if(&front, "*").await.fields(), ["/note required"]);
    let noted = standing.post_if(&front, "*", json!({"note": "Ký nhận bản giấy"})).await;
    assert_eq!((&noted.expect(200)["is_noted_by_issuer"], &noted.body["acknowledge_note"]), (&json!(true), &json!("Ký nhận bản giấy")));
    // A line that names no body of the tree is noted too.
    let group = app.text("SELECT no FROM plan_recipients WHERE org_unit_id IS NULL ORDER BY no LIMIT 1").await;
    let group = format!("{plan}/recipients/{group}/acknowledge");
    assert_eq!(province.post_empty_if(&group, "*").await.fields(), ["/note required"]);
    province.post_if(&group, "*", json!({"note": "Qua điện thoại"})).await.expect(200);
    province.get(&format!("{plan}/recipients/14")).await.expect_problem(404, "not_found");
    assert_eq!(province.get(&format!("{plan}/recipients/x")).await.fields(), ["?no format"]);
    assert_eq!(province.get(&format!("{plan}/recipients/0")).await.fields(), ["?no format"]);
}

#[tokio::test]
async fn only_an_issued_plan_is_sent_and_its_list_no_longer_changes() {
    let app = TestApp::start().await;
    let district = app.sign_in(Role::District).await;
    let unit = app.shared.account(Role::District).org_unit_id;
    let body = json!({"campaign_id": app.campaign_id().await, "org_unit_id": unit, "parent_plan_id": app.text("SELECT id FROM plans WHERE number = 81").await,
                      "symbol": "KH-BCĐ", "title": "Ngày hội của huyện", "recipients": [{"name": "Các xã"}]});
    let draft = district.post("/api/v1/plans", body).await;
    let path = draft.location();
    district.post_if(&format!("{path}/recipients/1/send"), "*", electronic()).await.expect_problem(409, "invalid_transition");
    district.post(&format!("{path}/distribute"), electronic()).await.expect_problem(409, "invalid_transition");
    let submitted = district.post_empty_if(&format!("{path}/submit"), &draft).await;
    let signature = json!({"number": 5, "issued_on": "2023-04-10", "signatory_name": "Nguyễn Văn A"});
    let issued = district.post_if(&format!("{path}/issue"), &submitted, signature).await;
    district.post(&format!("{path}/distribute"), electronic()).await.expect(200);
    district.patch_if(&path, &issued, json!({"recipients": []})).await.expect_problem(409, "invalid_transition");
    assert_eq!(district.get(&path).await.etag(), issued.etag(), "the plan did not change by being sent");
    district.post_empty_if(&format!("{path}/close"), &issued).await.expect(200);
    district
        .post_if(&format!("{path}/recipients/1/acknowledge"), "*", json!({"note": "x"}))
        .await
        .expect_problem(409, "invalid_transition");
    let elsewhere = app.district("Văn Yên").await;
    elsewhere.get(&format!("{path}/recipients/1")).await.expect(200);
    elsewhere.post_if(&format!("{path}/recipients/1/send"), "*", electronic()).await.expect_problem(404, "not_found");
}

#[tokio::test]
async fn a_body_outside_the_tree_of_the_issuer_reads_the_plan_that_it_received() {
    let app = TestApp::start().await;
    let plan = plan_81(&app).await;
    let department = app.org_unit_of_kind("central_department", "").await;
    let reader = app.account(Role::CentralViewer, &department).await;
    reader.get(&plan).await.expect(200);
    reader.get(&format!("{plan}/recipients")).await.expect(200);
    assert_eq!(reader.get("/api/v1/plans").await.items().len(), 1);
    app.execute("DELETE FROM plan_recipients WHERE org_unit_id IN (SELECT id FROM org_units WHERE kind IN ('central_department'))").await;
    reader.get(&plan).await.expect_problem(404, "not_found");
    let ministry = app.org_unit_of_kind("ministry", "").await;
    let ministry = app.account(Role::CentralViewer, &ministry).await;
    ministry.get(&plan).await.expect(200);
    app.execute("UPDATE plans SET state = 'submitted'").await;
    ministry.get(&plan).await.expect_problem(404, "not_found");
}
