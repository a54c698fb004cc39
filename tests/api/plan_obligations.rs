//! Who owes a plan under a plan: the frozen set, exemptions, what plans lack, and that no plan is looser than the one above it.

use super::support::fixtures::{District, hours, step};
use super::support::*;

async fn plan_81(app: &TestApp) -> String {
    app.text("SELECT id FROM plans WHERE number = 81").await
}

/// Issues a plan of a district under plan 81 with further members.
async fn district_plan(app: &TestApp, name: &str, more: Value) -> Answer {
    let client = app.sign_in(Role::ProvincialAdministrator).await;
    let mut body = json!({"campaign_id": app.campaign_id().await, "org_unit_id": app.org_unit_of_kind("district_committee", name).await,
                          "parent_plan_id": plan_81(app).await, "symbol": "KH-BCĐ", "title": format!("Kế hoạch {name}")});
    body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    let draft = client.post("/api/v1/plans", body).await;
    draft.expect(201);
    let path = format!("/api/v1/plans/{}", draft.id());
    let submitted = client.post_empty_if(&format!("{path}/submit"), &draft).await;
    client
        .post_if(&format!("{path}/issue"), &submitted, json!({"number": 5, "issued_on": "2023-04-10", "signatory_name": "Nguyễn Văn A"}))
        .await
}

fn rule(id: &str, parameters: Value) -> Value {
    json!({"rule_id": id, "clause": "II", "obligation": "must", "statement": "Quy định", "parameters": parameters})
}

#[tokio::test]
async fn the_set_is_frozen_when_the_plan_is_issued() {
    let app = TestApp::start().await;
    let province = app.sign_in(Role::ProvincialAdministrator).await;
    let list = format!("/api/v1/plan-obligations?plan_id={}&with_total=true&limit=200", plan_81(&app).await);
    let before = province.get(&list).await;
    assert_eq!(before.expect(200)["total"], 35);
    assert!(before.items().iter().all(|one| one["state"] == "missing" && one["rule_id"] == "R12"));
    // A body that comes later owes none.
    let new = json!({"parent_id": app.org_unit_of_kind("provincial_committee", "Yên Bái").await, "kind": "provincial_department",
                     "level": "province", "name": "Sở mới", "valid_from": "2023-01-01"});
    province.post("/api/v1/org-units", new).await.expect(201);
    assert_eq!(province.get(&list).await.expect(200)["total"], 35);
    let gaps = province.get(&format!("/api/v1/plans/{}/gaps", plan_81(&app).await)).await;
    assert_eq!((&gaps.expect(200)["expected_count"], gaps.body["missing"].as_array().unwrap().len()), (&json!(35), 35));
}

#[tokio::test]
async fn a_plan_that_lacks_an_item_is_named_with_the_item() {
    let app = TestApp::start().await;
    let province = app.sign_in(Role::ProvincialAdministrator).await;
    district_plan(&app, "Lục Yên", json!({"items": ["purpose", "requirements", "content", "programme", "form", "scope"]}))
        .await
        .expect(200);
    let gaps = province.get(&format!("/api/v1/plans/{}/gaps", plan_81(&app).await)).await;
    let incomplete = gaps.expect(200)["incomplete"].as_array().unwrap();
    assert_eq!((incomplete.len(), &incomplete[0]["missing_items"]), (1, &json!(["participants", "time"])));
    let issued = province.get("/api/v1/plan-obligations?state=issued").await;
    assert_eq!((issued.items().len(), &issued.items()[0]["missing_items"]), (1, &json!(["participants", "time"])));
    assert_eq!(issued.items()[0]["document_number"], "5/KH-BCĐ");
    assert_eq!(province.get("/api/v1/plan-obligations?state=missing&with_total=true").await.expect(200)["total"], 34);
}

