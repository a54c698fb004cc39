//! Who owes a report.

use super::reports::{draft_of, enough, step};
use super::support::*;

const LIST: &str = "/api/v1/report-obligations";

async fn commune(app: &TestApp) -> String {
    app.org_unit_of_kind("commune_committee", "Mường Lai").await
}

#[tokio::test]
async fn a_new_obligation_is_due_by_the_limit_of_the_campaign_under_its_rule() {
    let app = TestApp::start().await;
    let desk = app.sign_in(Role::MovementDivision).await;
    let via = app.org_unit_of_kind("movement_division", "Phòng").await;
    let body = json!({"campaign_id": app.campaign_id().await, "org_unit_id": commune(&app).await, "via_org_unit_id": via});
    let made = desk.post(LIST, body.clone()).await;
    assert_eq!(made.expect(201)["due_before"], "2023-08-19T17:00:00Z");
    assert_eq!((&made.body["rule_id"], &made.body["clause"]), (&json!("R2"), &json!("III.3")));
    desk.post(LIST, body).await.expect_problem(409, "duplicate");
    let read = desk.get(&made.location()).await;
    assert_eq!(read.expect(200), &made.body);
    desk.get_if_none_match(&made.location(), &read).await.expect(304);
    desk.delete(&made.location()).await.expect_problem(428, "precondition_required");
    desk.delete_if(&made.location(), "\"7\"").await.expect_problem(412, "precondition_failed");
    desk.delete_if(&made.location(), &made).await.expect(204);
    desk.get(&made.location()).await.expect_problem(404, "not_found");
}

#[tokio::test]
async fn an_obligation_with_a_report_stays() {
    let app = TestApp::start().await;
    let desk = app.sign_in(Role::MovementDivision).await;
    let (district, draft) = draft_of(&app, "Lục Yên", enough()).await;
    let path = format!("{LIST}/{}", draft.body["obligation_id"].as_str().unwrap());
    let owed = desk.get(&path).await;
    desk.delete_if(&path, &owed).await.expect_problem(409, "in_use");
    district.delete_if(&draft.location(), &draft).await.expect(204);
    desk.delete_if(&path, &owed).await.expect(204);
}

#[tokio::test]
async fn only_those_who_receive_reports_lay_down_who_owes_one() {
    let app = TestApp::start().await;
    let campaign = app.campaign_id().await;
    let body = json!({"campaign_id": campaign, "org_unit_id": commune(&app).await});
    app.anonymous().post(LIST, body.clone()).await.expect_problem(401, "unauthenticated");
    app.sign_in(Role::Department).await.post(LIST, body.clone()).await.expect_problem(403, "forbidden");
    let desk = app.sign_in(Role::MovementDivision).await;
    let nowhere = json!({"campaign_id": campaign, "org_unit_id": "018b2f19-e79e-7d6a-a56d-29feb6211b04", "due_before": "x", "extra": 1});
    let refused = desk.post(LIST, nowhere).await;
    refused.expect_problem(422, "validation_failed");
    assert_eq!(refused.fields(), ["/due_before format", "/extra unknown_field"]);
    let unknown = desk.post(LIST, json!({"campaign_id": campaign, "org_unit_id": "018b2f19-e79e-7d6a-a56d-29feb6211b04"})).await;
    assert_eq!(unknown.fields(), ["/org_unit_id unknown_reference"]);
    let unknown = desk.post(LIST, json!({"campaign_id": "018b2f19-e79e-7d6a-a56d-29feb6211b04", "org_unit_id": commune(&app).await})).await;
    assert_eq!(unknown.fields(), ["/campaign_id unknown_reference"]);
}

#[tokio::test]
async fn a_body_outside_the_campaign_owes_it_nothing() {
    let app = TestApp::start().await;
    let (lucyen, vanyen) =
        (app.org_unit_of_kind("district_committee", "Lục Yên").await, app.org_unit_of_kind("district_committee", "Văn Yên").await);
    app.execute(&format!(
        "INSERT INTO campaigns SELECT (jsonb_populate_record(c, jsonb_build_object('id', gen_random_uuid(), 'org_unit_id', '{lucyen}'))).* FROM campaigns c"
    ))
    .await;
    let own = app.text(&format!("SELECT id FROM campaigns WHERE org_unit_id = '{lucyen}'")).await;
    let province = app.sign_in(Role::ProvincialAdministrator).await;
    let refused = province.post(LIST, json!({"campaign_id": own, "org_unit_id": vanyen})).await;
    refused.expect_problem(422, "validation_failed");
    assert_eq!(refused.fields(), ["/org_unit_id outside_campaign"]);
    province.post(LIST, json!({"campaign_id": own, "org_unit_id": commune(&app).await})).await.expect(201);
}

