//! The catalogue of activities, what each kind asks for, and the totals of it.

use super::support::fixtures::District;
use super::support::*;

const KINDS: &str = "/api/v1/activity-kinds";

async fn activity(app: &TestApp, unit: &str, members: Value) -> Value {
    let mut body = json!({"campaign_id": app.campaign_id().await, "org_unit_id": unit, "kind": "gift_visit", "phase": "during",
        "title": "Thăm, tặng quà", "starts_at": "2023-08-12T08:00:00+07:00"});
    body.as_object_mut().unwrap().extend(members.as_object().unwrap().clone());
    body
}

/// An activity that was held.
async fn held(app: &TestApp, district: &District, members: Value) -> Answer {
    let made = district.client.post("/api/v1/activities", activity(app, &district.unit, members).await).await;
    made.expect(201);
    let held = district.client.post_if(&format!("{}/hold", made.location()), &made, json!({})).await;
    held.expect(200);
    held
}

fn results_of(activity: &Answer) -> String {
    format!("/api/v1/activities/{}/results", activity.id())
}

#[tokio::test]
async fn every_campaign_begins_with_the_built_in_kinds_and_a_clone_with_those_of_its_source() {
    let app = TestApp::start().await;
    let province = app.sign_in(Role::ProvincialAdministrator).await;
    let campaign = app.campaign_id().await;
    let list = province.get(&format!("{KINDS}?campaign_id={campaign}&sort=code&with_total=true")).await;
    assert_eq!(list.expect(200)["total"], 20);
    for code in ["communication", "folk_games", "listening_forum", "model_launch", "clean_up", "pledge", "interim_review"] {
        assert_eq!(province.get(&format!("{KINDS}?campaign_id={campaign}&code={code}")).await.items()[0]["is_builtin"], true, "{code}");
    }
    assert_eq!(province.get(&format!("{KINDS}?campaign_id={campaign}&phase=before&with_total=true")).await.body["total"], 18);
    let own = json!({"campaign_id": campaign, "code": "night_patrol", "name_vi": "Tuần tra đêm", "name_en": "Night patrol", "phases": ["before"]});
    let made = province.post(KINDS, own.clone()).await;
    made.expect(201);
    assert_eq!(province.post(KINDS, own).await.expect_problem(409, "duplicate")["errors"][0]["pointer"], "/code");
    let clone = province.post(&format!("/api/v1/campaigns/{campaign}/clone"), json!({"year": 2024})).await;
    let id = clone.expect(201)["campaign"]["id"].as_str().unwrap();
    assert_eq!(province.get(&format!("{KINDS}?campaign_id={id}&with_total=true")).await.body["total"], 21);
}

#[tokio::test]
async fn a_kind_of_the_province_is_used_and_one_that_is_unknown_inactive_or_of_another_phase_is_not() {
    let app = TestApp::start().await;
    let district = District::of(&app, "Lục Yên").await;
    let province = app.sign_in(Role::ProvincialAdministrator).await;
    let campaign = app.campaign_id().await;
    let own = json!({"campaign_id": campaign, "code": "night_patrol", "name_vi": "Tuần tra đêm", "name_en": "Night patrol", "phases": ["during"]});
    district.client.post(KINDS, own.clone()).await.expect_problem(403, "forbidden");
    let made = province.post(KINDS, own).await;
    let post = async |members: Value| {
        let body = activity(&app, &district.unit, members).await;
        district.client.post("/api/v1/activities", body).await
    };
    let used = post(json!({"kind": "night_patrol"})).await;
    assert_eq!(used.expect(201)["kind"], "night_patrol");
    assert_eq!(district.client.get("/api/v1/activities?kind=night_patrol").await.items().len(), 1);
    assert_eq!(post(json!({"kind": "night_watch"})).await.fields(), ["/kind unknown_kind"]);
    assert_eq!(post(json!({"kind": "night_patrol", "phase": "after"})).await.fields(), ["/phase not_of_kind"]);
    assert_eq!(post(json!({"kind": "ceremony", "phase": "before"})).await.fields(), ["/phase not_of_kind"]);
    let ended = province.patch_if(&made.location(), &made, json!({"is_active": false})).await;
    ended.expect(200);
    assert_eq!(post(json!({"kind": "night_patrol"})).await.fields(), ["/kind unknown_kind"]);
    // What is of it already can still be changed, but not turned into it.
    district.client.patch_if(&used.location(), &used, json!({"title": "Tuần tra"})).await.expect(200);
    let other = post(json!({})).await;
    assert_eq!(district.client.patch_if(&other.location(), &other, json!({"kind": "night_patrol"})).await.fields(), ["/kind unknown_kind"]);
    province.patch_if(&made.location(), &made, json!({})).await.expect_problem(412, "precondition_failed");
    province.patch(&made.location(), json!({})).await.expect_problem(428, "precondition_required");
    app.anonymous().get(&made.location()).await.expect_problem(401, "unauthenticated");
    let twice = json!({"phases": ["during", "during"], "result_fields": [
        {"code": "a_b", "name_vi": "A", "name_en": "A", "unit_vi": "", "unit_en": "", "value_kind": "text", "is_required": false},
        {"code": "a_b", "name_vi": "A", "name_en": "A", "unit_vi": "", "unit_en": "", "value_kind": "text", "is_required": false}]});
    let refused = province.patch_if(&made.location(), &ended, twice).await;
    assert_eq!(refused.fields(), ["/phases/1 duplicate", "/result_fields/1/code duplicate"]);
}

