//! Sites: what an organiser does with them.

use super::support::fixtures::{District, hours, path, site_in, step};
use super::support::*;
use uuid::Uuid;

#[tokio::test]
async fn a_site_is_created_read_changed_and_deleted_by_its_organiser() {
    let app = TestApp::start().await;
    let district = District::of(&app, "Lục Yên").await;
    let mut input = site_in(&app, &district.unit, "  Bản Mường Lai ").await;
    input["address"] = json!("Nhà văn hóa bản");
    input["lat"] = json!(22.1);
    input["lon"] = json!(104.75);
    input["pilot_level"] = json!("district");
    input["suitability_note"] = json!("Đường vào thuận tiện.\nCó sân rộng.");
    let made = district.client.post("/api/v1/sites", input).await;
    let body = made.expect(201);
    assert_eq!((&body["name"], &body["state"], &body["version"]), (&json!("Bản Mường Lai"), &json!("draft"), &json!(1)));
    assert_eq!((made.etag(), made.location()), ("\"1\"".to_owned(), path(&made)));

    let read = district.client.get(&path(&made)).await;
    assert_eq!((read.expect(200), read.etag()), (body, made.etag()));

    let changed = district.client.patch_if(&path(&made), &made, json!({"name": "Bản Nà Kèn", "lat": 22.2})).await;
    let now = changed.expect(200);
    assert_eq!((&now["name"], &now["lat"], &now["lon"], &now["version"]), (&json!("Bản Nà Kèn"), &json!(22.2), &json!(104.75), &json!(2)));

    district.client.delete_if(&path(&made), &changed).await.expect(204);
    district.client.get(&path(&made)).await.expect_problem(404, "not_found");
    assert_eq!(app.number("SELECT count(*) FROM site_counters").await, 0);
}

#[tokio::test]
async fn a_patch_keeps_what_is_absent_clears_what_is_null_and_refuses_null_where_a_value_must_be() {
    let app = TestApp::start().await;
    let district = District::of(&app, "Lục Yên").await;
    let mut input = site_in(&app, &district.unit, "Bản A").await;
    input["address"] = json!("Cạnh chợ");
    input["suitability_note"] = json!("Tốt");
    input["lat"] = json!(22.1);
    input["lon"] = json!(104.75);
    let made = district.client.post("/api/v1/sites", input).await;
    made.expect(201);

    let kept = district.client.patch_if(&path(&made), &made, json!({})).await;
    let body = kept.expect(200);
    assert_eq!((&body["address"], &body["suitability_note"]), (&json!("Cạnh chợ"), &json!("Tốt")));
    let cleared = district.client.patch_if(&path(&made), &kept, json!({"address": null, "lat": null, "lon": null})).await;
    let body = cleared.expect(200);
    assert_eq!((&body["address"], &body["lat"], &body["suitability_note"]), (&Value::Null, &Value::Null, &json!("Tốt")));

    let refused = district.client.patch_if(&path(&made), &cleared, json!({"name": null, "kind": null, "priority_reasons": null})).await;
    refused.expect_problem(422, "validation_failed");
    assert_eq!(
        refused.fields().iter().map(|field| field.split(' ').next().unwrap()).collect::<Vec<_>>(),
        ["/kind", "/name", "/priority_reasons"]
    );
    let half = district.client.patch_if(&path(&made), &cleared, json!({"lat": 22.0})).await;
    half.expect_problem(422, "validation_failed");
    assert_eq!(half.fields(), ["/lat point_incomplete"]);
}