#[tokio::test]
async fn an_exemption_is_decided_by_who_demands_the_plan_with_a_reason_and_can_be_taken_back() {
    let app = TestApp::start().await;
    let (province, district) = (app.sign_in(Role::ProvincialAdministrator).await, app.sign_in(Role::District).await);
    let unit = app.org_unit_of_kind("district_committee", "Lục Yên").await;
    let owed = province.get(&format!("/api/v1/plan-obligations?org_unit_id={unit}")).await.items()[0].clone();
    let path = format!("/api/v1/plan-obligations/{}", owed["id"].as_str().unwrap());
    let read = district.get(&path).await;
    read.expect(200);
    let reason = json!({"reason": "Lồng ghép trong kế hoạch của tỉnh"});
    district.post_if(&format!("{path}/exempt"), &read, reason.clone()).await.expect_problem(404, "not_found");
    app.sign_in(Role::Auditor).await.post_if(&format!("{path}/exempt"), &read, reason.clone()).await.expect_problem(403, "forbidden");
    app.anonymous().post_if(&format!("{path}/exempt"), &read, reason.clone()).await.expect_problem(401, "unauthenticated");
    assert_eq!(province.post_if(&format!("{path}/exempt"), &read, json!({})).await.fields(), ["/reason required"]);
    province.post_if(&format!("{path}/exempt"), "\"7\"", reason.clone()).await.expect_problem(412, "precondition_failed");
    let exempt = province.post_if(&format!("{path}/exempt"), &read, reason.clone()).await;
    assert_eq!((&exempt.expect(200)["state"], &exempt.body["exemption_reason"]), (&json!("exempt"), &reason["reason"]));
    province.post_if(&format!("{path}/exempt"), &exempt, reason.clone()).await.expect_problem(409, "invalid_transition");
    let gaps = format!("/api/v1/plans/{}/gaps", plan_81(&app).await);
    let counted = province.get(&gaps).await;
    assert_eq!((&counted.expect(200)["expected_count"], &counted.body["exempt_count"]), (&json!(34), &json!(1)));
    let compliance = format!("/api/v1/campaigns/{}/compliance", app.campaign_id().await);
    let lights = province.get(&compliance).await;
    let light = lights.expect(200)["rules"].as_array().unwrap().iter().find(|rule| rule["kind"] == "child_plan").unwrap().clone();
    let fact = |name: &str| light["facts"].as_array().unwrap().iter().find(|fact| fact["name"] == name).unwrap().clone();
    assert_eq!((&fact("plans_issued")["expected"], &fact("plans_exempt")["value"]), (&json!(34), &json!(1)));
    let again = province.post_if(&format!("{path}/restore"), &exempt, json!({"reason": "Huyện có hoạt động riêng"})).await;
    assert_eq!((&again.expect(200)["state"], &again.body["exempted_by"]), (&json!("missing"), &json!(null)));
    province.post_if(&format!("{path}/restore"), &again, json!({"reason": "x"})).await.expect_problem(409, "invalid_transition");
    let told = app.sql("SELECT action, data->>'reason' AS reason FROM events WHERE resource = 'plan_obligation' ORDER BY seq").await;
    assert_eq!(told.len(), 2);
    assert_eq!(told[1]["reason"], "Huyện có hoạt động riêng");
}

#[tokio::test]
async fn a_body_that_drew_up_a_plan_counts_as_having_one_even_when_it_was_exempt() {
    let app = TestApp::start().await;
    let province = app.sign_in(Role::ProvincialAdministrator).await;
    let unit = app.org_unit_of_kind("district_committee", "Lục Yên").await;
    let list = format!("/api/v1/plan-obligations?org_unit_id={unit}");
    let id = province.get(&list).await.items()[0]["id"].as_str().unwrap().to_owned();
    province.post_if(&format!("/api/v1/plan-obligations/{id}/exempt"), "*", json!({"reason": "x"})).await.expect(200);
    assert_eq!(province.get(&format!("{list}&state=exempt")).await.items().len(), 1);
    district_plan(&app, "Lục Yên", json!({})).await.expect(200);
    assert_eq!(province.get(&list).await.items()[0]["state"], "issued");
    assert_eq!(province.get(&format!("{list}&state=exempt")).await.items().len(), 0);
}