#[tokio::test]
async fn results_are_those_that_the_kind_asks_for_and_only_of_what_was_held() {
    let app = TestApp::start().await;
    app.set_now("2023-08-12T12:00:00+07:00");
    let district = District::of(&app, "Lục Yên").await;
    let planned = district.client.post("/api/v1/activities", activity(&app, &district.unit, json!({})).await).await;
    let gifts = json!({"results": {"gift_count": {"value": 20}, "value_vnd": {"value": 10_000_000}}});
    district.client.put_if(&results_of(&planned), &planned, gifts.clone()).await.expect_problem(409, "invalid_transition");
    let visit = held(&app, &district, json!({"starts_at": "2023-08-12T10:00:00+07:00"})).await;
    let path = results_of(&visit);
    let odd = json!({"results": {"gift_count": {"text": "nhiều"}, "smiles": {"value": 1}, "a/b": {"value": 1}}});
    let refused = district.client.put_if(&path, &visit, odd).await;
    assert_eq!(refused.fields(), ["/results/a~1b unknown_result", "/results/gift_count type", "/results/smiles unknown_result"]);
    assert_eq!(district.client.put_if(&path, &visit, json!({"results": {}})).await.fields(), ["/results/gift_count required"]);
    let negative = json!({"results": {"gift_count": {"value": -1}}});
    assert_eq!(district.client.put_if(&path, &visit, negative).await.status, 422);
    district.client.put(&path, gifts.clone()).await.expect_problem(428, "precondition_required");
    app.district("Văn Yên").await.put_if(&path, "*", gifts.clone()).await.expect_problem(404, "not_found");
    app.sign_in(Role::Auditor).await.put_if(&path, "*", gifts.clone()).await.expect_problem(403, "forbidden");
    app.anonymous().put(&path, gifts.clone()).await.expect_problem(401, "unauthenticated");
    let recorded = district.client.put_if(&path, &visit, gifts.clone()).await;
    assert_eq!(recorded.expect(200)["results"], gifts["results"]);
    district.client.put_if(&path, &visit, gifts).await.expect_problem(412, "precondition_failed");
    let list = async |query: &str| district.client.get(&format!("/api/v1/activities?{query}")).await.items().len();
    assert_eq!((list("has_results=true").await, list("has_results=false").await, list("result_code=gift_count").await), (1, 1, 1));

    let launch = held(&app, &district, json!({"kind": "model_launch", "starts_at": "2023-08-11T10:00:00+07:00"})).await;
    let named = json!({"results": {"model_name": {"text": "Tiếng kẻng an ninh"}}});
    district.client.put_if(&results_of(&launch), &launch, named).await.expect(200);
    // A result that somebody has recorded stays what it is.
    let province = app.sign_in(Role::ProvincialAdministrator).await;
    let kind = province.get(&format!("{KINDS}?code=gift_visit")).await.items()[0].clone();
    let one = format!("{KINDS}/{}", kind["id"].as_str().unwrap());
    province.patch_if(&one, "*", json!({"result_fields": []})).await.expect_problem(409, "in_use");
    let mut renamed = kind["result_fields"].clone();
    renamed[0]["name_vi"] = json!("Số suất quà");
    province.patch_if(&one, "*", json!({"result_fields": renamed})).await.expect(200);
}