#[tokio::test]
async fn all_bad_fields_of_a_new_site_are_named_at_once() {
    let app = TestApp::start().await;
    let district = app.sign_in(Role::District).await;
    let answer = district
        .post(
            "/api/v1/sites",
            json!({"campaign_id": "x", "name": "n".repeat(301), "kind": "castle", "lat": 91, "lon": "east", "priority_reasons": ["because"], "state": "held"}),
        )
        .await;
    answer.expect_problem(422, "validation_failed");
    let fields = answer.fields();
    for field in [
        "/campaign_id format",
        "/kind not_allowed",
        "/lat too_large",
        "/lon type",
        "/name too_long",
        "/org_unit_id required",
        "/priority_reasons/0 not_allowed",
        "/state unknown_field",
    ] {
        assert!(fields.iter().any(|found| found == field), "{field} is missing in {fields:?}");
    }
    let mut half = site_in(&app, &Uuid::now_v7().to_string(), "Bản").await;
    half["lat"] = json!(22);
    let answer = district.post("/api/v1/sites", half).await;
    assert_eq!((answer.status, answer.fields()), (422, vec!["/lat point_incomplete".to_owned()]));
}

#[tokio::test]
async fn references_out_of_scope_are_unknown_whether_they_exist_or_not() {
    let app = TestApp::start().await;
    let district = District::of(&app, "Lục Yên").await;
    let other = app.org_unit_of_kind("district_committee", "Văn Yên").await;
    for unit in [other, Uuid::now_v7().to_string()] {
        let answer = district.client.post("/api/v1/sites", site_in(&app, &unit, "Bản").await).await;
        assert_eq!((answer.status, answer.fields()), (422, vec!["/org_unit_id unknown_reference".to_owned()]));
    }
    for field in ["campaign_id", "admin_unit_id"] {
        let mut input = site_in(&app, &district.unit, "Bản").await;
        input[field] = json!(Uuid::now_v7());
        let answer = district.client.post("/api/v1/sites", input).await;
        assert_eq!((answer.status, answer.fields()), (422, vec![format!("/{field} unknown_reference")]));
    }
    assert_eq!(app.number("SELECT count(*) FROM events").await, 0, "nothing was written");
}

#[tokio::test]
async fn another_districts_site_does_not_exist() {
    let app = TestApp::start().await;
    let (mine, theirs) = (District::of(&app, "Lục Yên").await, District::of(&app, "Văn Yên").await);
    let site = theirs.draft(&app, "Bản của họ").await;
    mine.client.get(&path(&site)).await.expect_problem(404, "not_found");
    mine.client.patch_if(&path(&site), &site, json!({"name": "Của tôi"})).await.expect_problem(404, "not_found");
    mine.client.delete_if(&path(&site), &site).await.expect_problem(404, "not_found");
    mine.client.post_empty_if(&step(&site, "nominate"), &site).await.expect_problem(404, "not_found");
    mine.client.post_if(&step(&site, "schedule"), &site, hours("2023-08-12", 8, 9)).await.expect_problem(404, "not_found");
    assert!(mine.client.get("/api/v1/sites").await.items().is_empty());
    assert_eq!(theirs.client.get("/api/v1/sites").await.items().len(), 1);
    for role in [Role::ProvincialAdministrator, Role::CentralViewer, Role::StandingAgency, Role::OperationsCentre, Role::Auditor] {
        assert_eq!(app.sign_in(role).await.get("/api/v1/sites").await.items().len(), 1, "{role}");
    }
    // A commune below another district sees nothing of it.
    assert!(app.sign_in(Role::Commune).await.get("/api/v1/sites").await.items().is_empty());
}

#[tokio::test]
async fn a_name_is_unique_for_an_organiser_in_whatever_form_it_is_written() {
    let app = TestApp::start().await;
    let (one, other) = (District::of(&app, "Lục Yên").await, District::of(&app, "Văn Yên").await);
    one.draft(&app, "Bản Mường Lai").await;
    let decomposed = site_in(&app, &one.unit, "Bản Mu\u{31b}o\u{31b}\u{300}ng Lai").await;
    let answer = one.client.post("/api/v1/sites", decomposed).await;
    answer.expect_problem(409, "duplicate");
    assert_eq!(answer.fields(), ["/name duplicate"]);
    other.draft(&app, "Bản Mường Lai").await;
}