#[tokio::test]
async fn a_plan_is_never_looser_than_the_one_above_it_and_the_rule_is_cited() {
    let app = TestApp::start().await;
    for (wrong, parameters) in [
        (true, json!({"kind": "event_window", "from": "2023-06-30", "to": "2023-08-19"})),
        (true, json!({"kind": "report_limit", "on": "2023-08-20", "inclusive": true})),
        (false, json!({"kind": "event_window", "from": "2023-07-15", "to": "2023-08-10"})),
    ] {
        let answer = district_plan(&app, "Lục Yên", json!({"rules": [rule("R1", parameters.clone())]})).await;
        if wrong {
            assert_eq!((answer.status, answer.fields()), (422, vec!["/rules/0/parameters looser_than_above".to_owned()]), "{parameters}");
            assert!(answer.body["rule_id"].is_string() && answer.body["clause"].is_string(), "{}", answer.text);
        } else {
            answer.expect(200);
        }
    }
}

#[tokio::test]
async fn a_district_that_asks_its_communes_for_plans_freezes_a_set_of_its_own() {
    let app = TestApp::start_wide().await;
    let province = app.sign_in(Role::ProvincialAdministrator).await;
    let rules = json!([rule("R1", json!({"kind": "child_plan", "bodies": ["commune_committee"]}))]);
    let plan = district_plan(&app, "Lục Yên", json!({"rules": rules})).await;
    let communes = app
        .number(
            "SELECT count(*) FROM org_units c JOIN org_units d ON starts_with(c.path, d.path)
                               WHERE d.kind = 'district_committee' AND d.name LIKE '%Lục Yên%' AND c.kind = 'commune_committee'",
        )
        .await;
    assert!(communes > 20);
    let gaps = province.get(&format!("/api/v1/plans/{}/gaps", plan.id())).await;
    assert_eq!(gaps.expect(200)["expected_count"], communes);
    // The tree shows them below the district, and the other bodies beside it.
    let tree = province.get(&format!("/api/v1/plans/{}/tree", plan_81(&app).await)).await;
    let nodes = tree.expect(200)["nodes"].as_array().unwrap();
    let at = |depth: i64| nodes.iter().filter(|node| node["depth"] == depth).count() as i64;
    assert_eq!((at(0), at(1), at(2)), (1, 35, communes));
    let place = |found: &dyn Fn(&Value) -> bool| nodes.iter().position(found).unwrap();
    let district = place(&|node| node["plan_id"] == plan.body["id"]);
    assert_eq!((&nodes[district]["obligation"], &nodes[district]["missing_items"].as_array().unwrap().len()), (&json!("issued"), &8));
    assert_eq!(nodes[district + 1]["depth"], 2);
    // A commune sees its own part.
    let commune = app.sign_in(Role::Commune).await;
    commune.get(&format!("/api/v1/plans/{}/tree", plan_81(&app).await)).await.expect(200);
    app.anonymous().get(&format!("/api/v1/plans/{}/tree", plan_81(&app).await)).await.expect_problem(401, "unauthenticated");
}

#[tokio::test]
async fn a_narrower_window_of_a_district_binds_the_district_and_all_below_it_and_nobody_else() {
    let app = TestApp::start().await;
    let window = json!({"kind": "event_window", "from": "2023-07-15", "to": "2023-08-10"});
    let plan = district_plan(&app, "Lục Yên", json!({"rules": [rule("V1", window)]})).await;
    plan.expect(200);
    for (name, is_bound) in [("Lục Yên", true), ("Văn Yên", false)] {
        let district = District::of(&app, name).await;
        let site = district.draft(&app, "Một điểm").await;
        let refused = district.client.post_if(&step(&site, "schedule"), &site, hours("2023-08-12", 8, 11)).await;
        let activity = json!({"campaign_id": app.campaign_id().await, "org_unit_id": district.unit, "title": "Diễn đàn", "kind": "listening_forum",
                              "phase": "during", "starts_at": "2023-08-12T08:00:00+07:00"});
        let activity = district.client.post("/api/v1/activities", activity).await;
        if is_bound {
            assert_eq!(refused.fields(), ["/ends_at outside_event_window", "/starts_at outside_event_window"]);
            assert_eq!((&refused.body["rule_id"], &refused.body["clause"]), (&json!("V1"), &json!("II")));
            assert!(refused.body["detail"].as_str().unwrap().contains("5/KH-BCĐ"), "{}", refused.text);
            activity.expect_problem(422, "rule_violated");
            district.client.post_if(&step(&site, "schedule"), &site, hours("2023-08-10", 8, 11)).await.expect(200);
        } else {
            refused.expect(200);
            activity.expect(201);
        }
    }
}