#[tokio::test]
async fn totals_are_the_sums_of_the_activities_that_they_link_to() {
    let app = TestApp::start().await;
    app.set_now("2023-08-18T12:00:00+07:00");
    let (one, two) = (District::of(&app, "Lục Yên").await, District::of(&app, "Văn Yên").await);
    for (n, district) in [&one, &one, &two].into_iter().enumerate() {
        let visit = held(&app, district, json!({"starts_at": format!("2023-08-{}T08:00:00+07:00", 10 + n)})).await;
        let results = json!({"results": {"gift_count": {"value": 10 + n}, "value_vnd": {"value": 1_000_000 * (n + 1)}}});
        district.client.put_if(&results_of(&visit), &visit, results).await.expect(200);
    }
    let clean = held(&app, &two, json!({"kind": "clean_up", "phase": "before", "starts_at": "2023-06-12T08:00:00+07:00"})).await;
    two.client.put_if(&results_of(&clean), &clean, json!({"results": {"volunteer_count": {"value": 80}}})).await.expect(200);
    let launch = held(&app, &two, json!({"kind": "model_launch", "starts_at": "2023-08-14T08:00:00+07:00"})).await;
    let named = json!({"results": {"model_name": {"text": "Zalo an ninh"}, "member_count": {"value": 45}}});
    two.client.put_if(&results_of(&launch), &launch, named).await.expect(200);

    let path = format!("/api/v1/campaigns/{}/activity-results", app.campaign_id().await);
    let province = app.sign_in(Role::ProvincialAdministrator).await;
    let mut seen = 0;
    for (client, query) in [
        (&province, String::new()),
        (&province, format!("?org_unit_id={}", two.unit)),
        (&province, "?phase=before".to_owned()),
        (&one.client, String::new()),
        (&two.client, String::new()),
    ] {
        let totals = client.get(&format!("{path}{query}")).await;
        for total in totals.expect(200)["totals"].as_array().unwrap() {
            let list = client.get(total["link"].as_str().unwrap()).await;
            let code = total["code"].as_str().unwrap();
            let values: Vec<i64> = list.items().iter().filter_map(|one| one["results"][code]["value"].as_i64()).collect();
            assert_eq!(total["activity_count"], json!(list.items().len()), "{total}");
            let sum = if total["value_kind"] == "text" { Value::Null } else { json!(values.iter().sum::<i64>()) };
            assert_eq!(total["value"], sum, "{total}");
            seen += 1;
        }
    }
    assert!(seen >= 12, "{seen}");
    let gifts = province.get(&path).await.body["totals"].as_array().unwrap().clone();
    let total = gifts.iter().find(|total| total["code"] == "gift_count").unwrap();
    assert_eq!((&total["value"], &total["name"], &total["unit"]), (&json!(33), &json!("Suất quà"), &json!("suất")));
    one.client.get(&format!("{path}?org_unit_id={}", two.unit)).await.expect_problem(400, "invalid_parameter");
    app.anonymous().get(&path).await.expect_problem(401, "unauthenticated");
}

#[tokio::test]
async fn activities_are_found_by_drive_and_source_and_clash_at_a_site() {
    let app = TestApp::start().await;
    app.set_now("2023-08-12T12:00:00+07:00");
    let district = District::of(&app, "Lục Yên").await;
    let site = district.scheduled(&app, "Bản Mường Lai").await;
    let drive = json!({"emulation_drive": "13/PĐTĐ-BCĐ", "starts_at": "2023-08-12T09:00:00+07:00"});
    let made = district.client.post("/api/v1/activities", activity(&app, &district.unit, drive.clone()).await).await;
    assert_eq!(made.expect(201)["emulation_drive"], "13/PĐTĐ-BCĐ");
    assert_eq!(made.warnings(), ["same_organiser_same_hour"], "the organiser's site is elsewhere at that hour");
    let there = district.client.patch_if(&made.location(), &made, json!({"site_id": site.id()})).await;
    assert!(there.expect(200)["warnings"].as_array().unwrap().is_empty());
    let police = app.sign_in(Role::StandingAgency).await;
    let theirs = json!({"site_id": site.id(), "starts_at": "2023-08-12T09:30:00+07:00"});
    let unit = app.org_unit_of_kind("provincial_police", "").await;
    let clash = police.post("/api/v1/activities", activity(&app, &unit, theirs).await).await;
    clash.expect(201);
    assert_eq!(clash.warnings(), ["same_site_same_hour"]);
    let held = district
        .client
        .post_if(&format!("{}/hold", made.location()), &there, json!({"cost_vnd": 1, "funding_source": "mobilised_funds"}))
        .await;
    held.expect(200);
    let list = async |query: &str| district.client.get(&format!("/api/v1/activities?{query}")).await.items().len();
    assert_eq!((list("emulation_drive=13/P%C4%90T%C4%90-BC%C4%90").await, list("emulation_drive=13").await), (1, 0));
    assert_eq!((list("funding_source=mobilised_funds").await, list("funding_source=provincial_budget").await), (1, 0));
    assert_eq!(list(&format!("site_id={}", site.id())).await, 1);
}