#[tokio::test]
async fn why_an_area_has_priority_is_hidden_from_those_who_may_not_see_it() {
    let app = TestApp::start().await;
    let district = District::of(&app, "Lục Yên").await;
    let mut input = site_in(&app, &district.unit, "Bản").await;
    input["priority_reasons"] = json!(["ethnic_minority_area", "priority_area"]);
    let made = district.client.post("/api/v1/sites", input).await;
    assert_eq!(made.expect(201)["priority_reasons"], json!(["ethnic_minority_area", "priority_area"]));
    for (role, sees) in [
        (Role::ProvincialAdministrator, true),
        (Role::StandingAgency, true),
        (Role::MovementDivision, true),
        (Role::CentralViewer, false),
        (Role::CheckinOperator, false),
        (Role::OperationsCentre, false),
        (Role::PortalClient, false),
        (Role::Auditor, false),
    ] {
        let client = app.sign_in(role).await;
        let (one, list) = (client.get(&path(&made)).await, client.get("/api/v1/sites").await);
        assert_eq!(one.expect(200)["priority_reasons"].is_array(), sees, "{role}");
        assert_eq!(list.items()[0]["priority_reasons"].is_array(), sees, "{role}");
    }
    for change in client_changes(&app).await {
        assert!(!change.to_string().contains("ethnic_minority_area"), "nor does the change feed tell");
    }
}

async fn client_changes(app: &TestApp) -> Vec<Value> {
    app.sql("SELECT data FROM events").await
}

#[tokio::test]
async fn only_a_draft_is_deleted_and_later_states_are_history() {
    let app = TestApp::start().await;
    let district = District::of(&app, "Lục Yên").await;
    for site in [district.nominated(&app, "Một").await, district.scheduled(&app, "Hai").await] {
        district.client.delete_if(&path(&site), &site).await.expect_problem(409, "invalid_transition");
    }
}

#[tokio::test]
async fn the_list_is_filtered_and_searched_without_accents() {
    let app = TestApp::start().await;
    let district = District::of(&app, "Lục Yên").await;
    district.scheduled(&app, "Bản Đồng Tâm").await;
    district.nominated(&app, "Bản Nà Kèn").await;
    let mut school = site_in(&app, &app.org_unit("xã Mường Lai").await, "Trường tiểu học").await;
    school["kind"] = json!("educational_institution");
    district.client.post("/api/v1/sites", school).await.expect(201);
    let campaign = app.campaign_id().await;
    let unit = &district.unit;
    for (query, names) in [
        ("state=nominated".to_owned(), vec!["Bản Nà Kèn"]),
        ("kind=educational_institution".to_owned(), vec!["Trường tiểu học"]),
        ("is_scheduled=true".to_owned(), vec!["Bản Đồng Tâm"]),
        ("q=DONG+tam".to_owned(), vec!["Bản Đồng Tâm"]),
        ("q=%C4%91%E1%BB%93ng".to_owned(), vec!["Bản Đồng Tâm"]),
        ("q=ban".to_owned(), vec!["Bản Đồng Tâm", "Bản Nà Kèn"]),
        ("starts_from=2023-08-12T01:00:00Z&starts_before=2023-08-12T08:00:01%2B07:00".to_owned(), vec!["Bản Đồng Tâm"]),
        ("starts_from=2023-08-12T01:00:01Z".to_owned(), vec![]),
        (format!("org_unit_id={unit}"), vec!["Bản Đồng Tâm", "Bản Nà Kèn"]),
        (format!("under_org_unit_id={unit}&campaign_id={campaign}"), vec!["Bản Đồng Tâm", "Bản Nà Kèn", "Trường tiểu học"]),
        (format!("campaign_id={}", Uuid::now_v7()), vec![]),
        (format!("under_org_unit_id={}", Uuid::now_v7()), vec![]),
        ("pilot_level=none&sort=-created_at&with_total=true".to_owned(), vec!["Trường tiểu học", "Bản Nà Kèn", "Bản Đồng Tâm"]),
    ] {
        let list = district.client.get(&format!("/api/v1/sites?{query}")).await;
        let found: Vec<&str> = list.items().iter().map(|site| site["name"].as_str().unwrap()).collect();
        assert_eq!(found, names, "{query}");
        assert_eq!(list.body.get("total").is_some(), query.contains("with_total"), "{query}");
    }
}