#[tokio::test]
async fn the_list_shows_what_was_delivered_and_who_is_overdue() {
    let app = TestApp::start().await;
    let desk = app.sign_in(Role::MovementDivision).await;
    let (lucyen, first) = draft_of(&app, "Lục Yên", enough()).await;
    let (_, second) = draft_of(&app, "Văn Yên", enough()).await;
    step(&lucyen, &first, "submit").await.expect(200);
    let all = app.number("SELECT count(*) FROM report_obligations").await;
    let total = async |query: &str| desk.get(&format!("{LIST}?with_total=true&{query}")).await.expect(200)["total"].as_i64().unwrap();
    assert_eq!(total("limit=1").await, all);
    assert_eq!((total("state=missing").await, total("state=draft").await, total("state=submitted").await), (all - 2, 1, 1));
    assert_eq!((total("is_late=false").await, total("is_late=true").await), (1, 0));
    assert_eq!((total("is_overdue=true").await, total("is_overdue=false").await), (0, all));
    app.set_now("2023-08-20T00:00:00+07:00");
    assert_eq!((total("is_overdue=true").await, total("is_overdue=false").await), (all - 1, 1));
    let found = desk.get(&format!("{LIST}?q=van%20yen&state=draft")).await;
    assert_eq!(found.items().len(), 1);
    assert_eq!((&found.items()[0]["report_id"], &found.items()[0]["is_overdue"]), (&json!(second.id()), &json!(true)));
    let mut seen = std::collections::BTreeSet::new();
    let mut path = format!("{LIST}?sort=-due_before&limit=7");
    loop {
        let page = desk.get(&path).await;
        for one in page.items() {
            assert!(seen.insert(one["id"].as_str().unwrap().to_owned()), "every item once");
        }
        let Some(cursor) = page.body["next_cursor"].as_str() else { break };
        path = format!("{LIST}?sort=-due_before&limit=7&cursor={cursor}");
    }
    assert_eq!(i64::try_from(seen.len()).unwrap(), all);
}

/// Sends a request while a change that was made by hand waits for its commit.
async fn during<T>(app: &TestApp, change: &str, request: impl Future<Output = T>) -> T {
    let other = sql::connect(&app.database_url).await.unwrap();
    other.batch_execute(&format!("BEGIN; {change}")).await.unwrap();
    let commit = async {
        tokio::time::sleep(std::time::Duration::from_millis(300)).await;
        other.batch_execute("COMMIT").await.unwrap();
    };
    tokio::join!(request, commit).0
}

#[tokio::test]
async fn a_new_obligation_is_due_by_the_limit_that_is_being_moved() {
    let app = TestApp::start().await;
    let desk = app.sign_in(Role::MovementDivision).await;
    let body = json!({"campaign_id": app.campaign_id().await, "org_unit_id": commune(&app).await});
    let made = during(&app, "UPDATE campaigns SET report_due_before = '2023-08-25'", desk.post(LIST, body)).await;
    assert_eq!(made.expect(201)["due_before"], "2023-08-24T17:00:00Z");
}

#[tokio::test]
async fn a_report_is_judged_by_the_limit_that_is_being_moved() {
    let app = TestApp::start().await;
    let (district, draft) = draft_of(&app, "Lục Yên", enough()).await;
    let moved = "UPDATE report_obligations SET due_before = '2023-07-01T00:00+07:00'";
    let submitted = during(&app, moved, step(&district, &draft, "submit")).await;
    assert_eq!(submitted.expect(200)["is_late"], true);
}

#[tokio::test]
async fn a_limit_of_its_own_is_read_as_it_was_answered() {
    let app = TestApp::start().await;
    let desk = app.sign_in(Role::MovementDivision).await;
    let due = "2023-08-22T00:00:00.123456789+07:00";
    let body = json!({"campaign_id": app.campaign_id().await, "org_unit_id": commune(&app).await, "due_before": due});
    let made = desk.post(LIST, body).await;
    assert_eq!(made.expect(201)["due_before"], "2023-08-21T17:00:00.123456Z");
    assert_eq!(desk.get(&made.location()).await.expect(200), &made.body);
}
