//! The next year's campaign from the last one.

use super::support::*;

async fn clone_path(app: &TestApp) -> String {
    format!("/api/v1/campaigns/{}/clone", app.campaign_id().await)
}

fn ids(list: &Value) -> Vec<&str> {
    list.as_array().unwrap().iter().map(|rule| rule["rule_id"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn the_next_year_has_its_days_moved_and_its_rules_kept() {
    let app = TestApp::start().await;
    let province = app.sign_in(Role::ProvincialAdministrator).await;
    let made = province.post(&clone_path(&app).await, json!({"year": 2024})).await;
    let body = made.expect(201);
    let campaign = &body["campaign"];
    assert_eq!((&campaign["year"], &campaign["state"]), (&json!(2024), &json!("draft")));
    assert_eq!((&campaign["event_from"], &campaign["event_to"]), (&json!("2024-07-01"), &json!("2024-08-19")));
    assert_eq!((&campaign["report_due_before"], &campaign["provincial_pilot_count"]), (&json!("2024-08-20"), &json!(2)));
    assert!(campaign["name"].as_str().unwrap().contains("2024"), "{campaign}");
    assert_eq!(made.location(), format!("/api/v1/campaigns/{}", campaign["id"].as_str().unwrap()));
    let plan = &body["plan"];
    assert_eq!((&plan["state"], &plan["number"], &plan["edition"]), (&json!("draft"), &json!(null), &json!(1)));
    assert_eq!((plan["rules"].as_array().unwrap().len(), plan["recipients"].as_array().unwrap().len()), (22, 13));
    assert_eq!(ids(&body["moved_rules"]), ["R1", "R2"]);
    assert_eq!((&body["unbound_rules"], &body["unbound_recipients"]), (&json!([]), &json!([])));
    let rule = |id: &str| plan["rules"].as_array().unwrap().iter().find(|rule| rule["rule_id"] == id).unwrap();
    assert_eq!(rule("R2")["parameters"]["on"], "2024-08-20");
    assert!(!rule("R2")["statement"].as_str().unwrap().contains("2023"), "{}", rule("R2"));
    assert_eq!((&rule("R1")["is_confirmed"], &rule("R3")["is_confirmed"]), (&json!(false), &json!(true)));
    // The old campaign is as it was.
    assert_eq!(app.text("SELECT state || ' ' || event_from FROM campaigns WHERE year = 2023").await, "issued 2023-07-01");
    // Moved days bind when an official has confirmed them.
    let path = format!("/api/v1/plans/{}", plan["id"].as_str().unwrap());
    let submitted = province.post_empty_if(&format!("{path}/submit"), "*").await;
    submitted.expect(200);
    app.set_now("2024-03-20T08:00:00+07:00");
    let signature = json!({"number": 80, "issued_on": "2024-03-20", "signatory_name": "Ngô Hạnh Phúc"});
    let refused = province.post_if(&format!("{path}/issue"), &submitted, signature.clone()).await;
    assert_eq!(refused.fields(), ["/rules/0/is_confirmed not_confirmed", "/rules/1/is_confirmed not_confirmed"]);
    let returned = province.post_if(&format!("{path}/return"), &submitted, json!({"comment": "Xác nhận"})).await;
    let confirm = |rule: &Value| {
        let mut rule = rule.clone();
        let rule_in = rule.as_object_mut().unwrap();
        for derived in ["no", "kind", "confidence"] {
            rule_in.remove(derived);
        }
        rule_in.insert("is_confirmed".to_owned(), json!(true));
        rule
    };
    let rules: Vec<Value> = plan["rules"].as_array().unwrap().iter().map(confirm).collect();
    let confirmed = province.patch_if(&path, &returned, json!({"rules": rules})).await;
    let submitted = province.post_empty_if(&format!("{path}/submit"), &confirmed).await;
    province.post_if(&format!("{path}/issue"), &submitted, signature).await.expect(200);
    assert_eq!(app.text("SELECT state FROM campaigns WHERE year = 2024").await, "issued");
}

#[tokio::test]
async fn without_districts_the_rules_for_them_are_unbound_and_recipients_lose_their_link_unless_mapped() {
    let app = TestApp::start().await;
    let province = app.sign_in(Role::ProvincialAdministrator).await;
    app.execute("UPDATE org_units SET valid_to = '2025-06-30' WHERE level = 'district'").await;
    let gone = app.org_unit_of_kind("district_committee", "Lục Yên").await;
    app.execute(&format!("UPDATE plan_recipients SET org_unit_id = '{gone}' WHERE no = 9")).await;
    let path = clone_path(&app).await;
    let made = province.in_english().post(&path, json!({"year": 2026})).await;
    let body = made.expect(201);
    let unbound = ids(&body["unbound_rules"]);
    assert!(unbound.contains(&"R4") && unbound.contains(&"R12"), "{unbound:?}");
    assert!(body["unbound_rules"][0]["reason"].as_str().unwrap().contains("new window"));
    let plan = &body["plan"];
    for rule in plan["rules"].as_array().unwrap().iter().filter(|rule| unbound.contains(&rule["rule_id"].as_str().unwrap())) {
        assert_eq!(rule["is_confirmed"], false, "{rule}");
    }
    assert_eq!((&body["unbound_recipients"][0]["no"], &plan["recipients"][8]["org_unit_id"]), (&json!(9), &json!(null)));
    province.post(&path, json!({"year": 2026})).await.expect_problem(409, "duplicate");
    let to = app.org_unit_of_kind("provincial_committee", "Yên Bái").await;
    let mapped = province.post(&path, json!({"year": 2027, "units": [{"from_org_unit_id": gone, "to_org_unit_id": to}]})).await;
    assert_eq!((&mapped.expect(201)["unbound_recipients"], &mapped.body["plan"]["recipients"][8]["org_unit_id"]), (&json!([]), &json!(to)));
}

#[tokio::test]
async fn a_clone_is_refused_with_the_reason_and_leaves_nothing() {
    let app = TestApp::start().await;
    let province = app.sign_in(Role::ProvincialAdministrator).await;
    let path = clone_path(&app).await;
    let fields = async |body: Value| province.post(&path, body).await.fields();
    assert_eq!(fields(json!({})).await, ["/year required"]);
    assert_eq!(fields(json!({"year": 2023})).await, ["/year not_later"]);
    assert_eq!(fields(json!({"year": 2024, "event_to": "2024-06-01"})).await, ["/event_to window_reversed"]);
    assert_eq!(fields(json!({"year": 2024, "org_unit_id": app.campaign_id().await})).await, ["/org_unit_id unknown_reference"]);
    let district = app.org_unit_of_kind("district_committee", "Lục Yên").await;
    assert_eq!(fields(json!({"year": 2024, "org_unit_id": district})).await, ["/org_unit_id not_a_province"]);
    let mapping = json!([{"from_org_unit_id": district, "to_org_unit_id": app.campaign_id().await}]);
    assert_eq!(fields(json!({"year": 2024, "units": mapping})).await, ["/units/0/to_org_unit_id unknown_reference"]);
    app.execute("UPDATE org_units SET valid_to = '2023-12-31' WHERE kind = 'provincial_committee'").await;
    assert_eq!(fields(json!({"year": 2024})).await, ["/org_unit_id ended"]);
    for role in [Role::District, Role::StandingAgency, Role::Auditor] {
        app.sign_in(role).await.post(&path, json!({"year": 2024})).await.expect_problem(403, "forbidden");
    }
    app.anonymous().post(&path, json!({"year": 2024})).await.expect_problem(401, "unauthenticated");
    assert_eq!(app.number("SELECT count(*) FROM campaigns").await, 1);
}

#[tokio::test]
async fn a_closed_campaign_can_be_cloned() {
    let app = TestApp::start().await;
    app.execute("UPDATE campaigns SET state = 'closed'").await;
    app.sign_in(Role::ProvincialAdministrator).await.post(&clone_path(&app).await, json!({"year": 2024})).await.expect(201);
}
